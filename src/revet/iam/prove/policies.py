"""Questions about policies by themselves: does one allow what another does not?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from revet.iam.document import PolicyDocument
from revet.iam.evaluate import Policies, Request
from revet.iam.evaluate.alone import allows_alone
from revet.iam.evaluate.policies import Layer
from revet.iam.prove.access import Access, Named, Question
from revet.iam.prove.ask import Answer, ask
from revet.iam.prove.certificates import certificate
from revet.iam.prove.witness import Witness

_CALLER = "arn:aws:iam::111122223333:role/any"
"""Whoever asks: identity policies do not say whom they are about."""


@dataclass(frozen=True, slots=True)
class Sided:
    """A policy with the name that its statements have in proofs.

    Args:
        name: for example `new`.
        document: the policy.
        layer: where it is attached.
    """

    name: str
    document: PolicyDocument
    layer: Layer = Layer.IDENTITY

    @property
    def policies(self) -> Policies:
        """The policy at its place, alone."""
        if self.layer is Layer.RESOURCE:
            return Policies(resource=self.document)
        return Policies(identity=(self.document,))


def access_of(sided: Sided) -> Access:
    """What a policy without principals allows."""
    policies = sided.policies
    (attached,) = policies.attached()
    allows: list[Named] = []
    denies: list[Named] = []
    for statement in attached.policy.statements:
        named = Named(f"{sided.name}.{statement.index}", statement)
        if statement.source.effect not in ("Allow", "Deny"):
            allows.append(named)
            denies.append(named)
        else:
            (denies if statement.deny else allows).append(named)
    return Access(((tuple(allows),),), tuple(denies))


def no_new_access_certificate(
    new: PolicyDocument, old: PolicyDocument, answer: Answer
) -> dict[str, Any]:
    """The certificate of an answer that there is no new access."""
    if answer.universe is None:
        msg = "only an answer that there is none has a certificate"
        raise ValueError(msg)
    question = {"allowed": [_policy("new", new)], "beyond": [_policy("old", old)], "about": []}
    return certificate(question, answer.universe, answer.proofs)


def _policy(name: str, document: PolicyDocument) -> dict[str, Any]:
    return {"name": name, "layer": Layer.IDENTITY.value, "level": 0, "policy": document.text}


def new_access(new: PolicyDocument, old: PolicyDocument) -> Answer:
    """Whether an identity policy allows a request that another one does not.

    Args:
        new: the policy that may allow more.
        old: the policy to compare with.
    """
    ours, theirs = Sided("new", new), Sided("old", old)
    question = Question(access_of(ours), access_of(theirs))

    def confirm(witness: Witness) -> str:
        request = Request(_CALLER, witness.action, witness.resource, witness.context)
        if allows_alone(request, ours.policies) is not True:
            return "whether the new policy allows it"
        if allows_alone(request, theirs.policies) is not False:
            return "whether the old policy allows it"
        return ""

    return ask(question, confirm)
