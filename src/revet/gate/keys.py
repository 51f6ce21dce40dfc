"""Whether a resource is encrypted with a customer-managed KMS key."""

from __future__ import annotations

from revet.plan import Inventory, Resource
from revet.plan.address import instance_address
from revet.plan.expression import references

_KEY_TYPES = (
    "aws_kms_key",
    "aws_kms_replica_key",
    "aws_kms_external_key",
    "aws_kms_replica_external_key",
    "aws_kms_alias",
)
_PROVIDER_MANAGED = "alias/aws/"
# Data source → its attributes that name the key.
_DATA_SOURCES = {
    "aws_kms_alias": ("target_key_arn", "target_key_id", "arn", "name"),
    "aws_kms_key": ("arn", "id", "key_id"),
}


def key_fault(resource: Resource, inventory: Inventory, path: str) -> str:
    """Say why an argument does not name a customer-managed key.

    A key given as a literal id or ARN counts as customer-managed, unless a data source of the plan
    found it as a provider-managed one: nothing in it tells the two apart.

    Args:
        resource: the encrypted resource.
        inventory: it belongs to.
        path: of the argument that names the key.

    Returns:
        What is wrong, in words that go on from "it is encrypted with …"; empty when nothing is.

    Raises:
        UnknownValueError: the plan does not show which key it is.
    """
    candidates = inventory.candidates(resource, path)
    if candidates and all(item.type in _KEY_TYPES for item in candidates):
        return ""
    if not resource.is_set(path):
        return f"a provider-managed key: `{path}` is not set"
    key = inventory.target(resource, path)
    if key is not None and key.type in _KEY_TYPES:
        return ""
    if _is_provider_managed(resource, inventory, path):
        return f"a provider-managed key: `{path}` is that of `{_PROVIDER_MANAGED}…`"
    name = resource.get(path)  # refuses to be looked at when some other resource will give it
    if not name:
        return f"a provider-managed key: `{path}` is empty"
    return f"a provider-managed key: `{path} = {name}`" if _PROVIDER_MANAGED in name else ""


def _is_provider_managed(resource: Resource, inventory: Inventory, path: str) -> bool:
    """Whether a data source says that it is a key of AWS's own, by reference or by equal value."""
    value = resource.get(path)
    expression = resource.expression(path)
    named = {instance_address(name) for name in references(expression)} if expression else set()
    for source in inventory.data.values():
        attributes = _DATA_SOURCES.get(source.type)
        if attributes is None or not _is_of_aws(source):
            continue
        if source.address in named:
            return True
        if isinstance(value, str) and value:
            known = (source.get(attribute) for attribute in attributes)
            if any(isinstance(text, str) and text == value for text in known):
                return True
    return False


def _is_of_aws(source: Resource) -> bool:
    told = (source.get("name"), source.get("key_id"), source.get("key_manager"))
    texts = [text for text in told if isinstance(text, str)]
    return any(text == "AWS" or _PROVIDER_MANAGED in text for text in texts)
