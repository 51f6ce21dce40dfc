"""What a certificate claims, as problems, for the checker: from the policies alone.

`revet.iam.prove.certificates` describes the kinds of claims and the order of their problems. Who
may ask is found in `revet.iam.claim_callers`, which layers must allow in `revet.iam.claim_layers`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from revet.iam.claim_callers import (
    Claimant,
    Conditions,
    claimant,
    everybody,
    kept_out,
    unnamed,
)
from revet.iam.claim_layers import (
    ANY_ARN,
    Case,
    Places,
    Problem,
    Scope,
    Statements,
    about_requests,
    chosen,
    places_of,
    problems_in,
    read_statements,
    requests_to,
    to,
)
from revet.iam.compiled.action_sets import ActionSet
from revet.iam.compiled.principals import PrincipalKind
from revet.iam.evaluate.attached import Layer
from revet.iam.evaluate.request import CallerKind, read_caller

_ALLOW_ALL = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", %s}}'
_ANYTHING = _ALLOW_ALL % '"Resource": "*"'
_TO_ANYBODY = _ALLOW_ALL % '"Resource": "*", "Principal": "*"'


class Claim(NamedTuple):
    """All problems, and the sets of actions that tell requests apart."""

    problems: list[Problem]
    actions: set[ActionSet]


def read_claim(question: Mapping[str, Any]) -> Claim:
    """The problems of a claim.

    Args:
        question: what a certificate says under `question`.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it is not such a claim.
        InputError: a policy in it cannot be read.
    """
    about = tuple(
        read_statements(text, Layer.IDENTITY, f"about{at}")
        for at, text in enumerate(question["about"])
    )
    cases = list(_CLAIMS[question["kind"]](question, about))
    sets = {one.actions for used, _ in cases for group in used for one in group.values()}
    return Claim([one for _, found in cases for one in found if all(one.groups)], sets)


def _of_policies(question: Mapping[str, Any], about: tuple[Statements, ...]) -> Iterator[Case]:
    """One policy allows nothing, or nothing that another one does not."""
    sides = [question["allowed"], *([question["beyond"]] if question["beyond"] else [])]
    policies = [read_statements(one["policy"], Layer(one["layer"]), one["name"]) for one in sides]
    layers = {Layer(one["layer"]) for one in sides}
    if len({one["name"] for one in sides}) < len(sides) or len(layers) > 1:
        msg = "two policies have the same name, or differ in their layer"
        raise ValueError(msg)
    statements = [one for policy in policies for one in policy.values()]
    who: Sequence[Claimant | None] = [None]
    if layers == {Layer.RESOURCE}:
        who = everybody(statements, str(question["partition"]))
    elif layers != {Layer.IDENTITY}:
        raise ValueError(str(layers))
    for one in who:
        yield [*policies, *about], list(_between(one, policies, about, ()))


def _of_the_public(question: Mapping[str, Any], _: tuple[Statements, ...]) -> Iterator[Case]:
    """A resource's policy allows outsiders nothing."""
    policy = read_statements(question["policy"], Layer.RESOURCE, "policy")
    statements, account = list(policy.values()), str(question["account"])
    out = kept_out(statements, account, str(question["organization"]))
    for one in everybody(statements, str(question["partition"]), [account]):
        if one.outside:
            yield [policy], list(_between(one, [policy], (), out))


def _between(
    one: Claimant | None,
    policies: Sequence[Statements],
    about: tuple[Statements, ...],
    more: Conditions,
) -> Iterator[Problem]:
    carries = (*(one.carries if one is not None else ()), *more)
    ours, *theirs = policies
    allows = chosen(one, ours, "Deny", sure=False, bounded=False)
    denies = chosen(one, ours, "Allow", sure=True, bounded=False)
    groups = (*about, allows)
    for other in theirs:
        for name, deny in chosen(one, other, "Allow", sure=False, bounded=False).items():
            yield Problem(carries, (*groups, {name: deny}), denies)
        escaped = {**denies, **chosen(one, other, "Deny", sure=True, bounded=False)}
        yield Problem(carries, groups, escaped)
    if not theirs:
        yield Problem(carries, groups, denies)


