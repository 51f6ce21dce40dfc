"""Whether a resource is encrypted with a customer-managed KMS key."""

from __future__ import annotations

import re

from revet.gate.readings.needed import agreed, found_as, refuse_unread
from revet.plan import Computed, Inventory, Reading, Resource
from revet.plan.address import instance_address
from revet.plan.expression import references
from revet.plan.terraform_types import variants

_KEY = "aws_kms_key"
_ALIAS = "aws_kms_alias"
_KEY_ARN = re.compile(r"arn:[^:]+:kms:(?P<region>[^:]*):(?P<account>[0-9]{12}):")
_NAME = re.compile(
    r"arn:[\w-]+:kms:[\w-]+:[0-9]{12}:(?:key/[\w-]+|alias/[\w/:-]+)"
    r"|alias/[\w/:-]+|mrk-[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    re.ASCII,
)
"""What names a key. Source: KMS Developer Guide, "Key identifiers"."""
_PROVIDER_MANAGED = "alias/aws/"


def key_fault(resource: Resource, inventory: Inventory, path: str) -> str:
    """Say why an argument does not name a customer-managed key.

    A key that is disabled encrypts nothing. A key given as a literal id or ARN counts as
    customer-managed in a plan and a state, unless a data source found it as a provider-managed one:
    nothing there tells the two apart. In an account it must be one of the account's.

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
        disabled = [_is_disabled(item, inventory) for item in candidates]
        return _disabled(candidates[0]) if agreed(resource, path, disabled) else ""
    if not resource.is_set(path):
        return f"a provider-managed key: `{path}` is not set"
    key = inventory.target(resource, path)
    if key is not None and _is_key(key):
        return _disabled(key) if _is_disabled(key, inventory) else ""
    return _by_name(resource, inventory, path)


def _by_name(resource: Resource, inventory: Inventory, path: str) -> str:
    """What is wrong with a key that is no resource of the inventory."""
    if _is_provider_managed(resource, inventory, path):
        return f"a provider-managed key: `{path}` is that of `{_PROVIDER_MANAGED}…`"
    name = resource.get(path)  # refuses to be looked at when some other resource will give it
    if not name:
        return f"a provider-managed key: `{path}` is empty"
    if _PROVIDER_MANAGED in name:
        return f"a provider-managed key: `{path} = {name}`"
    if not _NAME.fullmatch(name):
        why = f"`{name!a}` is not the id, alias or ARN of a key"
        raise resource.doubt(path, why, "name the key by its ARN")
    return _elsewhere(resource, inventory, path, name)


def _is_disabled(key: Resource, inventory: Inventory) -> bool:
    """Whether a key, or the one behind an alias, is disabled; in doubt it refuses."""
    if key.type == _ALIAS:
        behind = inventory.target(key, "target_key_id")
        return behind is not None and _is_disabled(behind, inventory)
    enabled = key.get("is_enabled" if key.type == _KEY else "enabled")
    if isinstance(enabled, Computed):
        return False
    return enabled is not None and not enabled


def _disabled(key: Resource) -> str:
    return f"a key that is disabled: `{key.address}`"


def _elsewhere(resource: Resource, inventory: Inventory, path: str, name: str) -> str:
    """What is wrong with a key that the inventory does not have."""
    found = _KEY_ARN.match(name)
    region = found["region"] if found else resource.provider_region
    own = inventory.account_of(resource) or inventory.account
    if found and own and found["account"] != own:
        why = f"`{name}` is a key of another account, which may be disabled, or may not exist"
        do = "use a key of the account, or waive the finding with a reason"
        raise resource.doubt(path, why, do)
    if inventory.reading is not Reading.ACCOUNT:
        return ""
    for kind in (_KEY, _ALIAS):
        inventory.require(kind, region)
    refuse_unread(inventory, (*variants(_KEY), _ALIAS))
    return f"a key that the account does not have: `{path} = {name}`"


def _is_key(resource: Resource) -> bool:
    return resource.type in (*variants(_KEY), _ALIAS)


def _is_provider_managed(resource: Resource, inventory: Inventory, path: str) -> bool:
    """Whether a data source says that it is a key of AWS's own, by reference or by equal value."""
    value = resource.get(path)
    expression = resource.expression(path)
    named = {instance_address(name) for name in references(expression)} if expression else set()
    kinds = (_KEY, _ALIAS)
    referred = (item for item in inventory.data.values() if item.address in named)
    found = (*referred, *found_as(value, inventory, *kinds))
    return any(source.type in kinds and _is_of_aws(source) for source in found)


def _is_of_aws(source: Resource) -> bool:
    told = (source.get("name"), source.get("key_id"), source.get("key_manager"))
    texts = [text for text in told if isinstance(text, str)]
    return any(text == "AWS" or _PROVIDER_MANAGED in text for text in texts)
