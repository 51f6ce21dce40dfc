"""The proxy that programs talk to: HTTP/1.1 on the loopback interface, TLS inside CONNECT.

A program keeps its configuration and endpoints; `HTTPS_PROXY` alone decides whether it reaches
this AWS or the real one. Hosts that are not AWS's are refused, so nothing leaves the machine.
"""

from __future__ import annotations

import socket
import socketserver
import ssl
import sys
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from io import BufferedIOBase
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from revet.embedded import wire_error
from revet.embedded.body import MalformedBodyError, read_body
from revet.embedded.call import Answer
from revet.embedded.certificates import Authority
from revet.embedded.control import Control
from revet.embedded.dispatch import Dispatcher
from revet.embedded.hosts import is_aws, without_port

_Request = socket.socket | tuple[bytes, socket.socket]
_IDLE_SECONDS = 300
_BUFFER = 65536
_NO_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
_HOP_BY_HOP = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive"})


class Gateway(socketserver.ThreadingTCPServer):
    """Listens on 127.0.0.1; one thread a connection.

    Args:
        port: 0 for any free one.
        authority: signs the certificates.
        dispatcher: answers API calls.
        control: answers the daemon's own requests.
        refused: called with each host that is refused.

    Raises:
        OSError: the port is taken.
    """

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(
        self,
        port: int,
        authority: Authority,
        dispatcher: Dispatcher,
        control: Control,
        refused: Callable[[str], None],
    ) -> None:
        self.authority = authority
        self.dispatcher = dispatcher
        self.control = control
        self.refused = refused
        super().__init__(("127.0.0.1", port), _Connection)

    def handle_error(self, request: _Request, client_address: object) -> None:
        """Leave out what a client that hangs up causes; show the rest in the log."""
        error = sys.exc_info()[1]
        if not isinstance(error, (ConnectionError, ssl.SSLError, TimeoutError)):
            super().handle_error(request, client_address)


class _Connection(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    rbufsize = _BUFFER
    wbufsize = 0
    timeout = _IDLE_SECONDS
    server: Gateway
    connection: socket.socket
    _tunnel = ""

    def setup(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().setup()

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: calls are recorded elsewhere."""

    def do_CONNECT(self) -> None:
        """Open a TLS tunnel to an AWS host; all later requests of this connection are inside."""
        host = without_port(self.path)
        if not is_aws(host):
            self._refuse(host)
            return
        self.wfile.write(b"HTTP/1.1 200 Connection Established\r\n\r\n")
        context = self.server.authority.context(host)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile = cast("BufferedIOBase", self.connection.makefile("rb", self.rbufsize))
        self.wfile = cast("BufferedIOBase", self.connection.makefile("wb", 0))
        self._tunnel = host
        self.close_connection = False

    @property
    def _headers(self) -> Mapping[str, str]:
        """The request's headers; they are looked up without regard to case."""
        return cast("Mapping[str, str]", self.headers)

    def _serve(self) -> None:
        target = self.path
        host = without_port(self.headers.get("Host") or self._tunnel)
        if not self._tunnel and "://" in target:
            parts = urlsplit(target)
            host = without_port(parts.netloc)
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            body = read_body(cast("BinaryIO", self.rfile), self._headers)
        except MalformedBodyError as error:
            self.close_connection = True
            self._send(_malformed(error, self._headers))
            return
        if not self._tunnel and "://" not in self.path:
            self._send(self.server.control.answer(self.command, target, self._headers, body))
        elif not is_aws(host):
            self._refuse(host)
        else:
            self._send(
                self.server.dispatcher.answer(self.command, host, target, self._headers, body)
            )

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_OPTIONS = _serve  # noqa: N815 - http.server's names

    def _refuse(self, host: str) -> None:
        self.server.refused(host)
        text = f"revet: `{host}` is not AWS; the embedded AWS lets nothing else out\n"
        self.close_connection = True
        self._send(Answer(HTTPStatus.FORBIDDEN, {"Content-Type": "text/plain"}, text.encode()))

    def _send(self, answer: Answer) -> None:
        names = {name.lower(): value for name, value in answer.headers.items()}
        bodiless = self.command == "HEAD" or answer.status in _NO_BODY
        lines = [f"HTTP/1.1 {answer.status} {_phrase(answer.status)}"]
        lines += [
            f"{name}: {value}"
            for name, value in answer.headers.items()
            if name.lower() not in _HOP_BY_HOP
        ]
        if "date" not in names:
            lines.append(f"Date: {self.date_time_string()}")
        if self.command == "HEAD" and "content-length" in names:
            lines.append(f"Content-Length: {names['content-length']}")
        elif answer.status not in _NO_BODY:
            lines.append(f"Content-Length: {len(answer.body)}")
        if self.close_connection:
            lines.append("Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
        self.connection.sendall(head if bodiless else head + answer.body)


def _malformed(error: MalformedBodyError, headers: Mapping[str, str]) -> Answer:
    return wire_error.answer_with_error(
        HTTPStatus.BAD_REQUEST,
        wire_error.MALFORMED,
        str(error),
        model=None,
        headers=headers,
    )


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Status"
