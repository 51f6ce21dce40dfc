"""Key that several services share."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.kms.services import SERVICES, users_of
from revet.model.errors import InputError
from revet.model.finding import Outcome, Severity, compliant, noncompliant, quoted
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.terraform_types import variants


@control(
    title="each service has keys of its own",
    severity=Severity.MEDIUM,
    resource=variants("aws_kms_key"),
    required="the resources that a key encrypts are of one of the services `services` at most",
    impact="whoever may decrypt what one service keeps may decrypt what the others keep",
    fix="""resource "aws_kms_key" "tables" {
  description         = "Tables, and nothing else"
  enable_key_rotation = true
}""",
    construct='kms.Key(scope, "tables", description="Tables, and nothing else")',
    deviations=("shared-key",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory, *, services: tuple[str, ...]) -> Outcome:
    """What other services encrypt with it does not count.

    Args:
        resource: a key.
        inventory: it belongs to.
        services: as boto3 calls them, `rds` for one.
    """
    for service in services:
        if service not in SERVICES:
            raise InputError(
                "the setting `services` names a service whose keys are not looked at",
                got=f"`{service}`",
                expected=quoted(SERVICES),
                do="correct it under `[settings.kms-key-one-service]`",
            )
    doubts = Doubts()
    users = {
        service: found
        for service in services
        if (found := users_of(resource, service, inventory, doubts))
    }
    if len(users) > 1:
        related = tuple(found[0].address for found in users.values())
        return noncompliant(f"{quoted(sorted(users))} share it", related=related)
    doubts.refuse()
    if not users:
        return compliant("none of these services encrypts with it")
    return compliant(f"`{next(iter(users))}` alone encrypts with it")
