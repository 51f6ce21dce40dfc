"""What is known of an action as policies write it, read once for all policies that name it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from revet.iam.reference.services import service
from revet.iam.reference.tables import Service


@dataclass(frozen=True, slots=True)
class ActionName:
    """The name of an action, which may hold wildcards.

    Args:
        prefix: the service as written, before the colon; all of it when there is no colon.
        name: the action as written, after the colon; empty when there is no colon.
        has_wildcard: whether `*` or `?` stands in it.
        service: the service's reference data; None when it does not exist or holds a wildcard.
        exists: whether it is written out, and its service has it.
    """

    prefix: str
    name: str
    has_wildcard: bool
    service: Service | None
    exists: bool


@lru_cache(maxsize=4096)
def read_action_name(text: str) -> ActionName:
    """Read the name of an action.

    Args:
        text: an entry of `Action` or `NotAction`.
    """
    prefix, _, name = text.partition(":")
    found = service(prefix)
    return ActionName(
        prefix,
        name,
        has_wildcard="*" in text or "?" in text,
        service=found,
        exists=found is not None and name.lower() in found.actions,
    )
