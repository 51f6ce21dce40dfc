"""Properties of an account: what no request may do, and what some request must still do.

A property is about the requests of one principal, or about all requests to one resource, whoever
makes them. Requests from other accounts are taken to be allowed there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from revet.iam.account import AccountPicture, PrincipalPicture, ResourcePicture
from revet.iam.compiled.policy import CompiledStatement, GlobSet
from revet.iam.compiled.principals import PrincipalKind as TermKind
from revet.iam.compiled.principals import PrincipalTerm
from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.evaluate import Policies, Request
from revet.iam.evaluate.attached import Layer
from revet.iam.evaluate.request import CallerKind, read_caller
from revet.iam.prove.ask import Result
from revet.iam.prove.callers import Asker, askers, demands_of, partition_of, somebody
from revet.iam.prove.certificates import Certificate, certificate
from revet.iam.prove.checks import CheckResult, check_no_public_access
from revet.iam.prove.effective import ANYTHING, Scope, Target, can, scopes, to
from revet.iam.prove.effective_claims import (
    KINDS,
    actions_of,
    hindrance,
    of_principal,
    of_resource,
)
from revet.iam.prove.grounded import Ground
from revet.iam.prove.policies import groups_of
from revet.iam.prove.requests import can_be_made
from revet.iam.prove.search import Proof
from revet.iam.prove.witness import Witness
from revet.iam.reference.conditions import condition_key

_COLONS = 5
_SHOWN = "the request shows it"
_HIDDEN = "principals of the account that are not shown may have policies that allow it"


class Holds(StrEnum):
    """What became of a property."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Proved:
    """What is known of a property.

    Args:
        holds: whether it holds.
        witness: a request that it forbids and the policies allow; for one that must stay possible,
            an allowed one.
        doubts: why it is not known.
        searches: how many questions were answered with a proof.
        certificate: of the answer that no request is allowed.
        uncertified: why an answer other than *unknown* has none.
    """

    holds: Holds
    witness: Request | None = None
    doubts: tuple[str, ...] = ()
    searches: int = 0
    certificate: Certificate | None = field(default=None, repr=False)
    uncertified: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The requests that a property is about.

    Args:
        actions: patterns; none for all.
        not_actions: all actions but these, when there are no `actions`.
        resources: patterns of ARNs.
        context: what their keys hold: a key to `values` (one of these), `other_than` (missing, or
            none of these) or `absent` (missing).
    """

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ("*",)
    context: tuple[Mapping[str, Any], ...] = ()

    def document(self) -> PolicyDocument:
        """A policy whose statement is about these requests."""
        statement: dict[str, Any] = {"Effect": "Allow", "Resource": list(self.resources)}
        if self.not_actions:
            statement["NotAction"] = list(self.not_actions)
        else:
            statement["Action"] = list(self.actions) or "*"
        conditions: dict[str, dict[str, Any]] = {}
        for item in self.context:
            operator, values = _operator(item)
            conditions.setdefault(operator, {})[item["key"]] = values
        if conditions:
            statement["Condition"] = conditions
        return parse_policy(json.dumps({"Version": "2012-10-17", "Statement": statement}))


_OPERATORS = {
    "IPAddress": ("IpAddress", "NotIpAddress"),
    "Numeric": ("NumericEquals", "NumericNotEquals"),
    "Date": ("DateEquals", "DateNotEquals"),
}


def _operator(item: Mapping[str, Any]) -> tuple[str, Any]:
    if item.get("absent"):
        return "Null", "true"
    known = condition_key(item["key"])
    among, other = _OPERATORS.get(known.type if known else "", ("StringLike", "StringNotLike"))
    several = "ForAnyValue:" if known is not None and known.multivalued else ""
    if "values" in item:
        return several + among, list(item["values"])
    none = "ForAllValues:" if several else ""
    return none + other, list(item["other_than"])


class Account:
    """An account whose properties are asked for.

    Args:
        picture: the account; what is not known of it makes answers unknown.
    """

    def __init__(self, picture: AccountPicture) -> None:
        self._ground = Ground(picture)
        self.picture = self._ground.picture

    def text(self, value: str) -> str:
        """A value of a property with texts in place of references to what does not exist yet."""
        return self._ground.text(value)

    def never(self, subject: str, asked: Asked) -> Proved:
        """Whether none of some requests is allowed.

        Args:
            subject: name or ARN of the principal that makes them, or of the resource with a policy
                of its own that they go to.
            asked: the requests.

        Raises:
            InputError: there is no such principal or resource.
        """
        document = asked.document()
        unlisted = [f"{one.where}: {one.why}" for one in self.picture.doubts]
        if not can_be_made(groups_of("about", [document])):
            return Proved(Holds.UNKNOWN, doubts=("no request can be as the property says",))
        doubts = list(unlisted)
        proofs: list[Proof] = []
        actions: dict[GlobSet, None] = {}
        searches = 0
        for asker, scope, unread in self._scopes(subject):
            answer = can(asker, scope, [document])
            searches += answer.result is Result.NONE
            if answer.result is Result.SOME and answer.witness is not None:
                unsure = [*unread, *self._guessed(document), *self._detached()]
                if not unsure and not unlisted:
                    shown = _request(asker, answer.witness)
                    return Proved(Holds.FAILS, shown, uncertified=_SHOWN)
            else:
                unsure = [one for one in unread if one != _HIDDEN]
            doubts += [*unsure, *answer.doubts]
            proofs += answer.proofs if not asker.example else ()
            actions.update(dict.fromkeys(actions_of(scope, [document])))
        if doubts:
            return Proved(Holds.UNKNOWN, doubts=tuple(dict.fromkeys(doubts)))
        claim = {**self._claim(subject), "about": [document.text]}
        if hindrance(claim):
            return Proved(Holds.HOLDS, searches=searches, uncertified=hindrance(claim))
        proof = certificate(claim, actions, proofs)
        return Proved(Holds.HOLDS, searches=searches, certificate=proof)

    def _claim(self, subject: str) -> dict[str, Any]:
        account, principal = self.picture.account, self._principal(subject)
        if principal is not None:
            policies = self._policies(principal)
            return of_principal(account, principal, policies, self._targets(principal))
        resource = self._resource(subject)
        known = [(one, self._policies(one)) for one in self.picture.principals.values()]
        partition = partition_of(self._statements(resource))
        return of_resource(account, partition, resource, self._policies(None, resource), known)

    def possible(self, subject: str, asked: Asked) -> Proved:
        """Whether one of some requests is allowed; see `never`.

        Raises:
            InputError: there is no such principal or resource.
        """
        found = self.never(subject, asked)
        turned = {Holds.FAILS: Holds.HOLDS, Holds.HOLDS: Holds.FAILS}
        return replace(found, holds=turned.get(found.holds, Holds.UNKNOWN))

    def not_public(self, subject: str) -> Proved:
        """Whether the policy of a resource lets no outsider in.

        Args:
            subject: name or ARN of the resource.

        Raises:
            InputError: there is no such resource.
        """
        resource = self._resource(subject)
        doubts = [f"{one.where}: {one.why}" for one in (*self.picture.doubts, *resource.doubts)]
        policy = None if resource.policy is None else resource.policy.document
        found = check_no_public_access(policy)
        doubts += [reason.description for reason in found.reasons if not found.witness]
        if found.result is CheckResult.FAIL and not doubts:
            return Proved(Holds.FAILS, found.witness, uncertified=_SHOWN)
        if found.result is CheckResult.PASS and not doubts:
            return Proved(Holds.HOLDS, searches=1, certificate=found.certificate)
        return Proved(Holds.UNKNOWN, doubts=tuple(doubts))

    def _resource(self, subject: str) -> ResourcePicture:
        wanted = self.text(subject)
        named = [
            one
            for name, one in self.picture.resources.items()
            if wanted in (name, one.arn) or one.arn.rpartition(":")[2] == wanted
        ]
        exact = [one for one in named if wanted in (one.name, one.arn)]
        found = exact or named
        return found[0] if len(found) == 1 else self.picture.resource(wanted)

    def _guessed(self, document: PolicyDocument) -> list[str]:
        """What a question names that is not known yet, and that no policy refers to."""
        return [
            f"`{inner}` is known only after apply, and no policy refers to it"
            for inner, text in self._ground.guessed()
            if text in document.text
        ]

    def _detached(self) -> list[str]:
        """The doubt whether a level of SCPs that allows less has `FullAWSAccess`, too."""
        levels, _ = self._levels()
        for level in levels:
            allows = [
                statement
                for document in level
                if document is not ANYTHING
                for statement in document.statements
                if statement.effect == "Allow"
            ]
            if allows and not any(
                "*" in one.actions and "*" in one.resources and not one.conditions for one in allows
            ):
                return ["whether `FullAWSAccess` is attached beside other allowances"]
        return []

    def _scopes(self, subject: str) -> Iterator[tuple[Asker, Scope, list[str]]]:
        principal = self._principal(subject)
        if principal is not None:
            unread = [
                f"{doubt.where}: {doubt.why}"
                for resource in self.picture.resources.values()
                for doubt in resource.doubts
            ]  # a policy that is not known may grant, or deny
            for asker in (self._asker(principal), *self._sessions(principal)):
                for scope in scopes(self._policies(principal), self._targets(principal)):
                    yield asker, scope, [*_doubts(principal), *unread]
            return
        yield from self._to(self._resource(subject))

    def _principal(self, subject: str) -> PrincipalPicture | None:
        wanted = self.text(subject)
        for name, principal in self.picture.principals.items():
            if wanted in (name, principal.arn):
                return principal
        return None

    def _asker(self, principal: PrincipalPicture) -> Asker:
        kind = KINDS.get(principal.kind)
        if kind is not None:
            named = (term.text for term in self._terms(principal))
            return somebody(self.picture.account, kind, named)
        return Asker(principal.arn, demands_of(principal.arn))

    def _terms(self, principal: PrincipalPicture) -> Iterator[PrincipalTerm]:
        """The principals that policies name: those of the account's resources, then RCPs."""
        bearing = [target.policies for target in self._targets(principal)]
        for one in _naming((*bearing, self._policies(principal))):
            yield from one.principals.terms if one.principals else ()

    def _sessions(self, principal: PrincipalPicture) -> Iterator[Asker]:
        """The sessions of a role that resource policies name apart from it."""
        role = read_caller(principal.arn)
        if principal.kind in KINDS or not role.role:
            return
        terms = self._terms(principal)
        for text in dict.fromkeys(one.text for one in terms if one.kind is TermKind.SESSION):
            caller = read_caller(text)
            if (caller.account, caller.role) == (role.account, role.role):
                yield Asker(text, demands_of(text))

    def _policies(
        self, principal: PrincipalPicture | None, resource: ResourcePicture | None = None
    ) -> Policies:
        scps, rcps = self._levels()
        policy = resource.policy if resource is not None else None
        block = resource.public_access_block if resource is not None else None
        boundary = principal.boundary if principal is not None else None
        return Policies(
            identity=tuple(one.document for one in principal.policies) if principal else (),
            resource=None if policy is None else policy.document,
            boundary=None if boundary is None else boundary.document,
            scps=scps,
            rcps=rcps,
            restrict_public_buckets=block is not None and block.restrict_public_buckets,
        )

    def _levels(
        self,
    ) -> tuple[tuple[tuple[PolicyDocument, ...], ...], tuple[tuple[PolicyDocument, ...], ...]]:
        organization, account = self.picture.organization, self.picture.account
        if organization is None or account == organization.management_account:
            return (), ()
        nodes = [node for node in organization.nodes.values() if node.account == account]
        if not nodes:
            return (), ()
        path = organization.path(account)
        scps = [tuple(one.document for one in node.service_control_policies) for node in path]
        rcps = [tuple(one.document for one in node.resource_control_policies) for node in path]
        return tuple((*level, ANYTHING) for level in scps if level), tuple(filter(None, rcps))

    def _targets(self, principal: PrincipalPicture | None) -> list[Target]:
        found = [
            Target(one.arn, one.arn.split(":")[2], self._policies(principal, one))
            for one in self.picture.resources.values()
            if one.policy is not None and one.arn.count(":") >= _COLONS
        ]
        for role in self.picture.principals.values():
            if role.trust is not None:
                trusted = ResourcePicture(role.name, role.arn, "AWS::IAM::Role", role.trust)
                found.append(Target(role.arn, "sts", self._policies(principal, trusted)))
        return found

    def _to(self, resource: ResourcePicture) -> Iterator[tuple[Asker, Scope, list[str]]]:
        """Everybody's requests to one resource."""
        doubts = [f"{one.where}: {one.why}" for one in resource.doubts]
        for principal in self.picture.principals.values():
            policies = self._policies(principal, resource)
            target = Target(resource.arn, resource.arn.split(":")[2], policies)
            for scope in to(target, same_account=True):
                yield self._asker(principal), scope, [*doubts, *_doubts(principal)]
        for asker in self._others(resource):
            caller = read_caller(asker.text)
            inside = caller.account == self.picture.account
            policies = self._policies(None, resource)
            hidden: list[str] = []
            if caller.has_account and not inside:
                policies = replace(policies, identity=(ANYTHING,), scps=())
            elif inside and caller.kind is not CallerKind.ROOT:
                policies = replace(policies, identity=(ANYTHING,))
                hidden = [_HIDDEN]
            target = Target(resource.arn, resource.arn.split(":")[2], policies)
            for scope in to(target, same_account=inside, owner=self.picture.account):
                yield asker, scope, [*doubts, *hidden]

    def _others(self, resource: ResourcePicture) -> list[Asker]:
        """Whom the policy of a resource tells apart, beside the principals of the picture."""
        statements = self._statements(resource)
        known = {principal.arn for principal in self.picture.principals.values()}
        found = askers(statements, self.picture.account)
        return [asker for asker in found if asker.text not in known]

    def _statements(self, resource: ResourcePicture) -> list[CompiledStatement]:
        return list(_naming([self._policies(None, resource)]))


def _naming(policies: Sequence[Policies]) -> Iterator[CompiledStatement]:
    """The statements that name principals: of resources, then of the organization."""
    for layer in (Layer.RESOURCE, Layer.RCP):
        for one in policies:
            yield from (found for place, found in one.rules.entries if place.layer is layer)


def _request(asker: Asker, witness: Witness) -> Request:
    return Request(asker.text, witness.action, witness.resource, witness.context)


def _doubts(principal: PrincipalPicture) -> list[str]:
    return [f"{one.where}: {one.why}" for one in principal.doubts]
