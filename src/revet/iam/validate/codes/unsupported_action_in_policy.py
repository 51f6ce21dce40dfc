"""The policy of a resource governs what can be done with that resource."""

from __future__ import annotations

from revet.iam.globs import Glob
from revet.iam.validate.attached import Governed, governed_by
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import WITH_PRINCIPAL
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ActionSubject


@check(Level.ERROR, subject=ActionSubject, types=WITH_PRINCIPAL)
def unsupported_action_in_policy(action: ActionSubject) -> Hits:
    """An action of another service or on other resources; of a pattern, all that it covers.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if action.negated or action.text == "*":
        return
    governed = governed_by(action.statement.policy)
    if governed is None or not _is_foreign(action, governed):
        return
    yield hit(
        f"The policy of an {governed.name} does not govern {quoted(action.text)}. "
        f"Use actions of {quoted(governed.service)} on that resource.",
        action.place,
    )


def _is_foreign(action: ActionSubject, governed: Governed) -> bool:
    service = action.service
    if service is None:
        prefix = action.prefix
        return (
            ":" in action.text
            and ("*" in prefix or "?" in prefix)
            and not Glob.parse(prefix, ignore_case=True).overlaps(Glob.literal(governed.service))
        )
    if service.prefix != governed.service:
        return bool(action.matches)
    kinds = governed.kinds
    return bool(action.matches) and not any(
        resource.name in kinds for match in action.matches for resource in match.resources
    )
