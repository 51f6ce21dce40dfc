"""The policies that bear on one request, by layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from revet.iam.compiled.policy import compile_policy
from revet.iam.document import PolicyDocument
from revet.iam.evaluate.attached import FORMS, KINDS, Attached, Layer
from revet.iam.evaluate.rules import Rules


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
    of SCPs without a policy nothing is allowed. They are compiled, and indexed, when that is first
    asked for, once.

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
    _attached: list[tuple[Attached, ...]] = field(
        default_factory=list, init=False, compare=False, repr=False, hash=False
    )
    _rules: list[Rules] = field(
        default_factory=list, init=False, compare=False, repr=False, hash=False
    )

    @property
    def indexed(self) -> bool:
        """Whether there is an index already."""
        return bool(self._rules)

    @property
    def rules(self) -> Rules:
        """The index over all of them."""
        if not self._rules:
            self._rules.append(Rules(self.attached(), len(self.scps)))
        return self._rules[0]

    def attached(self) -> tuple[Attached, ...]:
        """Each policy at its place, compiled."""
        if not self._attached:
            self._attached.append(tuple(self._compiled()))
        return self._attached[0]

    def _compiled(self) -> Iterator[Attached]:
        for layer, documents in ((Layer.IDENTITY, self.identity), (Layer.SESSION, self.session)):
            for index, document in enumerate(documents):
                yield _attached(layer, 0, index, document)
        if self.resource is not None:
            yield _attached(Layer.RESOURCE, 0, 0, self.resource)
        if self.boundary is not None:
            yield _attached(Layer.BOUNDARY, 0, 0, self.boundary)
        if self.endpoint is not None:
            yield _attached(Layer.ENDPOINT, 0, 0, self.endpoint)
        for layer, levels in ((Layer.SCP, self.scps), (Layer.RCP, self.rcps)):
            for level, documents in enumerate(levels):
                for index, document in enumerate(documents):
                    yield _attached(layer, level, index, document)


def _attached(layer: Layer, level: int, index: int, document: PolicyDocument) -> Attached:
    return Attached(layer, level, index, compile_policy(document, KINDS[layer], FORMS[layer]))
