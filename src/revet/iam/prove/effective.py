"""What a principal can do with all layers together.

Which layers have to allow depends on who asks, whose the resource is, on the resource's policy, and
on whether resource control policies reach the service. So requests fall into scopes that do not
overlap, and in each `revet.iam.evaluate.layers` says in which ways a request is allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.evaluate import Outcome, Policies, Request, decide
from revet.iam.evaluate.attached import Layer
from revet.iam.evaluate.layers import Situation, ways
from revet.iam.evaluate.request import read_caller
from revet.iam.evaluate.services import OTHERS, SERVICES
from revet.iam.evaluate.services.linked_roles import linked_roles
from revet.iam.prove.access import Access, Group, Named, Question
from revet.iam.prove.ask import Answer, ask
from revet.iam.prove.callers import OUTSIDER, Asker
from revet.iam.prove.policies import groups_of
from revet.iam.prove.requests import about, about_any, is_about
from revet.iam.prove.witness import Witness
from revet.iam.reference.organizations import RCP_SERVICES

_ANY_ARN = "arn:*:*:*:*:*"
_FREE = tuple(sorted(action for rules in SERVICES.values() for action in rules.free))


_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
ANYTHING = parse_policy({"Version": "2012-10-17", "Statement": [_ALL]})
"""Allows everything, as a policy without principals."""
ANYTHING_TO_ANYBODY = parse_policy(
    {"Version": "2012-10-17", "Statement": [{**_ALL, "Principal": "*"}]}
)
"""Allows everything to everybody, as a policy with principals."""


@dataclass(frozen=True, slots=True)
class Target:
    """A resource with a policy of its own.

    Args:
        arn: its ARN.
        service: the prefix of the actions that its policy is about; `sts` for a role.
        policies: those of the account with the resource's own.
    """

    arn: str
    service: str
    policies: Policies

    @property
    def kind(self) -> str:
        """First word of the resource part of its ARN."""
        return self.arn.split(":", 5)[5].partition("/")[0].partition(":")[0]

    @property
    def requests(self) -> PolicyDocument:
        """What its policy decides: the actions of its service on it and on what is in it."""
        return about([f"{self.service}:*"], [self.arn, f"{self.arn}/*", f"{self.arn}:*"])


@dataclass(frozen=True, slots=True)
class Scope:
    """Requests to which the same layers apply.

    Args:
        policies: the policies that bear on them.
        about: what they are about, each as a policy of which one statement is.
        outside: what they are not about.
        same_account: whether the resource belongs to the principal's account.
        rooted: whether the resource's policy must allow in any case.
        controlled: whether resource control policies reach them.
        owner: the account that owns the resource; empty for the principal's, or some other one.
    """

    policies: Policies
    about: tuple[PolicyDocument, ...] = ()
    outside: tuple[PolicyDocument, ...] = ()
    same_account: bool = True
    rooted: bool = False
    controlled: bool = False
    owner: str = ""


def scopes(policies: Policies, targets: Sequence[Target]) -> Iterator[Scope]:
    """All requests of a principal, in scopes.

    Args:
        policies: the principal's and the account's.
        targets: the resources of the account that have policies, or must have one.
    """
    for target in targets:
        yield from to(target, same_account=True)
    elsewhere = tuple(target.requests for target in targets)
    yield from _controlled(Scope(policies, outside=elsewhere))
    yield Scope(
        replace(policies, resource=ANYTHING_TO_ANYBODY, rcps=()),
        (about(["*"], [_ANY_ARN]),),
        elsewhere,
        same_account=False,
    )


def to(target: Target, *, same_account: bool, owner: str = "") -> Iterator[Scope]:
    """All requests of a principal to one resource, in scopes.

    Args:
        target: the resource.
        same_account: whether the principal belongs to the resource's account.
        owner: the resource's account, where it is another one.
    """
    rooted = target.kind in SERVICES.get(target.service, OTHERS).rooted
    yield from _controlled(
        Scope(
            target.policies,
            (target.requests,),
            same_account=same_account,
            rooted=rooted,
            owner=owner,
        )
    )


@cache
def _reached() -> PolicyDocument:
    """What resource control policies are about."""
    return about(sorted(f"{prefix}:*" for prefix in RCP_SERVICES), [_ANY_ARN])


@cache
def _spared() -> PolicyDocument:
    """What they leave alone of it."""
    actions = sorted(action for rules in SERVICES.values() for action in rules.unrestricted)
    return about_any((actions, ["*"]), (["*"], linked_roles()))


def _controlled(scope: Scope) -> Iterator[Scope]:
    """A scope in two: the requests that resource control policies reach, and the others."""
    if not scope.policies.rcps:
        yield scope
        return
    yield replace(
        scope,
        about=(*scope.about, _reached()),
        outside=(*scope.outside, _spared()),
        controlled=True,
    )
    yield replace(scope, outside=(*scope.outside, _reached()))
    yield replace(scope, about=(*scope.about, _spared()))


def can(asker: Asker, scope: Scope, asked: Sequence[PolicyDocument]) -> Answer:
    """Whether a principal can do something in a scope.

    Args:
        asker: the principal.
        scope: the requests.
        asked: what is asked about, each as a policy of which one statement is.
    """
    return _look(asker, scope, asked, allowed=True)


def cannot(asker: Asker, scope: Scope, asked: Sequence[PolicyDocument]) -> Answer:
    """Whether there is something in a scope that a principal cannot do; see `can`."""
    return _look(asker, scope, asked, allowed=False)


def _look(asker: Asker, scope: Scope, asked: Sequence[PolicyDocument], *, allowed: bool) -> Answer:
    inside, outside = limits_of(scope, asked)
    granted = access(asker, scope)
    question = Question(
        granted if allowed else Access(((),)),
        None if allowed else granted,
        about=groups_of("about", inside),
        outside=tuple(named for group in groups_of("outside", outside) for named in group),
        literals=asker.demands,
    )
    account = read_caller(asker.text).account

    def confirm(witness: Witness) -> str:
        request = Request(
            asker.text,
            witness.action,
            witness.resource,
            witness.context,
            resource_account=scope.owner or (account if scope.same_account else OUTSIDER),
        )
        if not all(is_about(request, one) for one in inside) or any(
            is_about(request, one) is not False for one in outside
        ):
            return "whether such a request is one that is asked about"
        outcome = decide(request, scope.policies).outcome
        if outcome is not Outcome.UNKNOWN and (outcome is Outcome.ALLOWED) is allowed:
            return ""
        return f"whether `{witness.action}` on `{witness.resource}` is allowed ({outcome})"

    return ask(question, confirm)


def limits_of(
    scope: Scope, asked: Sequence[PolicyDocument]
) -> tuple[tuple[PolicyDocument, ...], tuple[PolicyDocument, ...]]:
    """What requests in a scope are about, and what they are not about."""
    return (*scope.about, *asked), (*scope.outside, about(_FREE))


def access(asker: Asker, scope: Scope) -> Access:
    """What a principal is allowed in a scope, by all layers."""
    rules = scope.policies.rules
    caller = read_caller(asker.text)
    if caller.service_linked is None:  # then neither SCPs nor RCPs may apply
        caller = caller._replace(service_linked=True)
    controlled = scope.controlled and not caller.service_linked
    named = rules.callers.find(caller, bounded=Layer.BOUNDARY in rules.present)
    situation = Situation(caller, named, scope.same_account, scope.rooted, controlled=controlled)
    names = [
        Named(
            f"{place.layer.value}.{place.level}.{place.number}.{statement.number}",
            statement,
            sure=bool((named.all & ~named.maybe) >> bit & 1),
        )
        for bit, (place, statement) in enumerate(rules.entries)
    ]
    applying = rules.of_kind[caller.kind] & (named.all | named.maybe)
    if not controlled:
        applying &= ~rules.layers[Layer.RCP]
    if caller.service_linked:
        applying &= ~rules.layers[Layer.SCP]
    return Access(
        tuple(
            tuple(_chosen(names, mask & applying) for mask in way) for way in ways(rules, situation)
        ),
        _chosen(names, (rules.deny | rules.unclear) & applying),
    )


def _chosen(names: Sequence[Named], mask: int) -> Group:
    return tuple(name for bit, name in enumerate(names) if mask >> bit & 1)
