"""The region of a resource, as its own attributes say it."""

from __future__ import annotations

from collections.abc import Mapping

from revet.model.arn import Arn


def region_given(value: object) -> str:
    """The `region` of a resource (provider 6, and the account's reading); empty without one.

    Args:
        value: attribute to value.
    """
    return _text(value, "region")


def region_shown(value: object) -> str:
    """The region in a resource's own ARN; empty for global ones, and before it is made.

    Args:
        value: attribute to value.
    """
    try:
        return Arn.parse(_text(value, "arn")).region
    except ValueError:
        return ""


def _text(value: object, name: str) -> str:
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, str) else ""
