"""A request for a deployed API, and what is known of it on its way."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

from revet.embedded.call import Json, Moto
from revet.embedded.execute_api.deployed import Deployed, Resource

SOURCE_IP = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request as it came.

    Args:
        method: HTTP method.
        host: that it is for, without port.
        target: path and query.
        headers: in the order in which they came.
        body: without transfer coding.
        encrypted: whether it came over TLS.
        received: when.
        request_id: that API Gateway gives it.
        extended_id: another one, which a caller cannot choose either.
    """

    method: str
    host: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    encrypted: bool = True
    received: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    extended_id: str = field(
        default_factory=lambda: base64.b64encode(secrets.token_bytes(11)).decode()
    )

    @property
    def path(self) -> str:
        """Without query, percent-encoded as it came."""
        return self.target.partition("?")[0]

    def header(self, name: str) -> str:
        """The last value of a header, in whatever case; empty without one."""
        return next(
            (text for key, text in reversed(self.headers) if key.lower() == name.lower()), ""
        )

    @property
    def media_type(self) -> str:
        """`Content-Type` without its parameters, in lower case; JSON where there is none."""
        return self.header("Content-Type").partition(";")[0].strip().lower() or "application/json"

    def headers_by_name(self) -> dict[str, list[str]]:
        """Name as it first came, to all values."""
        names: dict[str, str] = {}
        found: dict[str, list[str]] = {}
        for key, text in self.headers:
            name = names.setdefault(key.lower(), key)
            found.setdefault(name, []).append(text)
        return found

    def query(self) -> dict[str, list[str]]:
        """Parameters of the query, decoded, to all values."""
        found: dict[str, list[str]] = {}
        for name, text in parse_qsl(self.target.partition("?")[2], keep_blank_values=True):
            found.setdefault(name, []).append(text)
        return found


@dataclass(slots=True)
class Exchange:
    """A request in the hands of one stage, and what becomes known of it.

    Args:
        incoming: the request.
        account: of the API.
        region: likewise.
        api_id: of the API.
        stage: moto's.
        deployed: what the stage's deployment holds.
        deployment_id: of that deployment.
        path: behind the stage, percent-encoded, without a slash at its end.
        base_path: of a domain of one's own; empty for the API's own host.
        resource: that the path is of; none when there is none.
        method: as it was deployed; none likewise.
        path_parameters: by name, decoded.
        authorizer: what the authorizer said, as `$context.authorizer` shows it.
        usage_key: API key that the authorizer named.
        identity: `$context.identity` beside what every request has.
        variables: `$context` variables that came up on the way.
        steps: lines for the execution log.
    """

    incoming: Incoming
    account: str
    region: str
    api_id: str
    stage: Moto
    deployed: Deployed
    deployment_id: str
    path: str
    base_path: str = ""
    resource: Resource | None = None
    method: Json = None
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    authorizer: dict[str, Json] = field(default_factory=dict)
    usage_key: str = ""
    identity: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)

    @property
    def stage_name(self) -> str:
        """Name of the stage."""
        return str(self.stage.name)

    @property
    def resource_path(self) -> str:
        """Of the resource; the path as it came where there is none."""
        return self.resource.path if self.resource is not None else self.path or "/"

    def arn(self, path: str | None = None) -> str:
        """`arn:aws:execute-api:…` of this request.

        Args:
            path: behind the HTTP method, without a slash before it; the request's own by default.
        """
        rest = unquote(self.path).lstrip("/") if path is None else path
        prefix = "aws-cn" if self.region.startswith("cn-") else "aws"
        if self.region.startswith("us-gov-"):
            prefix = "aws-us-gov"
        return (
            f"arn:{prefix}:execute-api:{self.region}:{self.account}:{self.api_id}/"
            f"{self.stage_name}/{self.incoming.method}/{rest}"
        )

    def method_settings(self) -> tuple[str, Mapping[str, Json]]:
        """The settings of the stage that hold for this method, and where they are made.

        Those of the method itself go before those of all methods, `*/*`.
        """
        held = self.stage.method_settings or {}
        own = f"{self.resource_path.lstrip('/')}/{self.incoming.method}"
        for place, settings in held.items():
            if place.replace("~1", "/").lstrip("/") == own:
                return place, settings
        return "*/*", held.get("*/*") or {}
