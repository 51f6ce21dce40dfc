"""Properties of an account: what no request may do, and what some or all requests must still do.

A property is about the requests of one principal, or about all requests to one resource, whoever
makes them. Requests from other accounts are taken to be allowed there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from revet.iam.account import AccountPicture, PrincipalPicture, ResourcePicture
from revet.iam.compiled.policy import CompiledStatement
from revet.iam.compiled.principals import PrincipalKind as TermKind
from revet.iam.document import PolicyDocument
from revet.iam.evaluate import Policies, Request
from revet.iam.evaluate.attached import Layer
from revet.iam.evaluate.request import ANONYMOUS, CallerKind, read_caller
from revet.iam.prove.ask import Answer, Result
from revet.iam.prove.asked import Asked
from revet.iam.prove.bearing import EVERYTHING, View, bearing, may_allow_less
from revet.iam.prove.callers import Asker, askers, demands_of, partition_of, somebody
from revet.iam.prove.certificates import Certificate, certificate
from revet.iam.prove.checks import CheckResult, check_no_public_access
from revet.iam.prove.effective import ANYTHING, Scope, Target, can, cannot, scopes, to
from revet.iam.prove.effective_claims import (
    KINDS,
    actions_of,
    hindrance,
    of_principal,
    of_resource,
    unsaid,
)
from revet.iam.prove.grounded import Ground
from revet.iam.prove.policies import groups_of
from revet.iam.prove.requests import can_be_made, made_to
from revet.iam.prove.search import Proof
from revet.iam.prove.witness import Witness

_COLONS = 5
_SHOWN = "the request shows it"
_EACH = "a certificate says that no request is allowed, not that each is"
_DENIED_TOO = "a certificate of what the other layers deny does not say what this one does"
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
        why: why it fails, where no request shows that by itself; else empty.
        certificate: of the answer that no request is allowed; where one layer must be what denies
            them, that none is when only that layer counts.
        uncertified: why an answer other than *unknown* has none.
    """

    holds: Holds
    witness: Request | None = None
    doubts: tuple[str, ...] = ()
    searches: int = 0
    why: str = ""
    certificate: Certificate | None = field(default=None, repr=False)
    uncertified: str = ""


