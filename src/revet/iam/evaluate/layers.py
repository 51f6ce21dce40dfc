"""From statements that hold to a decision: which layers must allow.

Sources: IAM User Guide, "Policy evaluation logic", "How AWS enforcement code logic evaluates
requests to allow or deny access" with its table of resource policies and implicit denies, "Policy
evaluation for requests within a single account", "Cross-account policy evaluation logic";
AWS Organizations User Guide, "SCP evaluation" and "RCP evaluation"; Amazon VPC User Guide, "Control
access to VPC endpoints using endpoint policies".

In words: within one account an identity policy or a resource policy must allow. What a resource
policy grants to a user or session itself, or to everyone, is limited neither by the boundary nor by
session policies; what it grants to the role behind the session is limited by both; what it grants
to the account waits for an identity policy. Across accounts both sides must allow. SCPs must allow
at each level and an endpoint policy must allow, whoever grants. RCPs must allow at each level, too,
but `RCPFullAWSAccess` is attached to every level and cannot be detached: a level that is given
without any allowance is taken to have it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from revet.iam.evaluate.attached import Layer
from revet.iam.evaluate.callers import Named
from revet.iam.evaluate.decision import Blocked
from revet.iam.evaluate.request import Caller, CallerKind
from revet.iam.evaluate.rules import Rules


class Situation(NamedTuple):
    """What besides the statements decides.

    Args:
        caller: who asks.
        named: which statements name the caller, and how.
        same_account: whether the resource belongs to the caller's account.
        rooted: whether the resource's policy must allow in any case.
        granted: whether a grant of the resource allows.
        controlled: whether RCPs apply.
        restricted: whether a block of public access keeps others than services and the owner's
            account out.
    """

    caller: Caller
    named: Named
    same_account: bool
    rooted: bool = False
    granted: bool = False
    controlled: bool = False
    restricted: bool = False


def ways(rules: Rules, at: Situation) -> tuple[tuple[int, ...], ...]:
    """In which ways a request is allowed: `blocked` is empty where one of them is met.

    Args:
        rules: all statements.
        at: the situation.

    Returns:
        Each way as statements in bits: of each of its numbers, one statement has to allow.
    """
    always = tuple(_always(rules, at))
    return tuple((*way, *always) for way in _granting_ways(rules, at))


def _always(rules: Rules, at: Situation) -> Iterator[int]:
    """What has to allow whoever grants."""
    allows = ~rules.deny
    if Layer.SCP in rules.present and at.caller.has_account and not at.caller.service_linked:
        yield from (mask & allows for mask in rules.levels[Layer.SCP])
    if at.controlled:
        yield from (mask & allows for mask in rules.levels[Layer.RCP] if mask & allows)
    if Layer.ENDPOINT in rules.present:
        yield rules.layers[Layer.ENDPOINT] & allows


def _granting_ways(rules: Rules, at: Situation) -> Iterator[tuple[int, ...]]:
    named, caller = at.named, at.caller
    grants = rules.layers[Layer.RESOURCE] & ~rules.deny & (named.all | named.maybe)
    if not caller.has_account:
        if not at.restricted or caller.kind is CallerKind.SERVICE:
            yield () if at.granted else (grants,)
        return
    limited = grants & named.limited
    direct = grants & (named.direct | named.maybe & ~named.limited)
    if at.same_account:
        yield () if at.granted else (direct,)
    if at.restricted and not at.same_account:
        return
    by_resource: tuple[int, ...] = ()
    if (at.rooted or not at.same_account) and not at.granted:
        by_resource = (grants,)
    limits = _limits_as_bits(rules, caller)
    if limits is None:
        return
    if caller.kind is CallerKind.ROOT:
        yield by_resource
        return
    yield (*by_resource, rules.layers[Layer.IDENTITY] & ~rules.deny, *limits)
    if at.same_account:
        yield (limited, *limits)


def _limits_as_bits(rules: Rules, caller: Caller) -> tuple[int, ...] | None:
    """What limits identity policies; `None` when nothing gets through."""
    if caller.kind is CallerKind.ROOT:
        return ()
    if caller.kind is CallerKind.FEDERATED_USER and Layer.SESSION not in rules.present:
        return None
    layers = [layer for layer in (Layer.BOUNDARY, Layer.SESSION) if layer in rules.present]
    return tuple(rules.layers[layer] & ~rules.deny for layer in layers)


_RESTRICTED = Blocked(Layer.RESOURCE, why="the block of public access sets a public policy off")


def blocked(allows: int, rules: Rules, at: Situation) -> tuple[Blocked, ...]:
    """The layers that had to allow and do not; none when the request is allowed.

    Args:
        allows: the statements that allow and hold.
        rules: all statements.
        at: the situation.
    """
    found = list(_granting(allows, rules, at))
    present = rules.present
    if Layer.SCP in present and at.caller.has_account and not at.caller.service_linked:
        for level, mask in enumerate(rules.levels[Layer.SCP]):
            if not allows & mask:
                found.append(Blocked(Layer.SCP, level, "no statement of this level allows"))
    if at.controlled:
        for level, mask in enumerate(rules.levels[Layer.RCP]):
            if mask & ~rules.deny and not allows & mask:
                found.append(Blocked(Layer.RCP, level, "no statement of this level allows"))
    if Layer.ENDPOINT in present and not allows & rules.layers[Layer.ENDPOINT]:
        found.append(Blocked(Layer.ENDPOINT, why="no statement allows"))
    return tuple(found)


def _granting(allows: int, rules: Rules, at: Situation) -> tuple[Blocked, ...]:
    named = at.named
    grants = allows & rules.layers[Layer.RESOURCE]
    if not at.caller.has_account:
        return _outsider(at, grants)
    direct = at.granted or bool(grants & (named.direct | named.maybe & ~named.limited))
    if direct and at.same_account:
        return ()
    if not (direct or grants) and (at.rooted or not at.same_account):
        return (Blocked(Layer.RESOURCE, why="no statement allows the principal or its account"),)
    if at.restricted and not at.same_account:
        return (_RESTRICTED,)
    limits = _limits(allows, rules, at.caller)
    root = at.caller.kind is CallerKind.ROOT
    if (
        root
        or allows & rules.layers[Layer.IDENTITY]
        or (grants & named.limited and at.same_account)
    ):
        return limits
    return (Blocked(Layer.IDENTITY, why="no statement allows"), *limits)


def _outsider(at: Situation, grants: int) -> tuple[Blocked, ...]:
    """Services, identity providers and the anonymous have no policies of their own."""
    if not (grants or at.granted):
        return (Blocked(Layer.RESOURCE, why="no statement allows the principal"),)
    if at.restricted and at.caller.kind is not CallerKind.SERVICE:
        return (_RESTRICTED,)
    return ()


def _limits(allows: int, rules: Rules, caller: Caller) -> tuple[Blocked, ...]:
    """What limits identity policies, and what is granted to a role."""
    found: tuple[Blocked, ...] = ()
    kind = caller.kind
    if kind is CallerKind.ROOT:
        return found
    if Layer.BOUNDARY in rules.present and not allows & rules.layers[Layer.BOUNDARY]:
        found = (Blocked(Layer.BOUNDARY, why="no statement allows"),)
    if not allows & rules.layers[Layer.SESSION]:
        if Layer.SESSION in rules.present:
            found = (*found, Blocked(Layer.SESSION, why="no statement allows"))
        elif kind is CallerKind.FEDERATED_USER:
            why = "a federated user has no permissions without a session policy"
            found = (*found, Blocked(Layer.SESSION, why=why))
    return found
