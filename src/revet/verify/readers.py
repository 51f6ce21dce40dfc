"""The readers of an account: one for each Terraform type that is read with calls of its own.

`account/<service>.py` holds them, and the table of types those that need no code. A reader lists
the resources of its type in a region, each with what the listing answers, and reads one of them:
the resource and the parts that Terraform has types of their own for. Nothing is registered anywhere
else.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from revet.model.errors import CatalogError
from revet.plan.observed import Observed
from revet.plan.terraform_types import Scope
from revet.verify.api import Api

_PACKAGE = "revet.verify.account"


@dataclass(frozen=True, slots=True)
class TypeReader:
    """How the resources of one Terraform type are read.

    Args:
        type: the Terraform type.
        service: the short name that `--service` takes, boto3's.
        actions: IAM actions that it needs, in IAM's own spelling.
        items: `(api, region)` to what the listing answers of each resource.
        identity: an item to the id by which the state of Terraform knows it.
        read: `(api, region, item)` to the resource and its parts.
        parts: Terraform types of what comes along with it.
        scope: global, or one listing a region.
        each: whether reading one takes calls of its own; `verify` makes them for the services of
            the stack's types, and for those that rules go on to from there.
    """

    type: str
    service: str
    actions: tuple[str, ...]
    items: Callable[[Api, str], Iterable[Any]]
    identity: Callable[[Any], str]
    read: Callable[[Api, str, Any], Iterable[Observed]]
    parts: tuple[str, ...] = ()
    scope: Scope = Scope.REGIONAL
    each: bool = False
    types: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Its type and those of its parts."""
        object.__setattr__(self, "types", (self.type, *self.parts))


@cache
def load_readers(package: str = _PACKAGE) -> tuple[TypeReader, ...]:
    """All readers, by type.

    Args:
        package: dotted name of the package whose files hold them.

    Raises:
        CatalogError: two read the same type, or there is none.
    """
    found: dict[str, TypeReader] = {}
    for reader in _all(package):
        if reader.type in found:
            raise CatalogError(
                "two readers of one Terraform type",
                where=package,
                got=f"a second one of `{reader.type}`",
                do="keep one of them",
            )
        found[reader.type] = reader
    if not found:
        raise CatalogError("no readers", where=package, do="reinstall revet")
    return tuple(found[name] for name in sorted(found))


def _all(package: str) -> Iterator[TypeReader]:
    for file in pkgutil.iter_modules(importlib.import_module(package).__path__):
        module = importlib.import_module(f"{package}.{file.name}")
        yield from (held for held in vars(module).values() if isinstance(held, TypeReader))
    if package == _PACKAGE:
        yield from importlib.import_module("revet.verify.rows").row_readers()
