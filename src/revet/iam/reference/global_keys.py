"""When requests carry a global condition key, and how far it can be trusted.

Source: AWS IAM User Guide, "AWS global condition context keys".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from revet.iam.reference.conditions import condition_key
from revet.iam.reference.frozen import frozen
from revet.iam.reference.records import ConditionKey


@dataclass(frozen=True, slots=True)
class GlobalKey:
    """One global condition key.

    Args:
        key: its name and type.
        about: of what it is a property: `principal`, `session`, `network`, `resource` or
            `request`.
        present: when a request carries it: `always`, `signed` (not for anonymous ones), or the
            circumstance in words.
        sensitive: AWS knows no good use of wildcards in its values.
        spoofable: its value comes from a header that the caller sets.
        services: the only services that carry it; empty: all.
        not_actions: actions, in lower case, whose requests never carry it; `ebs:*` stands for all
            of a service.
        paired_with: keys of which one should stand beside it, because alone it lets too much
            through.
        not_from_services: requests of service principals never carry it.
    """

    key: ConditionKey
    about: str
    present: str
    sensitive: bool = False
    spoofable: bool = False
    services: frozenset[str] = frozenset()
    not_actions: frozenset[str] = frozenset()
    paired_with: tuple[str, ...] = ()
    not_from_services: bool = False


def global_key(name: str) -> GlobalKey | None:
    """What is known of a global condition key, or None when it is no such key.

    Args:
        name: any case, with the tag key of a template filled in or not.
    """
    if name[:4].lower() != "aws:":
        return None
    found = condition_key(name)
    return None if found is None else global_keys()[found.name.lower()]


@cache
def global_keys() -> Mapping[str, GlobalKey]:
    """All global condition keys by their name in lower case, templates kept."""
    found = {}
    for row in frozen("global_condition_keys")["keys"]:
        key = condition_key(row["name"])
        if key is not None:
            found[key.name.lower()] = GlobalKey(
                key,
                row["about"],
                row["present"],
                row.get("sensitive", False),
                row.get("spoofable", False),
                frozenset(row.get("services", ())),
                frozenset(action.lower() for action in row.get("not_actions", ())),
                tuple(row.get("paired_with", ())),
                row.get("not_from_services", False),
            )
    return MappingProxyType(found)
