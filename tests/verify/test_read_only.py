"""The reader over boto3: only reads, and every error means something."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from revet.model.errors import CatalogError, RevetError, TargetError
from revet.verify.boto import BotoReader
from revet.verify.read_only import MissingResourceError, ReadDeniedError, UnreachableError

REGION = "us-west-2"
Client = Any  # boto3 makes client classes at run time


class Stubs:
    """A session whose clients answer from a script that botocore checks against its models."""

    def __init__(self) -> None:
        self.session = boto3.session.Session("testing", "testing", region_name=REGION)
        self.stubbers: dict[str, Stubber] = {}
        self.clients: dict[str, Client] = {}

    def client(self, service: str, **options: object) -> Client:
        del options
        self.stub(service)
        return self.clients[service]

    def stub(self, service: str) -> Stubber:
        if service not in self.stubbers:
            make: Client = self.session.client
            self.clients[service] = make(service)
            self.stubbers[service] = Stubber(self.clients[service])
            self.stubbers[service].activate()
        return self.stubbers[service]


@pytest.fixture
def stubs() -> Stubs:
    return Stubs()


@pytest.fixture
def reader(stubs: Stubs) -> BotoReader:
    session: Any = stubs
    return BotoReader(session)


def _versioning(reader: BotoReader, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - passed on
    return reader.call("s3", "get_bucket_versioning", region=REGION, Bucket="data", **more)


def test_an_answer_comes_without_its_metadata(stubs: Stubs, reader: BotoReader) -> None:
    stubs.stub("s3").add_response("get_bucket_versioning", {"Status": "Enabled"})
    assert _versioning(reader) == {"Status": "Enabled"}


def test_all_pages_come_as_one_answer(stubs: Stubs, reader: BotoReader) -> None:
    group = {"logGroupName": "a"}
    stub = stubs.stub("logs")
    stub.add_response("describe_log_groups", {"logGroups": [group], "nextToken": "more"})
    stub.add_response("describe_log_groups", {"logGroups": [{"logGroupName": "b"}]})
    answer = reader.call("logs", "describe_log_groups", region=REGION)
    assert [item["logGroupName"] for item in answer["logGroups"]] == ["a", "b"]


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("AccessDenied", 403, ReadDeniedError),
        ("AccessDeniedException", 400, ReadDeniedError),
        ("UnauthorizedOperation", 403, ReadDeniedError),
        ("403", 403, ReadDeniedError),
        ("NoSuchBucket", 404, MissingResourceError),
        ("404", 404, MissingResourceError),
        ("NotFoundException", 400, MissingResourceError),
        ("DBInstanceNotFound", 404, MissingResourceError),
        ("InvalidVpcID.NotFound", 400, MissingResourceError),
        ("ExpiredToken", 400, UnreachableError),
        ("InvalidClientTokenId", 403, UnreachableError),
        ("InternalError", 500, TargetError),
        ("MethodNotAllowed", 405, TargetError),
    ],
)
def test_an_error_means_something(
    stubs: Stubs, reader: BotoReader, code: str, status: int, expected: type[RevetError]
) -> None:
    stubs.stub("s3").add_client_error("get_bucket_versioning", code, http_status_code=status)
    with pytest.raises(RevetError) as caught:
        _versioning(reader)
    assert type(caught.value) is expected
    assert "s3.get_bucket_versioning" in caught.value.where
    assert code in caught.value.got
    assert caught.value.do


def test_a_denied_call_names_the_action_that_is_missing(stubs: Stubs, reader: BotoReader) -> None:
    stubs.stub("s3").add_client_error("get_bucket_encryption", "AccessDenied")
    with pytest.raises(ReadDeniedError) as caught:
        reader.call("s3", "get_bucket_encryption", region=REGION, Bucket="data")
    assert caught.value.action == "s3:getencryptionconfiguration"


def test_an_absent_setting_is_empty_only_where_the_check_says_so(
    stubs: Stubs, reader: BotoReader
) -> None:
    for _ in range(2):
        stubs.stub("s3").add_client_error("get_bucket_policy", "NoSuchBucketPolicy")
    answer = reader.call(
        "s3", "get_bucket_policy", region=REGION, absent=("NoSuchBucketPolicy",), Bucket="data"
    )
    assert answer == {}
    with pytest.raises(MissingResourceError):
        reader.call("s3", "get_bucket_policy", region=REGION, Bucket="data")


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("s3", "put_bucket_versioning", {"Bucket": "data"}),
        ("s3", "get_object", {"Bucket": "data", "Key": "x"}),
        ("s3", "get_bucket_versionings", {"Bucket": "data"}),
        ("s3", "get_bucket_versioning", {"Buckets": "data"}),
        ("s4", "get_bucket_versioning", {"Bucket": "data"}),
    ],
)
def test_a_call_that_changes_reveals_or_does_not_exist_is_never_sent(
    service: str, operation: str, parameters: dict[str, str]
) -> None:
    reader = BotoReader(boto3.session.Session("testing", "testing"))
    with pytest.raises(CatalogError):
        reader.call(service, operation, region=REGION, **parameters)  # type: ignore[arg-type]


def test_no_answer_at_all_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setattr("revet.verify.boto._ATTEMPTS", 0)
    reader = BotoReader(boto3.session.Session("testing", "testing", region_name=REGION))
    with pytest.raises(UnreachableError):
        reader.call("kms", "list_aliases", region=REGION)


def test_no_credentials_stop_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent/config")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials")
    reader = BotoReader(boto3.session.Session(region_name=REGION))
    with pytest.raises(UnreachableError, match="could not be asked"):
        reader.call("kms", "list_aliases", region=REGION)
