"""Trails, as they are in the account."""

from __future__ import annotations

from typing import Any

from revet.verify.reader import Reader
from revet.verify.subject import Subject


def read_trail(subject: Subject, reader: Reader) -> dict[str, Any]:
    """One trail, asked in its home region; needs `cloudtrail:GetTrail`.

    Args:
        subject: an `aws_cloudtrail`.
        reader: of the account.

    Returns:
        `Trail` of `GetTrail`.

    Raises:
        MissingResourceError: there is no such trail.
    """
    trail: dict[str, Any] = reader.call(
        "cloudtrail", "get_trail", region=subject.region, Name=subject.arn
    )["Trail"]
    return trail
