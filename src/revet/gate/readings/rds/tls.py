"""Whether a database takes only encrypted connections, by its parameter group.

Source: RDS user guide, "Requiring an SSL connection to a PostgreSQL DB instance" (`rds.force_ssl`
is on by default from PostgreSQL 15), "Forcing connections to your DB instance to use SSL" (SQL
Server), "Requiring SSL/TLS for all connections to a MySQL DB instance" and the same for MariaDB
(`require_secure_transport`); Aurora user guide, "Requiring an SSL/TLS connection to an Aurora
PostgreSQL DB cluster" (on by default from version 17).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from revet.gate.readings.needed import planned
from revet.plan import Computed, Inventory, Resource, Undecided
from revet.plan.element_paths import blocks
from revet.plan.values import Unread

_FORCE, _REQUIRE = "rds.force_ssl", "require_secure_transport"
# The parameter of each family, the values that turn it on, and the first version that does by
# itself; 0 for none.
_FAMILIES = (
    (re.compile(r"aurora-postgresql(\d+)"), _FORCE, ("1",), 17),
    (re.compile(r"postgres(\d+)"), _FORCE, ("1",), 15),
    (re.compile(r"sqlserver-\w+?-(\d+)[\d.]*"), _FORCE, ("1",), 0),
    (re.compile(r"(?:aurora-)?mysql(\d+)[\d.]*"), _REQUIRE, ("1", "on"), 0),
    (re.compile(r"mariadb(\d+)[\d.]*"), _REQUIRE, ("1", "on"), 0),
)
_DEFAULT = "default."


@dataclass(frozen=True, slots=True)
class Forced:
    """What a parameter group says of encryption in transit.

    Args:
        holds: whether only encrypted connections are taken.
        why: in words.
        related: address of the parameter group; empty for AWS's own.
    """

    holds: bool
    why: str
    related: tuple[str, ...] = ()


def forced(resource: Resource, path: str, kind: str, inventory: Inventory) -> Forced:
    """Whether a database takes only encrypted connections.

    Args:
        resource: an `aws_db_instance` or `aws_rds_cluster`.
        path: of the argument that names its parameter group.
        kind: Terraform type of that group.
        inventory: it belongs to.

    Raises:
        UnknownValueError: the inventory does not show the group or what it sets, or nothing is
            known of the engine.
    """
    if not resource.is_set(path):
        return _by_family(resource, path, _own_family(resource))
    name = resource.get(path)
    if isinstance(name, str) and name.startswith(_DEFAULT):
        return _by_family(resource, path, name.removeprefix(_DEFAULT))
    group = _group(resource, path, kind, inventory)
    related = (group.address,)
    family = group.get("family")
    parameter, values, _ = _of_family(group, "family", family)
    doubtful: Undecided | None = None
    for block in blocks(group, "parameter"):
        found = group.get(f"{block}.name")
        if isinstance(found, Undecided):
            doubtful = found if doubtful is None else doubtful
        elif found == parameter:
            value = group.get(f"{block}.value")
            on = value.lower() in values
            return Forced(on, f"`{parameter}` is `{value}` in `{group.address}`", related)
    if doubtful is not None:
        doubtful.refuse()
    silent = _by_family(group, "family", family)
    return Forced(silent.holds, silent.why, related)


def _group(resource: Resource, path: str, kind: str, inventory: Inventory) -> Resource:
    """The parameter group, which often has the name of its database, too."""
    name = resource.get(path)
    if isinstance(name, str):
        named, unnamed = inventory.named(kind, "name", name)
        here = [item for item in named if item.provider_region == resource.provider_region]
        if len(here) == 1:
            return here[0]
        for item in unnamed:
            own = item.get("name")
            if isinstance(own, Unread):
                own.refuse()
    return planned(resource, path, inventory, kind)


def _by_family(resource: Resource, path: str, family: object) -> Forced:
    """What AWS's own parameter group of a family does, and one that says nothing."""
    parameter, _, first = _of_family(resource, path, family)
    version = int(re.findall(r"\d+", str(family))[0])
    if first and version >= first:
        return Forced(holds=True, why=f"`{parameter}` is on by default in `{family}`")
    return Forced(holds=False, why=f"nothing sets `{parameter}`, which is off in `{family}`")


def _of_family(resource: Resource, path: str, family: object) -> tuple[str, tuple[str, ...], int]:
    if isinstance(family, Undecided):
        family.refuse()
    for pattern, parameter, values, first in _FAMILIES:
        if pattern.fullmatch(str(family)):
            return parameter, values, first
    raise resource.doubt(
        path,
        f"how `{family}` forces encrypted connections is not known",
        "see in the options of the engine that it does, and waive the finding with a reason",
    )


def _own_family(resource: Resource) -> str:
    """The family whose default parameter group a database gets: by engine and version."""
    engine, version = resource.get("engine"), resource.get("engine_version_actual")
    if not isinstance(version, str) or not version:
        version = resource.get("engine_version")
    if isinstance(engine, Undecided):
        engine.refuse()
    if isinstance(version, Computed) or not version:
        raise resource.doubt(
            "engine_version",
            "which version RDS will choose is not known, nor whether it forces encryption",
            "name a parameter group that does",
        )
    major = re.match(r"\d+", version)
    return f"{engine}{major[0] if major else version}"
