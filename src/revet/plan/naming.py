"""Which attributes name a resource, and of which type an attribute names one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from revet.plan.resource import Resource
from revet.plan.terraform_types import terraform_type, types_with, variants


@cache
def _meant() -> Mapping[str, str]:
    """Attribute name → the type that it means, where the name alone says it."""
    return {name: kind for kind in types_with("meant_by") for name in terraform_type(kind).meant_by}


def names_of(resource: Resource) -> tuple[str, ...]:
    """The attributes that name a resource."""
    return terraform_type(resource.type).known_by


def meant(path: str) -> str:
    """The Terraform type that an attribute's name says; empty when it says none."""
    name = [word for word in path.split(".") if not word.isdigit()][-1]
    return _meant().get(name, "")


def lead_of(kind: str) -> str:
    """The attribute of a type that says what it stands for; empty for most."""
    return terraform_type(kind).stands_for


def stands_for_one(kind: str, wanted: str) -> bool:
    """Whether the name of a resource of one type may be that of one of another."""
    return kind in variants(wanted) or meant(lead_of(kind)) == wanted


def names_one(resource: Resource, wanted: str) -> bool:
    """Whether a resource has an attribute that may name one of the wanted type."""
    name = argument_of(wanted)
    return bool(name) and resource.get(name) is not None


def argument_of(wanted: str) -> str:
    """An argument whose name says that it means a resource of a type; empty without one."""
    return next(iter(terraform_type(wanted).meant_by), "")
