"""What was read from an account, and how it becomes the inventory that rules judge.

A reader yields `Observed`: a Terraform type, its identity, and values in the provider's form. What
was denied is never left out: it is a resource of which only what joins it to others is known, or
none at all, so that everything that would rest on it refuses.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from revet.plan.address import last_index
from revet.plan.inventory import Coverage, Inventory, Reading
from revet.plan.load import Origin, inventory_of
from revet.plan.resource import Resource
from revet.plan.state import output_changes
from revet.plan.unread_marks import NOT_READ, AllOthers, Mark
from revet.plan.values import Unread

EVERY = "*"
"""Stands as identity of all resources of a type, where they could not be listed."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One resource of an account.

    Args:
        type: its Terraform type.
        id: what tells it from others of its type and region: `identity` of the table of types,
            joined with `/`; `EVERY` for those that could not be listed.
        values: attribute to value, in the provider's form. What AWS answers as not there is
            `None`, or `[]` for blocks; what a reader leaves out counts as not read.
        region: where it is; empty for global services.
        rest: why everything that `values` does not name is unknown; `None` when it was read.
        unknown: attribute to why it could not be read.
        mode: `managed` or `data`.
        made_by: `aws` for what nobody but AWS made, such as default groups; empty otherwise.
        account: whose it is, where addresses tell accounts apart; empty where they need not.
    """

    type: str
    id: str
    values: Mapping[str, Any] = field(default_factory=dict)
    region: str = ""
    rest: Mark | None = None
    unknown: Mapping[str, Mark] = field(default_factory=dict)
    mode: str = "managed"
    made_by: str = ""
    account: str = ""

    @property
    def address(self) -> str:
        """`TYPE.account["ACCOUNT/REGION/ID"]`; see `index`."""
        prefix = "data." if self.mode == "data" else ""
        return f"{prefix}{self.type}.account[{json.dumps(self.index)}]"

    @property
    def index(self) -> str:
        """`ACCOUNT/REGION/ID`, without the account where there is one only.

        Global services have no region.
        """
        return "/".join(part for part in (self.account, self.region, self.id) if part)


def is_beside(resource: Resource) -> bool:
    """Whether an account has a resource beside the stack that it was read for.

    Args:
        resource: of an account; without a stack every one is.
    """
    named = resource.name == "account" and not resource.module
    return named and isinstance(resource.index, str) and "/" in resource.index


def _name(address: str, kind: str) -> str:
    """The name in a resource's address."""
    return address.rpartition(f"{kind}.")[2].partition("[")[0]


def account_inventory(
    observed: Iterable[Observed],
    *,
    account: str,
    coverage: Coverage,
    names: Mapping[tuple[str, str, str], str] | None = None,
    outputs: Mapping[str, Mapping[str, Any]] | None = None,
    lost: Mapping[str, Unread | None] | None = None,
) -> Inventory:
    """The inventory of an account.

    Args:
        observed: what was read, each once.
        account: its id.
        coverage: which types were listed where.
        names: type, region and id to the address that a state gives the resource; others are
            as `Observed.address` says.
        outputs: of the stack whose account it is, as `terraform show -json` has them in a state;
            `None` where it was read for no stack.
        lost: what the stack's state knows and the account does not, as `Inventory.lost`.
    """
    changes: list[dict[str, Any]] = []
    taken: set[str] = set()
    for item in observed:
        address = (names or {}).get((item.type, item.region, item.id), item.address)
        if address in taken:  # AWS lists some things in several places
            continue
        taken.add(address)
        node: dict[str, Any] = {
            "address": address,
            "mode": item.mode,
            "type": item.type,
            "name": _name(address, item.type),
            "index": item.index if address == item.address else last_index(address),
            "made_by": item.made_by,
        }
        values = {"region": item.region or None, **item.values}
        if item.id == EVERY and item.rest is not None:
            node["unread"] = item.rest
        unknown = AllOthers(values, item.rest) if item.rest else dict(item.unknown)
        changes.append(
            {
                **node,
                "change": {
                    "actions": ["no-op"],
                    "before": values,
                    "after": values,
                    "after_unknown": unknown,
                    "after_sensitive": {},
                },
            }
        )
    raw = {
        "format_version": "1.2",
        "resource_changes": changes,
        "output_changes": output_changes(outputs or {}),
        "configuration": {},
    }
    stack = outputs is not None
    origin = Origin(Reading.ACCOUNT, account, coverage, stack, lost or {}, missing=NOT_READ)
    return inventory_of(raw, "", origin=origin)
