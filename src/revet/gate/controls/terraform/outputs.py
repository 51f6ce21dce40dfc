"""Outputs that other stacks and tests rely on."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.existence import all_gone, texts_in
from revet.model.finding import Outcome, Severity, compliant, noncompliant, quoted
from revet.plan import Inventory, Reading, Sensitive, Symbolic, Undecided


@control(
    title="the stack has the outputs that others rely on",
    severity=Severity.MEDIUM,
    resource=None,
    readings=(Reading.PLAN, Reading.STATE),
    applies=lambda inventory: inventory.of_stack and bool(inventory.outputs),
    required=(
        "every name under the setting `names` is an output with a value, and what the outputs of a "
        "deployed stack name is in the account"
    ),
    impact="other stacks and tests copy ids by hand, and break when they change",
    fix="""output "key_arn" {
  value = aws_kms_key.data.arn
}""",
)
def rule(inventory: Inventory, *, names: tuple[str, ...] = ()) -> Outcome:
    """What one attribute of a resource will be is a value; null and nothing are none.

    A deployed stack is judged by all its outputs, and so is one that names none.
    """
    outputs = inventory.outputs
    missing = tuple(name for name in names if name not in outputs)
    if missing:
        return noncompliant(f"missing: {quoted(missing)}", paths=missing)
    asked = names if names and not inventory.of_stack else tuple(outputs)
    if not asked:
        return noncompliant("there are no outputs")
    unsure = [name for name in asked if _may_be_empty(outputs[name])]
    empty = tuple(name for name in asked if name not in unsure and _is_empty(outputs[name]))
    if empty:
        return noncompliant(f"empty: {quoted(empty)}", paths=empty)
    gone = all_gone({name: texts_in(outputs[name]) for name in asked}, inventory)
    if gone:
        said = (f"`{name}` names `{text}`, which the account does not have" for name, text in gone)
        return noncompliant("; ".join(said), paths=tuple(name for name, _ in gone))
    if unsure:
        outputs[unsure[0]].refuse()
    return compliant(f"{len(asked)} outputs are there")


def _may_be_empty(value: object) -> bool:
    """Whether it is known after apply only, and may be null then."""
    if isinstance(value, Symbolic):
        return not value.strong
    return isinstance(value, Undecided) and not isinstance(value, Sensitive)


def _is_empty(value: object) -> bool:
    return not isinstance(value, Undecided) and value in (None, "", [], {})
