"""An alert reaches real servers of both kinds; one that can't be sent is logged and harms nothing."""

import base64
import json
from email import message_from_bytes, policy

import pytest

from pipelines.__main__ import main
from pipelines.alerts import notify as module
from pipelines.alerts.channels import body
from pipelines.alerts.message import TITLES, Alert
from pipelines.alerts.notify import notify
from pipelines.params.sections import Alerts, Email, Webhook
from tests.code.alerts.servers import http, smtp

RUN = "scheduled__2026-11-23T19:00:00+00:00"
SAID = ("failed", RUN, "task tune of retrain: MemoryError", "http://airflow/log", "read the log")


@pytest.fixture(autouse=True)
def calm(own_home, monkeypatch):
    monkeypatch.setattr(module, "FIRST_WAIT_S", 0.01)
    for name in ("KEFU_WEBHOOK_URL", "KEFU_WEBHOOK_TOKEN", "KEFU_SMTP_USER", "KEFU_SMTP_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


def settings(kinds=("failed",), retries=3, email=None, webhook=None):
    return Alerts(
        kinds=list(kinds), retries=retries, email=Email(**(email or {})), webhook=Webhook(**(webhook or {}))
    )


def mail(port, **more):
    return {"to": ["night@example.com", "day@example.com"], "host": "127.0.0.1", "port": port, **more}


def lines(home):
    return [json.loads(line) for line in (home / "logs/alerts.jsonl").read_text().splitlines()]


def test_without_a_channel_it_stands_in_the_log(own_home, caplog):
    assert notify(*SAID, settings=settings()) == {"log": "sent"}
    assert "MemoryError" in caplog.text and "read the log" in caplog.text
    [line] = lines(own_home)
    assert (line["kind"], line["run"], line["what_to_do"]) == ("failed", RUN, "read the log")


def test_an_email_arrives_with_all_that_matters():
    with smtp() as (server, port):
        assert notify(*SAID, settings=settings(email=mail(port))) == {"log": "sent", "email": "sent"}
    [(envelope, raw)] = server.messages
    assert envelope["to"] == ["night@example.com", "day@example.com"]
    message = message_from_bytes(raw.encode(), policy=policy.default)
    assert message["Subject"] == f"[kefu] 运行失败 Run failed: {RUN}"
    text = message.get_content()
    assert all(
        word in text for word in (RUN, "MemoryError", "http://airflow/log", "read the log", "运行失败")
    )


def test_the_mail_servers_login_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("KEFU_SMTP_USER", "kefu")
    monkeypatch.setenv("KEFU_SMTP_PASSWORD", "secret")
    with smtp(login=True) as (server, port):
        assert notify(*SAID, settings=settings(email=mail(port)))["email"] == "sent"
    assert base64.b64decode(server.logins[0]) == b"\0kefu\0secret"


def test_a_refusal_is_tried_again():
    with smtp(refusals=2) as (server, port):
        assert notify(*SAID, settings=settings(email=mail(port)))["email"] == "sent"
    assert (server.tries, len(server.messages)) == (3, 1)
    with http(((503, {}), (200, {}))) as (received, url):
        assert notify(*SAID, settings=settings(webhook={"url": url}))["webhook"] == "sent"
    assert len(received) == 2


def test_tries_are_bounded_and_what_cannot_be_sent_harms_nothing(own_home, caplog):
    with http(((500, {"detail": "secret words"}),)) as (received, url), smtp(refusals=99) as (server, port):
        said = notify(*SAID, settings=settings(email=mail(port), webhook={"url": url}))
    assert said == {
        "log": "sent",
        "email": "SMTPConnectError",
        "webhook": "the webhook answered 500",
    }
    assert (len(received), server.tries) == (3, 3)
    assert "try 3 of 3" in caplog.text and "secret words" not in caplog.text
    assert len(lines(own_home)) == 1


def test_nobody_listens(caplog):
    with http() as (_, url):
        pass
    said = notify(*SAID, settings=settings(retries=1, email=mail(1), webhook={"url": url}))
    assert said["email"] == "ConnectionRefusedError" and said["webhook"] == "ConnectionError"


def test_a_webhook_gets_the_fields_and_the_token(monkeypatch):
    monkeypatch.setenv("KEFU_WEBHOOK_TOKEN", "t0k3n")
    with http() as (received, url):
        assert notify(*SAID, settings=settings(webhook={"url": url}))["webhook"] == "sent"
    [(headers, found)] = received
    assert headers["Authorization"] == "Bearer t0k3n"
    assert {name: found[name] for name in ("kind", "run", "what", "where", "what_to_do")} == dict(
        zip(("kind", "run", "what", "where", "what_to_do"), SAID, strict=True)
    )


def test_a_secret_address_comes_from_the_environment(monkeypatch):
    with http() as (received, url), http() as (other, elsewhere):
        monkeypatch.setenv("KEFU_WEBHOOK_URL", url)
        assert notify(*SAID, settings=settings(webhook={"url": elsewhere}))["webhook"] == "sent"
    assert (len(received), len(other)) == (1, 0)


@pytest.mark.parametrize("said", [{"errcode": 93000, "errmsg": "invalid"}, {"code": 9499}])
def test_a_chat_that_answers_200_and_refuses_is_not_taken_as_sent(said):
    with http(((200, said),)) as (_, url):
        found = notify(*SAID, settings=settings(retries=1, webhook={"url": url, "format": "wecom"}))
    assert found["webhook"] == "the webhook answered 200"
    with http(((200, {"errcode": 0}),)) as (_, url):
        assert notify(*SAID, settings=settings(webhook={"url": url, "format": "wecom"}))["webhook"] == "sent"


@pytest.mark.parametrize(
    ("form", "place"),
    [
        ("slack", ["text"]),
        ("wecom", ["text", "content"]),
        ("dingtalk", ["text", "content"]),
        ("feishu", ["content", "text"]),
    ],
)
def test_what_each_chat_wants(form, place):
    found = body(Alert(*SAID), form)
    for name in place:
        found = found[name]
    assert found == Alert(*SAID).text


def test_a_kind_that_nobody_asked_for_is_only_logged(own_home):
    with http() as (received, url):
        assert notify("drift", *SAID[1:], settings=settings(webhook={"url": url})) == {"log": "sent"}
    assert received == [] and lines(own_home)[0]["kind"] == "drift"


def test_broken_parameters_do_not_raise(monkeypatch):
    def broken():
        raise ValueError

    monkeypatch.setattr(module, "_settings", broken)
    assert notify(*SAID) == {"log": "ValueError"}
    assert notify("no such kind", "", "") == {"log": "KeyError"}


def test_a_full_disk_does_not_raise(own_home):
    own_home.mkdir()
    (own_home / "logs").write_text("a file where the folder would be")
    assert notify(*SAID, settings=settings()) == {"log": "FileExistsError"}


def test_every_kind_has_a_title():
    kinds = Alerts.model_json_schema()["properties"]["kinds"]["items"]["enum"]
    assert set(TITLES) == {*kinds, "test"}


def test_a_test_alert_by_hand(monkeypatch, capsys):
    assert main(["alert"]) == 0
    assert "no channel but the log" in capsys.readouterr().out
    with http() as (received, url):
        monkeypatch.setenv("KEFU_WEBHOOK_URL", url)
        assert main(["alert"]) == 0
    assert received[0][1]["kind"] == "test"
    assert main(["alert"]) == 1
    assert "ConnectionError" in capsys.readouterr().out
