"""What one policy says by itself, whatever else bears on a request."""

from __future__ import annotations

from revet.iam.evaluate.authorize import Asking, Holding, holding_for
from revet.iam.evaluate.context import read_context
from revet.iam.evaluate.derive import derive
from revet.iam.evaluate.policies import Policies
from revet.iam.evaluate.request import Request, read_caller
from revet.iam.evaluate.services import OTHERS


def allows_alone(request: Request, policies: Policies) -> bool | None:
    """Whether a policy allows a request as far as its own statements go.

    Args:
        request: the request; its principal matters where the policy names principals.
        policies: the policy at its place, alone.

    Returns:
        `None` when that is not known.

    Raises:
        InputError: the context is not one.
    """
    holding = holding_alone(request, policies)
    if holding.denies:
        return False
    if holding.allows:
        return None if holding.may_deny else True
    return None if holding.may_allow else False


def holding_alone(request: Request, policies: Policies) -> Holding:
    """The statements of a policy that hold for a request; see `allows_alone`."""
    rules = policies.rules
    context = read_context(request.context)
    caller = read_caller(request.principal)
    derive(context, caller, request, rules.derived)
    named = rules.callers.find(caller)
    asking = Asking(request, request.action.lower(), caller, OTHERS, "", named, None)
    return holding_for(asking, rules, context)
