"""Real local servers for the two channels: a small SMTP server on asyncio, an HTTP server of the library."""

import asyncio
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Smtp:
    """Speaks as much SMTP (RFC 5321) as a client needs; refuses the first `refusals` connections."""

    def __init__(self, refusals=0, login=None):
        self.refusals, self.login, self.messages, self.logins, self.tries = refusals, login, [], [], 0

    async def serve(self, reader, writer):
        async def say(line):
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

        self.tries += 1
        if self.tries <= self.refusals:
            await say("421 not now")
            return writer.close()
        await say("220 here")
        envelope = {"to": []}
        while line := (await reader.readline()).decode().strip():
            verb = line.split(":")[0].split()[0].upper()
            if verb == "EHLO":
                await say("250-here" if self.login else "250 here")
                if self.login:
                    await say("250 AUTH PLAIN")
            elif verb == "AUTH":
                self.logins.append(line.split()[-1])
                await say("235 in")
            elif verb == "MAIL":
                envelope["from"] = line
                await say("250 ok")
            elif verb == "RCPT":
                envelope["to"].append(line.partition(":")[2].strip("<>"))
                await say("250 ok")
            elif verb == "DATA":
                await say("354 go on")
                lines = []
                while (part := (await reader.readline()).decode()) != ".\r\n":
                    lines.append(part)
                self.messages.append((envelope, "".join(lines)))
                await say("250 taken")
            elif verb == "QUIT":
                await say("221 bye")
                break
            else:
                await say("250 ok")
        writer.close()


@contextmanager
def smtp(**how):
    """(server, port) while the block runs."""
    served, loop, ready = Smtp(**how), asyncio.new_event_loop(), threading.Event()
    ports = []

    async def main():
        listening = await asyncio.start_server(served.serve, "127.0.0.1", 0)
        ports.append(listening.sockets[0].getsockname()[1])
        ready.set()

    def run():
        asyncio.set_event_loop(loop)
        loop.run_until_complete(main())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield served, ports[0]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@contextmanager
def http(answers=((200, {}),)):
    """(received, url): what was posted, as (headers, body); answers in turn, the last one again and again."""
    received, left = [], list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            received.append((dict(self.headers), body))
            code, said = left.pop(0) if len(left) > 1 else left[0]
            raw = json.dumps(said).encode()
            self.send_response(code)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield received, f"http://127.0.0.1:{server.server_port}/hook"
    finally:
        server.shutdown()
        server.server_close()
