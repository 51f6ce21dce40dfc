"""Database instances, as they are in the account."""

from __future__ import annotations

from typing import Any

from revet.verify.reader import Reader
from revet.verify.subject import Subject


def read_db_instance(subject: Subject, reader: Reader) -> dict[str, Any]:
    """One database instance; needs `rds:DescribeDBInstances`.

    Args:
        subject: an `aws_db_instance`; its id is the resource id, so `identifier` is asked for.
        reader: of the account.

    Returns:
        Its entry in the answer of `DescribeDBInstances`.

    Raises:
        MissingResourceError: there is no such instance.
    """
    reply = reader.call(
        "rds",
        "describe_db_instances",
        region=subject.region,
        DBInstanceIdentifier=subject.text("identifier"),
    )
    instance: dict[str, Any] = reply["DBInstances"][0]
    return instance
