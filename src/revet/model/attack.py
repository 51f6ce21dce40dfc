"""A request whose answer is foreseen, as data: one that must be denied, or must still work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Expected(StrEnum):
    """What a request must meet with."""

    DENIED = "denied"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class Guard:
    """What denies a request, or what grants it, so that without it the answer is the other one.

    Of a carrier (a principal, a resource, a VPC endpoint, a node of the organization) `layer`,
    `sid` or `setting` says what is meant; a policy that is named itself is meant as a whole, or a
    statement of it.

    Args:
        at: output, address or ARN of a carrier or a policy.
        layer: the policies of the carrier in this layer, as a limit: without it the layer allows
            everything and denies nothing. With `sid`, where to look for the statement.
        sid: one statement.
        condition: of that statement, the condition on one key.
        setting: of a bucket, a setting of its public access block.
    """

    at: str
    layer: str = ""
    sid: str = ""
    condition: str = ""
    setting: str = ""

    def __str__(self) -> str:
        """As a message names it."""
        parts = [self.sid and f"statement `{self.sid}`", self.condition and f"`{self.condition}`"]
        parts += [self.layer and f"{self.layer} layer", self.setting and f"`{self.setting}`"]
        return ", ".join([*filter(None, parts), f"`{self.at}`"])


@dataclass(frozen=True, slots=True)
class Assume:
    """A role that is assumed before the request, which its session then sends.

    Args:
        role: output, address or ARN of the role.
        context: condition keys that the call of `sts:AssumeRole` carries.
    """

    role: str
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attack:
    """One request that somebody could send, by each of some principals; it is decided, not sent.

    Args:
        id: stable within its blueprint.
        requirement: id of the requirement that it attacks.
        principals: who would send it: outputs, addresses or ARNs (of a group, a member of
            it), a service, or `anonymous`.
        action: IAM action, `service:Operation`.
        resource: ARN, the output that holds it with or without a path behind it, `*`, or `self` for
            the ARN of the sender.
        context: condition keys that the request carries.
        expect: what it must meet with.
        guard: what denies it, all of it together; empty for a request that must still work.
        grant: what grants a request that must still work; empty where `given` does.
        given: actions that an identity policy allows the principal on everything, beside what it
            has: what somebody could grant it one day.
        assume: a role that the principal assumes, and whose session sends the request.
        by: name of the layer whose denial it must be; empty where that does not matter.
        account: id of the account that it is about, or an output; empty for whichever it is.
        owner: id of the account that owns the resource; empty where the ARN tells, or it is shown.
        region: what `aws:RequestedRegion` holds; empty for nothing.
        endpoint: output or address of the VPC endpoint that it goes through; empty for none.
    """

    id: str
    requirement: str
    principals: tuple[str, ...]
    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)
    expect: Expected = Expected.DENIED
    guard: tuple[Guard, ...] = ()
    grant: tuple[Guard, ...] = ()
    given: tuple[str, ...] = ()
    assume: Assume | None = None
    by: str = ""
    account: str = ""
    owner: str = ""
    region: str = ""
    endpoint: str = ""
