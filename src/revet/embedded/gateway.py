"""The proxy that programs talk to: HTTP/1.1 on the loopback interface, TLS inside CONNECT.

A program keeps its configuration and endpoints; `HTTPS_PROXY` alone decides whether it reaches
this AWS or the real one. Hosts that are not AWS's are refused, so nothing leaves the machine.
"""

from __future__ import annotations

import contextlib
import io
import re
import socket
import socketserver
import ssl
import sys
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from io import BufferedIOBase
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from revet.embedded import wire_error
from revet.embedded.body import (
    IN_MEMORY,
    LARGEST,
    MalformedBodyError,
    TooLargeError,
    body_length,
    receive_body,
    require_bound,
)
from revet.embedded.call import Answer
from revet.embedded.certificates import Authority
from revet.embedded.control import Control
from revet.embedded.dispatch import Dispatcher
from revet.embedded.hosts import is_aws, is_name, without_port
from revet.embedded.operation import service_model
from revet.embedded.timed import Paced, TimedReader

_Request = socket.socket | tuple[bytes, socket.socket]
_IDLE_SECONDS = 300
"""For the next request of a connection, and for a client to take its answer."""
_HEAD_SECONDS = 30
"""For the whole head of a request, once it began, and for the TLS handshake."""
_PIECE_SECONDS = 30
"""For each 64 KiB of a body."""
_LARGE_AT_ONCE = 2
_CONTROL_BODY = 64 * 1024
_WORDS = 3
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET = re.compile(r"/[\x21\x22\x24-\x7e]*")
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
        largest_body: bytes that a request's body may have.

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
        largest_body: int = LARGEST,
    ) -> None:
        self.authority = authority
        self.dispatcher = dispatcher
        self.control = control
        self.refused = refused
        self.largest_body = largest_body
        self.large_bodies = threading.BoundedSemaphore(_LARGE_AT_ONCE)
        super().__init__(("127.0.0.1", port), _Connection)

    def listen_also(self, listener: socket.socket) -> None:
        """Serve the connections of one more listening socket, for example of another network.

        Args:
            listener: a socket that listens; it is closed with the process.
        """

        def serve() -> None:
            while True:
                try:
                    connection, address = listener.accept()
                except OSError:
                    return
                self.process_request(connection, address)

        threading.Thread(target=serve, name="functions' network", daemon=True).start()

    def handle_error(self, request: _Request, client_address: object) -> None:
        """Leave out what a client that hangs up causes; show the rest in the log."""
        error = sys.exc_info()[1]
        if not isinstance(error, (ConnectionError, ssl.SSLError, TimeoutError)):
            super().handle_error(request, client_address)


