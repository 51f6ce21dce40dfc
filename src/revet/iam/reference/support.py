"""Which actions can carry a condition key.

Source: Service Authorization Reference: the keys of an action, those of its resource types, and
those that its table gives to a resource type within the action.
"""

from __future__ import annotations

from functools import cache

from revet.iam.reference.conditions import condition_key
from revet.iam.reference.records import Action
from revet.iam.reference.services import service

_TAG_KEYS = frozenset({"aws:requesttag/${tagkey}", "aws:resourcetag/${tagkey}", "aws:tagkeys"})


def supports_key(action: Action, key: str) -> bool:
    """Whether the reference lists a key for an action or for a resource type of it.

    Args:
        action: the action.
        key: a service's key, `aws:RequestTag/…`, `aws:ResourceTag/…` or `aws:TagKeys`; any case,
            with the chosen part of a template filled in or not. For other global keys the reference
            has no list.
    """
    found = condition_key(key)
    return found is not None and found.name.lower() in _keys_of(action)


def service_supports_key(prefix: str, key: str) -> bool:
    """Whether any action of a service supports a key; see `supports_key`.

    Args:
        prefix: the service.
        key: any case.
    """
    found = condition_key(key)
    return found is not None and found.name.lower() in _keys_of_service(prefix.lower())


def carries_resource_tag(action: Action) -> bool:
    """Whether requests for an action can carry `aws:ResourceTag/…`.

    They do when the reference lists the key for the action, and when the action creates a resource
    with tags: then the tags that it is given count as the resource's.

    Source: AWS IAM User Guide, "AWS global condition context keys", `aws:ResourceTag`.
    """
    return not _TAG_KEYS.isdisjoint(_keys_of(action))


@cache
def _keys_of(action: Action) -> frozenset[str]:
    owner = service(action.service)
    if owner is None:
        return action.condition_keys
    return action.condition_keys.union(
        *(each.condition_keys for each in action.resources),
        *(owner.resource_types[each.name].condition_keys for each in action.resources),
    )


@cache
def _keys_of_service(prefix: str) -> frozenset[str]:
    owner = service(prefix)
    if owner is None:
        return frozenset()
    return frozenset().union(*map(_keys_of, owner.actions.values()))
