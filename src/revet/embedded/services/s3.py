"""S3: replication rules come back as they were put.

moto answers GetBucketReplication with a fixed filter and a fixed `DeleteMarkerReplication`, and
drops `SourceSelectionCriteria`: Terraform would put the rules at every apply. (S3 API Reference,
GetBucketReplication.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import xmltodict
from moto.s3.responses import S3Response

from revet.embedded.call import Moto
from revet.embedded.patching import replace

_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def install() -> None:
    """Put the change in place."""
    replace(S3Response, "get_bucket_replication", _get_bucket_replication)


def _get_bucket_replication(original: Callable[[Moto], Moto]) -> Callable[[Moto], Moto]:
    def get_bucket_replication(self: Moto) -> Moto:
        put = self.backend.get_bucket_replication(self.bucket_name)
        if not put:
            return original(self)
        self.data["Action"] = "GetBucketReplication"
        body = xmltodict.unparse(
            {
                "ReplicationConfiguration": {
                    "@xmlns": _NAMESPACE,
                    "Role": put["Role"],
                    "Rule": [_rule(rule) for rule in put["Rule"]],
                }
            }
        )
        return 200, {"Content-Type": "application/xml"}, body

    return get_bucket_replication


def _rule(put: dict[str, Any]) -> dict[str, Any]:
    rule = dict(put)
    if "Filter" in rule and not rule["Filter"]:
        rule["Filter"] = {"Prefix": ""}
    rule["Priority"] = rule.get("Priority") or 0
    return rule
