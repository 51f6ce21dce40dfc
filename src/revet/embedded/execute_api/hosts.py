"""Which stage a request is for: by the API's own host, or by a domain name and its base path.

Source: Amazon API Gateway Developer Guide, "Invoke REST APIs in API Gateway", "Use API mappings to
connect API stages to a custom domain name for REST APIs", "Disable the default endpoint for REST
APIs", "Private REST APIs" (no one outside of a VPC reaches them); unencrypted endpoints do not
exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from moto.backends import get_backend

from revet.embedded.call import Moto
from revet.embedded.execute_api.deployed import DEPLOYED, Deployed
from revet.embedded.execute_api.requests import Exchange, Incoming

_HOST = re.compile(
    r"(?P<api>[a-z0-9]+)\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?"
)


class Addressed(NamedTuple):
    """The stage that a request is for.

    Args:
        exchange: the request in its hands.
        backend: moto's API Gateway that has it.
    """

    exchange: Exchange
    backend: Moto


class Unaddressed(NamedTuple):
    """A request that no stage takes.

    Args:
        why: for whoever looks into it.
        not_run: what would have taken it, and is not run here; empty without it.
    """

    why: str
    not_run: str = ""


def find_stage(incoming: Incoming) -> Addressed | Unaddressed:
    """The stage that a request is for; none with the reason.

    Args:
        incoming: the request.
    """
    match = _HOST.fullmatch(incoming.host)
    if match is None:
        return _by_domain(incoming)
    if not incoming.encrypted:
        return Unaddressed("API Gateway has no unencrypted endpoints")
    found = next(
        (one for one in _backends("apigateway", match["region"]) if match["api"] in one.apis), None
    )
    if found is None:
        others = _backends("apigatewayv2", match["region"])
        if any(match["api"] in one.apis for one in others):
            return Unaddressed("", "HTTP and WebSocket APIs")
        return Unaddressed(f"there is no API {match['api']} in {match['region']}")
    _, _, rest = incoming.path.partition("/")
    stage, _, path = rest.partition("/")
    return _stage(incoming, found, match["api"], stage, path, "")


def serves(host: str) -> bool:
    """Whether a host is a domain name of an API."""
    return any(host in one.domain_names for one in _backends("apigateway", ""))


def _backends(service: str, region: str) -> Iterator[Moto]:
    """The backends that there are, of all accounts; of all regions where none is named."""
    store: Moto = get_backend(service)  # type: ignore[call-overload]
    for _, regions in sorted(dict.items(store)):
        for name, backend in sorted(dict.items(regions)):
            if region in ("", name):
                yield backend


def _by_domain(incoming: Incoming) -> Addressed | Unaddressed:
    backend = next(
        (one for one in _backends("apigateway", "") if incoming.host in one.domain_names), None
    )
    if backend is None or not incoming.encrypted:
        return Unaddressed(f"{incoming.host} is not a domain name of an API")
    mappings = backend.base_path_mappings.get(incoming.host) or {}
    _, _, rest = incoming.path.partition("/")
    first, _, behind = rest.partition("/")
    base_path = first if first and first in mappings else ""
    mapping = mappings.get(base_path or "(none)")
    if mapping is None:
        return Unaddressed(f"{incoming.host} has no mapping for /{first}")
    path = behind if base_path else rest
    stage = mapping.stage
    if not stage:
        stage, _, path = path.partition("/")
    return _stage(incoming, backend, mapping.rest_api_id, stage, path, base_path)


def _stage(
    incoming: Incoming, backend: Moto, api_id: str, name: str, path: str, base_path: str
) -> Addressed | Unaddressed:
    api = backend.apis.get(api_id)
    stage = api.stages.get(name) if api is not None else None
    if stage is None:
        return Unaddressed(f"the API {api_id} has no stage `{name}`")
    deployment = api.deployments.get(stage.deployment_id)
    deployed: Deployed | None = getattr(deployment, DEPLOYED, None)
    if deployed is None:
        return Unaddressed(f"the stage {name} of the API {api_id} has no deployment")
    if "PRIVATE" in deployed.endpoint_types:
        return Unaddressed(f"the API {api_id} is private, and nobody here is in its VPC")
    if deployed.endpoint_disabled and _HOST.fullmatch(incoming.host):
        return Unaddressed(f"the API {api_id} answers to its domain names only")
    exchange = Exchange(
        incoming,
        str(api.account_id),
        str(api.region_name),
        api_id,
        stage,
        deployed,
        str(stage.deployment_id),
        f"/{path}".rstrip("/"),
        base_path,
    )
    return Addressed(exchange, backend)
