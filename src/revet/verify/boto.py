"""The reader over a boto3 session: the same for the embedded and the real AWS."""

from __future__ import annotations

import re
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ParamValidationError,
    UnknownServiceError,
)

from revet.model.errors import CatalogError, TargetError
from revet.verify.operations import iam_action
from revet.verify.read_only import (
    MissingResourceError,
    ReadDeniedError,
    UnreachableError,
    is_reading,
)

if TYPE_CHECKING:
    import boto3.session

_DENIED = frozenset(
    {
        "403",
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "UnauthorizedOperation",
        "NotAuthorized",
    }
)
_REFUSED_CREDENTIALS = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_MISSING = re.compile(
    r"^NoSuch|^404$|NotFound(Exception|Fault|Error)?$|\.NotFound$|^QueueDoesNotExist$"
    r"|\.NonExistentQueue$"
)
_ATTEMPTS = 8
_TIMEOUT_SECONDS = 20


class BotoReader:
    """Reads through boto3; throttling and passing failures are retried by boto3 itself.

    Args:
        session: carries credentials and region; its clients are made once for each region.
        connections: how many calls are sent at a time at most.
        adaptive: whether boto3 slows down where AWS throttles, as when many calls are sent.
    """

    __slots__ = ("_clients", "_config", "_making", "_session")

    def __init__(
        self, session: boto3.session.Session, *, connections: int = 10, adaptive: bool = False
    ) -> None:
        self._session = session
        self._clients: dict[tuple[str, str], Any] = {}
        self._making = Lock()
        self._config = Config(
            retries={"mode": "adaptive" if adaptive else "standard", "max_attempts": _ATTEMPTS},
            connect_timeout=_TIMEOUT_SECONDS,
            read_timeout=_TIMEOUT_SECONDS,
            max_pool_connections=connections,
        )

    def call(
        self,
        service: str,
        operation: str,
        *,
        region: str,
        absent: tuple[str, ...] = (),
        **parameters: object,
    ) -> dict[str, Any]:
        """Send one reading call; see `Reader.call`, also for what it raises."""
        where = f"{service}.{operation} in `{region}`" + "".join(
            f", {name} `{value}`" for name, value in parameters.items()
        )
        if not is_reading(service, operation):
            raise CatalogError(
                "a reader asked for an operation that does more than read",
                where=where,
                expected="an operation that gets, lists, describes or heads, and hands out no data",
                do="read by another operation",
            )
        try:
            return self._send(service, operation, region, parameters)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in absent:
                return {}
            raise _translated(error, code, where, iam_action(service, operation)) from error
        except (ParamValidationError, UnknownServiceError) as error:
            raise CatalogError(
                "a reader made a call that the API does not have",
                where=where,
                got=str(error),
                do="correct the reader",
            ) from error
        except BotoCoreError as error:
            raise UnreachableError(
                "AWS could not be asked",
                where=where,
                got=str(error),
                expected="an answer",
                do="see whether the target runs, the network reaches it and the credentials are "
                "set, then verify again",
            ) from error

    def _send(
        self, service: str, operation: str, region: str, parameters: dict[str, object]
    ) -> dict[str, Any]:
        client = self._client(service, region)
        if operation not in client.meta.method_to_api_mapping:
            raise CatalogError(
                "a reader made a call that the API does not have",
                where=f"{service}.{operation}",
                do="correct the operation's name",
            )
        if client.can_paginate(operation):
            reply = client.get_paginator(operation).paginate(**parameters).build_full_result()
        else:
            reply = getattr(client, operation)(**parameters)
        return {key: value for key, value in reply.items() if key != "ResponseMetadata"}

    def _client(self, service: str, region: str) -> Any:  # noqa: ANN401 - boto3 makes client classes at run time
        key = (service, region)
        if (found := self._clients.get(key)) is not None:
            return found
        with self._making:  # sessions of boto3 are not safe between threads, clients are
            if key not in self._clients:
                self._clients[key] = cast("Any", self._session).client(
                    service, region_name=region, config=self._config
                )
            return self._clients[key]


def _translated(
    error: ClientError, code: str, where: str, action: str
) -> ReadDeniedError | MissingResourceError | TargetError:
    if code in _DENIED:
        return ReadDeniedError(action, where=where, got=str(error))
    if _MISSING.search(code):
        return MissingResourceError(
            "it does not exist in the account",
            where=where,
            got=str(error),
            expected="what the Terraform state says was deployed",
            do="deploy again, or remove it from the configuration",
        )
    if code in _REFUSED_CREDENTIALS:
        return UnreachableError(
            "AWS refuses the credentials",
            where=where,
            got=str(error),
            expected="credentials that are valid now",
            do="sign in again, then verify again",
        )
    return TargetError(
        "AWS answered a reading call with an error",
        where=where,
        got=str(error),
        do="see the error; verify again when it is cured",
    )
