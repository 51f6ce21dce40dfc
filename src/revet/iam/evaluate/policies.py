"""The policies that bear on one request, by layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from revet.iam.compiled import (
    CompiledPolicy,
    IncompleteArns,
    PolicyKind,
    ResourceForms,
    compile_policy,
)
from revet.iam.document import PolicyDocument

if TYPE_CHECKING:
    from revet.iam.evaluate.rules import Rules


class Layer(StrEnum):
    """Where a policy is attached."""

    IDENTITY = "identity policy"
    RESOURCE = "resource policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    SCP = "service control policy"
    RCP = "resource control policy"
    ENDPOINT = "VPC endpoint policy"


KINDS = {
    Layer.IDENTITY: PolicyKind.IDENTITY,
    Layer.RESOURCE: PolicyKind.RESOURCE,
    Layer.BOUNDARY: PolicyKind.IDENTITY,
    Layer.SESSION: PolicyKind.IDENTITY,
    Layer.SCP: PolicyKind.IDENTITY,
    Layer.RCP: PolicyKind.RESOURCE,
    Layer.ENDPOINT: PolicyKind.RESOURCE,
}


FORMS = {
    Layer.IDENTITY: ResourceForms(IncompleteArns.COMPLETED),
    Layer.BOUNDARY: ResourceForms(IncompleteArns.COMPLETED),
    Layer.SESSION: ResourceForms(IncompleteArns.REFUSED),
    Layer.RESOURCE: ResourceForms(short=True),
    Layer.SCP: ResourceForms(),
    Layer.RCP: ResourceForms(),
    Layer.ENDPOINT: ResourceForms(),
}
"""Which forms of `Resource` besides whole ARNs a layer takes, as far as AWS's pages say."""


@dataclass(frozen=True, slots=True)
class Attached:
    """One policy at its place.

    Args:
        layer: where it is attached.
        level: for SCPs and RCPs the place in the path from the root, from 0; else 0.
        index: its place among the policies of its layer and level, from 0.
        policy: the policy, compiled.
    """

    layer: Layer
    level: int
    index: int
    policy: CompiledPolicy


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant of a KMS key.

    Source: AWS KMS Developer Guide, "Grants in AWS KMS".

    Args:
        grantee: the grantee principal's ARN or service name.
        operations: names of operations, for example `Decrypt`.
        equals: the encryption context that the request must have, exactly; `None` without that
            constraint.
        subset: pairs that the request's encryption context must hold; `None` without that
            constraint.
    """

    grantee: str
    operations: tuple[str, ...]
    equals: tuple[tuple[str, str], ...] | None = None
    subset: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies that bear on requests of one principal for one resource.

    An empty or absent layer does not exist, that is, it neither allows nor denies; but at a level
    of SCPs without a policy nothing is allowed. They are compiled and indexed at the first
    request, once.

    Args:
        identity: of the user with its groups, or of the role.
        resource: of the resource; for `sts:AssumeRole` the role's trust policy, for a KMS key its
            key policy.
        boundary: the permissions boundary of the user or role.
        session: session policies of the session.
        scps: service control policies, one tuple a level, the organization's root first.
        rcps: resource control policies, in the same way.
        endpoint: of the VPC endpoint that the request goes through.
        grants: of the KMS key.
        restrict_public_buckets: whether `RestrictPublicBuckets` holds for the bucket.
    """

    identity: tuple[PolicyDocument, ...] = ()
    resource: PolicyDocument | None = None
    boundary: PolicyDocument | None = None
    session: tuple[PolicyDocument, ...] = ()
    scps: tuple[tuple[PolicyDocument, ...], ...] = ()
    rcps: tuple[tuple[PolicyDocument, ...], ...] = ()
    endpoint: PolicyDocument | None = None
    grants: tuple[Grant, ...] = ()
    restrict_public_buckets: bool = False
    _rules: list[Rules] = field(
        default_factory=list, init=False, compare=False, repr=False, hash=False
    )

    @property
    def rules(self) -> Rules:
        """The index over all of them."""
        if not self._rules:
            from revet.iam.evaluate.rules import Rules  # noqa: PLC0415 - rules need this module

            self._rules.append(Rules(tuple(self.attached()), len(self.scps)))
        return self._rules[0]

    def attached(self) -> Iterator[Attached]:
        """Each policy at its place, compiled."""
        single = (
            (Layer.RESOURCE, self.resource),
            (Layer.BOUNDARY, self.boundary),
            (Layer.ENDPOINT, self.endpoint),
        )
        layers: list[tuple[Layer, int, tuple[PolicyDocument, ...]]] = [
            (Layer.IDENTITY, 0, self.identity),
            (Layer.SESSION, 0, self.session),
            *((layer, 0, (document,)) for layer, document in single if document is not None),
            *((Layer.SCP, level, documents) for level, documents in enumerate(self.scps)),
            *((Layer.RCP, level, documents) for level, documents in enumerate(self.rcps)),
        ]
        for layer, level, documents in layers:
            for index, document in enumerate(documents):
                policy = compile_policy(document, KINDS[layer], FORMS[layer])
                yield Attached(layer, level, index, policy)
