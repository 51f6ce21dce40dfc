"""What the readers have found, in the form in which a state may have it.

A state may name in one resource what an account has as several, or in another way: the groups,
roles and users that a policy is attached to, a rule of a security group in its old form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from revet.plan.observed import Observed
from revet.verify.identity import as_old_rule

Values = Mapping[str, Any]


def in_form_of(kind: str, state: Values, found: Sequence[Observed]) -> Observed:
    """One resource as a type has it.

    Args:
        kind: the type that the state has for it.
        state: its attributes there.
        found: what the readers have found of it.
    """
    first = found[0]
    if kind not in _FORMS:
        return first
    values = _FORMS[kind](state, found)
    return Observed(first.type, first.id, values, first.region, first.rest, first.unknown)


def _old_rule(state: Values, found: Sequence[Observed]) -> dict[str, Any]:
    """One rule for each source makes up the old one."""
    rules = [as_old_rule(item.values, str(state["type"])) for item in found]
    lists = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids")
    sources = {name: [one for rule in rules for one in rule[name] or ()] for name in lists}
    return {**rules[0], **sources}


def _attachment(_state: Values, found: Sequence[Observed]) -> dict[str, Any]:
    principals = {
        f"{kind}s": [item.values[kind] for item in found if kind in item.values]
        for kind in ("group", "role", "user")
    }
    return {"policy_arn": found[0].values["policy_arn"], **principals}


def _members(state: Values, found: Sequence[Observed]) -> dict[str, Any]:
    inside = [item for item in found if state["group"] in item.values["groups"]]
    return {"group": state["group"], "users": [item.values["user"] for item in inside]}


def _endpoint_policy(_state: Values, found: Sequence[Observed]) -> dict[str, Any]:
    own = found[0].id
    return {"id": own, "vpc_endpoint_id": own, "policy": found[0].values["policy"]}


def _default_table(_state: Values, found: Sequence[Observed]) -> dict[str, Any]:
    return {**found[0].values, "default_route_table_id": found[0].id}


_FORMS: Mapping[str, Callable[[Values, Sequence[Observed]], dict[str, Any]]] = {
    "aws_default_route_table": _default_table,
    "aws_iam_group_membership": _members,
    "aws_iam_policy_attachment": _attachment,
    "aws_security_group_rule": _old_rule,
    "aws_vpc_endpoint_policy": _endpoint_policy,
}
