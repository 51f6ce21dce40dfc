"""Two readings of one account side by side: the provider's refreshed state, and our readers'.

They are compared in a normal form, attribute by attribute:

- lists have no order, since nearly all of them are sets to AWS;
- a policy document is what it means: a list of one text is that text, members have no order;
- null, an empty text, an empty list and an empty map are one thing: the provider writes now one,
  now another for what is not there, and `Resource.is_set` takes them for the same;
- an `id` by which the table of types does not tell resources apart is the provider's own;
- a resource's own tags count with `tags_all`, since an account does not tell them from default
  tags;
- what a resource carries inline counts as empty where the account has it as a resource of its own.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeGuard

from tests.deploy.contracts.forms import in_form_of
from tests.gate.asked import Asked, asked_by_cases, recorded

from revet.gate.baseline import Baseline
from revet.gate.catalog import load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import select
from revet.model.finding import Origin, Status
from revet.plan.inventory import Inventory
from revet.plan.kinds import attribute_kinds
from revet.plan.observed import EVERY, Observed
from revet.plan.state import load_state
from revet.plan.terraform_types import terraform_type
from revet.plan.unread_marks import Mark
from revet.verify.identity import Identity, identities_observed, identities_of
from revet.verify.observe import AccountReading

Json = Any
_SETTINGS: dict[str, dict[str, Any]] = {
    "rds-instance-encryption": {"customer_managed_key": True},
    "s3-bucket-encryption": {"customer_managed_key": True},
    "tags-required": {"keys": ("Environment", "Owner")},
    "terraform-names": {"pattern": "contract.*"},
}
_CONTROLS = Baseline(
    "contracts", without=("terraform-outputs", "terraform-state-backend"), settings=_SETTINGS
)


@dataclass(frozen=True)
class Difference:
    """One attribute of a resource that the two readings show differently."""

    type: str
    attribute: str
    address: str
    provider: Json
    reader: Json


@dataclass(frozen=True)
class Both:
    """Both readings of what one stack deployed.

    Args:
        state: the provider's, as `terraform show -json` has it after a refresh.
        seen: the readers'.
        account: the account's id.
        apart: inline attribute, `TYPE.ATTRIBUTE`, to the type that has the same apart.
    """

    state: Json
    seen: AccountReading
    account: str
    apart: Mapping[str, str]

    def asked(self) -> Asked:
        """What rules ask for: in their cases, and of these two readings."""
        with recorded() as found:
            self.answers(load_state(self.state))
            self.answers(self.seen.inventory(self.account))
        return found | asked_by_cases()

    def pairs(self) -> dict[tuple[str, str], list[Difference]]:
        """Each type and attribute that both readings are asked for, with how they differ."""
        asked = self.asked()
        found: dict[tuple[str, str], list[Difference]] = {}
        for node, items in self.matched():
            item = in_form_of(node["type"], node["values"], items)
            kinds = attribute_kinds(node["type"])
            assert isinstance(kinds, dict)
            for attribute in sorted(kinds):
                if (node["type"], attribute) in asked and _is_of_aws(node["type"], attribute, item):
                    differing = found.setdefault((node["type"], attribute), [])
                    differing += self._differences(node, item, attribute)
        return found

    def matched(self) -> Iterator[tuple[Json, list[Observed]]]:
        """What the state names and the readers have found; one thing may be several to them."""
        by_identity: dict[Identity, list[Observed]] = {}
        for item in self.seen.observed:
            for identity in identities_observed(item) if item.mode == "managed" else ():
                by_identity.setdefault(identity, []).append(item)
        for node in self._nodes():
            arn = node["values"].get("arn")
            found = []
            for identity in identities_of(node["type"], node["values"].get):
                there = by_identity.get(identity, [])
                same = [item for item in there if item.values.get("arn") == arn]
                found += (same or there)[:1]
            if found:
                yield node, found

    def unmatched(self) -> set[str]:
        """Types of which the state names something that the readers have not found."""
        found = {node["address"] for node, _ in self.matched()}
        return {node["type"] for node in self._nodes() if node["address"] not in found}

    def answers(self, inventory: Inventory) -> dict[tuple[str, str], Status]:
        """What the controls say of a reading."""
        chosen = select(load_catalog(), _CONTROLS, None)
        judged = run_controls(inventory, chosen, subject="stack", origin=Origin.EMULATED)
        assert judged.problems == ()
        return {(one.control, one.address): one.status for one in judged.findings}

    def changed_answers(self, differing: Collection[tuple[str, str]]) -> set[str]:
        """Controls that answer otherwise when the account shows what the state shows.

        One more resource that passes is no other answer: what is shown in two places is judged in
        one of them. Nor is what the account leaves unknown.

        Args:
            differing: types and attributes to take from the state.
        """
        told = {
            id(item): {
                attribute: node["values"][attribute]
                for attribute in node["values"].keys() & (attribute_kinds(item.type) or {})
                if (node["type"], attribute) in differing
            }
            for node, items in self.matched()
            for item in items
        }
        other = replace(
            self.seen,
            observed=tuple(
                replace(item, values={**item.values, **told.get(id(item), {})})
                for item in self.seen.observed
            ),
        )
        before = self.answers(self.seen.inventory(self.account))
        after = self.answers(other.inventory(self.account))
        return {
            key[0]
            for key in before.keys() | after.keys()
            if before.get(key, Status.PASS) not in (Status.UNKNOWN, after.get(key, Status.PASS))
        }

    def _nodes(self) -> Iterator[Json]:
        modules = [self.state["values"]["root_module"]]
        while modules:
            module = modules.pop()
            modules += module.get("child_modules", ())
            for node in module.get("resources", ()):
                if node["mode"] == "managed" and node["type"].startswith("aws_"):
                    yield node

    def _differences(self, node: Json, item: Observed, attribute: str) -> Iterator[Difference]:
        shown = normal(node["values"].get(attribute))
        if attribute in item.unknown or attribute not in item.values:
            mark = item.unknown.get(attribute, item.rest)
            read: Json = f"not read: {mark.why if mark else 'no reader writes it'}"
        else:
            read = normal(item.values[attribute])
        if shown == read or (read is None and self._is_apart(node, attribute)):
            return
        yield Difference(node["type"], attribute, node["address"], shown, read)

    def _is_apart(self, node: Json, attribute: str) -> bool:
        kind = self.apart.get(f"{node['type']}.{attribute}")
        names = {node["values"]["id"], node["values"].get("arn")} - {None}
        return any(
            item.type == kind and not names.isdisjoint(_texts(item.values.values()))
            for item in self.seen.observed
        )


def _is_of_aws(kind: str, attribute: str, item: Observed) -> bool:
    """Whether AWS knows an attribute; the provider makes up some ids, and tells tags apart."""
    if attribute == "id":
        return all(terraform_type(one).identity == ("id",) for one in (kind, item.type))
    return attribute != "tags" or not item.values.get("tags_all")


def _texts(values: Iterable[Json]) -> Iterator[str]:
    return (value for value in values if isinstance(value, str))


def normal(value: Json) -> Json:
    """A value in the normal form."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return _meaning(json.loads(value))
        except ValueError:
            return value
    if isinstance(value, dict):
        members = {key: normal(item) for key, item in value.items()}
        return {key: item for key, item in members.items() if item is not None} if value else None
    if isinstance(value, list):
        return sorted(map(normal, value), key=_order) if value else None
    return None if value == "" else value


