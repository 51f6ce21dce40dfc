"""Why a request is allowed or denied: each layer, each statement on it, what held and what not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from revet.iam.compiled.condition import CompiledCondition
from revet.iam.evaluate.attached import Layer
from revet.iam.evaluate.cases import as_json
from revet.iam.evaluate.conditions import make_test
from revet.iam.evaluate.context import Context, Partly
from revet.iam.evaluate.decision import Blocked, Deciding, Decision
from revet.iam.evaluate.reasons import reasons


class Standing(StrEnum):
    """What became of a statement."""

    DECIDES = "decides"
    HOLDS = "holds"
    FAILS = "does not hold"
    UNKNOWN = "is not known"


@dataclass(frozen=True, slots=True)
class Considered:
    """One statement on the request's action, resource and principal.

    Args:
        statement: the statement and its place.
        standing: what became of it.
        because: for one that does not hold, the conditions that do not; for one that cannot be
            told, why.
    """

    statement: Deciding
    standing: Standing
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LayerView:
    """One layer of a decision.

    Args:
        layer: where its policies are attached.
        level: for SCPs and RCPs the level, from 0, the organization's root first.
        considered: its statements on the request.
        blocked: set when it had to allow and does not.
    """

    layer: Layer
    level: int
    considered: tuple[Considered, ...]
    blocked: Blocked | None


def explain(decision: Decision) -> tuple[LayerView, ...]:
    """Look at every layer of a decision.

    Args:
        decision: of `authorize` or `decide`.

    Returns:
        The layers that have policies, and those that block without having any.
    """
    deciding = {_place(item) for item in decision.by}
    views = []
    blocks = {(item.layer, item.level): item for item in decision.blocked}
    for layer, level in dict.fromkeys((*decision.layers, *blocks)):
        considered = tuple(
            _consider(item, decision, decides=_place(item) in deciding)
            for item in decision.considered
            if (item.layer, item.level) == (layer, level)
        )
        views.append(LayerView(layer, level, considered, blocks.get((layer, level))))
    return tuple(views)


def _place(item: Deciding) -> tuple[Layer, int, int, int]:
    """Which statement it is, without the policy itself, whose hash costs its whole size."""
    return (item.layer, item.level, item.policy, item.index)


def explanation(name: str, decision: Decision) -> dict[str, Any]:
    """A decision as `run_cases` gives it, with every layer under `layers`."""
    return {
        **as_json(name, decision),
        "layers": [
            {
                "layer": view.layer.value,
                "level": view.level,
                "blocks": view.blocked.why if view.blocked else "",
                "statements": [
                    {
                        "policy": item.statement.policy,
                        "statement": item.statement.index,
                        "sid": item.statement.sid,
                        "line": item.statement.span.start.line,
                        "effect": "Deny" if item.statement.statement.deny else "Allow",
                        "standing": item.standing.value,
                        "because": list(item.because),
                    }
                    for item in view.considered
                ],
            }
            for view in explain(decision)
        ],
    }


def _consider(item: Deciding, decision: Decision, *, decides: bool) -> Considered:
    answers = [
        (condition, make_test(condition)(decision.context))
        for condition in item.statement.conditions
    ]
    failed = tuple(_why(condition, decision.context) for condition, ok in answers if ok is False)
    if failed:
        return Considered(item, Standing.FAILS, failed)
    if item.statement.problem or any(ok is None for _, ok in answers):
        return Considered(item, Standing.UNKNOWN, reasons(item.statement, decision.context))
    return Considered(item, Standing.DECIDES if decides else Standing.HOLDS)


def _why(condition: CompiledCondition, context: Context) -> str:
    name = f"`{condition.source.operator}` of `{condition.source.key}`"
    negated = condition.used is not None and condition.used.negated
    values = [f"`{value.text}`" for value in condition.values]
    wanted = f"none of {', '.join(values)}" if negated else " or ".join(values)
    if negated and len(values) == 1:
        wanted = f"another value than {values[0]}"
    value = context.get(condition.key, "")
    if isinstance(value, Partly):
        has = "one of " + ", ".join(f"`{possible.text}`" for possible in value.among)
    elif not value:
        return f"{name} wants {wanted}: the request does not have the key"
    else:
        has = ", ".join(f"`{text}`" for text in ((value,) if isinstance(value, str) else value))
    return f"{name} wants {wanted}: the request has {has}"
