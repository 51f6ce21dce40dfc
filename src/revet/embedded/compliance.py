"""Evaluations of AWS Config's rules: which resources comply with a rule, as they are now.

AWS evaluates a rule when its resources change, or periodically. Here it is evaluated when somebody
asks, over what exists at that moment: what AWS would have come to. Nothing is evaluated unless a
recorder is on and records the type of the resource; a rule that is not evaluated says why. (AWS
Config Developer Guide, "Components of an AWS Config Rule", "Selecting Which Resources are
Recorded".)
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from moto.config.models import MANAGED_RULES_CONSTRAINTS

from revet.embedded.call import Json, Moto
from revet.embedded.managed_rules import (
    ACCOUNT_TYPE,
    RULES,
    ManagedRule,
    Outcome,
    ParameterError,
    Place,
)

_COMPLIANT = {Outcome.COMPLIANT: True, Outcome.NON_COMPLIANT: False, Outcome.UNKNOWN: None}
EVALUATIONS = "revet_evaluations"
"""Attribute of a Config backend: rule name → when it was evaluated first and last."""
_GLOBAL_TYPES = ("AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User")
"""Recorded by a recorder of everything only if it includes global resource types."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a rule says of one resource.

    Args:
        rule: name of the rule.
        type: Config's type of the resource.
        id: as Config names it.
        compliant: whether it complies; none when that is not known.
        annotation: why not, or why that is not known; empty where there is nothing to say.
        when: of the evaluation, seconds since the epoch.
    """

    rule: str
    type: str
    id: str
    compliant: bool | None
    annotation: str
    when: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a rule says of all resources that it applies to.

    Args:
        results: one a resource.
        why_not: why it could not be evaluated; empty when it was.
    """

    results: tuple[Result, ...] = ()
    why_not: str = ""

    @property
    def not_known(self) -> str:
        """Why it says nothing, or not of every resource; empty when it says all."""
        unknown = (one.annotation for one in self.results if one.compliant is None)
        return self.why_not or " ".join(unknown)


def evaluate(backend: Moto, name: str) -> Evaluation:
    """Evaluate a rule now.

    Args:
        backend: moto's Config of the account and region.
        name: of a rule that exists.
    """
    rule = backend.config_rules[name]
    managed, why_not = _managed(rule)
    if managed is None:
        return Evaluation(why_not=why_not)
    types = _types(rule, managed)
    why_not = (
        _not_evaluated(rule, managed)
        or _unknown_types(managed, types)
        or next(filter(None, (_not_recorded(backend, kind) for kind in types)), "")
        or next(filter(None, (_out_of_scope(rule, kind) for kind in types)), "")
    )
    if why_not:
        return Evaluation(why_not=why_not)
    place = Place(backend.account_id, backend.region_name, backend.partition)
    parameters = _parameters(rule)
    wanted = rule.scope.compliance_resource_id if rule.scope else None
    now = time.time()
    try:
        judged = [
            (subject, managed.judge(subject, parameters, place))
            for subject in managed.subjects(place)
            if wanted in (None, subject.id) and subject.type in types
        ]
    except ParameterError as error:
        return Evaluation(why_not=f"the rule's parameter {error}")
    kept: dict[str, dict[str, float]] = backend.__dict__.setdefault(EVALUATIONS, {})
    times = kept.setdefault(name, {"first": now})
    times["last"] = now
    return Evaluation(
        tuple(
            Result(name, subject.type, subject.id, _COMPLIANT[found.outcome], found.annotation, now)
            for subject, found in judged
            if found.outcome in _COMPLIANT
        )
    )


def _managed(rule: Moto) -> tuple[ManagedRule | None, str]:
    if rule.source.owner != "AWS":
        return None, f"the embedded AWS does not evaluate rules of the owner {rule.source.owner}"
    identifier = rule.source.source_identifier
    if identifier not in RULES:
        return None, f"the embedded AWS does not evaluate the managed rule {identifier}"
    return RULES[identifier], ""


def _not_evaluated(rule: Moto, managed: ManagedRule) -> str:
    """Parameters that would be dropped: the rule says something else than it would without them."""
    given: dict[str, Json] = rule.input_parameters_dict
    dropped = sorted(set(given) - set(managed.parameters))
    if dropped:
        return f"the embedded AWS does not evaluate the rule's parameters {', '.join(dropped)}"
    empty = [
        name
        for name, value in given.items()
        if not isinstance(value, (str, int)) or not str(value).strip()
    ]
    return f"the rule's parameters {', '.join(empty)} have no value" if empty else ""


def _scope(rule: Moto) -> tuple[str, ...]:
    """The types that a rule's scope names."""
    return tuple(rule.scope.compliance_resource_types or ()) if rule.scope else ()


def _types(rule: Moto, managed: ManagedRule) -> tuple[str, ...]:
    """The types that a rule is asked for; empty where that is not known."""
    if managed.type:
        return (managed.type,)
    return _scope(rule) or (managed.types if managed.has_all_types else ())


def _unknown_types(managed: ManagedRule, types: tuple[str, ...]) -> str:
    """Types of a rule for several that are not looked at here: it would pass them over."""
    if managed.type:
        return ""
    if not types:
        return "the embedded AWS evaluates this rule only where its scope names types"
    others = sorted(set(types) - set(managed.types))
    return f"the embedded AWS does not evaluate this rule for {', '.join(others)}" if others else ""


def _not_recorded(backend: Moto, kind: str) -> str:
    recording = [one for one in backend.recorders.values() if one.status.recording]
    if not recording:
        return "no configuration recorder is on"
    if kind == ACCOUNT_TYPE or any(_records(one.recording_group, kind) for one in recording):
        return ""
    return f"the configuration recorder does not record {kind}"


def _records(group: Moto, kind: str) -> bool:
    if group.all_supported:
        return kind not in _GLOBAL_TYPES or bool(group.include_global_resource_types)
    excluded = (group.exclusion_by_resource_types or {}).get("resourceTypes") or []
    return kind not in excluded if excluded else kind in (group.resource_types or ())


def _out_of_scope(rule: Moto, kind: str) -> str:
    scope = rule.scope
    if scope is None:
        return ""
    if scope.tags:
        return "the embedded AWS does not evaluate rules whose scope is a tag"
    types = scope.compliance_resource_types
    return f"the rule's scope leaves {kind} out" if types and kind not in types else ""


def _parameters(rule: Moto) -> dict[str, str]:
    known: list[dict[str, Any]] = MANAGED_RULES_CONSTRAINTS[rule.source.source_identifier][
        "Parameters"
    ]
    defaults = {one["Name"]: str(one["Default"]) for one in known if one.get("Default")}
    given = {name: str(value) for name, value in rule.input_parameters_dict.items()}
    return {**defaults, **given}
