"""Where policies are attached, and what each place makes of them."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from revet.iam.compiled.policy import CompiledPolicy, PolicyKind
from revet.iam.compiled.resources import IncompleteArns, ResourceForms


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


class Attached(NamedTuple):
    """One policy at its place.

    Args:
        layer: where it is attached.
        level: for SCPs and RCPs the place in the path from the root, from 0; else 0.
        number: its place among the policies of its layer and level, from 0.
        policy: the policy, compiled.
    """

    layer: Layer
    level: int
    number: int
    policy: CompiledPolicy
