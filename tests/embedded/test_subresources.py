"""No request is taken for another one."""

import urllib.parse
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.session import get_session
from tests.embedded.wire import raw, signed_headers

from revet.embedded import Daemon
from revet.embedded.subresources import SERVED, falls_through

Client = Callable[..., Any]
S3 = "s3.us-east-1.amazonaws.com"
MODEL = get_session().get_service_model("s3")
SUBRESOURCES = sorted(
    {
        MODEL.operation_model(name).http["requestUri"].partition("?")[2].split("&")[0]
        for name in MODEL.operation_names
    }
    - {"", "list-type=2"}
)


def send(daemon: Daemon, method: str, target: str, body: bytes = b"") -> tuple[int, str]:
    headers = signed_headers(
        daemon, "s3", S3, method=method, target=target, body=body, headers={}
    ) | {"Content-Length": str(len(body))}
    lines = [f"{name}: {text}" for name, text in headers.items()]
    return raw(daemon, S3, "\r\n".join([f"{method} {target} HTTP/1.1", *lines]), body)


@pytest.mark.parametrize("name", [*SUBRESOURCES, "no-such-thing", "Metrics", "metrics%20"])
def test_no_subresource_is_taken_for_its_parent(name: str, daemon: Daemon, client: Client) -> None:
    s3, bucket = client("s3"), f"parent-{name.lower().replace('%20', '-and')}"
    s3.create_bucket(Bucket=bucket)
    query = name if "%" in name else urllib.parse.quote(name, safe="&=")
    for method, body in (("DELETE", b""), ("PUT", b"<x/>"), ("POST", b"<x/>")):
        for more in ("", "&id=x"):
            send(daemon, method, f"/{bucket}?{query}{more}", body)
    s3.head_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="k", Body=b"content", ChecksumAlgorithm="SHA256")
    for method in ("DELETE", "PUT", "POST"):
        for more in ("", "&id=x"):
            send(daemon, method, f"/{bucket}/k?{query}{more}")
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"content"
    _, text = send(daemon, "GET", f"/{bucket}/k?{query}")
    assert not text.endswith("content")


def test_two_subresources_at_once_are_refused(daemon: Daemon, client: Client) -> None:
    client("s3").create_bucket(Bucket="both")
    client("s3").put_bucket_tagging(Bucket="both", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    for target in ("/both?tagging&policy", "/both?metrics&id=x&tagging", "/both?cors&tagging="):
        status, text = send(daemon, "DELETE", target)
        assert status == 400
        assert "EmbeddedAwsNotImplemented" in text
    assert client("s3").get_bucket_tagging(Bucket="both")["TagSet"]


def test_every_served_operation_is_one_and_its_own() -> None:
    assert set(MODEL.operation_names) >= SERVED
    for name in SERVED:
        fixed = MODEL.operation_model(name).http["requestUri"].partition("?")[2]
        assert falls_through(name, fixed) == ""
        assert falls_through(name, f"{fixed}&surplus") != ""
    for name in set(MODEL.operation_names) - SERVED:
        assert falls_through(name, "") != ""


METRIC = {"Id": "whole", "Filter": {"Prefix": "logs/"}}
ANALYSIS = {"Id": "whole", "StorageClassAnalysis": {}}
TIERS = {
    "Id": "whole",
    "Status": "Enabled",
    "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}],
}
INVENTORY = {
    "Id": "whole",
    "IsEnabled": True,
    "IncludedObjectVersions": "All",
    "Schedule": {"Frequency": "Daily"},
    "OptionalFields": ["Size", "ETag"],
    "Destination": {"S3BucketDestination": {"Bucket": "arn:aws:s3:::x", "Format": "CSV"}},
}


@pytest.mark.parametrize(
    ("kind", "configuration"),
    [
        ("metrics", METRIC),
        ("analytics", ANALYSIS),
        ("intelligent_tiering", TIERS),
        ("inventory", INVENTORY),
    ],
)
def test_configurations_come_back_as_they_were_put(
    kind: str, configuration: dict[str, Any], client: Client
) -> None:
    s3, bucket = client("s3"), f"configured-{kind.replace('_', '-')}"
    s3.create_bucket(Bucket=bucket)
    words = "".join(part.title() for part in kind.split("_"))
    name = f"{words}Configuration"
    get = getattr(s3, f"get_bucket_{kind}_configuration")
    with pytest.raises(ClientError, match="NoSuchConfiguration"):
        get(Bucket=bucket, Id="whole")
    put = getattr(s3, f"put_bucket_{kind}_configuration")
    put(Bucket=bucket, Id="whole", **{name: configuration})
    assert get(Bucket=bucket, Id="whole")[name] == configuration
    listed = getattr(s3, f"list_bucket_{kind}_configurations")(Bucket=bucket)
    assert listed[f"{name}List"] == [configuration]
    delete = getattr(s3, f"delete_bucket_{kind}_configuration")
    delete(Bucket=bucket, Id="whole")
    with pytest.raises(ClientError, match="NoSuchConfiguration"):
        delete(Bucket=bucket, Id="whole")
    s3.head_bucket(Bucket=bucket)
    with pytest.raises(ClientError, match="NoSuchBucket"):
        get(Bucket="no-such-bucket-at-all", Id="whole")


def test_who_pays_is_kept(client: Client) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="paid")
    assert s3.get_bucket_request_payment(Bucket="paid")["Payer"] == "BucketOwner"
    s3.put_bucket_request_payment(Bucket="paid", RequestPaymentConfiguration={"Payer": "Requester"})
    assert s3.get_bucket_request_payment(Bucket="paid")["Payer"] == "Requester"


def test_a_request_that_says_two_things_does_neither(daemon: Daemon, client: Client) -> None:
    host = "iam.amazonaws.com"
    client("iam").create_user(UserName="twofold")
    body = b"Action=GetUser&UserName=twofold&Version=2010-05-08"
    target = "/?Action=DeleteUser&UserName=twofold&Version=2010-05-08"
    headers = signed_headers(daemon, "iam", host, target=target, body=body)
    lines = [f"{name}: {text}" for name, text in headers.items()]
    lines.append(f"Content-Length: {len(body)}")
    status, text = raw(daemon, host, "\r\n".join([f"POST {target} HTTP/1.1", *lines]), body)
    last = daemon.calls()[-1]["eventName"]
    gone = "twofold" not in {user["UserName"] for user in client("iam").list_users()["Users"]}
    assert status == 400 or (last == "DeleteUser") is gone, text
