"""API calls from inside: signed by a session, and answered as if they had come by the network.

Nothing goes out: the request that botocore made is handed to the dispatcher, which verifies its
signature, decides and records it like any other.
"""

from __future__ import annotations

import functools
import io
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast
from urllib.parse import urlsplit

import botocore.session
from botocore import xform_name
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import UnknownServiceError
from botocore.validate import validate_parameters

from revet.embedded.call import Answer, Json, Session

Dispatch = Callable[..., Answer]
"""`Dispatcher.answer`."""
_CHUNK = 65_536
_MAKING = threading.Lock()
"""Held while a client is made, which botocore cannot do twice at once."""


class UnknownCallError(Exception):
    """There is no such service or operation; the text says which."""


class Caller:
    """Makes calls of one session.

    Args:
        dispatch: what answers.
        session: whose calls they are.
        region: of the calls.
    """

    def __init__(self, dispatch: Dispatch, session: Session, region: str) -> None:
        self._dispatch = dispatch
        self._session = session
        self._region = region
        self._clients: dict[str, Any] = {}

    def call(self, service: str, operation: str, parameters: Mapping[str, Json]) -> Json:
        """Make a call.

        Args:
            service: botocore's name.
            operation: `PutBucketEncryption` or `put_bucket_encryption`.
            parameters: of it.

        Returns:
            The answer, without its metadata.

        Raises:
            UnknownCallError: there is no such service or operation.
            botocore.exceptions.ClientError: the answer is an error.
            botocore.exceptions.BotoCoreError: the parameters are not valid.
        """
        client = self._client(service)
        method = xform_name(operation)
        if method not in client.meta.method_to_api_mapping:
            raise UnknownCallError(f"{service} has no operation {operation}")
        name = client.meta.method_to_api_mapping[method]
        shape = client.meta.service_model.operation_model(name).input_shape
        if shape is not None:
            validate_parameters(parameters, shape)  # before botocore's own hooks look at them
        answer: dict[str, Any] = client._make_api_call(name, dict(parameters))  # noqa: SLF001 - methods take no parameter `self`
        answer.pop("ResponseMetadata", None)
        return answer

    def _client(self, service: str) -> Any:  # noqa: ANN401 - botocore's clients have no types
        if service not in self._clients:
            try:
                with _MAKING:
                    client = _sdk().create_client(
                        service,
                        region_name=self._region,
                        aws_access_key_id=self._session.access_key,
                        aws_secret_access_key=self._session.secret,
                        aws_session_token=self._session.token,
                        config=Config(retries={"max_attempts": 0}),
                    )
            except UnknownServiceError as error:
                raise UnknownCallError(f"there is no service {service}") from error
            client.meta.events.register("before-send", cast("Callable[..., None]", self._answer))
            self._clients[service] = client
        return self._clients[service]

    def _answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        parts = urlsplit(request.url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        headers = [("Host", parts.netloc)]
        headers += [(name, _text(value)) for name, value in request.headers.items()]
        answer = self._dispatch(request.method, parts.netloc, target, headers, _body(request.body))
        head: Any = answer.headers  # botocore makes its own kind of it
        return AWSResponse(request.url, answer.status, head, _Raw(answer.body))


@functools.cache
def _sdk() -> botocore.session.Session:
    """One session for all, which keeps what it read of the services' models."""
    return botocore.session.Session()


class _Raw(io.BytesIO):
    """A body as botocore reads it."""

    def stream(self, **_: object) -> Iterator[bytes]:
        while piece := self.read(_CHUNK):
            yield piece


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _body(body: Any) -> io.BytesIO:  # noqa: ANN401 - whatever botocore has made
    if body is None:
        return io.BytesIO()
    content = body if isinstance(body, (str, bytes, bytearray)) else body.read()
    return io.BytesIO(content.encode() if isinstance(content, str) else bytes(content))
