"""The decision on one request.

Three values run through: a statement holds, does not hold, or it is not known. A denial that
holds decides whatever else is unknown. Otherwise the request is decided twice, once as if all that
is unknown allowed and once as if none of it did: when both agree, the unknown does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from revet.iam.evaluate.attached import Layer
from revet.iam.evaluate.callers import Named
from revet.iam.evaluate.context import REFERENCE, Context, read_context
from revet.iam.evaluate.decision import Blocked, Decision, Outcome, UndecidedError
from revet.iam.evaluate.derive import derive
from revet.iam.evaluate.layers import Situation, blocked
from revet.iam.evaluate.policies import Policies
from revet.iam.evaluate.request import SERVICE_LINKED_PATH, Caller, Request, read_caller
from revet.iam.evaluate.rules import Rules
from revet.iam.evaluate.services import OTHERS, SERVICES, ServiceRules
from revet.iam.evaluate.settled import settled
from revet.iam.globs import Glob
from revet.iam.reference.organizations import RCP_SERVICES

_COLONS = 5
_ACCOUNT = re.compile(r"[0-9]{12}")
_LINKED = re.compile(rf"arn:[a-z-]+:iam::[0-9]{{12}}{SERVICE_LINKED_PATH}")
_WORD = re.compile(r"[^/:]*")


def authorize(request: Request, policies: Policies) -> Decision:
    """Whether AWS allows a request.

    Args:
        request: who wants to do what with which resource, and the context.
        policies: all policies that bear on it.

    Returns:
        A decision that is `allowed`, `explicitly_denied` or `implicitly_denied`.

    Raises:
        UndecidedError: something that matters cannot be evaluated.
        InputError: the context is not one.
    """
    decision = decide(request, policies)
    if decision.outcome is Outcome.UNKNOWN:
        raise UndecidedError(
            "it is not known whether AWS allows the request",
            where=f"`{request.principal}` `{request.action}` `{request.resource}`",
            got="; ".join(decision.reasons),
            expected="policies and a request that can be evaluated",
            do="correct or supply what is named",
        )
    return decision


def decide(request: Request, policies: Policies) -> Decision:
    """As `authorize`, but what is not known is the decision `unknown`.

    Raises:
        InputError: the context is not one.
    """
    rules = policies.rules
    context = read_context(request.context)
    given = context.get("aws:principalarn", "")
    caller = read_caller(request.principal, given if isinstance(given, str) else "")
    if rules.derived:
        derive(context, caller, request, rules.derived)
    action = request.action.lower()
    service = SERVICES.get(action.partition(":")[0], OTHERS)
    at_once = settled(request, caller, service, action, context)
    if at_once is not None:
        outcome, why, notes = at_once
        return Decision(outcome, request, caller, why, context, rules, notes=notes)
    meant = service.stands_for(request, action) if service.stands_for else None
    kind = ""
    if service.rooted or service.policy_on:
        kind = _type(request.resource if meant is None else meant.prefix)
    named = rules.callers.find(caller, bounded=Layer.BOUNDARY in rules.present)
    asked = Asking(request, action, caller, service, kind, named, meant)
    holding = holding_for(asked, rules, context)
    if holding.denies:
        return Decision(
            Outcome.EXPLICITLY_DENIED,
            request,
            caller,
            (),
            context,
            rules,
            deciding=holding.denies,
            candidates=holding.candidates,
        )
    outcomes: set[Outcome] = {Outcome.EXPLICITLY_DENIED} if holding.may_deny else set()
    found: tuple[Blocked, ...] = ()
    granted = _granted(asked, policies)
    for situation in _situations(asked, policies, granted):
        for extra in (0, holding.may_allow) if holding.may_allow else (0,):
            why = blocked(holding.allows | extra, rules, situation)
            found = found or why
            outcomes.add(Outcome.IMPLICITLY_DENIED if why else Outcome.ALLOWED)
    doubt = service.doubt(request, caller, action, context) if service.doubt else ""
    if doubt and Outcome.ALLOWED in outcomes:
        outcomes.add(Outcome.IMPLICITLY_DENIED)
    elif granted is None:
        doubt = f"a grant allows `{request.action}` only with constraints that are as strict"
    if len(outcomes) > 1:
        return Decision(
            Outcome.UNKNOWN,
            request,
            caller,
            (),
            context,
            rules,
            candidates=holding.candidates,
            undecided=holding.may_allow | holding.may_deny,
            notes=tuple(_notes(asked, outcomes, doubt)),
        )
    return Decision(
        outcomes.pop(),
        request,
        caller,
        found,
        context,
        rules,
        deciding=0 if found else holding.allows,
        candidates=holding.candidates,
    )


class Asking(NamedTuple):
    """A request as the rules look at it.

    `kind` is the first word of the resource, where the service's rules ask for it; `meant` are the
    resources that the request may mean in place of the one it names.
    """

    request: Request
    action: str
    caller: Caller
    service: ServiceRules
    kind: str
    named: Named
    meant: Glob | None


class Holding(NamedTuple):
    """Statements as bits: those that hold, and those of which that is not known.

    `candidates` are those on this action, resource and principal, whatever their conditions.
    """

    denies: int
    may_deny: int
    allows: int
    may_allow: int
    candidates: int


_NOTHING = Holding(0, 0, 0, 0, 0)


def holding_for(asked: Asking, rules: Rules, context: Context) -> Holding:
    """Which statements hold."""
    named, resource = asked.named, asked.request.resource
    wanted = _applying(asked, rules) & (named.all | named.maybe)
    sure, maybe = rules.actions.find(asked.action, wanted, context)
    candidates = sure | maybe
    if not candidates:
        return _NOTHING
    if asked.meant is not None:
        sure, perhaps = rules.resources.find_among(asked.meant, candidates)
    elif is_arn(resource):
        sure, perhaps = rules.resources.find(resource, candidates, context)
    else:
        sure, perhaps = rules.resources.find_any(candidates)
    candidates = sure | perhaps
    doubtful = maybe | perhaps | named.maybe | rules.problem
    deny = candidates & rules.deny
    denies, may_deny = rules.hold(deny, context)
    perhaps_linked = 0  # what does not apply if the caller's role is linked to a service
    if asked.caller.service_linked is None:
        perhaps_linked = rules.layers[Layer.SCP] | rules.layers[Layer.RCP]
    may_deny |= denies & perhaps_linked
    denies &= ~perhaps_linked
    may_deny |= denies & doubtful
    denies &= ~doubtful
    if denies:
        return Holding(denies, may_deny, 0, 0, candidates)
    allows, may_allow = rules.hold(candidates ^ deny, context)
    may_allow |= allows & doubtful
    may_deny |= may_allow & rules.unclear
    return Holding(0, may_deny, allows & ~doubtful, may_allow, candidates)


def is_arn(resource: str) -> bool:
    """Whether a resource is an ARN, or `*`, of which nothing is open."""
    return resource == "*" or (
        resource.startswith("arn:") and resource.count(":") >= _COLONS and REFERENCE not in resource
    )


def _applying(asked: Asking, rules: Rules) -> int:
    """The statements of the layers that apply to this caller, action and resource."""
    mask = rules.of_kind[asked.caller.kind]
    layers = rules.layers
    if Layer.SCP in rules.present and asked.caller.service_linked:
        mask &= ~layers[Layer.SCP]
    if not _controlled(asked, rules, asked.caller):
        mask &= ~layers[Layer.RCP]
    if asked.service.policy_on and asked.kind not in asked.service.policy_on:
        mask &= ~layers[Layer.RESOURCE]
    return mask


def _controlled(asked: Asking, rules: Rules, caller: Caller) -> bool:
    """Whether RCPs apply: they are about resources, so not to an action without one."""
    resource = asked.request.resource
    return Layer.RCP in rules.present and not bool(
        caller.service_linked
        or asked.action.partition(":")[0] not in RCP_SERVICES
        or asked.action in asked.service.unrestricted
        or _LINKED.match(resource)
        or resource == "*"
    )


def _type(resource: str) -> str:
    """The first word of an ARN's resource part."""
    match = _WORD.match(resource.split(":", _COLONS)[-1])
    return match.group() if match else ""


