"""Who is served: whoever knows the key of this run, and nobody else."""

import datetime as dt
import hashlib
import io
import json
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from botocore import UNSIGNED
from botocore.auth import S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.embedded.wire import raw, signed_headers

from revet.embedded import Daemon
from revet.embedded.signature import query_pairs, read_signature, signatures

Client = Callable[..., Any]
STS = "sts.us-east-1.amazonaws.com"
S3 = "s3.us-east-1.amazonaws.com"
WHO = b"Action=GetCallerIdentity&Version=2011-06-15"


def send(
    daemon: Daemon, host: str, method: str, target: str, headers: dict[str, str], body: bytes = b""
) -> tuple[int, str]:
    lines = [f"{name}: {text}" for name, text in headers.items()]
    lines += [f"Content-Length: {len(body)}"]
    return raw(daemon, host, "\r\n".join([f"{method} {target} HTTP/1.1", *lines]), body)


@pytest.mark.parametrize(
    ("service", "operation", "unknown", "wrong", "missing"),
    [
        ("s3", "list_buckets", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied"),
        (
            "kms",
            "list_keys",
            "UnrecognizedClientException",
            "InvalidSignatureException",
            "MissingAuthenticationTokenException",
        ),
        (
            "ec2",
            "describe_vpcs",
            "AuthFailure",
            "SignatureDoesNotMatch",
            "MissingAuthenticationToken",
        ),
        (
            "iam",
            "list_users",
            "InvalidClientTokenId",
            "SignatureDoesNotMatch",
            "MissingAuthenticationToken",
        ),
        (
            "lambda",
            "list_functions",
            "UnrecognizedClientException",
            "InvalidSignatureException",
            "MissingAuthenticationTokenException",
        ),
        (
            "route53",
            "list_hosted_zones",
            "InvalidClientTokenId",
            "SignatureDoesNotMatch",
            "MissingAuthenticationToken",
        ),
    ],
)
def test_nobody_else_is_served(
    service: str, operation: str, unknown: str, wrong: str, missing: str, client: Client
) -> None:
    for code, arguments in (
        (unknown, {"key": "ASIAOTHEROTHEROTHER0"}),
        (wrong, {"secret": "x" * 40}),
        (missing, {"config": {"signature_version": UNSIGNED}}),
    ):
        with pytest.raises(ClientError) as caught:
            getattr(client(service, **arguments), operation)()
        assert caught.value.response["Error"]["Code"] == code


def test_the_key_of_one_run_is_unlike_that_of_another(daemon: Daemon) -> None:
    assert len(daemon.access_key) == 20
    assert daemon.access_key.startswith("AKIA")
    assert len(daemon.secret_key) == 40
    assert daemon.secret_key not in repr(daemon)


TAMPERED: dict[str, Callable[[dict[str, str]], dict[str, str]]] = {
    "another target": lambda headers: (
        headers | {"X-Amz-Target": "TrentService.ScheduleKeyDeletion"}
    ),
    "a header added": lambda headers: headers | {"X-Amz-Meta-Added": "1"},
    "an account of moto's": lambda headers: headers | {"x-amz-account-id": "210987654321"},
    "another date": lambda headers: headers | {"X-Amz-Date": "20200101T000000Z"},
    "a signature cut off": lambda headers: (
        headers | {"Authorization": headers["Authorization"][:-1]}
    ),
    "a signature of zeros": lambda headers: (
        headers | {"Authorization": headers["Authorization"][:-64] + "0" * 64}
    ),
    "no signed host": lambda headers: (
        headers | {"Authorization": headers["Authorization"].replace(";host;", ";")}
    ),
    "another region": lambda headers: (
        headers | {"Authorization": headers["Authorization"].replace("us-east-1", "eu-west-1")}
    ),
    "another service": lambda headers: (
        headers | {"Authorization": headers["Authorization"].replace("/kms/", "/s3/")}
    ),
    "a token": lambda headers: headers | {"X-Amz-Security-Token": "made-up"},
    "an old version": lambda headers: headers | {"Authorization": "AWS AKIAKEY:c2lnbmF0dXJl"},
    "version 4A": lambda headers: (
        headers | {"Authorization": headers["Authorization"].replace("HMAC", "ECDSA-P256")}
    ),
    "two dates": lambda headers: headers | {"x-amz-Date ": headers["X-Amz-Date"]},
    "nothing but a name": lambda headers: headers | {"Authorization": "AWS4-HMAC-SHA256"},
}


@pytest.mark.parametrize("case", TAMPERED)
def test_what_is_signed_is_what_is_done(case: str, daemon: Daemon) -> None:
    host = "kms.us-east-1.amazonaws.com"
    headers = signed_headers(
        daemon,
        "kms",
        host,
        body=b"{}",
        headers={
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "TrentService.ListKeys",
        },
    )
    assert send(daemon, host, "POST", "/", headers, b"{}")[0] == 200
    status, text = send(daemon, host, "POST", "/", TAMPERED[case](headers), b"{}")
    assert status in (400, 401, 403), text
    status, text = send(daemon, host, "POST", "/", headers, b'{"Limit": 1}')
    assert "InvalidSignatureException" in text


def test_an_account_is_never_taken_from_the_request(daemon: Daemon) -> None:
    headers = signed_headers(daemon, "sts", STS, body=WHO)
    for name in ("x-moto-account-id", "X-Moto-Account-Id"):
        _, text = send(daemon, STS, "POST", "/", headers | {name: "210987654321"}, WHO)
        assert "123456789012" in text
        assert "210987654321" not in text
    host = "iam.amazonaws.com"
    body = b"Action=CreateUser&UserName=own-account&Version=2010-05-08"
    headers = signed_headers(daemon, "iam", host, body=body)
    _, text = send(daemon, host, "POST", "/", headers | {"x-moto-account-id": "210987654321"}, body)
    assert "arn:aws:iam::123456789012:user/own-account" in text


@pytest.mark.parametrize("days", [-1, 1])
def test_a_signature_of_another_day_is_refused(
    days: int, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda **_: moment)
    headers = signed_headers(daemon, "sts", STS, body=WHO)
    status, text = send(daemon, STS, "POST", "/", headers, WHO)
    assert status == 403
    assert "SignatureDoesNotMatch" in text


def presigned(daemon: Daemon, url: str, *, seconds: int = 60, method: str = "GET") -> str:
    request = AWSRequest(method, url)
    credentials = Credentials(daemon.access_key, daemon.secret_key)
    S3SigV4QueryAuth(credentials, "s3", "us-east-1", expires=seconds).add_auth(request)
    return str(request.url).removeprefix(f"https://{S3}")


def test_presigned_urls(daemon: Daemon, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="presigned")
    s3.put_object(Bucket="presigned", Key="a b/ü", Body=b"content")
    url = f"https://{S3}/presigned/a%20b/%C3%BC"
    target = presigned(daemon, url)
    status, text = send(daemon, S3, "GET", target, {})
    assert (status, text[-7:]) == (200, "content")
    for wrong in (
        target.replace("a%20b", "other"),
        target.replace("X-Amz-Expires=60", "X-Amz-Expires=604800"),
        target + "&acl",
        target + "&X-Amz-Signature=" + "0" * 64,
        target[:-1] + ("0" if target[-1] != "0" else "1"),
    ):
        assert send(daemon, S3, "GET", wrong, {})[0] in (400, 403)
    assert send(daemon, S3, "PUT", target, {}, b"mine")[0] == 403
    assert send(daemon, S3, "GET", target, {"x-amz-acl": "public-read"})[0] == 403
    assert send(daemon, S3, "GET", presigned(daemon, url, seconds=8 * 86400), {})[0] == 400
    signed = signed_headers(daemon, "s3", S3, method="GET", target=target, headers={})
    assert "Only one auth mechanism" in send(daemon, S3, "GET", target, signed)[1]
    moment = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=120)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda **_: moment)
    status, text = send(daemon, S3, "GET", presigned(daemon, url), {})
    assert status == 403
    assert "Request has expired" in text


