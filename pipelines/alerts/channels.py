"""E-mail and webhook. Each sends one alert or raises; secrets come from the environment only."""

from __future__ import annotations

import os
import smtplib
import ssl
from email.message import EmailMessage
from typing import Any

import requests

from pipelines.alerts.message import Alert
from pipelines.params.sections import Email, Webhook

TIMEOUT_S = 10


class Refused(Exception):
    """The other side answered, and did not take the alert."""


def send_email(alert: Alert, settings: Email) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        settings.sender,
        ", ".join(settings.to),
        alert.subject,
    )
    message.set_content(alert.text)
    user, password = os.environ.get("KEFU_SMTP_USER"), os.environ.get("KEFU_SMTP_PASSWORD")
    with _smtp(settings) as server:
        if settings.tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if user:
            server.login(user, password or "")
        server.send_message(message)


def send_webhook(alert: Alert, url: str, settings: Webhook) -> None:
    token = os.environ.get("KEFU_WEBHOOK_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = requests.post(url, json=body(alert, settings.format), headers=headers, timeout=TIMEOUT_S)
    if not answer.ok or _refuses(answer):
        raise Refused(f"the webhook answered {answer.status_code}")


def webhook_url(settings: Webhook) -> str | None:
    """`$KEFU_WEBHOOK_URL` goes before what params.yaml says: with chats, the address is the secret."""
    return os.environ.get("KEFU_WEBHOOK_URL") or settings.url


def body(alert: Alert, form: str) -> dict[str, Any]:
    """What a chat's robot wants to be sent, or all fields as JSON."""
    forms: dict[str, dict[str, Any]] = {
        "json": {**alert.as_dict(), "subject": alert.subject},
        "slack": {"text": alert.text},
        "wecom": {"msgtype": "text", "text": {"content": alert.text}},
        "dingtalk": {"msgtype": "text", "text": {"content": alert.text}},
        "feishu": {"msg_type": "text", "content": {"text": alert.text}},
    }
    return forms[form]


def _smtp(settings: Email) -> smtplib.SMTP:
    if settings.tls == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=TIMEOUT_S, context=context)
    return smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_S)


def _refuses(answer: requests.Response) -> bool:
    """WeCom, DingTalk and Feishu answer 200 also where they refuse; the code in the body says so."""
    try:
        said = answer.json()
    except ValueError:
        return False
    return isinstance(said, dict) and any(said.get(name) not in (None, 0) for name in ("errcode", "code"))
