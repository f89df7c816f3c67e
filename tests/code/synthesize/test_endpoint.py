import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipelines.errors import KefuError
from pipelines.synthesize.endpoint import Endpoint, prompt, wordings


class Server:
    """OpenAI-compatible: `script` gives the status or body of each reply in turn, then `answer`."""

    def __init__(self, answer="1. 可以退吗\n2. 能退货不", script=(), tokens=100):
        self.requests, self.script = [], list(script)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append((self.path, body, self.headers.get("Authorization")))
                step = outer.script.pop(0) if outer.script else None
                status = step if isinstance(step, int) else 200
                reply = {"choices": [{"message": {"content": answer}}], "usage": {"total_tokens": tokens}}
                raw = (step if isinstance(step, str) else json.dumps(reply)).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
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


def endpoint(server, tokens=1000):
    return Endpoint(server.url, "m", tokens, backoff_s=0.01)


def test_asks_and_reads_the_lines(serve, monkeypatch):
    monkeypatch.setenv("KEFU_ENDPOINT_KEY", "secret")
    server = serve()
    assert endpoint(server).paraphrase([("能退吗", "zh")], 2) == [["可以退吗", "能退货不"]]
    path, body, key = server.requests[0]
    assert (path, body["model"], key) == ("/v1/chat/completions", "m", "Bearer secret")
    assert body["messages"][0]["content"] == prompt("能退吗", "zh", 2)


def test_nothing_is_asked_twice(serve):
    server = serve()
    first = endpoint(server).paraphrase([("能退吗", "zh")], 2)
    again = endpoint(server, tokens=0)
    assert again.paraphrase([("能退吗", "zh")], 2) == first
    assert (len(server.requests), again.cached, again.spent_tokens) == (1, 1, 0)


def test_the_budget_ends_it_cleanly(serve):
    server = serve(tokens=100)
    asking = endpoint(server, tokens=150)
    answers = asking.paraphrase([(f"问题{n}", "zh") for n in range(40)], 2)
    assert 2 <= len(server.requests) <= 6  # as many as were under way when it was spent
    assert sum(map(bool, answers)) == len(server.requests)
    assert asking.spent_tokens == 100 * len(server.requests)


def test_a_busy_server_is_asked_again(serve):
    server = serve(script=[503, 429])
    assert endpoint(server).paraphrase([("能退吗", "zh")], 1) == [["可以退吗"]]
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("script", "fault"),
    [([401], "HTTP 401"), ([500] * 4, "HTTP 500"), (["no json"], "not a chat completion")],
)
def test_a_refusal_says_where_without_the_question(serve, script, fault):
    server = serve(script=script)
    with pytest.raises(KefuError, match=fault) as caught:
        endpoint(server).paraphrase([("能退吗", "zh")], 1)
    assert server.url in str(caught.value)
    assert "能退吗" not in str(caught.value)


def test_nobody_there(own_home):
    with pytest.raises(KefuError, match="does not answer"):
        Endpoint("http://127.0.0.1:9/v1", "m", 10, backoff_s=0.01).paraphrase([("能退吗", "zh")], 1)


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