@pytest.mark.parametrize("query", ["AWSAccessKeyId={key}&Signature=abc&Expires=9999999999"])
def test_the_old_signature_is_refused_by_name(query: str, daemon: Daemon) -> None:
    target = "/presigned/k?" + query.format(key=daemon.access_key)
    status, text = send(daemon, S3, "GET", target, {})
    assert status == 400
    assert "Please use AWS4-HMAC-SHA256" in text


def test_the_body_is_the_one_that_was_signed(daemon: Daemon, client: Client) -> None:
    client("s3").create_bucket(Bucket="hashed")
    headers = signed_headers(
        daemon, "s3", S3, method="PUT", target="/hashed/k", headers={}, body=b"one"
    )
    status, text = send(daemon, S3, "PUT", "/hashed/k", headers, b"two")
    assert status == 400
    assert "XAmzContentSHA256Mismatch" in text
    del headers["X-Amz-Content-SHA256"]
    status, text = send(daemon, S3, "PUT", "/hashed/k", headers, b"one")
    assert status in (400, 403)
    assert (
        send(
            daemon,
            S3,
            "PUT",
            "/hashed/k",
            headers | {"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"},
            b"two",
        )[0]
        == 403
    )


def chunked(daemon: Daemon, pieces: list[bytes], *, trailer: bool) -> tuple[dict[str, str], bytes]:
    """An upload whose chunks are signed, made after the S3 API Reference."""
    kind = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + ("-TRAILER" if trailer else "")
    given_headers = {
        "X-Amz-Content-SHA256": kind,
        "Content-Encoding": "aws-chunked",
        "x-amz-decoded-content-length": str(sum(map(len, pieces))),
        **({"x-amz-trailer": "x-amz-meta-sum"} if trailer else {}),
    }
    request = AWSRequest("PUT", f"https://{S3}/chunks/k", given_headers)
    signer = SigV4Auth(Credentials(daemon.access_key, daemon.secret_key), "s3", "us-east-1")
    signer.add_auth(request)
    previous = str(request.headers["Authorization"])[-64:]
    scope = signer.credential_scope(request)
    stamp = request.context["timestamp"]
    empty = hashlib.sha256(b"").hexdigest()
    body = io.BytesIO()
    for piece in [*pieces, b""]:
        digest = hashlib.sha256(piece).hexdigest()
        lines = ["AWS4-HMAC-SHA256-PAYLOAD", stamp, scope, previous, empty, digest]
        text = "\n".join(lines)
        previous = signer.signature(text, request)
        body.write(b"%x;chunk-signature=%s\r\n" % (len(piece), previous.encode()) + piece)
        body.write(b"\r\n" if piece else b"")
    if trailer:
        digest = hashlib.sha256(b"x-amz-meta-sum:7\n").hexdigest()
        lines = ["AWS4-HMAC-SHA256-TRAILER", stamp, scope, previous, digest]
        text = "\n".join(lines)
        mark = signer.signature(text, request)
        body.write(b"x-amz-meta-sum:7\r\nx-amz-trailer-signature:%s\r\n" % mark.encode())
    body.write(b"\r\n")
    return {str(name): str(text) for name, text in request.headers.items()}, body.getvalue()