def _situations(asked: Asking, policies: Policies, granted: bool | None) -> Iterator[Situation]:  # noqa: FBT001 - three-valued
    """The situation; several when something about it is not known."""
    caller, service, named = asked.caller, asked.service, asked.named
    rooted = asked.kind in service.rooted
    restricted: bool | None = False
    if policies.restrict_public_buckets and service.public is not None:
        policy = policies.rules.resource_policy
        restricted = False if policy is None else service.public(policy)
    linked = (True, False) if caller.service_linked is None else (caller.service_linked,)
    for as_linked in linked:
        known = caller._replace(service_linked=as_linked)
        controlled = _controlled(asked, policies.rules, known)
        for same_account in _same_account(asked.request, caller):
            for shut in (True, False) if restricted is None else (restricted,):
                for by_grant in (True, False) if granted is None else (granted,):
                    yield Situation(known, named, same_account, rooted, by_grant, controlled, shut)


def _granted(asked: Asking, policies: Policies) -> bool | None:
    if asked.service.granted is None or not policies.grants:
        return False
    return asked.service.granted(policies.grants, asked.caller, asked.action, asked.request)


def _same_account(request: Request, caller: Caller) -> tuple[bool, ...]:
    """Whether the resource belongs to the caller's account; both answers when that is not known.

    Without a given account the ARN tells; an action without resource is about the own account, and
    AWS's own resources (`arn:aws:iam::aws:policy/…`) are everybody's.
    """
    if not caller.has_account:
        return (False,)
    owner = request.resource_account
    if not owner:
        if request.resource == "*":
            return (True,)
        parts = request.resource.split(":", _COLONS)
        owner = parts[4] if len(parts) > _COLONS else ""
    if owner == "aws":
        return (True,)
    if _ACCOUNT.fullmatch(owner):
        return (owner == (request.principal_account or caller.account),)
    return (True, False)


def _notes(asked: Asking, outcomes: set[Outcome], doubt: str) -> Iterator[str]:
    request, caller = asked.request, asked.caller
    if Outcome.ALLOWED not in outcomes:
        yield "it is denied in any case; whether explicitly is not known"
    if doubt:
        yield doubt
    if asked.meant is not None:
        yield f"it is decided on the ARN of what `{request.resource}` stands for; give that"
    elif not is_arn(request.resource):
        yield f"`{request.resource}` is neither an ARN nor `*`"
    if len(_same_account(request, caller)) > 1:
        yield (
            f"the account that owns `{request.resource}` is not known; give it as "
            "`resource_account` (`--resource-account`)"
        )
    if caller.service_linked is None:
        yield (
            f"whether `{caller.role}` is linked to a service is not known from the session's ARN; "
            "give `aws:PrincipalArn`, the role's ARN"
        )
