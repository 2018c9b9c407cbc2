"""A proxy between the program and the server, which can fail, freeze, cut answers, or be another provider."""

from __future__ import annotations

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    Rule = Callable[["Request"], "Answer | None"]

# What a connection of the proxy's own says of itself.
OWN = {"host", "connection", "transfer-encoding", "content-length", "date", "server"}


class Request:
    """One request: its number of all, method, path and headers in lower case, and its body."""

    def __init__(self, number: int, handler: BaseHTTPRequestHandler) -> None:
        """Read it."""
        self.number, self.method, self.path = number, handler.command, handler.path
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.body = handler.rfile.read(int(self.headers.get("content-length", 0)))


class Answer:
    """An answer: status, headers and body; `cut`: the connection ends after half of the body."""

    def __init__(
        self, status: int, body: bytes = b"", headers: dict[str, str] | None = None, *, cut: bool = False
    ) -> None:
        """As it is sent."""
        self.status, self.body, self.headers, self.cut = status, body, headers or {}, cut


class Proxy:
    """The proxy while it serves: `rule` may answer instead of the server; `seen` are all requests."""

    def __init__(self, endpoint: str) -> None:
        """Serve at a free port."""
        self.server_address = urlsplit(endpoint).netloc
        self.rule: Rule = lambda _: None
        self.seen: list[tuple[str, str]] = []
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                with outer._lock:
                    outer.seen.append((self.command, self.path))
                    number = len(outer.seen)
                request = Request(number, self)
                outer.send(self, outer.rule(request) or outer.asked(request))

            do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = handle_any  # noqa: N815 - as the library calls them

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self._serving = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._serving.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self._serving.server_address[1]}"
        threading.Thread(target=self._serving.serve_forever, daemon=True).start()

    def asked(self, request: Request) -> Answer:
        """What the server answers."""
        connection = http.client.HTTPConnection(self.server_address, timeout=60)
        headers = {name: value for name, value in request.headers.items() if name not in OWN}
        connection.request(request.method, request.path, request.body, headers)
        answer = connection.getresponse()
        body = answer.read()
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in OWN}
        if request.method == "HEAD":
            kept["Content-Length"] = answer.getheader("Content-Length", "0")
        connection.close()
        return Answer(answer.status, body, kept)

    def send(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        """Send an answer, or half of one."""
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        if "Content-Length" not in answer.headers:
            handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        handler.wfile.write(answer.body[: len(answer.body) // 2] if answer.cut else answer.body)
        if answer.cut:
            handler.close_connection = True

    def close(self) -> None:
        """Serve no more."""
        self._serving.shutdown()
        self._serving.server_close()