class Account:
    """An account whose properties are asked for.

    Args:
        picture: the account; what is not known of it makes answers unknown.
    """

    def __init__(self, picture: AccountPicture) -> None:
        self._ground = Ground(picture)
        self.picture = self._ground.picture
        self._borne: dict[tuple[str, str, View], Policies] = {}

    def text(self, value: str) -> str:
        """A value of a property with texts in place of references to what does not exist yet."""
        return self._ground.text(value)

    def never(self, subject: str, asked: Asked, view: View = EVERYTHING) -> Proved:
        """Whether none of some requests is allowed.

        Args:
            subject: name or ARN of the principal that makes them, or of the resource with a policy
                of its own that they go to.
            asked: the requests.
            view: which layers count.

        Raises:
            InputError: there is no such principal, resource or VPC endpoint.
        """
        return self._no_request(can, subject, asked, view)

    def possible(self, subject: str, asked: Asked, view: View = EVERYTHING) -> Proved:
        """Whether one of some requests is allowed; see `never`.

        Raises:
            InputError: there is no such principal, resource or VPC endpoint.
        """
        found = self.never(subject, asked, view)
        turned = {Holds.FAILS: Holds.HOLDS, Holds.HOLDS: Holds.FAILS}
        return replace(found, holds=turned.get(found.holds, Holds.UNKNOWN))

    def always(self, subject: str, asked: Asked, view: View = EVERYTHING) -> Proved:
        """Whether each of some requests is allowed; the witness is one that is not.

        Args:
            subject: name or ARN of the principal that makes them.
            asked: the requests.
            view: which layers count.

        Raises:
            InputError: there is no such principal or VPC endpoint.
        """
        if self._principal(subject) is None:
            self.picture.principal(self.text(subject))
        found = self._no_request(cannot, subject, asked, view)
        if found.holds is Holds.HOLDS:
            return replace(found, certificate=None, uncertified=_EACH)
        return replace(found, why="not every request is allowed") if found.witness else found

    def denied_by(
        self, layer: Layer, subject: str, asked: Asked, view: View = EVERYTHING
    ) -> Proved:
        """Whether none of some requests is allowed, and one layer is what denies them.

        That is: none is allowed; none is allowed when only that layer counts, so that it alone
        denies each; and one is allowed when it does not count, so that nothing else denies all.

        Raises:
            InputError: there is no such principal, resource or VPC endpoint.
        """
        all_layers = self.never(subject, asked, view)
        if all_layers.holds is not Holds.HOLDS:
            return all_layers
        alone = self.never(subject, asked, view.alone(layer))
        if alone.holds is not Holds.HOLDS:
            return (
                replace(alone, why=f"the {layer} alone does not deny it")
                if alone.witness
                else alone
            )
        without = self.possible(subject, asked, view.without(layer))
        searches = all_layers.searches + alone.searches
        if without.holds is Holds.HOLDS:
            return replace(alone, searches=searches)
        if without.holds is Holds.FAILS:
            why = f"without the {layer} they are all denied, too"
            return Proved(Holds.FAILS, why=why, uncertified=_DENIED_TOO)
        return without

    def _no_request(
        self, look: Callable[..., Answer], subject: str, asked: Asked, view: View
    ) -> Proved:
        """Whether a search finds none of some requests, whoever of the subject makes them."""
        document = asked.document()
        inside = [document]
        if self._principal(subject) is None:
            inside += made_to(self._resource(subject).arn, asked.actions or ("*",))
        unlisted = [f"{one.where}: {one.why}" for one in self.picture.doubts]
        if not can_be_made(groups_of("about", inside)):
            return Proved(Holds.UNKNOWN, doubts=("no request can be as the property says",))
        doubts = list(unlisted)
        proofs: list[Proof] = []
        seen: list[Scope] = []
        searches = 0
        for asker, scope, unread in self._scopes(subject, view):
            answer = look(asker, scope, inside)
            searches += answer.result is Result.NONE
            if answer.result is Result.SOME and answer.witness is not None:
                unsure = [*unread, *self._guessed(document), *self._detached(view)]
                if not unsure and not unlisted:
                    shown = _request(asker, answer.witness)
                    return Proved(Holds.FAILS, shown, uncertified=_SHOWN)
            else:
                unsure = [one for one in unread if one != _HIDDEN]
            doubts += [*unsure, *answer.doubts]
            proofs += answer.proofs if not asker.example else ()
            seen.append(scope)
        if doubts:
            return Proved(Holds.UNKNOWN, doubts=tuple(dict.fromkeys(doubts)))
        claim = {**self._claim(subject, view), "about": [one.text for one in inside]}
        hindered = unsaid(view, claim) or hindrance(claim)
        if hindered:
            return Proved(Holds.HOLDS, searches=searches, uncertified=hindered)
        actions = (one for scope in seen for one in actions_of(scope, inside))
        proof = certificate(claim, actions, proofs)
        return Proved(Holds.HOLDS, searches=searches, certificate=proof)

    def _claim(self, subject: str, view: View) -> dict[str, Any]:
        """What is claimed of a subject when no request of it is allowed."""
        account, principal = self.picture.account, self._principal(subject)
        if principal is not None:
            targets = self._targets(principal, view)
            return of_principal(account, principal, self._own(principal, view), targets)
        resource = self._resource(subject)
        known = [
            (one, self._policies(one, resource, view)) for one in self.picture.principals.values()
        ]
        everybody = bearing(self.picture, ANONYMOUS, None, resource, view)
        partition = partition_of(self._naming(resource, view))
        return of_resource(account, partition, resource, everybody, known)

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

    def _detached(self, view: View) -> list[str]:
        """The doubt whether a level of SCPs that allows less has `FullAWSAccess`, too."""
        if Layer.SCP in view.out or not may_allow_less(self.picture):
            return []
        return ["whether `FullAWSAccess` is attached beside other allowances"]

    def _scopes(self, subject: str, view: View) -> Iterator[tuple[Asker, Scope, list[str]]]:
        principal = self._principal(subject)
        if principal is not None:
            unread = [
                f"{doubt.where}: {doubt.why}"
                for resource in self.picture.resources.values()
                for doubt in resource.doubts
                if Layer.RESOURCE not in view.out
            ]  # a policy that is not known may grant, or deny
            policies, targets = self._own(principal, view), self._targets(principal, view)
            naming = list(_naming([*(target.policies for target in targets), policies]))
            for asker in (_asker(self.picture, principal, naming), *_sessions(principal, naming)):
                for scope in scopes(policies, targets):
                    yield asker, scope, [*_doubts(principal), *unread]
            return
        yield from self._to(self._resource(subject), view)

    def _principal(self, subject: str) -> PrincipalPicture | None:
        wanted = self.text(subject)
        for name, principal in self.picture.principals.items():
            if wanted in (name, principal.arn):
                return principal
        return None

    def _policies(
        self, principal: PrincipalPicture, resource: ResourcePicture | None, view: View
    ) -> Policies:
        what = f"{resource.type} {resource.name}" if resource is not None else ""
        asked = (principal.name, what, view)
        if asked not in self._borne:
            caller = _asker(self.picture, principal, ()).text
            self._borne[asked] = bearing(self.picture, caller, principal, resource, view)
        return self._borne[asked]

    def _own(self, principal: PrincipalPicture, view: View) -> Policies:
        """What bears on a principal's requests to whatever has no policy of its own."""
        policies = self._policies(principal, None, view)
        return replace(policies, resource=None) if Layer.RESOURCE in view.out else policies

    def _targets(self, principal: PrincipalPicture, view: View) -> list[Target]:
        found = [
            Target(one.arn, one.arn.split(":")[2], self._policies(principal, one, view))
            for one in self.picture.resources.values()
            if one.policy is not None and one.arn.count(":") >= _COLONS
        ]
        for role in self.picture.principals.values():
            if role.trust is not None:
                trusted = ResourcePicture(role.name, role.arn, "AWS::IAM::Role", role.trust)
                found.append(Target(role.arn, "sts", self._policies(principal, trusted, view)))
        return found

    def _to(
        self, resource: ResourcePicture, view: View
    ) -> Iterator[tuple[Asker, Scope, list[str]]]:
        """Everybody's requests to one resource."""
        doubts = [f"{one.where}: {one.why}" for one in resource.doubts]
        naming = self._naming(resource, view)
        for principal in self.picture.principals.values():
            policies = self._policies(principal, resource, view)
            target = Target(resource.arn, resource.arn.split(":")[2], policies)
            asker = _asker(self.picture, principal, naming)
            for scope in to(target, same_account=True):
                yield asker, scope, [*doubts, *_doubts(principal)]
        known = {principal.arn for principal in self.picture.principals.values()}
        for asker in askers(naming, self.picture.account):
            if asker.text in known:
                continue
            caller = read_caller(asker.text)
            inside = caller.account == self.picture.account
            policies = bearing(self.picture, asker.text, None, resource, view)
            hidden: list[str] = []
            if caller.has_account and not inside:
                policies = replace(policies, identity=(ANYTHING,), scps=())
            elif inside and caller.kind is not CallerKind.ROOT:
                policies = replace(policies, identity=(ANYTHING,))
                hidden = [_HIDDEN]
            target = Target(resource.arn, resource.arn.split(":")[2], policies)
            for scope in to(target, same_account=inside, owner=self.picture.account):
                yield asker, scope, [*doubts, *hidden]

    def _naming(self, resource: ResourcePicture, view: View) -> list[CompiledStatement]:
        """The statements that tell callers of a resource apart, its policy's in any case."""
        shown = replace(view, out=view.out - {Layer.RESOURCE})
        return list(_naming([bearing(self.picture, ANONYMOUS, None, resource, shown)]))


