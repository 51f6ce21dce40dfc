"""Which service answers for a host, and which of its functions for a path."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from moto.backend_index import backend_url_patterns
from moto.backends import get_backend
from moto.core.base_backend import BackendDict
from moto.core.utils import get_equivalent_url_in_aws_domain

from revet.embedded.credentials import ACCOUNT

Handler = Callable[..., Any]
Route = tuple[re.Pattern[str], Handler]

OWN_HOSTS: list[tuple[re.Pattern[str], str, Handler]] = []
"""Services that moto lacks: host, botocore's name, what answers. Filled by `services`."""
OWN_PATHS: dict[str, list[Route]] = {}
"""Paths that moto's service lacks, by moto's service name; they go first. Filled by `services`."""
OWN_OPERATIONS: dict[tuple[str, str], Handler] = {}
"""Operations that moto's service lacks, by botocore's names; they go first of all."""

NEVER = frozenset(("moto_api._internal", "moto_api", "instance_metadata"))
"""moto's own interface, which resets, seeds and shows everything, and the metadata of instances."""


class Routes:
    """Finds services and handlers, and remembers what it found."""

    def __init__(self) -> None:
        self._services: dict[str, str] = {}
        self._paths: dict[str, list[Route]] = {}

    def service(self, host: str) -> str:
        """Name in moto of the service that answers for a canonical host; empty when none does."""
        if host not in self._services:
            self._services[host] = _own_service(host) or _moto_service(host)
        return self._services[host]

    def handler(
        self, host: str, service: str, path: str, operation: tuple[str, str]
    ) -> Handler | None:
        """The function that answers for a path of a service; none when there is none.

        Args:
            host: canonical host.
            service: as `service` named it.
            path: without query, percent-encoded as it arrived.
            operation: botocore's names of service and operation.
        """
        if operation in OWN_OPERATIONS:
            return OWN_OPERATIONS[operation]
        for pattern, name, handler in OWN_HOSTS:
            if name == service and pattern.match(host):
                return handler
        if service not in self._paths:
            self._paths[service] = [*OWN_PATHS.get(service, ()), *_moto_paths(service)]
        return next((found for rule, found in self._paths[service] if rule.match(path)), None)


def _own_service(host: str) -> str:
    return next((name for pattern, name, _ in OWN_HOSTS if pattern.match(host)), "")


def _moto_service(host: str) -> str:
    parts, _ = get_equivalent_url_in_aws_domain(f"https://{host}")
    url = f"{parts.scheme}://{parts.netloc}/"
    found = (str(name) for name, pattern in backend_url_patterns if pattern.match(url))
    return next((name for name in found if name not in NEVER), "")


def _moto_paths(service: str) -> list[Route]:
    backends: Any = get_backend(service)  # type: ignore[call-overload]
    if isinstance(backends, BackendDict):
        account = backends[ACCOUNT]
        backend = account["us-east-1" if "us-east-1" in account else "aws"]
    else:
        backend = backends["global"]
    return [(re.compile(url), handler) for url, handler in backend.url_paths.items()]
