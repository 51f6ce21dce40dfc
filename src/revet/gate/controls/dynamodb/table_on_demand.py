"""Table whose capacity somebody must plan."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

_PATH = "billing_mode"


@control(
    title="tables are paid for by the request",
    severity=Severity.LOW,
    resource="aws_dynamodb_table",
    required=f'`{_PATH}` is `"PAY_PER_REQUEST"`',
    impact="a burst of requests beyond the capacity that was planned is refused",
    fix=f'{_PATH} = "PAY_PER_REQUEST"',
    construct='dynamodb.Table(scope, "sessions", key=key, hash_key="Id")',
    deviations=("planned-capacity",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """The provider's default is `PROVISIONED`."""
    del inventory
    mode = resource.get(_PATH) or "PROVISIONED"
    if mode != "PAY_PER_REQUEST":
        return noncompliant(f"`{_PATH}` is `{mode}`", paths=(_PATH,))
    return compliant("it takes as many requests as come")
