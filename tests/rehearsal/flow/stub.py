"""An API behind a TLS proxy on this machine, and a world around it; no embedded AWS."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from revet.embedded.certificates import Authority
from revet.model.finding import Origin
from revet.rehearsal.flow.world import Proxy

HOST = "abc123.execute-api.eu-central-1.amazonaws.com"
Answer = tuple[int, Mapping[str, Any]]
Serve = Callable[[str, str, Mapping[str, str], Any], Answer]


class StubApi:
    """Answers requests in tunnels to `HOST`, each connection in a thread."""

    def __init__(self, folder: Path, serve: Serve) -> None:
        self._authority = Authority(folder)
        self._serve = serve
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.proxy = Proxy(
            "127.0.0.1", self._socket.getsockname()[1], self._authority.certificate_path
        )
        self.requests: list[tuple[str, str, Mapping[str, str], Any]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._tunnel, args=(connection,), daemon=True).start()

    def _tunnel(self, connection: socket.socket) -> None:
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            context = self._authority.context(HOST)
            with context.wrap_socket(connection, server_side=True) as tls:
                self._answer(tls)

    def _answer(self, tls: ssl.SSLSocket) -> None:
        file = tls.makefile("rwb")
        while line := file.readline():
            method, target, _ = line.decode().split(" ", 2)
            headers = {}
            while (line := file.readline()) != b"\r\n":
                name, _, value = line.decode().partition(":")
                headers[name.strip().lower()] = value.strip()
            body = file.read(int(headers.get("content-length", 0)))
            try:
                given = json.loads(body or b"null")
            except ValueError:
                given = body.decode()
            self.requests.append((method, target, headers, given))
            status, content = self._serve(method, target, headers, given)
            if status == 0:
                return  # the connection is cut
            data = json.dumps(content).encode()
            head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(data)}\r\nX-Kind: Stub\r\n\r\n"
            file.write(head.encode() + data)
            file.flush()


class StubClient:
    """A client of boto3's, of which the answers are written down."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._answers = answers
        self.calls: list[tuple[str, Mapping[str, Any]]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**parameters: Any) -> Any:  # noqa: ANN401 - as boto3's
            self.calls.append((name, parameters))
            answer = self._answers[name]
            if isinstance(answer, Exception):
                raise answer
            return answer(**parameters) if callable(answer) else answer

        return call

    def get_paginator(self, name: str) -> StubPages:
        return StubPages(self._answers[name])


class StubPages:
    def __init__(self, pages: list[Mapping[str, Any]]) -> None:
        self._pages = pages

    def paginate(self, **_parameters: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401 - as boto3's
        return self._pages


class StubSession:
    def __init__(self, clients: Mapping[str, StubClient]) -> None:
        self._clients = clients

    def client(self, service: str) -> StubClient:
        return self._clients[service]


class StubWorld:
    """A world of a stub API and stub clients."""

    origin = Origin.EMULATED

    def __init__(self, api: StubApi, clients: Mapping[str, StubClient] | None = None) -> None:
        self._api = api
        self._clients = clients or {}
        self.waited = 0
        self.denials: list[str] = []
        self.wrong: list[str] = []
        self.lost: list[str] = []
        self.has_roles = True

    @property
    def proxy(self) -> Proxy:
        return self._api.proxy

    def session(self) -> Any:  # noqa: ANN401 - in the place of boto3's
        return StubSession(self._clients)

    def quiet(self) -> None:
        self.waited += 1

    def denied(self) -> list[str]:
        return list(self.denials)

    def faults(self) -> list[str]:
        return list(self.wrong)

    def undelivered(self) -> list[str]:
        return list(self.lost)

    def role_calls(self) -> int:
        return len(self._api.requests) if self.has_roles else 0
