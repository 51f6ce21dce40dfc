"""What a program sees that uses the proxy."""

import socket
import ssl
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.embedded.wire import raw, signed_headers

from revet.embedded import Daemon
from revet.embedded.wire_error import answer_with_error, cbor_map

CASES = tomllib.loads((Path(__file__).parent / "cases" / "wire_errors.toml").read_text())["case"]
Client = Callable[..., Any]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["protocol"])
def test_what_is_not_modelled_is_a_named_error_at_once(
    case: dict[str, Any], client: Client, daemon: Daemon
) -> None:
    if not case["operation"]:
        status, text = raw(daemon, f"{case['service']}.us-east-1.amazonaws.com", "POST / HTTP/1.1")
        assert status == 400
        assert case["code"] in text
        return
    before = len(daemon.internal_errors())
    with pytest.raises(ClientError) as caught:
        getattr(client(case["service"]), case["operation"])(**case["arguments"])
    answer = caught.value.response
    assert answer["Error"]["Code"] == case["code"]
    assert "does not model" in answer["Error"]["Message"]
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    faults = daemon.internal_errors()[before:]
    assert [(fault["kind"], fault["service"]) for fault in faults] == [
        ("unmodelled", case["service"])
    ]


def test_an_error_in_cbor_can_be_read() -> None:
    message = "x" * 300
    answer = answer_with_error(
        400, "Broken", message, model=None, headers={"Smithy-Protocol": "rpc-v2-cbor"}
    )
    assert answer.headers["Content-Type"] == "application/cbor"
    assert answer.body == cbor_map({"__type": "Broken", "message": message})
    assert answer.body.startswith(b"\xa2\x66__type\x66Broken\x67message\x7a\x00\x00\x01\x2cxxx")


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_nothing_but_aws_is_reached(scheme: str, daemon: Daemon) -> None:
    proxies = urllib.request.ProxyHandler({"http": daemon.url, "https": daemon.url})
    opener = urllib.request.build_opener(proxies)
    with pytest.raises(urllib.error.URLError, match="403") as caught:
        opener.open(f"{scheme}://example.com/")
    if isinstance(caught.value, urllib.error.HTTPError):
        caught.value.close()


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-central-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_every_partition_is_served(region: str, partition: str, client: Client) -> None:
    who = client("sts", region=region).get_caller_identity()
    assert who["Arn"] == f"arn:{partition}:iam::123456789012:root"
    key = client("kms", region=region).create_key()["KeyMetadata"]
    assert key["Arn"].startswith(f"arn:{partition}:kms:{region}:123456789012:key/")


@pytest.mark.parametrize("option", ["use_fips_endpoint", "use_dualstack_endpoint"])
def test_fips_and_dual_stack_endpoints_are_the_same_aws(option: str, client: Client) -> None:
    arn = client("kms").create_key()["KeyMetadata"]["Arn"]
    found = client("kms", config={option: True}).describe_key(KeyId=arn)
    assert found["KeyMetadata"]["Arn"] == arn


def test_a_host_prefix_is_understood(client: Client) -> None:
    block = {"BlockPublicAcls": True, "IgnorePublicAcls": True}
    control = client("s3control")
    control.put_public_access_block(AccountId="123456789012", PublicAccessBlockConfiguration=block)
    found = control.get_public_access_block(AccountId="123456789012")
    assert found["PublicAccessBlockConfiguration"]["BlockPublicAcls"] is True
    control.delete_public_access_block(AccountId="123456789012")


@pytest.mark.parametrize("endpoint", [None, "http://s3.us-east-1.amazonaws.com"])
def test_objects_come_back_as_they_were_sent(endpoint: str | None, client: Client) -> None:
    s3 = client("s3", endpoint_url=endpoint)
    bucket = "objects-plain" if endpoint else "objects-tls"
    s3.create_bucket(Bucket=bucket)
    content = bytes(range(256)) * 4096
    for name in ("a/b c", "ümlaut", "empty"):
        body = b"" if name == "empty" else content
        s3.put_object(Bucket=bucket, Key=name, Body=body, ChecksumAlgorithm="SHA256")
        found = s3.get_object(Bucket=bucket, Key=name)
        assert found["Body"].read() == body
        assert s3.head_object(Bucket=bucket, Key=name)["ContentLength"] == len(body)
    assert {item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]} == {
        "a/b c",
        "ümlaut",
        "empty",
    }


def test_chunks_and_expect_100(daemon: Daemon) -> None:
    host = "sts.us-east-1.amazonaws.com"
    form = b"Action=GetCallerIdentity&Version=2011-06-15"
    signed = signed_headers(daemon, "sts", host, body=form)
    lines = [f"{name}: {text}" for name, text in signed.items()]
    head = "\r\n".join(
        ["POST / HTTP/1.1", "Expect: 100-continue", "Transfer-Encoding: chunked", *lines]
    )
    body = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (6, form[:6], len(form) - 6, form[6:])
    status, text = raw(daemon, host, head, body, interim=True)
    assert status == 200
    assert "arn:aws:iam::123456789012:root" in text


def test_a_broken_body_is_refused(daemon: Daemon) -> None:
    head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked"
    status, text = raw(daemon, "kms.us-east-1.amazonaws.com", head, b"nonsense\r\n")
    assert status == 400
    assert "EmbeddedAwsMalformedRequest" in text


def test_the_port_itself_says_what_it_is(daemon: Daemon) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(daemon.url)
    with caught.value as answer:
        assert answer.code == 404
        assert "HTTPS_PROXY" in answer.read().decode()


@pytest.mark.parametrize("run_id", ["", "wrong", "ü"])
def test_control_needs_the_run_id(run_id: str, daemon: Daemon) -> None:
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{daemon.url}/_embedded/inventory", headers={"X-Revet-Run": run_id}
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request)
    with caught.value as answer:
        assert answer.code == 403


def test_the_certificate_key_never_reaches_the_disk(daemon: Daemon) -> None:
    kept = [path.read_bytes() for path in daemon.state_dir.rglob("*.pem")]
    assert kept
    assert all(b"PRIVATE KEY" not in content for content in kept)


def test_an_answer_comes_in_one_piece(daemon: Daemon) -> None:
    """Head and body in one TLS record: the provider sometimes gives up between two."""
    host, body = "sts.us-east-1.amazonaws.com", b"Action=GetCallerIdentity&Version=2011-06-15"
    headers = signed_headers(daemon, "sts", host, body=body)
    lines = ["POST / HTTP/1.1", *(f"{name}: {text}" for name, text in headers.items())]
    lines += [f"Host: {host}", f"Content-Length: {len(body)}", "", ""]
    context = ssl.create_default_context(cafile=str(daemon.ca_path))
    with socket.create_connection(("127.0.0.1", daemon.port), 10) as plain:
        plain.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
        assert b" 200 " in plain.recv(4096)
        with context.wrap_socket(plain, server_hostname=host) as tls:
            tls.sendall("\r\n".join(lines).encode() + body)
            head, _, rest = tls.recv(16384).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert b"</GetCallerIdentityResponse>" in rest