@pytest.mark.parametrize("trailer", [False, True], ids=["plain", "trailer"])
def test_signed_chunks_are_verified(daemon: Daemon, client: Client, *, trailer: bool) -> None:
    client("s3").create_bucket(Bucket="chunks")
    headers, body = chunked(daemon, [b"first ", b"second"], trailer=trailer)
    assert send(daemon, S3, "PUT", "/chunks/k", headers, body)[0] == 200
    assert client("s3").get_object(Bucket="chunks", Key="k")["Body"].read() == b"first second"
    attacks = [
        body.replace(b"second", b"SECOND"),
        body.replace(b"chunk-signature=", b"chunk-signature=0", 1),
        body.replace(b"6;chunk-signature", b"6;other", 1),
    ]
    if trailer:
        attacks += [body.replace(b"sum:7", b"sum:8"), body.partition(b"x-amz-meta")[0] + b"\r\n"]
    for attack in attacks:
        assert send(daemon, S3, "PUT", "/chunks/k", headers, attack)[0] in (400, 403)
    assert client("s3").get_object(Bucket="chunks", Key="k")["Body"].read() == b"first second"


POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::site/public/*",
        },
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::site/public/secret",
        },
    ],
}


def test_public_reads_of_s3_are_decided_by_policy_and_lists(client: Client) -> None:
    s3 = client("s3")
    anonymous = client("s3", config={"signature_version": UNSIGNED})
    s3.create_bucket(Bucket="site")
    for key in ("public/index", "public/secret", "private", "listed"):
        s3.put_object(Bucket="site", Key=key, Body=key.encode())
    refused = pytest.raises(ClientError, match=r"Access Denied|AccessDenied|403")
    with refused:
        anonymous.get_object(Bucket="site", Key="public/index")
    s3.put_bucket_policy(Bucket="site", Policy=json.dumps(POLICY))
    s3.put_object_acl(Bucket="site", Key="listed", ACL="public-read")
    for key in ("public/index", "listed"):
        found = anonymous.get_object(Bucket="site", Key=key)
        assert found["Body"].read() == key.encode()
    s3.put_object_acl(Bucket="site", Key="public/secret", ACL="public-read")
    for denied in (
        lambda: anonymous.get_object(Bucket="site", Key="public/secret"),
        lambda: anonymous.get_object(Bucket="site", Key="private"),
        lambda: anonymous.list_objects_v2(Bucket="site"),
        lambda: anonymous.put_object(Bucket="site", Key="public/mine", Body=b""),
        lambda: anonymous.delete_object(Bucket="site", Key="public/index"),
        lambda: anonymous.get_bucket_policy(Bucket="site"),
        lambda: anonymous.delete_bucket(Bucket="site"),
        anonymous.list_buckets,
        lambda: anonymous.get_object(Bucket="no-such-site", Key="k"),
    ):
        with pytest.raises(ClientError, match=r"Access Denied|AccessDenied|403"):
            denied()
    block = {"IgnorePublicAcls": True, "RestrictPublicBuckets": True}
    s3.put_public_access_block(Bucket="site", PublicAccessBlockConfiguration=block)
    for key in ("public/index", "listed"):
        with pytest.raises(ClientError, match=r"Access Denied|AccessDenied"):
            anonymous.get_object(Bucket="site", Key=key)


UNSIGNED_REFUSED = [
    ("sso", "list_accounts", {"accessToken": "x"}),
    ("sso-oidc", "register_client", {"clientName": "x", "clientType": "public"}),
    ("cognito-identity", "get_id", {"IdentityPoolId": "us-east-1:x"}),
    ("cognito-idp", "sign_up", {"ClientId": "x", "Username": "ann", "Password": "Passw0rd!"}),
]


@pytest.mark.parametrize(("service", "operation", "arguments"), UNSIGNED_REFUSED)
def test_other_operations_without_signature_are_refused_by_name(
    service: str, operation: str, arguments: dict[str, Any], client: Client
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(client(service), operation)(**arguments)
    assert caught.value.response["Error"]["Code"].startswith("EmbeddedAws")


def test_deployed_apis_need_no_signature_and_their_connections_do(daemon: Daemon) -> None:
    host = "abcdef1234.execute-api.us-east-1.amazonaws.com"
    for target in ("/prod/orders", "/prod", "/prod/x/@connections/x", "/prod/x?/@connections/x"):
        status, text = send(daemon, host, "GET", target, {})
        assert status == 403
        assert "ForbiddenException" in text  # there is no such API
    for target in ("/prod/@connections/x", "/prod/@connections"):
        status, text = send(daemon, host, "POST", target, {}, b"")
        assert "MissingAuthenticationToken" in text


@pytest.mark.parametrize(
    ("host", "target"),
    [
        ("motoapi.amazonaws.com", "/moto-api/reset"),
        ("MotoAPI.amazonaws.com", "/moto-api/data.json"),
        ("motoapi.amazonaws.com.", "/"),
        ("motoapi.us-east-1.amazonaws.com", "/moto-api/reset"),
        ("motoapi-fips.amazonaws.com", "/moto-api/reset"),
        ("motoapi.api.aws", "/moto-api/reset"),
        ("s3.us-east-1.amazonaws.com", "/moto-api/reset"),
        ("sts.us-east-1.amazonaws.com", "/moto-api/reset"),
    ],
)
def test_motos_own_interface_is_not_reached(
    host: str, target: str, daemon: Daemon, client: Client
) -> None:
    client("sqs").create_queue(QueueName="still-there")
    name = host.lower().rstrip(".")
    for method in ("GET", "POST"):
        headers = signed_headers(daemon, "s3", name, method=method, target=target, headers={})
        status, text = send(daemon, name, method, target, headers)
        assert status >= 400, text
        assert "moto-api" not in text.partition("\r\n\r\n")[2] or "<Error>" in text
        assert '"status": "ok"' not in text
    proxies = urllib.request.ProxyHandler({"http": daemon.url})
    opener = urllib.request.build_opener(proxies)
    with pytest.raises(urllib.error.HTTPError) as caught:
        opener.open(urllib.request.Request(f"http://{host}{target}", method="POST"))
    caught.value.close()
    assert client("sqs").get_queue_url(QueueName="still-there")


@settings(max_examples=60, deadline=None)
@given(
    key=st.text(min_size=1, max_size=12).filter(lambda text: text.isprintable()),
    value=st.text(max_size=12).filter(lambda text: text.isprintable()),
)
def test_what_botocore_signs_is_accepted(key: str, value: str) -> None:
    query = f"{quote(key, safe='-_.~')}={quote(value, safe='-_.~')}"
    url = f"https://{STS}/a/{quote(key, safe='')}?{query}"
    request = AWSRequest("GET", url, {"X-Amz-Meta": "a  b"}, b"body")
    SigV4Auth(Credentials("AKIA" + "A" * 16, "secret"), "sts", "us-east-1").add_auth(request)
    headers = [("Host", STS), *((str(n), str(t)) for n, t in request.headers.items())]
    signed = read_signature(headers, query)
    assert signed is not None
    target = url.removeprefix(f"https://{STS}")
    payload = hashlib.sha256(b"body").hexdigest()
    assert signed.signature in signatures(signed, "secret", "GET", target, headers, payload)
    assert signed.signature not in signatures(signed, "other", "GET", target, headers, payload)
    assert query_pairs(query) == [(key, value)]