def _meaning(document: Json) -> Json:
    if isinstance(document, dict):
        return {key: _meaning(item) for key, item in sorted(document.items())}
    if isinstance(document, list):
        items = sorted(map(_meaning, document), key=_order)
        return items[0] if len(items) == 1 else items
    return document


def _order(value: Json) -> str:
    return json.dumps(value, sort_keys=True)


def seen_to_json(seen: AccountReading) -> Json:
    """What was read, for `seen_from_json`."""
    coverage = {kind: sorted(regions) for kind, regions in seen.coverage.items()}
    return {
        "observed": [
            {name: _plain(getattr(item, name)) for name in Observed.__dataclass_fields__}
            for item in seen.observed
        ],
        "coverage": coverage,
        "denied": seen.denied,
    }


def _plain(value: Json) -> Json:
    if isinstance(value, Mark):
        return asdict(value)
    return {key: _plain(item) for key, item in value.items()} if _is_map(value) else value


def _is_map(value: object) -> TypeGuard[Mapping[str, Json]]:
    return isinstance(value, Mapping)


def seen_from_json(written: Json) -> AccountReading:
    """What `seen_to_json` wrote."""
    observed = []
    for item in written["observed"]:
        rest = Mark(**item["rest"]) if item["rest"] else None
        unknown = {name: Mark(**mark) for name, mark in item["unknown"].items()}
        observed.append(Observed(**{**item, "rest": rest, "unknown": unknown}))
    coverage = {kind: frozenset(regions) for kind, regions in written["coverage"].items()}
    return AccountReading(tuple(observed), coverage, tuple(written["denied"]))


def unlisted(seen: AccountReading) -> list[str]:
    """Types that could not be listed."""
    return [item.type for item in seen.observed if item.id == EVERY]
