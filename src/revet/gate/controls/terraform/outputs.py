"""Outputs that other stacks and tests rely on."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Reading, Sensitive, Symbolic, Undecided


@control(
    title="the stack has the outputs that others rely on",
    severity=Severity.MEDIUM,
    resource=None,
    readings=(Reading.PLAN, Reading.STATE),
    required="every name under the setting `names` is an output with a value",
    impact="other stacks and tests copy ids by hand, and break when they change",
    fix="""output "key_arn" {
  value = aws_kms_key.data.arn
}""",
)
def rule(inventory: Inventory, *, names: tuple[str, ...]) -> Outcome:
    """What one attribute of a resource will be is a value; null and nothing are none."""
    missing = tuple(name for name in names if name not in inventory.outputs)
    if missing:
        return noncompliant(f"missing: {', '.join(f'`{name}`' for name in missing)}", paths=missing)
    unsure = [name for name in names if _may_be_empty(inventory.outputs[name])]
    empty = tuple(
        name for name in names if name not in unsure and _is_empty(inventory.outputs[name])
    )
    if empty:
        return noncompliant(f"empty: {', '.join(f'`{name}`' for name in empty)}", paths=empty)
    if unsure:
        inventory.outputs[unsure[0]].refuse()
    return compliant(f"{len(names)} outputs are there")


def _may_be_empty(value: object) -> bool:
    """Whether it is known after apply only, and may be null then."""
    if isinstance(value, Symbolic):
        return not value.strong
    return isinstance(value, Undecided) and not isinstance(value, Sensitive)


def _is_empty(value: object) -> bool:
    return not isinstance(value, Undecided) and value in (None, "", [], {})
