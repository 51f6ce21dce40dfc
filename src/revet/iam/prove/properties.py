"""Properties of an account: what no request may do, and what some or all requests must still do.

A property is about the requests of one principal, or about all requests to one resource, whoever
makes them. Requests from other accounts are taken to be allowed there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from revet.iam.account import AccountPicture, PrincipalKind, PrincipalPicture, ResourcePicture
from revet.iam.compiled.policy import CompiledStatement
from revet.iam.document import PolicyDocument
from revet.iam.evaluate import Policies, Request
from revet.iam.evaluate.attached import Layer
from revet.iam.evaluate.request import CallerKind, read_caller
from revet.iam.prove.ask import Answer, Result
from revet.iam.prove.asked import Asked
from revet.iam.prove.bearing import EVERYTHING, View, bearing, may_allow_less
from revet.iam.prove.callers import Asker, askers, demands_of, somebody
from revet.iam.prove.checks import CheckResult, check_no_public_access
from revet.iam.prove.effective import ANYTHING, Scope, Target, can, cannot, scopes, to
from revet.iam.prove.grounded import Ground
from revet.iam.prove.policies import Subject, groups_of
from revet.iam.prove.requests import can_be_made, made_to
from revet.iam.prove.witness import Witness

_COLONS = 5
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
        certificate: of a property that holds, the proof, where there is one.
    """

    holds: Holds
    witness: Request | None = None
    doubts: tuple[str, ...] = ()
    searches: int = 0
    why: str = ""
    certificate: dict[str, Any] | None = field(default=None, repr=False)


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
            return Proved(Holds.HOLDS, searches=searches)
        if without.holds is Holds.FAILS:
            return Proved(Holds.FAILS, why=f"without the {layer} they are all denied, too")
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
        searches = 0
        for asker, scope, unread in self._scopes(subject, view):
            answer = look(asker, scope, inside)
            searches += answer.result is Result.NONE
            if answer.result is Result.SOME and answer.witness is not None:
                unsure = [*unread, *self._guessed(document), *self._detached(view)]
                if not unsure and not unlisted:
                    return Proved(Holds.FAILS, _request(asker, answer.witness))
            else:
                unsure = [one for one in unread if one != _HIDDEN]
            doubts += [*unsure, *answer.doubts]
        if doubts:
            return Proved(Holds.UNKNOWN, doubts=tuple(dict.fromkeys(doubts)))
        return Proved(Holds.HOLDS, searches=searches)

    def not_public(self, subject: str) -> Proved:
        """Whether the policy of a resource lets no outsider in.

        Args:
            subject: name or ARN of the resource.

        Raises:
            InputError: there is no such resource.
        """
        resource = self._resource(subject)
        doubts = [f"{one.where}: {one.why}" for one in (*self.picture.doubts, *resource.doubts)]
        if resource.policy is None:
            return Proved(Holds.UNKNOWN if doubts else Holds.HOLDS, doubts=tuple(doubts))
        found = check_no_public_access(resource.policy.document)
        doubts += [reason.description for reason in found.reasons if not found.witness]
        if found.result is CheckResult.FAIL and not doubts:
            return Proved(Holds.FAILS, found.witness)
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
            for asker in (self._asker(principal), *self._sessions(principal)):
                policies = self._policies(principal, None, view)
                if Layer.RESOURCE in view.out:
                    policies = replace(policies, resource=None)
                for scope in scopes(policies, self._targets(principal, view)):
                    yield asker, scope, [*_doubts(principal), *unread]
            return
        yield from self._to(self._resource(subject), view)

    def _principal(self, subject: str) -> PrincipalPicture | None:
        wanted = self.text(subject)
        for name, principal in self.picture.principals.items():
            if wanted in (name, principal.arn):
                return principal
        return None

    def _asker(self, principal: PrincipalPicture) -> Asker:
        if principal.kind is PrincipalKind.GROUP:
            return somebody(self.picture.account, "user")
        if principal.kind is PrincipalKind.PERMISSION_SET:
            return somebody(self.picture.account, "role")
        return Asker(principal.arn, demands_of(principal.arn))

    def _sessions(self, principal: PrincipalPicture) -> Iterator[Asker]:
        """The sessions of a role that resource policies name apart from it."""
        role = read_caller(principal.arn)
        names = dict.fromkeys(
            entry.value
            for resource in self.picture.resources.values()
            if resource.policy is not None
            for statement in resource.policy.document.statements
            for entry in (*statement.principals, *statement.not_principals)
        )
        for text in names:
            caller = read_caller(text)
            session = caller.kind is CallerKind.SESSION and ":assumed-role/" in text
            if session and role.role and (caller.account, caller.role) == (role.account, role.role):
                yield Asker(text, demands_of(text))

    def _policies(
        self, principal: PrincipalPicture, resource: ResourcePicture | None, view: View
    ) -> Policies:
        return bearing(self.picture, self._asker(principal).text, principal, resource, view)

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
        for principal in self.picture.principals.values():
            policies = self._policies(principal, resource, view)
            target = Target(resource.arn, resource.arn.split(":")[2], policies)
            for scope in to(target, same_account=True):
                yield self._asker(principal), scope, [*doubts, *_doubts(principal)]
        for asker in self._others(resource):
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

    def _others(self, resource: ResourcePicture) -> list[Asker]:
        """Whom the policy of a resource tells apart, beside the principals of the picture."""
        statements: list[CompiledStatement] = []
        if resource.policy is not None:
            statements = Subject("policy", resource.policy.document, Layer.RESOURCE).statements
        known = {principal.arn for principal in self.picture.principals.values()}
        found = askers(statements, self.picture.account)
        return [asker for asker in found if asker.text not in known]


def _request(asker: Asker, witness: Witness) -> Request:
    return Request(asker.text, witness.action, witness.resource, witness.context)


def _doubts(principal: PrincipalPicture) -> list[str]:
    return [f"{one.where}: {one.why}" for one in principal.doubts]
