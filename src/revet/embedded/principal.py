"""Who signed a request.

Source: AWS Identity and Access Management User Guide, "Elements of an AWS API request signature":
the access key and the region stand in the credential scope, in the `Authorization` header or, for
presigned requests, in the query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from revet.embedded.call import Principal
from revet.embedded.daemon import ACCESS_KEY

ACCOUNT = "123456789012"
"""The account of the deploying credentials."""

_SCOPE = re.compile(r"Credential=(?P<key>[^/,\s&]+)/\d{8}/(?P<region>[a-z0-9-]+)/")
_OLD_QUERY = re.compile(r"(?:^|[?&])AWSAccessKeyId=(?P<key>[^&]+)")
_OLD_HEADER = re.compile(r"^AWS (?P<key>[^:]+):")


def principal_of(headers: Mapping[str, str], target: str) -> Principal:
    """Read the access key and region that a request is signed with.

    Args:
        headers: of the request.
        target: path and query.
    """
    query = unquote(target.partition("?")[2])
    authorization = headers.get("Authorization") or ""
    match = _SCOPE.search(authorization) or _SCOPE.search(query)
    if match:
        return _known(match["key"], match["region"])
    match = _OLD_HEADER.search(authorization) or _OLD_QUERY.search(query)
    if match:
        return _known(match["key"], "")
    return Principal("anonymous")


def _known(key: str, region: str) -> Principal:
    if key == ACCESS_KEY:
        return Principal(
            "root", key, ACCOUNT, f"arn:{_partition(region)}:iam::{ACCOUNT}:root", region
        )
    return Principal("other", key, region=region)


def _partition(region: str) -> str:
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"
