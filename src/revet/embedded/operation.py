"""Which API operation a request is, and with which parameters, from botocore's service models.

moto carries a router and parsers for all of AWS's wire protocols, made from the same models; they
are used here, outside its services, so that the answer does not depend on how a service is
written.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import botocore.session
from botocore.exceptions import BotoCoreError
from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.responses import boto3_service_name
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

_VIRTUAL_HOST = re.compile(r"^(?P<bucket>.+?)\.s3(?:[.-][a-z0-9.-]+)?\.amazonaws\.com(?:\.cn)?$")


@dataclass(frozen=True, slots=True)
class Identified:
    """What a request asks for.

    Args:
        service: botocore's name of the service that has the operation.
        model: botocore's model of the operation; none when it could not be told.
        parameters: parsed by that model.
        why: why model or parameters are missing; empty when nothing is.
    """

    service: str = ""
    model: OperationModel | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""

    @property
    def name(self) -> str:
        """The operation's name, or nothing."""
        return str(self.model.name) if self.model else ""


def boto_name(service: str) -> str:
    """Name in botocore of a service that moto knows under its own."""
    return boto3_service_name.get(service) or _without_hyphens().get(service, service)


@functools.cache
def _without_hyphens() -> dict[str, str]:
    """Names as moto writes them, to botocore's: `cognitoidp` is `cognito-idp`."""
    names = botocore.session.Session().get_available_services()
    return {name.replace("-", ""): name for name in names}


def service_model(boto_service: str) -> ServiceModel | None:
    """Model in botocore of a service; none when botocore has no such service."""
    try:
        return get_service_model(boto_service)
    except BotoCoreError:
        return None


def identify(request: Request, boto_service: str) -> Identified:
    """Find operation and parameters of a request.

    Args:
        request: as moto's services get it.
        boto_service: botocore's name of the service that it goes to; one that shares its host is
            looked at, too.
    """
    names = (boto_service, *_SAME_HOST.get(boto_service, ()))
    found = [_identify(request, name) for name in names]
    version = request.values.get("Version") if len(found) > 1 else None
    of_version = [item for item in found if item.model and _version(item) == version]
    return next((item for item in (*of_version, *found) if item.model), found[0])


_SAME_HOST = {
    "apigateway": ("apigatewayv2",),
    "elb": ("elbv2",),
    "elbv2": ("elb",),
    "es": ("opensearch",),
    "kinesisanalyticsv2": ("kinesisanalytics",),
    "opensearch": ("es",),
    "rds": ("neptune", "docdb"),
    "ses": ("sesv2",),
}
"""Services that share a host name (the same `endpointPrefix`), as far as moto has them."""


def _version(found: Identified) -> str:
    model = service_model(found.service)
    return str(model.api_version) if model is not None else ""


def _identify(request: Request, boto_service: str) -> Identified:
    model = service_model(boto_service)
    if model is None:
        return Identified(boto_service, why=f"botocore has no service `{boto_service}`")
    if boto_service == "s3":
        request = _path_style(request)
    try:
        operation, labels = get_service_router(boto_service).match(request)
    except (HTTPException, NotImplementedError, ValueError, KeyError):
        named = (request.headers.get("X-Amz-Target") or "").rpartition(".")[2]
        if named not in model.operation_names:
            where = named or f"{request.method} {request.path}"
            why = f"no operation of `{boto_service}` matches `{where}`"
            return Identified(boto_service, why=why)
        operation, labels = model.operation_model(named), {}  # Go's SDK: another target prefix
    try:
        parser = PROTOCOL_PARSERS[determine_request_protocol(model, request.content_type)]
        parameters = parser(operation).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.data,
                "url_path": request.path,
                "url_params": labels,
            }
        )
    except Exception as error:  # noqa: BLE001 - any body may come; the reason is kept and shown
        why = f"parameters: {type(error).__name__}: {error}"
        return Identified(boto_service, operation, dict(labels), why)
    return Identified(boto_service, operation, {**labels, **parameters})


def _path_style(request: Request) -> Request:
    """The same S3 request with the bucket in the path, where botocore's model expects it."""
    match = _VIRTUAL_HOST.match(request.host.split(":", 1)[0])
    if match is None:
        return request
    query = request.query_string.decode()
    url = f"https://s3.amazonaws.com/{match['bucket']}{request.raw_path}"
    headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
    copy: Request = Request.from_primitives(
        request.method, f"{url}?{query}" if query else url, headers, request.data
    )
    return copy
