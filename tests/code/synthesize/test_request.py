from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import KefuError
from pipelines.synthesize import request
from pipelines.synthesize.request import complete, retry_after_s
from tests.code.synthesize.test_endpoint import serve  # noqa: F401

NOW = datetime(2026, 9, 7, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0),
        ("17", 17),
        ("Mon, 07 Sep 2026 12:00:30 GMT", 30),
        ("Mon, 07 Sep 2026 11:00:00 GMT", 0),
        ("soon", 0),
        ("-5", 0),
    ],
)
def test_retry_after(header, seconds):
    assert retry_after_s(header, NOW) == seconds


@given(st.text(max_size=30))
def test_any_header_is_a_wait_or_none(header):
    assert retry_after_s(header, NOW) >= 0


def test_the_wait_a_server_asks_for_is_kept_and_else_it_doubles(serve, monkeypatch):  # noqa: F811
    waited = []
    monkeypatch.setattr(request.time, "sleep", waited.append)
    complete(serve(script=[429, 503], headers=[("Retry-After", "7")]).url, {}, 0.5)
    complete(serve(script=[503, 503, 503]).url, {}, 0.5)
    assert waited == [7, 7, 0.5, 1, 2]


@pytest.mark.parametrize(
    ("status", "todo"),
    [(401, "KEFU_ENDPOINT_KEY"), (404, "synthesize.endpoint.model"), (302, "log"), (422, "log")],
)
def test_what_no_second_try_mends_is_told_at_once(serve, status, todo):  # noqa: F811
    server = serve(script=[status])
    with pytest.raises(KefuError, match=f"HTTP {status}") as caught:
        complete(server.url, {}, 0.01)
    assert todo in caught.value.todo and len(server.requests) == 1


def test_an_account_without_money_is_not_asked_again(serve):  # noqa: F811
    server = serve(script=[(429, '{"error": {"code": "insufficient_quota", "message": "能退吗"}}')])
    with pytest.raises(KefuError, match="HTTP 429 insufficient_quota") as caught:
        complete(server.url, {}, 0.01)
    assert "top up" in caught.value.todo and "能退吗" not in str(caught.value)
    assert len(server.requests) == 1
