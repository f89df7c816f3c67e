"""The one notifier: into the log always, by e-mail and webhook where params.yaml names them.

An alert that cannot be sent is logged and harms nothing: it never raises.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from functools import partial

from pipelines.alerts import channels
from pipelines.alerts.message import Alert, plain
from pipelines.home import home
from pipelines.params.sections import Alerts

log = logging.getLogger("kefu.alerts")
FILE = "logs/alerts.jsonl"
FIRST_WAIT_S = 1.0
Send = Callable[[], None]


def notify(
    kind: str, run: str, what: str, where: str = "", what_to_do: str = "", settings: Alerts | None = None
) -> dict[str, str]:
    """{channel: "sent" or why not}, the channel `log` among them; never raises, never takes longer than about
    a minute. `settings` are by default those of the main checkout's params.yaml."""
    try:
        alert = Alert(kind, run, plain(what), where, what_to_do)
        said = {"log": _record(alert)}
        settings = settings or _settings()
        if kind == "test" or kind in settings.kinds:
            said |= {
                name: _try(name, send, settings.retries) for name, send in _sends(alert, settings).items()
            }
        return said
    except Exception as error:
        log.warning("an alert could not be told: %s", type(error).__name__)
        return {"log": type(error).__name__}


def _settings() -> Alerts:
    from pipelines.home import main_checkout
    from pipelines.params import load

    return load(main_checkout() / "params.yaml").alerts


def _sends(alert: Alert, settings: Alerts) -> dict[str, Send]:
    found: dict[str, Send] = {}
    if settings.email.to:
        found["email"] = partial(channels.send_email, alert, settings.email)
    url = channels.webhook_url(settings.webhook)
    if url:
        found["webhook"] = partial(channels.send_webhook, alert, url, settings.webhook)
    return found


def _try(name: str, send: Send, tries: int) -> str:
    """Errors are told by kind alone: their words may hold an address or a secret."""
    for attempt in range(1, tries + 1):
        try:
            send()
            return "sent"
        except Exception as error:
            failed = str(error) if isinstance(error, channels.Refused) else type(error).__name__
            log.warning("alert by %s, try %d of %d: %s", name, attempt, tries, failed)
            if attempt < tries:
                time.sleep(min(FIRST_WAIT_S * 2 ** (attempt - 1), 8))
    return failed


def _record(alert: Alert) -> str:
    """Into the log, and as a line of `.kefu/logs/alerts.jsonl`."""
    log.warning("ALERT %s", alert.text.replace("\n", " | "))
    try:
        path = home() / FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(alert.as_dict(), ensure_ascii=False) + "\n")
    except OSError as error:
        return type(error).__name__
    return "sent"
