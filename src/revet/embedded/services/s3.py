"""S3: replication rules come back as they were put, policies are JSON, logs go where they may.

moto takes any body for a bucket policy, and fails at every later request for an object. It answers
GetBucketReplication with a fixed filter and a fixed `DeleteMarkerReplication`, and
drops `SourceSelectionCriteria`: Terraform would put the rules at every apply. (S3 API Reference,
GetBucketReplication.) It reads the policy of a bucket that takes server access logs in one of its
forms only, and fails at `"Principal": "*"`. (S3 User Guide, "Enabling Amazon S3 server access
logging": the policy allows `logging.s3.amazonaws.com` to put objects.) It denies, to everybody,
what any statement of a bucket policy denies on whatever condition: requests are decided before it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

import xmltodict
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket, FakeKey, S3Backend
from moto.s3.responses import S3Response
from moto.s3.utils import LOGGING_SERVICE_PRINCIPAL

from revet.embedded.call import Moto
from revet.embedded.patching import replace
from revet.embedded.wire_error import AwsError

_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def install() -> None:
    """Put the changes in place."""
    replace(S3Response, "get_bucket_replication", _get_bucket_replication)
    replace(S3Backend, "put_bucket_policy", _put_bucket_policy)
    replace(FakeKey, "value", _value)
    replace(FakeBucket, "get_permission", lambda _: _permitted)
    replace(FakeBucket, "_log_permissions_enabled_policy", lambda _: staticmethod(_takes_logs))


def _permitted(_self: FakeBucket, _action: str, _resource: str) -> PermissionResult:
    """Who may do what was decided before moto is asked; it takes no condition into account."""
    return PermissionResult.PERMITTED


def _value(original: property) -> property:
    """Write a large object to the disk at once; moto makes a copy in memory first."""

    def put(self: Moto, content: bytes) -> None:
        if len(content) > self._max_buffer_size:
            self._value_buffer.rollover()
        original.__set__(self, content)

    return property(original.__get__, put)


def _takes_logs(target_bucket: FakeBucket, target_prefix: str | None) -> bool:
    """Whether a bucket's policy lets S3 write access logs; conditions are taken to hold."""
    if not target_bucket.policy:
        return False
    log = f"{target_bucket.arn}/{target_prefix or ''}log"
    return any(
        statement.get("Effect") == "Allow"
        and _names(statement.get("Principal"))
        and any(fnmatchcase("s3:putobject", one.lower()) for one in _list(statement, "Action"))
        and any(fnmatchcase(log, one) for one in _list(statement, "Resource"))
        for statement in _listed(json.loads(target_bucket.policy)["Statement"])
    )


def _names(principal: Moto) -> bool:
    """Whether a principal is S3's logging service, or everybody."""
    if not isinstance(principal, dict):
        return bool(principal == "*")
    services = _list(principal, "Service")
    return LOGGING_SERVICE_PRINCIPAL in services or "*" in (*services, *_list(principal, "AWS"))


def _list(holder: dict[str, Any], name: str) -> list[str]:
    return _listed(holder.get(name, []))


def _listed(value: Moto) -> list[Moto]:
    return value if isinstance(value, list) else [value]


def _put_bucket_policy(original: Callable[..., None]) -> Callable[..., None]:
    def put_bucket_policy(self: Moto, bucket_name: str, policy: bytes) -> None:
        try:
            document = json.loads(policy)
        except ValueError:
            document = None
        if not isinstance(document, dict) or "Statement" not in document:
            raise AwsError(
                "MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'"
            )
        original(self, bucket_name, policy)

    return put_bucket_policy


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
