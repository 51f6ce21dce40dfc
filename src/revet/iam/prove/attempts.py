"""One request in an account picture: who sends it, which policies bear on it, what is decided.

Where proofs ask for all requests, this decides one, by the same evaluation that the embedded AWS
enforces. A role that is assumed first is two requests, of which both must be allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from revet.iam.account import AccountPicture, PrincipalKind, PrincipalPicture, ResourcePicture
from revet.iam.evaluate import Decision, Outcome, Policies, Request, decide
from revet.iam.evaluate.attached import Layer
from revet.iam.evaluate.request import CallerKind, read_caller
from revet.iam.prove.bearing import EVERYTHING, View, bearing, may_allow_less, unlimited
from revet.iam.prove.effective import ANYTHING
from revet.iam.prove.guards import Removal, without

SELF = "self"
"""As a resource, whoever sends the request."""
_ASSUME = "sts:AssumeRole"
_MEMBER = "attacker"
_NOTHING = Removal()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request, and what comes before it.

    Args:
        principal: name or ARN of a principal in the picture (of a group, a member of it), or the
            ARN, service name or `anonymous` of somebody else.
        action: one action.
        resource: an ARN, `*` or `self`.
        context: condition keys that it carries.
        given: actions that an identity policy allows the principal beside its own.
        role: name or ARN of the role that the principal assumes first; empty for none.
        role_context: condition keys that the call of `sts:AssumeRole` carries.
        endpoint: name of the VPC endpoint that the request goes through.
        owner: the account that owns the resource; empty where the picture or the ARN tells.
    """

    principal: str
    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    role: str = ""
    role_context: Mapping[str, str] = field(default_factory=dict)
    endpoint: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a request.

    Args:
        outcome: what was decided; *unknown* also where what is not shown may change it.
        decision: the decision on it, or on the call of `sts:AssumeRole` that failed.
        doubts: why it is not known.
    """

    outcome: Outcome
    decision: Decision
    doubts: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool | None:
        """Whether it is allowed; `None` when that is not known."""
        return None if self.outcome is Outcome.UNKNOWN else self.outcome is Outcome.ALLOWED

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers that deny it."""
        if self.outcome is Outcome.EXPLICITLY_DENIED:
            return tuple(dict.fromkeys(one.layer for one in self.decision.by))
        return tuple(dict.fromkeys(one.layer for one in self.decision.blocked))


class _Sender(NamedTuple):
    text: str
    principal: PrincipalPicture | None
    given: tuple[str, ...] = ()


class Attempts:
    """Requests in one account.

    Args:
        picture: the account, with texts in place of references.
        removal: what is taken out of it.
    """

    def __init__(self, picture: AccountPicture, removal: Removal = _NOTHING) -> None:
        self._picture = without(picture, removal)
        self._removal = removal

    def attempt(self, one: Attempt, view: View = EVERYTHING) -> Tried:
        """Decide a request.

        Args:
            one: the request.
            view: which layers count.

        Raises:
            InputError: the picture has no such principal, role or VPC endpoint.
        """
        view = replace(view, endpoint=one.endpoint)
        sender = self._sender(one.principal, one.given)
        if one.role:
            role = self._picture.principal(one.role)
            first = self._decide(sender, _ASSUME, role.arn, one.role_context, view)
            if first.outcome is not Outcome.ALLOWED:
                return first
            sender = _Sender(role.arn, role)
        return self._decide(sender, one.action, one.resource, one.context, view, one.owner)

    def _decide(
        self,
        sender: _Sender,
        action: str,
        resource: str,
        context: Mapping[str, str],
        view: View,
        owner: str = "",
    ) -> Tried:
        arn = sender.text if resource == SELF else resource
        held = self._held(action.partition(":")[0].lower(), arn)
        if not owner and any(_lies_in(arn, one) for one in self._known()):
            owner = self._picture.account
        request = Request(sender.text, action, arn, dict(context), resource_account=owner)
        decision = decide(request, self._policies(sender, held, view))
        if decision.outcome in (Outcome.EXPLICITLY_DENIED, Outcome.UNKNOWN):
            return Tried(decision.outcome, decision, decision.reasons)
        doubts = tuple(dict.fromkeys(self._doubts(sender, held, decision, view)))
        return Tried(Outcome.UNKNOWN if doubts else decision.outcome, decision, doubts)

    def _sender(self, name: str, given: tuple[str, ...]) -> _Sender:
        shown = self._picture.principals.values()
        found = next((one for one in shown if name in (one.name, one.arn)), None)
        if found is None:
            if read_caller(name).kind is CallerKind.UNREADABLE:
                self._picture.principal(name)
            return _Sender(name, None, given)
        text = found.arn
        if found.kind is PrincipalKind.GROUP:
            text = f"arn:{_partition(text)}:iam::{self._picture.account}:user/{_MEMBER}"
        return _Sender(text, found, given)

    def _held(self, service: str, arn: str) -> ResourcePicture | None:
        """What has the policy that bears on a resource; a role, where it is assumed."""
        if service == "sts":
            roles = self._picture.principals.values()
            role = next((one for one in roles if one.arn == arn and one.trust), None)
            if role is None:
                return None
            return ResourcePicture(role.name, role.arn, "AWS::IAM::Role", role.trust)
        found = [
            one
            for one in self._picture.resources.values()
            if _lies_in(arn, one.arn) and one.arn.split(":")[2] == service
        ]
        return max(found, key=lambda one: len(one.arn), default=None)

    def _known(self) -> Iterator[str]:
        """The ARNs of what is in the account."""
        yield from (one.arn for one in self._picture.resources.values())
        yield from (one.arn for one in self._picture.principals.values())

    def _policies(self, sender: _Sender, held: ResourcePicture | None, view: View) -> Policies:
        seen = replace(view, given=sender.given)
        found = bearing(self._picture, sender.text, sender.principal, held, seen)
        caller = read_caller(sender.text)
        foreign = caller.has_account and caller.account != self._picture.account
        if foreign and sender.principal is None:
            found = replace(found, identity=(ANYTHING,), scps=())
        principal = sender.principal
        carriers = [held.name] if held is not None else []
        carriers += [principal.name, *principal.groups] if principal is not None else []
        organization = self._picture.organization
        carriers += organization.nodes if organization is not None else ()
        off = self._removal.layers_of(*carriers, view.endpoint)
        return unlimited(found, off, sender.text)

    def _doubts(
        self, sender: _Sender, held: ResourcePicture | None, decision: Decision, view: View
    ) -> Iterator[str]:
        """What is not known, and may change what was decided."""
        found = list(self._picture.doubts)
        found += sender.principal.doubts if sender.principal is not None else ()
        found += held.doubts if held is not None else ()
        yield from (f"{one.where}: {one.why}" for one in found)
        caller = read_caller(sender.text)
        hidden = sender.principal is None and caller.account == self._picture.account
        if hidden and caller.kind is not CallerKind.ROOT and Layer.IDENTITY not in view.out:
            yield f"which policies `{sender.text}` has, for it is not shown"
        allowed = decision.outcome is Outcome.ALLOWED
        if allowed and Layer.SCP not in view.out and may_allow_less(self._picture):
            yield "whether `FullAWSAccess` is attached beside other allowances"


def _lies_in(arn: str, outer: str) -> bool:
    """Whether a resource is another one, or in it."""
    return arn == outer or arn.startswith((f"{outer}/", f"{outer}:"))


def _partition(arn: str) -> str:
    return arn.split(":")[1] if arn.startswith("arn:") else "aws"
