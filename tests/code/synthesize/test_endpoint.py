import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipelines.errors import KefuError, UnavailableError
from pipelines.params.sections import Endpoint as Section
from pipelines.synthesize.endpoint import Endpoint, prompt, wordings


class Server:
    """OpenAI-compatible, and refusing as no real server does on demand: `script` gives the status, the body,
    or both of each reply in turn, then `answer`."""

    def __init__(self, answer="1. 可以退吗\n2. 能退货不", script=(), usage=(60, 40), headers=()):
        self.requests, self.script = [], list(script)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append((self.path, body, self.headers.get("Authorization")))
                step = outer.script.pop(0) if outer.script else None
                status, step = step if isinstance(step, tuple) else (step, None)
                if isinstance(status, str):
                    status, step = 200, status
                status = status or 200
                reply = {"choices": [{"message": {"content": answer}}], "model": "m-7b"}
                if usage:
                    reply["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1]}
                raw = (step if isinstance(step, str) else json.dumps(reply)).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                for name, value in headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def serve(own_home):
    servers = []

    def make(**more):
        servers.append(Server(**more))
        return servers[-1]

    yield make
    for server in servers:
        server.http.shutdown()
        server.http.server_close()


def section(url, **more):
    """The part of params.yaml for an endpoint."""
    prices = {"price_per_1k_input_tokens": 0, "price_per_1k_output_tokens": 0}
    given = {"model": "m", "temperature": 0.8, "concurrency": 4, "max_tokens": 100_000, "max_cost": 5}
    return Section(url=url, **{**given, **prices, **more})


def endpoint(server, seed=1, **more):
    return Endpoint(section(server.url, **more), seed, backoff_s=0.01)


def said(answers):
    return [list(answer.wordings) for answer in answers]


def test_asks_and_reads_the_lines(serve, monkeypatch):
    monkeypatch.setenv("KEFU_ENDPOINT_KEY", "secret")
    server = serve()
    asking = endpoint(server, seed=7)
    assert said(asking.paraphrase([("能退吗", "zh")], 2)) == [["可以退吗", "能退货不"]]
    path, body, key = server.requests[0]
    assert (path, body["model"], key) == ("/v1/chat/completions", "m", "Bearer secret")
    assert body["messages"][0]["content"] == prompt("能退吗", "zh", 2)
    assert (body["temperature"], body["seed"], body["max_tokens"]) == (0.8, 7, 160)
    assert asking.report() == {
        **{"model": "m", "answered_as": ["m-7b"], "temperature": 0.8, "seed": 7, "asked": 1, "from_cache": 0},
        **{"withheld": 0, "unanswered": 0, "input_tokens": 60, "output_tokens": 40, "cost": 0.0},
        "budget_ended_by": None,
    }


def test_nothing_is_asked_twice(serve):
    server = serve()
    first = endpoint(server).paraphrase([("能退吗", "zh")], 2)
    again = endpoint(server, max_tokens=0)
    assert again.paraphrase([("能退吗", "zh")], 2) == first
    assert (len(server.requests), again.counts["from_cache"], again.report()["input_tokens"]) == (1, 1, 0)


@pytest.mark.parametrize("more", [{"seed": 2}, {"temperature": 0.1}, {"model": "n"}])
def test_another_seed_temperature_or_model_is_another_question(serve, more):
    server = serve()
    for given in ({}, more):
        endpoint(server, **given).paraphrase([("能退吗", "zh")], 2)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("more", "by"),
    [
        ({"max_tokens": 3000}, "tokens"),
        ({"max_cost": 0.03, "price_per_1k_input_tokens": 0.01, "price_per_1k_output_tokens": 0.01}, "cost"),
    ],
)
def test_the_budget_ends_it_cleanly_and_is_never_passed(serve, more, by):
    server = serve(usage=(400, 100))
    asking = endpoint(server, **more)
    answers = asking.paraphrase([(f"问题{n}", "zh") for n in range(40)], 2)
    report = asking.report()
    assert 2 <= len(server.requests) == report["asked"] == sum(bool(a.wordings) for a in answers) <= 6
    assert report["unanswered"] == 40 - report["asked"]
    assert report["budget_ended_by"] == by
    assert report["input_tokens"] + report["output_tokens"] == 500 * report["asked"] <= 3000
    assert report["cost"] <= more.get("max_cost", 0)
    assert f"raise synthesize.endpoint.max_{by};" in asking.ended()


