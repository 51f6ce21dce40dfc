"""Missing tags."""

from __future__ import annotations

from revet.gate.catalog import ANY_TYPE, control
from revet.gate.readings.tags import has_tag
from revet.model.finding import Outcome, Severity, compliant, noncompliant, quoted
from revet.plan import Inventory, Resource
from revet.plan.provider_facts import taggable_types


@control(
    title="everything that can be tagged has the required tags",
    severity=Severity.MEDIUM,
    resource=ANY_TYPE,
    applies=lambda resource: resource.type in taggable_types(),
    required="`tags`, or the provider's `default_tags`, have every key of `keys` with a value",
    impact="nobody can say whose it is, what it is for, or whether it may go",
    fix="""# settings: keys = ["Environment", "Owner", "Purpose"]
provider "aws" {
  default_tags {
    tags = { Environment = "dev", Owner = "platform", Purpose = "tap" }
  }
}""",
    construct='s3.Bucket(scope, "receipts", key=key)  # tagged as the `Context` of its stack says',
    deviations=("missing-tags",),
    labels_only=True,
)
def rule(resource: Resource, inventory: Inventory, *, keys: tuple[str, ...]) -> Outcome:
    """The keys are the user's choice; the provider's default tags count like a resource's own."""
    del inventory
    missing = tuple(key for key in keys if not has_tag(resource, key))
    if missing:
        return noncompliant(f"missing: {quoted(missing)}", paths=("tags", "tags_all"))
    return compliant("every required tag is there")
