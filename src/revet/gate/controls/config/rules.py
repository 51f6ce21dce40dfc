"""A managed rule of AWS Config that is missing, or that may be made before the recorder is on."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.config.recorders import RECORDER, all_wait, statuses_of
from revet.gate.readings.config.rules import evaluation_of, rules_beside
from revet.model.finding import Outcome, Severity, compliant, noncompliant, quoted
from revet.plan import Inventory, Reading, Resource
from revet.plan.doubts import Doubts


@control(
    title="the rules of AWS Config that are asked for are there, once the recorder is on",
    severity=Severity.MEDIUM,
    resource=RECORDER,
    required=(
        "beside the recorder there is a managed rule of each of `identifiers`, for all that is "
        "there, and every rule waits for its `aws_config_configuration_recorder_status`; in an "
        "account these rules have been evaluated, and those of `must_comply` find nothing that "
        "does not comply"
    ),
    impact="nobody hears of what is wrong, and an apply fails where a rule comes too early",
    fix="""resource "aws_config_config_rule" "password_policy" {
  name = "password-policy"
  source {
    owner             = "AWS"
    source_identifier = "IAM_PASSWORD_POLICY"
  }
  depends_on = [aws_config_configuration_recorder_status.main]
}""",
    deviations=("racing-config",),
    on_request=True,
)
def rule(
    resource: Resource,
    inventory: Inventory,
    *,
    identifiers: tuple[str, ...],
    must_comply: tuple[str, ...] = (),
) -> Outcome:
    """Rules of the organization and of conformance packs count, too.

    Args:
        resource: a recorder.
        inventory: it belongs to.
        identifiers: of managed rules, `IAM_PASSWORD_POLICY` for one.
        must_comply: those of them that must find nothing in an account.
    """
    doubts = Doubts()
    found = list(rules_beside(resource, inventory, doubts))
    starts = statuses_of(resource, inventory) or (resource,)
    early = [made.address for _, made in found if not all_wait(made, starts, inventory)]
    if early:
        why = f"`{early[0]}` does not wait for `{starts[0].address}`"
        return noncompliant(why, related=tuple(early))
    missing = [name for name in identifiers if name not in {known for known, _ in found}]
    if missing:
        return doubts.settled(
            noncompliant(f"there is no rule {quoted(missing)} that covers everything")
        )
    asked = [(name, made) for name, made in found if name in identifiers]
    related = tuple(dict.fromkeys(made.address for _, made in asked))
    if inventory.reading is not Reading.ACCOUNT:
        return compliant(f"there are {quoted(identifiers)}", related=related)
    says: list[str] = []
    unsaid = Doubts()
    for name, made in asked:
        with unsaid:
            evaluation = evaluation_of(made)
            if evaluation.error:
                why = f"`{made.address}` cannot be evaluated: {evaluation.error}"
                return noncompliant(why, related=(made.address,))
            if evaluation.found_something and name in must_comply:
                why = f"`{made.address}` says `{evaluation.compliance}`"
                return noncompliant(why, related=(made.address,))
            if name in must_comply and not evaluation.complies:
                why = f"it says `{evaluation.compliance}`: whether anything was judged is not known"
                raise made.doubt("evaluation", why, "evaluate it once something is in its scope")
            says.append(f"{name} says `{evaluation.compliance}`")
    return unsaid.settled(compliant("; ".join(says), related=related))
