"""What one policy says by itself, whatever else bears on a request."""

from __future__ import annotations

from collections.abc import Sequence

from revet.iam.compiled.policy import CompiledStatement
from revet.iam.compiled.resources import resource_matcher
from revet.iam.evaluate.attached import Layer
from revet.iam.evaluate.authorize import Asking, Holding, holding_for, is_arn
from revet.iam.evaluate.conditions import make_test
from revet.iam.evaluate.context import Context, read_context
from revet.iam.evaluate.derive import DERIVED, derive
from revet.iam.evaluate.index import names
from revet.iam.evaluate.policies import Policies
from revet.iam.evaluate.request import Request, read_caller
from revet.iam.evaluate.rules import APPLIES, add_keys
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
    if not policies.indexed and is_arn(request.resource):
        places = policies.attached()
        if all(place.layer is Layer.IDENTITY for place in places):
            found = [statement for place in places for statement in place.policy.statements]
            return allowed_by(request, found)
    holding = holding_alone(request, policies)
    if holding.denies:
        return False
    if holding.allows:
        return None if holding.may_deny else True
    return None if holding.may_allow else False


def allowed_by(request: Request, statements: Sequence[CompiledStatement]) -> bool | None:
    """Whether statements of identity policies allow a request; see `allows_alone`.

    They are looked at one after the other: for one request an index is not worth its making.

    Args:
        request: the request, whose resource is an ARN.
        statements: of all policies.

    Raises:
        InputError: the context is not one.
    """
    caller = read_caller(request.principal)
    if caller.kind not in APPLIES[Layer.IDENTITY]:
        return False
    context = read_context(request.context)
    action = request.action.lower()
    about = [one for one in statements if one.actions.holds(action)]
    keys: set[str] = set()
    for statement in about:
        add_keys(statement, keys)
    if keys:
        derive(context, caller, request, frozenset(keys & DERIVED.keys()))
    allows = may_allow = may_deny = False
    for statement in about:
        of_resource = names(statement.resources, request.resource, context, resource_matcher)
        if of_resource is False or (holds := _holds(statement, context)) is False:
            continue
        sure = bool(holds and of_resource and not statement.problem)
        if statement.deny:
            if sure:
                return False
            may_deny = True
        elif sure:
            allows = True
        else:
            may_allow = True
            may_deny = may_deny or statement.source.effect != "Allow"
    if allows:
        return None if may_deny else True
    return None if may_allow else False


def _holds(statement: CompiledStatement, context: Context) -> bool | None:
    """Whether the conditions of a statement hold."""
    result: bool | None = True
    for condition in statement.conditions:
        answer = make_test(condition)(context)
        if answer is False:
            return False
        if answer is None:
            result = None
    return result


def holding_alone(request: Request, policies: Policies) -> Holding:
    """The statements of a policy that hold for a request; see `allows_alone`."""
    rules = policies.rules
    context = read_context(request.context)
    caller = read_caller(request.principal)
    derive(context, caller, request, rules.derived)
    named = rules.callers.find(caller)
    asking = Asking(request, request.action.lower(), caller, OTHERS, "", named, None)
    return holding_for(asking, rules, context)