class _Connection(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    wbufsize = 0
    server: Gateway
    connection: socket.socket
    _tunnel = ""
    _reader: TimedReader
    rfile: io.BufferedReader

    def setup(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().setup()
        self._read_from(self.connection)

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: calls are recorded elsewhere."""

    def _read_from(self, connection: socket.socket) -> None:
        self.connection = connection
        self._reader = TimedReader(connection)
        self.rfile = io.BufferedReader(self._reader, _BUFFER)

    def handle_one_request(self) -> None:
        """Wait for a request for a while; once it begins, it must come soon."""
        try:
            self._reader.allow(_IDLE_SECONDS)
            self.rfile.peek(1)
            self._reader.allow(_HEAD_SECONDS)
            super().handle_one_request()
        except TimeoutError:
            self.close_connection = True

    def handle_expect_100(self) -> bool:
        """Say nothing yet: the body is asked for when its framing is known to be right."""
        return True

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002 - the base class's names
        """Answer what the base class finds wrong with a request's head."""
        self.close_connection = True
        self._reject(int(code), message or _phrase(int(code)))

    def do_CONNECT(self) -> None:
        """Open a TLS tunnel to an AWS host; all later requests of this connection are inside."""
        host = without_port(self.path)
        if self._tunnel or self.request_version == "HTTP/0.9" or not is_name(host):
            self._reject(HTTPStatus.BAD_REQUEST, "not a host to connect to")
            return
        if not self._is_served(host):
            self._refuse(host)
            return
        self.connection.sendall(b"HTTP/1.1 200 Connection Established\r\n\r\n")
        context = self.server.authority.context(host)
        self.connection.settimeout(_HEAD_SECONDS)
        self._read_from(context.wrap_socket(self.connection, server_side=True))
        self.wfile = cast("BufferedIOBase", self.connection.makefile("wb", 0))
        self._tunnel = host
        self.close_connection = False

    @property
    def _pairs(self) -> list[tuple[str, str]]:
        return list(self.headers.items())

    @property
    def _headers(self) -> Mapping[str, str]:
        """The request's headers; they are looked up without regard to case."""
        return cast("Mapping[str, str]", self.headers)

    def _serve(self) -> None:
        try:
            host, target = self._address()
            length = body_length(self._pairs, persistent=self.request_version != "HTTP/1.0")
            bound = self.server.largest_body if host else _CONTROL_BODY
            require_bound(length, bound)
            if (self.headers.get("Expect") or "").lower() == "100-continue":
                self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            paced = Paced(self.rfile, self._reader, _PIECE_SECONDS)
            body = receive_body(cast("BinaryIO", paced), length, bound)
        except MalformedBodyError as error:
            self._reject(HTTPStatus.BAD_REQUEST, str(error))
        except TooLargeError as error:
            self._reject(HTTPStatus.BAD_REQUEST, str(error), wire_error.ENTITY_TOO_LARGE)
        else:
            with body:
                self._send(self._answer(host, target, body))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_OPTIONS = _serve  # noqa: N815 - http.server's names

    def _answer(self, host: str, target: str, body: BinaryIO) -> Answer:
        if not host:
            return self.server.control.answer(self.command, target, self._headers)
        if not self._is_served(host):
            return self._refusal(host)
        large = body.seek(0, io.SEEK_END) > IN_MEMORY
        with self.server.large_bodies if large else contextlib.nullcontext():
            return self.server.dispatcher.answer(
                self.command, host, target, self._pairs, body, encrypted=bool(self._tunnel)
            )

    def _address(self) -> tuple[str, str]:
        """Host and target of a request; no host when it is for the daemon itself.

        Inside a tunnel the host is the tunnel's, and nothing in the request may name another one.

        Raises:
            MalformedBodyError: the request names several, or none, or cannot be read.
        """
        words = self.requestline.split(" ")
        target = words[1] if len(words) == _WORDS else ""
        if getattr(self.headers, "defects", None) or self.headers.get_payload():
            raise MalformedBodyError("the request's header has a line that is not a header")
        if any(not _TOKEN.fullmatch(name) for name in self.headers):
            raise MalformedBodyError("the request has a header whose name is not one")
        names = self.headers.get_all("Host") or []
        proxied = bool(self._tunnel) or not target.startswith("/")
        if len(names) > 1 or (proxied and not names):
            raise MalformedBodyError(f"`Host` is given {len(names)} times, not once")
        host = without_port(names[0]) if names else ""
        if self._tunnel:
            if host != self._tunnel:
                raise MalformedBodyError(
                    f"`Host` is `{names[0][:80]}`, and the connection is to `{self._tunnel}`"
                )
        elif proxied and target.lower().startswith("http://"):
            parts = urlsplit(target)
            if without_port(parts.netloc) != host or not is_name(host):
                raise MalformedBodyError("`Host` is not the host of the request's URL")
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        else:
            host = ""
        if not _TARGET.fullmatch(target):
            raise MalformedBodyError("the request's target is not a path with a query")
        return host, target

    def _reject(self, status: int, message: str, code: str = wire_error.MALFORMED) -> None:
        """Answer what is not a request, and close: where the next one begins is not known."""
        self.close_connection = True
        headers: Mapping[str, str] = self._headers if getattr(self, "headers", None) else {}
        model = service_model("s3") if ".s3." in f".{self._tunnel}" else None
        self._send(
            wire_error.answer_with_error(status, code, message, model=model, headers=headers)
        )

    def _is_served(self, host: str) -> bool:
        return is_aws(host) or self.server.dispatcher.serves(host)

    def _refuse(self, host: str) -> None:
        self._send(self._refusal(host))

    def _refusal(self, host: str) -> Answer:
        self.server.refused(host)
        text = f"revet: `{host}` is not AWS; the embedded AWS lets nothing else out\n"
        self.close_connection = True
        return Answer(HTTPStatus.FORBIDDEN, {"Content-Type": "text/plain"}, text.encode())

    def _send(self, answer: Answer) -> None:
        names = {name.lower(): value for name, value in answer.headers.items()}
        bodiless = getattr(self, "command", "") == "HEAD" or answer.status in _NO_BODY
        lines = [f"HTTP/1.1 {answer.status} {_phrase(answer.status)}"]
        lines += [
            f"{name}: {value}"
            for name, value in answer.headers.items()
            if name.lower() not in _HOP_BY_HOP
        ]
        if "date" not in names:
            lines.append(f"Date: {self.date_time_string()}")
        if bodiless and self.command == "HEAD" and "content-length" in names:
            lines.append(f"Content-Length: {names['content-length']}")
        elif answer.status not in _NO_BODY:
            lines.append(f"Content-Length: {len(answer.body)}")
        if self.close_connection:
            lines.append("Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
        self.connection.settimeout(_IDLE_SECONDS)
        # In one piece: between head and body Terraform's AWS provider may close the connection,
        # and asks again for what has been done.
        self.connection.sendall(head if bodiless else head + answer.body)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Status"
