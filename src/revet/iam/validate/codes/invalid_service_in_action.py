"""The service of an action exists."""

from __future__ import annotations

from revet.iam.reference import services, similar
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ActionSubject
from revet.iam.validate.variables import OPENING


@check(Level.ERROR, subject=ActionSubject)
def invalid_service_in_action(action: ActionSubject) -> Hits:
    """A prefix that no service has or had, written without wildcards.

    Rests on AWS's page of checks and on 2 of its answers on its own policies, all on one.
    """
    if action.known.service is not None or ":" not in action.text or OPENING in action.text:
        return
    if "*" in action.prefix or "?" in action.prefix:
        return
    guess = similar(action.prefix, services())
    advice = f" Did you mean {quoted(guess)}?" if guess else ""
    yield hit(
        f"No service has the prefix {quoted(action.prefix)} of the action "
        f"{quoted(action.text)}.{advice}",
        action.place,
    )
