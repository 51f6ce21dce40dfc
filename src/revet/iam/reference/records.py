"""What the tables of a service hold: action, resource type, condition key."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConditionKey:
    """One condition key.

    Args:
        name: in AWS's own case; a template keeps its placeholder, `aws:RequestTag/${TagKey}`.
        type: `String`, `ARN`, `Bool`, `Numeric`, `Date`, `IPAddress` or `Binary`.
        multivalued: a request can carry several values of it (`ArrayOf…` in AWS's tables).
        also: further types whose operators AWS accepts for it.
    """

    name: str
    type: str
    multivalued: bool = False
    also: tuple[str, ...] = ()

    @property
    def types(self) -> tuple[str, ...]:
        """All types whose operators AWS accepts, the main one first."""
        return (self.type, *self.also)

    @property
    def is_template(self) -> bool:
        """Whether a part of the name is chosen by the user, as a tag key is."""
        return "${" in self.name or "<" in self.name


@dataclass(frozen=True, slots=True)
class ActionResource:
    """One resource type that an action can be limited to.

    Args:
        name: name of the resource type, in the service of the action.
        condition_keys: keys in lower case that only count together with this resource type.
    """

    name: str
    condition_keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Action:
    """One action.

    Args:
        service: prefix in lower case.
        name: without the prefix, in AWS's own case.
        resources: the resource types that it can be limited to; empty: only `*` fits.
        condition_keys: keys in lower case, templates kept, that the action itself supports.
    """

    service: str
    name: str
    resources: tuple[ActionResource, ...]
    condition_keys: frozenset[str]

    def __str__(self) -> str:
        """The action as a policy names it, `s3:GetObject`."""
        return f"{self.service}:{self.name}"


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One resource type of a service.

    Args:
        name: as the actions of the service name it.
        arns: formats with placeholders, `arn:${Partition}:s3:::${BucketName}`.
        condition_keys: keys in lower case, templates kept, that requests on it can carry.
    """

    name: str
    arns: tuple[str, ...]
    condition_keys: frozenset[str]
