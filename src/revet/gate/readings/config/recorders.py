"""What a recorder of AWS Config records, and whether it does.

An account has one recorder and one delivery channel in each region, and a recorder starts only
where there is a channel. Source: AWS Config API Reference, `RecordingGroup`,
`StartConfigurationRecorder`; notes of hashicorp/aws 5.100.0, `aws_config_configuration_recorder`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from revet.gate.readings.needed import refuse_unlisted, refuse_unread
from revet.gate.readings.values import one_of
from revet.iam.reference.regions import partition_of
from revet.model.finding import quoted
from revet.plan import Inventory, Resource, Undecided
from revet.plan.element_paths import blocks, elements
from revet.plan.values import Symbolic

RECORDER = "aws_config_configuration_recorder"
STATUS = "aws_config_configuration_recorder_status"
CHANNEL = "aws_config_delivery_channel"
_ALL, _EXCLUDING, _INCLUDING = (
    "ALL_SUPPORTED_RESOURCE_TYPES",
    "EXCLUSION_BY_RESOURCE_TYPES",
    "INCLUSION_BY_RESOURCE_TYPES",
)
_STRATEGIES = (_ALL, _EXCLUDING, _INCLUDING)
_USE = "recording_strategy.0.use_only"
_ROLE = "role_arn"
_LINKED = re.compile(
    r"arn:(?:[a-z-]+|\$\{[^{}]*\}):iam::(?:[0-9]{12}|\$\{[^{}]*\})"
    r":role/aws-service-role/config\.amazonaws\.com/AWSServiceRoleForConfig"
)
_LINKED_TYPE, _SERVICE = "aws_iam_service_linked_role", "config.amazonaws.com"
"""Source: AWS Config Developer Guide, "Using Service-Linked Roles for AWS Config"."""
_EARLY = frozenset(
    (
        "af-south-1",
        "ap-east-1",
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-southeast-3",
        "ca-central-1",
        "eu-central-1",
        "eu-north-1",
        "eu-south-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "me-south-1",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
    )
)
"""Where AWS Config was before February 2022: in later regions it does not record IAM's types.

Source: AWS Config Developer Guide, "Recording AWS Resources", on global resource types.
"""
_COMMERCIAL = "aws"


def recording_gap(recorder: Resource, wanted: Collection[str]) -> str:
    """What a recorder leaves out; empty for one that records what is wanted.

    Args:
        recorder: an `aws_config_configuration_recorder`.
        wanted: CloudFormation types; none for all that AWS Config supports.

    Raises:
        UnknownValueError: it is not known.
    """
    group = _group(recorder)
    if not group:
        return ""  # AWS Config's default is all but the global types of IAM
    strategy = _strategy(recorder, group)
    left_out = _excluded(recorder, group)
    if strategy == _INCLUDING:
        named = _named(recorder, f"{group}.resource_types")
        missing = sorted(set(wanted) - named)
        if not wanted:
            return f"it records {quoted(sorted(named)) or 'nothing'} alone"
        return f"it does not record {quoted(missing)}" if missing else ""
    missing = sorted(left_out & set(wanted) if wanted else left_out)
    return f"it leaves out {quoted(missing)}" if missing else ""


def records_global_types(recorder: Resource) -> bool:
    """Whether a recorder records users, groups, roles and policies of IAM.

    Raises:
        UnknownValueError: it is not known.
    """
    group = _group(recorder)
    if not group or _is_late(recorder.provider_region):
        return False
    strategy = _strategy(recorder, group)
    if strategy == _ALL:
        return bool(recorder.get(f"{group}.include_global_resource_types"))
    iam = {f"AWS::IAM::{kind}" for kind in ("Group", "Policy", "Role", "User")}
    if strategy == _INCLUDING:
        return iam <= _named(recorder, f"{group}.resource_types")
    return not iam & _excluded(recorder, group)


def _is_late(region: str) -> bool:
    """Whether a region is one of those in which the types of IAM are not recorded."""
    partition = partition_of(region)
    return partition is not None and partition.id == _COMMERCIAL and region not in _EARLY


def statuses_of(recorder: Resource, inventory: Inventory) -> tuple[Resource, ...]:
    """What switches a recorder on or off.

    Raises:
        UnknownValueError: it is not known whether something does.
    """
    return of_region(recorder, inventory.attached(recorder, STATUS, via="name", every=True))


def is_linked(recorder: Resource, inventory: Inventory) -> bool:
    """Whether a recorder has the service-linked role of AWS Config.

    Raises:
        UnknownValueError: it is not known.
    """
    named = inventory.target(recorder, _ROLE)
    if named is not None:
        linked = named.type == _LINKED_TYPE
        return bool(linked and named.get("aws_service_name") == _SERVICE)
    value = recorder.get(_ROLE)
    text = value.template if isinstance(value, Symbolic) else value
    if isinstance(text, str) and _LINKED.fullmatch(text):
        return True
    if isinstance(value, Undecided):
        value.refuse()
    refuse_unread(inventory, (_LINKED_TYPE,))
    return False


def beside(resource: Resource, inventory: Inventory, kind: str) -> tuple[Resource, ...]:
    """The resources of a type in the region of another.

    Raises:
        UnreadError: they could not be listed.
    """
    region = resource.provider_region
    inventory.require(kind, region)
    refuse_unlisted(inventory, kind, region=region)
    return of_region(resource, inventory.of_type(kind))


def of_region(resource: Resource, others: Iterable[Resource]) -> tuple[Resource, ...]:
    """Those that are in the region of a resource, as far as that is known.

    AWS Config finds by a name what is in the same region, whatever else has that name.
    """
    region = resource.provider_region
    return tuple(one for one in others if one.provider_region in (region, "") or not region)


def all_wait(waiting: Resource, others: Collection[Resource], inventory: Inventory) -> bool:
    """Whether a resource waits for one of some others; true where nothing shows the order."""
    said = [inventory.waits_for(waiting, other) for other in others]
    return any(answer is not False for answer in said)


def _group(recorder: Resource) -> str:
    found = blocks(recorder, "recording_group")
    return found[0] if found else ""


def _strategy(recorder: Resource, group: str) -> str:
    """How a recorder chooses; the older `all_supported` says it where no strategy does."""
    path = f"{group}.{_USE}"
    if blocks(recorder, f"{group}.recording_strategy"):
        return one_of(recorder, path, _STRATEGIES, "AWS Config has no strategy `{}`")
    everything = recorder.get(f"{group}.all_supported")
    if everything is None or everything:
        return _ALL
    return _EXCLUDING if _excluded(recorder, group) else _INCLUDING


def _excluded(recorder: Resource, group: str) -> set[str]:
    found: set[str] = set()
    for block in blocks(recorder, f"{group}.exclusion_by_resource_types"):
        found |= _named(recorder, f"{block}.resource_types")
    return found


def _named(recorder: Resource, path: str) -> set[str]:
    """The texts of a list, each of which is known."""
    found: set[str] = set()
    for place in elements(recorder, path):
        text = recorder.get(place)
        if isinstance(text, Undecided):
            text.refuse()
        found.add(text)
    return found
