"""Where a database takes its encryption from: replicas, snapshots and restored ones have a source.

Source: RDS User Guide, "Encrypting Amazon RDS resources": a replica, a snapshot and a restored
instance are encrypted exactly when what they are made from is, with its key in the same region;
RDS API, `CopyDBSnapshot`: a copy with a key is encrypted, whatever it is a copy of. Only the data
of `s3_import` comes from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from revet.gate.readings.needed import found_as
from revet.gate.readings.rds.replicas import in_same_region
from revet.model.errors import UnknownValueError
from revet.plan import Computed, Inventory, Resource, Undecided
from revet.plan.naming import names_of
from revet.plan.terraform_types import terraform_type, types_with

_RESTORED = "restore_to_point_in_time"
_KEY = "kms_key_id"
_DATABASES = ("aws_db_instance", "aws_rds_cluster")
_UNCHANGED = ("no-op",)


@dataclass(frozen=True, slots=True)
class Encryption:
    """What decides whether a database is encrypted.

    Args:
        holder: the database, or what it is made from, that says so itself.
        encrypted: whether it is.
        unseen: argument that names a source which the plan does not show; empty where all are seen.
    """

    holder: Resource
    encrypted: bool
    unseen: str = ""


def encryption(instance: Resource, inventory: Inventory) -> Encryption:
    """Follow an `aws_db_instance` to what decides on its encryption.

    Raises:
        UnknownValueError: the plan does not show which resource a source is, or a value of it.
    """
    holder, seen = instance, {instance.address}
    while not (holder.is_set(_KEY) or _is_stated(holder)):
        path = _source_path(holder)
        if not path:
            break
        source = _source(holder, path, inventory)
        if source is None or source.address in seen:
            return Encryption(holder, _is_encrypted(holder), path)
        seen.add(source.address)
        holder = source
    unseen = "" if _is_stated(holder) or holder.type not in _DATABASES else _source_path(holder)
    return Encryption(holder, _is_encrypted(holder), unseen)


def _source_path(holder: Resource) -> str:
    """The argument that names what a database is made from; empty for one that is new."""
    if holder.mode == "data":
        return ""
    for path in terraform_type(holder.type).made_from:
        if holder.is_set(path):
            return path
    restorable = any(path.startswith(_RESTORED) for path in terraform_type(holder.type).made_from)
    return _RESTORED if restorable and holder.is_set(_RESTORED) else ""


def _source(holder: Resource, path: str, inventory: Inventory) -> Resource | None:
    """What a database is made from; `None` where the plan does not show it."""
    if path == _RESTORED:
        return None
    named = inventory.target(holder, path)
    if named is not None:
        known = named.type in types_with("made_from")
        kept = path != "replicate_source_db" or in_same_region(holder, named, path)
        return named if known and kept else None
    value = holder.get(path)
    for item in found_as(value, inventory, *types_with("made_from")):
        return item
    _refuse_what_may_be(value, inventory)
    return None


def _refuse_what_may_be(value: object, inventory: Inventory) -> None:
    """A name that nothing has yet, but that something may get, tells nothing."""
    kinds = types_with("made_from")
    names = [(item, name) for item in inventory.of_type(*kinds) for name in names_of(item)]
    for item in inventory.data.values():
        if item.type in kinds:
            names += [(item, name) for name in terraform_type(item.type).data_known_by]
    for item, name in names:
        own = item.get(name)
        if isinstance(own, Undecided) and not isinstance(own, Computed):
            raise UnknownValueError(
                own.path,
                why=f"known after apply, and `{value}` may be it",
                resolve="refer to the resource instead of writing its name",
            )


def _is_encrypted(holder: Resource) -> bool:
    if holder.type in _DATABASES or _is_stated(holder):
        return bool(holder.get(terraform_type(holder.type).encrypted))
    return holder.is_set(_KEY)


def _is_stated(holder: Resource) -> bool:
    """Whether AWS says of something that exists already whether it is encrypted.

    A database that does not change says it, also where that could not be read.
    """
    if holder.type in _DATABASES and holder.actions == _UNCHANGED:
        return True
    path = terraform_type(holder.type).encrypted
    found = holder.mode == "data" or holder.type not in _DATABASES
    return found and bool(path) and isinstance(holder.get(path), bool)
