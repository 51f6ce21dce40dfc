"""Amazon Resource Names.

Source: AWS General Reference, "Identify AWS resources with Amazon Resource Names (ARNs)"; the names
of the partitions' regions: `partitions.json` of botocore.
"""

from __future__ import annotations

from dataclasses import dataclass

_FIELDS = 6
_PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
    "eusc-": "aws-eusc",
}


@dataclass(frozen=True, slots=True)
class Arn:
    """One ARN, `arn:partition:service:region:account:resource`.

    Args:
        partition: `aws`, `aws-cn`, `aws-us-gov` or an isolated one.
        service: the service namespace, for example `s3`.
        region: empty where the service's ARNs carry none.
        account: twelve digits, or empty.
        resource: all after the fifth colon; may hold colons and slashes.
    """

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Arn:
        """Split an ARN into its fields.

        Args:
            text: the ARN; wildcards inside the fields are kept as they are.

        Raises:
            ValueError: it does not start with `arn:` or has fewer than six fields.
        """
        parts = text.split(":", _FIELDS - 1)
        if len(parts) < _FIELDS or parts[0] != "arn":
            message = (
                f"not an ARN: `{text}`; expected `arn:partition:service:region:account:resource`"
            )
            raise ValueError(message)
        return cls(*parts[1:])

    def __str__(self) -> str:
        """The ARN as text."""
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


def partition_of(region: str) -> str:
    """The partition that a region belongs to, for example `aws-cn`."""
    found = (name for prefix, name in _PARTITIONS.items() if region.startswith(prefix))
    return next(found, "aws")
