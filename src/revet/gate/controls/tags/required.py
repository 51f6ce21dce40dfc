"""X-36: missing tags."""

from __future__ import annotations

from revet.gate.catalog import ANY_TYPE, control
from revet.gate.provider_facts import taggable_types
from revet.model.finding import Outcome, Severity, compliant, noncompliant, unknown
from revet.plan import Plan, Resource


def _taggable(resource: Resource) -> bool:
    return resource.type in taggable_types()


@control(
    title="everything that can be tagged has the required tags",
    severity=Severity.MEDIUM,
    resource=ANY_TYPE,
    applies=_taggable,
    required="`tags`, or the provider's `default_tags`, have every required key with a value",
    impact="nobody can say whose it is, what it is for, or whether it may go",
    fix="""provider "aws" {
  default_tags {
    tags = { Environment = "dev", Owner = "platform", Purpose = "tap" }
  }
}""",
    construct="Context(tags={…})",
    deviations=("X-36",),
)
def rule(
    resource: Resource, plan: Plan, *, keys: tuple[str, ...] = ("Environment", "Owner", "Purpose")
) -> Outcome:
    """`tags_all` is what AWS gets; the provider knows it unless some tag's value is not known."""
    del plan
    merged = resource.is_set("tags_all")
    source = "tags_all" if merged else "tags"
    missing = tuple(key for key in keys if not resource.is_set(f"{source}.{key}"))
    if not missing:
        return compliant("every required tag is there")
    names = ", ".join(f"`{key}`" for key in missing)
    if not merged and resource.is_set("tags"):
        return unknown(
            f"not among `tags`: {names}; the provider's `default_tags` may add them",
            resolve="set the tags on the resource, or use values that are known at plan time",
            paths=("tags", "tags_all"),
        )
    return noncompliant(f"missing: {names}", paths=(source,))
