"""A call that an SDK sends again is answered as before, and takes effect once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

EVERYTHING = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]


def saying(client: Any, invocation: str, attempt: int) -> None:  # noqa: ANN401 - a boto3 client
    def change(request: Any, **_: object) -> None:  # noqa: ANN401 - botocore's request
        for name in ("amz-sdk-invocation-id", "amz-sdk-request"):
            del request.headers[name]
        request.headers["amz-sdk-invocation-id"] = invocation
        request.headers["amz-sdk-request"] = f"attempt={attempt}; max=25"

    client.meta.events.register_last("before-send", change)


def test_a_repeated_call_takes_effect_once(client: Callable[[str], Any]) -> None:
    ec2 = client("ec2")
    group = ec2.create_security_group(GroupName="repeated", Description="x")["GroupId"]
    saying(ec2, "one", 1)
    first = ec2.revoke_security_group_egress(GroupId=group, IpPermissions=EVERYTHING)
    again = client("ec2")
    saying(again, "one", 2)
    second = again.revoke_security_group_egress(GroupId=group, IpPermissions=EVERYTHING)
    assert json.dumps(first["Return"]) == json.dumps(second["Return"])
    other = client("ec2")
    saying(other, "another", 2)
    with pytest.raises(ClientError, match=r"InvalidPermission\.NotFound"):
        other.revoke_security_group_egress(GroupId=group, IpPermissions=EVERYTHING)


def test_a_first_attempt_is_never_answered_from_memory(client: Callable[[str], Any]) -> None:
    ec2 = client("ec2")
    group = ec2.create_security_group(GroupName="first", Description="x")["GroupId"]
    saying(ec2, "two", 1)
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=EVERYTHING)
    with pytest.raises(ClientError, match=r"InvalidPermission\.NotFound"):
        ec2.revoke_security_group_egress(GroupId=group, IpPermissions=EVERYTHING)