def test_a_larger_budget_goes_on_where_the_last_one_ended(serve):
    server, asked = serve(usage=(400, 100)), [(f"问题{n}", "zh") for n in range(10)]
    first = endpoint(server, max_tokens=2000)
    first.paraphrase(asked, 2)
    second = endpoint(server)
    assert all(answer.wordings for answer in second.paraphrase(asked, 2))
    assert second.counts == {"from_cache": first.counts["asked"], "asked": 10 - first.counts["asked"]}


def test_a_server_that_does_not_count_costs_the_worst_case(serve):
    asking = endpoint(serve(usage=None))
    asking.paraphrase([("能退吗", "zh")], 2)
    assert asking.report()["input_tokens"] >= len(prompt("能退吗", "zh", 2))


@pytest.mark.parametrize("question", ["我的电话13812345678，能退吗", "退到 zhang@qq.com 对吗"])
def test_personal_data_is_never_sent(serve, question):
    server = serve()
    asking = endpoint(server)
    answers = asking.paraphrase([(question, "zh"), ("能退吗", "zh")], 2)
    assert [bool(answer.wordings) for answer in answers] == [False, True]
    assert asking.counts == {"withheld": 1, "asked": 1}
    assert [body["messages"][0]["content"] for _, body, _ in server.requests] == [prompt("能退吗", "zh", 2)]


def test_personal_data_that_a_model_makes_up_is_counted_and_not_kept(serve, own_home):
    server = serve(answer="可以退吗\n能退吗，电话13812345678")
    (answer,) = endpoint(server).paraphrase([("能退吗", "zh")], 2)
    assert (answer.wordings, answer.personal) == (("可以退吗",), 1)
    assert b"13812345678" not in (own_home / "store/paraphrases.sqlite").read_bytes()


def test_a_busy_server_is_asked_again(serve):
    server = serve(script=[503, 429])
    assert said(endpoint(server).paraphrase([("能退吗", "zh")], 1)) == [["可以退吗", "能退货不"]]
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ([401], "HTTP 401"),
        (["no json"], "not a chat completion"),
        (['{"choices": []}'], "not a chat completion"),
    ],
)
def test_a_refusal_says_where_without_the_question(serve, script, fault):
    server = serve(script=script)
    with pytest.raises(KefuError, match=fault) as caught:
        endpoint(server).paraphrase([("能退吗", "zh")], 1)
    assert server.url in str(caught.value) and "to do" in str(caught.value)
    assert "能退吗" not in str(caught.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"script": [500] * 5}, "HTTP 500, 5 times"),
        ({"script": [429], "headers": [("Retry-After", "9999")]}, "wants 9999 s of rest"),
    ],
)
def test_a_server_that_stays_busy_may_be_tried_later_and_what_was_answered_is_kept(serve, more, fault):
    server = serve()
    endpoint(server).paraphrase([("能退吗", "zh")], 1)
    busy = serve(**more)
    with pytest.raises(UnavailableError, match=fault):
        endpoint(busy, concurrency=1).paraphrase([("能退吗", "zh"), ("能换吗", "zh")], 1)
    assert all("能换吗" in body["messages"][0]["content"] for _, body, _ in busy.requests)


def test_the_first_failure_ends_all(serve):
    server = serve(script=[403] * 40)
    with pytest.raises(KefuError, match="HTTP 403"):
        endpoint(server).paraphrase([(f"问题{n}", "zh") for n in range(40)], 1)
    assert len(server.requests) <= 4


def test_nobody_there(own_home):
    with pytest.raises(UnavailableError, match="does not answer"):
        Endpoint(section("http://127.0.0.1:9/v1"), 1, backoff_s=0.01).paraphrase([("能退吗", "zh")], 1)


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        ("1. a\n2) b\n- c\n\n“d”", ["a", "b", "c", "d"]),
        ("x\nx", ["x"]),
        ("", []),
        ("3.5 yuan?", ["3.5 yuan?"]),
    ],
)
def test_wordings(answer, lines):
    assert wordings(answer) == lines
