"""ARNs as policies write them: with wildcards and variables."""

from __future__ import annotations

from dataclasses import dataclass

_FIELDS = 6


@dataclass(frozen=True, slots=True)
class ArnPattern:
    """The six fields of an ARN; each may hold wildcards and variables.

    Source: AWS General Reference, "Amazon Resource Names (ARNs)".

    Args:
        prefix: `arn`.
        partition: for example `aws`.
        service: for example `s3`.
        region: empty where the service leaves it out.
        account: empty where the service leaves it out.
        resource: all after the fifth colon.
    """

    prefix: str
    partition: str
    service: str
    region: str
    account: str
    resource: str

    def offset(self, field: str) -> int:
        """How many characters stand before a field.

        Args:
            field: `prefix`, `partition`, `service`, `region`, `account` or `resource`.
        """
        names = ("prefix", "partition", "service", "region", "account", "resource")
        before = names[: names.index(field)]
        return sum(len(getattr(self, name)) + 1 for name in before)


def split_arn(text: str) -> list[str]:
    """Split at the first five colons that stand outside `${…}`."""
    if "${" not in text:
        return text.split(":", _FIELDS - 1)
    fields: list[str] = []
    begin = position = 0
    while len(fields) < _FIELDS - 1:
        colon = text.find(":", position)
        if colon < 0:
            break
        opening = text.find("${", position)
        if 0 <= opening < colon:
            closing = text.find("}", opening)
            position = closing + 1 if closing >= 0 else len(text)
            continue
        fields.append(text[begin:colon])
        begin = position = colon + 1
    return [*fields, text[begin:]]


def read_arn(text: str) -> ArnPattern | None:
    """Read an ARN.

    Args:
        text: as the policy has it.

    Returns:
        None when it has fewer than six fields.
    """
    fields = split_arn(text)
    return ArnPattern(*fields) if len(fields) == _FIELDS else None
