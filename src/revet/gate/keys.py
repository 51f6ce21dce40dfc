"""Whether a resource is encrypted with a customer-managed KMS key."""

from __future__ import annotations

from revet.plan import Inventory, Resource
from revet.plan.address import instance_address
from revet.plan.expression import references
from revet.plan.terraform_types import terraform_type, variants

_KEY = "aws_kms_key"
_ALIAS = "aws_kms_alias"
_PROVIDER_MANAGED = "alias/aws/"


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
    if candidates and all(map(_is_key, candidates)):
        return ""
    if not resource.is_set(path):
        return f"a provider-managed key: `{path}` is not set"
    key = inventory.target(resource, path)
    if key is not None and _is_key(key):
        return ""
    if _is_provider_managed(resource, inventory, path):
        return f"a provider-managed key: `{path}` is that of `{_PROVIDER_MANAGED}…`"
    name = resource.get(path)  # refuses to be looked at when some other resource will give it
    if not name:
        return f"a provider-managed key: `{path}` is empty"
    return f"a provider-managed key: `{path} = {name}`" if _PROVIDER_MANAGED in name else ""


def _is_key(resource: Resource) -> bool:
    return resource.type in (*variants(_KEY), _ALIAS)


def _is_provider_managed(resource: Resource, inventory: Inventory, path: str) -> bool:
    """Whether a data source says that it is a key of AWS's own, by reference or by equal value."""
    value = resource.get(path)
    expression = resource.expression(path)
    named = {instance_address(name) for name in references(expression)} if expression else set()
    for source in inventory.data.values():
        if source.type not in (_KEY, _ALIAS) or not _is_of_aws(source):
            continue
        if source.address in named:
            return True
        if isinstance(value, str) and value:
            names = terraform_type(source.type).data_known_by
            known = (source.get(name) for name in names)
            if any(isinstance(text, str) and text == value for text in known):
                return True
    return False


def _is_of_aws(source: Resource) -> bool:
    told = (source.get("name"), source.get("key_id"), source.get("key_manager"))
    texts = [text for text in told if isinstance(text, str)]
    return any(text == "AWS" or _PROVIDER_MANAGED in text for text in texts)