def _of_a_principal(question: Mapping[str, Any], about: tuple[Statements, ...]) -> Iterator[Case]:
    """All layers together allow a principal nothing, on whatever resource."""
    places, resources = places_of(question["policies"]), question["resources"]
    scopes = [one for each in resources for one in to(str(each["arn"]), each["policy"])]
    requests = tuple(requests_to(str(each["arn"])) for each in resources)
    one, anybody = (
        _who(question),
        read_statements(_TO_ANYBODY, Layer.RESOURCE, f"{Layer.RESOURCE}.0.0"),
    )
    others = Scope((about_requests(("*", [ANY_ARN])),), requests, anybody, False, False, False)
    scopes += [Scope(outside=requests), others]
    naming = [*(scope.resource for scope in scopes), *_controls(places)]
    for asking in (one, *_sessions(one, naming)):
        for scope in scopes:
            yield from problems_in(asking, places, scope, about)


def _of_a_resource(question: Mapping[str, Any], about: tuple[Statements, ...]) -> Iterator[Case]:
    """All layers together allow nobody anything on one resource."""
    account, arn, partition = (str(question[n]) for n in ("account", "arn", "partition"))
    policy = question["policy"]
    shared = [one for one in question["policies"] if Layer(one["layer"]) in (Layer.SCP, Layer.RCP)]
    for each in question["principals"]:
        if "unnamed" not in each and read_caller(each["principal"]).account != account:
            raise ValueError(each["principal"])
        places = places_of([*each["policies"], *shared])
        for scope in to(arn, policy):
            yield from problems_in(_who({**each, "account": account}), places, scope, about)
    known = {each.get("principal") for each in question["principals"]}
    anything = {"layer": Layer.IDENTITY.value, "level": 0, "policy": _ANYTHING}
    naming = [read_statements(policy, Layer.RESOURCE, ""), *_controls(places_of(shared))]
    statements = [one for group in naming for one in group.values()]
    for one in everybody(statements, partition, [account]):
        caller = one.caller
        if caller.text and caller.text in known:
            continue
        inside = caller.account == account
        rest = [one for one in shared if inside or one["layer"] == Layer.RCP.value]
        if caller.has_account and not (inside and caller.kind is CallerKind.ROOT):
            rest = [anything, *rest]
        for scope in to(arn, policy, same=inside):
            yield from problems_in(one, places_of(rest), scope, about)


_CLAIMS = {
    "policy": _of_policies,
    "public": _of_the_public,
    "principal": _of_a_principal,
    "resource": _of_a_resource,
}


def _who(entry: Mapping[str, Any]) -> Claimant:
    """Whoever has an ARN, or all users or roles of the account that no policy names."""
    if "unnamed" in entry:
        return unnamed(str(entry["unnamed"]), "aws", str(entry["account"]))
    return claimant(str(entry["principal"]))


def _controls(places: Places) -> list[Statements]:
    """The levels of RCPs, from the root down."""
    return [group for (layer, _), group in sorted(places.items()) if layer is Layer.RCP]


def _sessions(one: Claimant, policies: Sequence[Statements]) -> list[Claimant]:
    """The sessions of a role that policies name apart from it."""
    terms = [
        term
        for policy in policies
        for statement in policy.values()
        for term in (statement.principals.terms if statement.principals else ())
        if term.kind is PrincipalKind.SESSION
    ]
    callers = {text: read_caller(text) for text in dict.fromkeys(term.text for term in terms)}
    role = one.caller.role
    mine = (one.caller.account, role) if role and one.caller.text else None
    return [claimant(text) for text, of in callers.items() if (of.account, of.role) == mine]
