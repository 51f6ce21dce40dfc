"""HTTP requests as a client sends them, and what is measured of them."""

from __future__ import annotations

import decimal
import http.client
import json
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from revet.model.errors import TargetError
from revet.rehearsal.flow.world import World

_SECONDS = 120.0
_PATIENCE = 60.0
_PAUSE = 0.25


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Args:
        method: of HTTP.
        url: with `https`.
        headers: name to value.
        body: bytes; empty for none.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a request.

    Args:
        status: code of HTTP; 0 when no answer came.
        headers: names in lower case.
        text: the body.
        seconds: until the whole answer was there.
        error: why no answer came; empty when one did.
        resent: whether it was sent a second time, over another connection.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    seconds: float = 0.0
    error: str = ""
    resent: bool = False

    def as_data(self) -> dict[str, Any]:
        """What paths of expectations and captures lead into."""
        try:
            body = json.loads(self.text)
        except ValueError:
            body = None
        return {"status": self.status, "headers": self.headers, "json": body, "text": self.text}


class Client:
    """Sends requests; each thread keeps its connection.

    Args:
        world: that it sends to; asked anew for each connection.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept = threading.local()
        self._gone = False
        self._open: set[http.client.HTTPSConnection] = set()

    def send(self, request: Request) -> Answered:
        """Send one request, and wait for the answer.

        A request for which no connection can be made is tried again for a minute, since none of it
        was sent: what serves may be starting anew. One that was sent and not answered is not, but
        over a connection that was kept, whose end may have come before the request.
        """
        begun = time.monotonic()
        resent = False
        while True:
            try:
                connection, fresh = self._connection(request)
            except (OSError, TargetError) as failed:
                if self._gone or time.monotonic() > begun + _PATIENCE:
                    self._gone = True
                    return _unanswered(failed, begun)
                time.sleep(_PAUSE)
                continue
            try:
                return replace(self._ask(connection, request, begun), resent=resent)
            except (OSError, http.client.HTTPException) as failed:
                self._forget()
                if fresh or not isinstance(failed, http.client.RemoteDisconnected):
                    return _unanswered(failed, begun)
                resent = True  # kept, and most likely closed while it was idle

    def close(self) -> None:
        """Close the connections of all threads, none of which sends."""
        while self._open:
            self._open.pop().close()

    def _forget(self) -> None:
        """Close this thread's connection."""
        connection: http.client.HTTPSConnection | None = getattr(self._kept, "connection", None)
        if connection is not None:
            connection.close()
            self._open.discard(connection)
        self._kept.connection = None

    def _connection(self, request: Request) -> tuple[http.client.HTTPSConnection, bool]:
        host = urlsplit(request.url).hostname or ""
        proxy = self._world.proxy
        kept = getattr(self._kept, "connection", None)
        if kept is not None and self._kept.to == (host, proxy):
            return kept, False
        self._forget()
        context = ssl.create_default_context(cafile=str(proxy.ca_path) if proxy else None)
        if proxy is None:
            connection = http.client.HTTPSConnection(host, timeout=_SECONDS, context=context)
        else:
            connection = http.client.HTTPSConnection(
                proxy.host, proxy.port, timeout=_SECONDS, context=context
            )
            connection.set_tunnel(host, 443)
        self._open.add(connection)
        connection.connect()
        self._kept.connection, self._kept.to = connection, (host, proxy)
        return connection, True

    def _ask(
        self, connection: http.client.HTTPSConnection, request: Request, begun: float
    ) -> Answered:
        parts = urlsplit(request.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(request.method, target, request.body or None, dict(request.headers))
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        headers = {name.lower(): value for name, value in answer.getheaders()}
        if answer.will_close:
            self._forget()
        return Answered(answer.status, headers, text, time.monotonic() - begun)


def _unanswered(failed: Exception, begun: float) -> Answered:
    error = f"{type(failed).__name__}: {failed}"
    return Answered(0, seconds=time.monotonic() - begun, error=error)


def as_json(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """A value as JSON; a `Decimal` as a number with the digits that it has."""
    return _written(value).encode()


def _written(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, Mapping):
        rows = (f"{json.dumps(str(key))}: {_written(one)}" for key, one in value.items())
        return f"{{{', '.join(rows)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_written, value))}]"
    return json.dumps(value)
