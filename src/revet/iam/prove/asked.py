"""The requests that a property is about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.reference.conditions import condition_key


@dataclass(frozen=True, slots=True)
class Asked:
    """The requests that a property is about.

    Args:
        actions: patterns; none for all.
        not_actions: all actions but these, when there are no `actions`.
        resources: patterns of ARNs.
        context: what their keys hold: a key to `values` (one of these), `other_than` (missing, or
            none of these) or `absent` (missing).
    """

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ("*",)
    context: tuple[Mapping[str, Any], ...] = ()

    def document(self) -> PolicyDocument:
        """A policy whose statement is about these requests."""
        statement: dict[str, Any] = {"Effect": "Allow", "Resource": list(self.resources)}
        if self.not_actions:
            statement["NotAction"] = list(self.not_actions)
        else:
            statement["Action"] = list(self.actions) or "*"
        conditions: dict[str, dict[str, Any]] = {}
        for item in self.context:
            operator, values = _operator(item)
            conditions.setdefault(operator, {})[item["key"]] = values
        if conditions:
            statement["Condition"] = conditions
        return parse_policy(json.dumps({"Version": "2012-10-17", "Statement": statement}))


_OPERATORS = {
    "IPAddress": ("IpAddress", "NotIpAddress"),
    "Numeric": ("NumericEquals", "NumericNotEquals"),
    "Date": ("DateEquals", "DateNotEquals"),
}


def _operator(item: Mapping[str, Any]) -> tuple[str, Any]:
    if item.get("absent"):
        return "Null", "true"
    known = condition_key(item["key"])
    among, other = _OPERATORS.get(known.type if known else "", ("StringLike", "StringNotLike"))
    several = "ForAnyValue:" if known is not None and known.multivalued else ""
    if "values" in item:
        return several + among, list(item["values"])
    none = "ForAllValues:" if several else ""
    return none + other, list(item["other_than"])
