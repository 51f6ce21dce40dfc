"""KMS keys, as they are in the account."""

from __future__ import annotations

from typing import Any

from revet.model.arn import Arn
from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.reader import Reader


def read_key(reader: Reader, key: str, region: str) -> dict[str, Any]:
    """The metadata of a key; needs `kms:DescribeKey`.

    Args:
        reader: of the account.
        key: its id, ARN, alias name or alias ARN.
        region: asked when `key` is no ARN; an ARN says its region itself.

    Returns:
        `KeyMetadata` of `DescribeKey`.

    Raises:
        MissingResourceError: there is no such key.
    """
    home = Arn.parse(key).region if key.startswith("arn:") else region
    metadata: dict[str, Any] = reader.call("kms", "describe_key", region=home, KeyId=key)[
        "KeyMetadata"
    ]
    return metadata


def judge_customer_key(reader: Reader, key: str, region: str, *, what: str) -> Outcome:
    """Whether a key is customer-managed and in use; needs `kms:DescribeKey`.

    Args:
        reader: of the account.
        key: as the encrypted resource names it; empty when it names none.
        region: of the encrypted resource.
        what: the encrypted thing, for the message.

    Raises:
        MissingResourceError: there is no such key.
    """
    if not key:
        return noncompliant(f"{what} names no key")
    metadata = read_key(reader, key, region)
    if metadata.get("KeyManager") != "CUSTOMER":
        return noncompliant(f"{what} uses `{key}`, a key that AWS manages")
    state = metadata.get("KeyState", "")
    if state != "Enabled":
        return noncompliant(f"{what} uses `{key}`, which is `{state}`")
    return compliant(f"{what} uses the customer-managed key `{metadata['Arn']}`")