def _asker(
    picture: AccountPicture, principal: PrincipalPicture, naming: Sequence[CompiledStatement]
) -> Asker:
    """Who makes the requests of a principal: of a group, whoever is in it and is not named.

    Args:
        picture: the account.
        principal: one of its principals.
        naming: the statements that name principals.
    """
    kind = KINDS.get(principal.kind)
    if kind is None:
        return Asker(principal.arn, demands_of(principal.arn))
    terms = (term for one in naming if one.principals for term in one.principals.terms)
    return somebody(picture.account, kind, (term.text for term in terms))


def _sessions(principal: PrincipalPicture, naming: Sequence[CompiledStatement]) -> Iterator[Asker]:
    """The sessions of a role that policies name apart from it."""
    role = read_caller(principal.arn)
    if principal.kind in KINDS or not role.role:
        return
    terms = (term for one in naming if one.principals for term in one.principals.terms)
    for text in dict.fromkeys(one.text for one in terms if one.kind is TermKind.SESSION):
        caller = read_caller(text)
        if (caller.account, caller.role) == (role.account, role.role):
            yield Asker(text, demands_of(text))


def _naming(policies: Sequence[Policies]) -> Iterator[CompiledStatement]:
    """The statements that name principals: of resources, the organization, VPC endpoints."""
    for layer in (Layer.RESOURCE, Layer.RCP, Layer.ENDPOINT):
        for one in policies:
            yield from (found for place, found in one.rules.entries if place.layer is layer)


def _request(asker: Asker, witness: Witness) -> Request:
    return Request(asker.text, witness.action, witness.resource, witness.context)


def _doubts(principal: PrincipalPicture) -> list[str]:
    return [f"{one.where}: {one.why}" for one in principal.doubts]
