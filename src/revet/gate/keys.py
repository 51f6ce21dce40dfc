"""Whether a resource is encrypted with a customer-managed KMS key."""

from __future__ import annotations

from revet.plan import Plan, Resource

_KEY_TYPES = (
    "aws_kms_key",
    "aws_kms_replica_key",
    "aws_kms_external_key",
    "aws_kms_replica_external_key",
    "aws_kms_alias",
)
_PROVIDER_MANAGED = "alias/aws/"


def key_fault(resource: Resource, plan: Plan, path: str) -> str:
    """Say why an argument does not name a customer-managed key.

    A key given as a literal id or ARN counts as customer-managed: nothing in it tells the two
    apart, and a provider-managed key is named by its alias or by leaving the argument out.

    Args:
        resource: the encrypted resource.
        plan: it belongs to.
        path: of the argument that names the key.

    Returns:
        What is wrong, in words that go on from "it is encrypted with …"; empty when nothing is.

    Raises:
        UnknownValueError: the plan does not show which key it is.
    """
    if not resource.is_set(path):
        return f"a provider-managed key: `{path}` is not set"
    key = plan.target(resource, path)
    if key is not None and key.type in _KEY_TYPES:
        return ""
    name = resource.get(path)  # refuses to be looked at when some other resource will give it
    if not name:
        return f"a provider-managed key: `{path}` is empty"
    return f"a provider-managed key: `{path} = {name}`" if _PROVIDER_MANAGED in name else ""
