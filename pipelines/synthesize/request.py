"""One chat completion over HTTP, asked again while the endpoint is busy or cannot be reached."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from pipelines.errors import KefuError, UnavailableError

ATTEMPTS = 5
TIMEOUT_S = 120
MAX_WAIT_S = 300  # a server that asks for more is told to the user, and not waited for
RETRIED = (408, 409, 425, 429, 500, 502, 503, 504)
CODE = re.compile(r"[a-z][a-z_]{2,40}")
NO_MONEY = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")
TODO = {
    401: "set KEFU_ENDPOINT_KEY to a key that this endpoint knows",
    402: "top up the account, or go on without it: set {section}.url to null",
    403: "set KEFU_ENDPOINT_KEY to a key that may use this model",
    404: "mend {section}.url (it ends in /v1 mostly) or {section}.model",
}
UNREACHABLE = (
    "start it, or mend {section}.url; then run again: what was answered is kept and not paid "
    "for twice. Set the url to null to go on without it"
)


@dataclass(frozen=True)
class Reply:
    text: str
    model: str  # as the server names it
    tokens: tuple[int, int] | None  # input, output; None where the server does not say


def complete(url: str, body: dict[str, Any], backoff_s: float, section: str = "synthesize.endpoint") -> Reply:
    """POSTs `body`; KefuError that names what to do in `section` of params.yaml, no word of the prompt.

    UnavailableError if the same call may go through later. Redirects are not followed, so that neither
    text nor key go to another place than the one that was named.
    """
    fault = ""
    for attempt in range(ATTEMPTS):
        wait = 0.0
        try:
            reply = requests.post(
                f"{url}/chat/completions",
                json=body,
                headers=_headers(),
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            fault = type(error).__name__
        else:
            if reply.status_code == 200:
                return _parsed(reply, url, section)
            fault = _fault(reply)
            if reply.status_code not in RETRIED or any(code in fault for code in NO_MONEY):
                raise KefuError(
                    f"the endpoint refuses: {fault}", url, _todo(reply.status_code, fault, section)
                )
            wait = retry_after_s(reply.headers.get("Retry-After"), datetime.now(UTC))
        wait = max(wait, backoff_s * 2**attempt)
        if wait > MAX_WAIT_S:
            raise UnavailableError(
                f"the endpoint wants {wait:.0f} s of rest: {fault}", url, UNREACHABLE.format(section=section)
            )
        if attempt < ATTEMPTS - 1:
            time.sleep(wait)
    raise UnavailableError(
        f"the endpoint does not answer: {fault}, {ATTEMPTS} times", url, UNREACHABLE.format(section=section)
    )


def retry_after_s(header: str | None, now: datetime) -> float:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3: seconds or a date); 0 without one."""
    if not header:
        return 0.0
    if header.strip().isdecimal():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max((until - now).total_seconds(), 0.0)


def _headers() -> dict[str, str]:
    key = os.environ.get("KEFU_ENDPOINT_KEY")
    return {"Authorization": f"Bearer {key}"} if key else {}


def _fault(reply: requests.Response) -> str:
    """The status and, of the body, only a code that cannot quote the prompt: `HTTP 404 model_not_found`."""
    try:
        error = reply.json()["error"]
        code = next(str(v) for v in (error.get("code"), error.get("type")) if v and CODE.fullmatch(str(v)))
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration):
        code = ""
    return f"HTTP {reply.status_code} {code}".strip()


def _todo(status: int, fault: str, section: str) -> str:
    asked = 402 if any(code in fault for code in NO_MONEY) else status
    other = "see what the endpoint's log says of this request; mend {section}"
    return TODO.get(asked, other).format(section=section)


def _parsed(reply: requests.Response, url: str, section: str) -> Reply:
    try:
        value: dict[str, Any] = reply.json()
        text = str(value["choices"][0]["message"]["content"] or "")
    except (ValueError, KeyError, IndexError, TypeError):
        raise KefuError(
            "the endpoint's answer is not a chat completion", url, f"point {section}.url at …/v1"
        ) from None
    usage = value.get("usage")
    told = usage if isinstance(usage, dict) else {}
    counts = told.get("prompt_tokens"), told.get("completion_tokens")
    into, out = counts
    known = isinstance(into, int) and isinstance(out, int)
    return Reply(text, str(value.get("model", "")), (int(into or 0), int(out or 0)) if known else None)
