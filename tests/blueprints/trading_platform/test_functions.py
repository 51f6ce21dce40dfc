"""What the functions of the trading platform do, with tables and buckets that remember."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from botocore.exceptions import ClientError

FUNCTIONS = Path("src/revet/blueprints/trading_platform/functions")
TRADE = {
    "symbol": "ACME",
    "price": 12.5,
    "quantity": 4,
    "executed_at": "2026-01-31T12:00:00+01:00",
}


class Table:
    """Items by the value of their key."""

    def __init__(self, **items: dict[str, Any]) -> None:
        self.items = items
        self.updates: list[dict[str, Any]] = []

    def get_item(self, Key: dict[str, str]) -> dict[str, Any]:  # noqa: N803 - boto3's
        [value] = Key.values()
        return {"Item": self.items[value]} if value in self.items else {}

    def update_item(self, **update: Any) -> None:  # noqa: ANN401 - as boto3 takes it
        self.updates.append(update)


class Objects:
    """Objects by key; of a bucket or of all."""

    def __init__(self, **objects: str) -> None:
        self.objects = objects

    def put_object(self, *, Key: str, Body: bytes, **_: str) -> None:  # noqa: N803 - boto3's
        self.objects[Key] = Body.decode()

    def get_object(self, *, Key: str, **_: str) -> dict[str, Any]:  # noqa: N803 - boto3's
        if Key not in self.objects:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "GetObject")
        return {"Body": io.BytesIO(self.objects[Key].encode())}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KEYS_TABLE", "SESSIONS_TABLE", "INGESTION_BUCKET", "ANALYTICS_BUCKET"):
        monkeypatch.setenv(name, name.lower())
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


def function(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"{name}_index", FUNCTIONS / name / "index.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def request(body: str | None, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    context = {"requestId": "r-1", "authorizer": {"client_id": "alice"}}
    return {"requestContext": context, "body": body, **more}


ARN = "arn:aws:execute-api:us-east-1:123456789012:abc/v1/POST/trades"


@pytest.mark.parametrize("header", ["x-api-key", "X-Api-Key"])
def test_a_key_that_is_in_force_lets_in(header: str) -> None:
    authorizer = function("authorizer")
    item = {"client_id": "alice", "enabled": True, "expires_at": int(time.time()) + 60}
    authorizer._TABLE = Table(**{hashlib.sha256(b"key").hexdigest(): item})  # type: ignore[attr-defined]
    answer = authorizer.handler({"headers": {header: "key"}, "methodArn": ARN}, None)
    [statement] = answer["policyDocument"]["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Resource"] == "arn:aws:execute-api:us-east-1:123456789012:abc/v1/*"
    assert answer["context"] == {"client_id": "alice"}


@pytest.mark.parametrize(
    ("headers", "item"),
    [
        (None, {}),
        ({}, {}),
        ({"x-api-key": ""}, {"enabled": True, "expires_at": 2**40}),
        ({"x-api-key": "other"}, {"enabled": True, "expires_at": 2**40}),
        ({"x-api-key": "key"}, {"enabled": False, "expires_at": 2**40}),
        ({"x-api-key": "key"}, {"enabled": True, "expires_at": 1}),
        ({"x-api-key": "key"}, {"enabled": True}),
        ({"x-api-key": "key"}, {"expires_at": 2**40}),
    ],
)
def test_no_other_key_lets_in(headers: dict[str, str] | None, item: dict[str, Any]) -> None:
    authorizer = function("authorizer")
    known = {"client_id": "alice", **item}
    authorizer._TABLE = Table(**{hashlib.sha256(b"key").hexdigest(): known})  # type: ignore[attr-defined]
    with pytest.raises(PermissionError, match=r"^Unauthorized$"):
        authorizer.handler({"headers": headers, "methodArn": ARN}, None)


def test_what_is_taken_in_comes_out_as_analytics() -> None:
    ingest, processor, reader = map(function, ("ingest", "processor", "reader"))
    taken, sessions, analytics = Objects(), Table(alice={"client_id": "alice"}), Objects()
    ingest._BUCKET, ingest._SESSIONS = taken, sessions  # type: ignore[attr-defined]
    answer = ingest.handler(request(json.dumps(TRADE)), None)
    assert (answer["statusCode"], json.loads(answer["body"])) == (202, {"id": "r-1"})
    assert [update["Key"] for update in sessions.updates] == [{"client_id": "alice"}]
    [(key, kept)] = taken.objects.items()
    assert json.loads(kept) == {
        "id": "r-1",
        "client_id": "alice",
        "symbol": "ACME",
        "price": "12.5",
        "quantity": "4",
        "executed_at": "2026-01-31T11:00:00+00:00",
    }

    class Both(Objects):
        def get_object(self, *, Key: str, **_: str) -> dict[str, Any]:  # noqa: N803 - boto3's
            return taken.get_object(Key=Key)

    processor._S3 = both = Both()  # type: ignore[attr-defined]
    record = {"s3": {"bucket": {"name": "ingestion_bucket"}, "object": {"key": key}}}
    for _ in range(2):
        assert processor.handler({"Records": [record]}, None) == {"processed": 1}
    assert list(both.objects) == ["trades/r-1.json"]
    analytics.objects = both.objects
    reader._S3, reader._SESSIONS = analytics, sessions  # type: ignore[attr-defined]
    found = reader.handler(request(None, pathParameters={"id": "r-1"}), None)
    assert found["statusCode"] == 200
    assert json.loads(found["body"])["notional"] == "50.0"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (None, "not valid JSON"),
        ("", "not valid JSON"),
        ("{", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ('{"price": NaN}', "not valid JSON"),
        ("[]", "not a JSON object"),
        ("{}", "the fields must be"),
        (json.dumps({**TRADE, "card_number": "4111111111111111"}), "and no others"),
        (json.dumps({**TRADE, "symbol": "acme"}), "`symbol`"),
        (json.dumps({**TRADE, "symbol": 5}), "`symbol`"),
        (json.dumps({**TRADE, "price": 0}), "`price`"),
        (json.dumps({**TRADE, "price": -1.5}), "`price`"),
        (json.dumps({**TRADE, "price": True}), "`price`"),
        (json.dumps({**TRADE, "price": "12"}), "`price`"),
        (json.dumps(TRADE).replace("12.5", "1e400"), "`price`"),
        (json.dumps(TRADE).replace("12.5", "1e-400"), "`price`"),
        (json.dumps({**TRADE, "quantity": None}), "`quantity`"),
        (json.dumps({**TRADE, "executed_at": "yesterday"}), "`executed_at`"),
        (json.dumps({**TRADE, "executed_at": 5}), "`executed_at`"),
        (json.dumps({**TRADE, "executed_at": "2026-01-31T12:00:00"}), "time zone"),
    ],
)
def test_bad_data_is_refused_and_kept_apart(body: str | None, why: str) -> None:
    ingest = function("ingest")
    ingest._BUCKET, ingest._SESSIONS = bucket, sessions = Objects(), Table()  # type: ignore[attr-defined]
    answer = ingest.handler(request(body), None)
    assert answer["statusCode"] == 400
    assert why in json.loads(answer["body"])["message"]
    assert list(bucket.objects) == ["rejected/r-1.json"]
    assert "4111111111111111" not in bucket.objects["rejected/r-1.json"]
    assert sessions.updates == []


@pytest.mark.parametrize(
    ("client", "trade"), [("bob", "r-1"), ("alice", "r-2"), ("alice", "../r-1"), ("carol", "r-1")]
)
def test_analytics_are_for_the_client_that_sent_the_data(client: str, trade: str) -> None:
    reader = function("reader")
    reader._S3 = Objects(**{"trades/r-1.json": json.dumps({"client_id": "alice"})})  # type: ignore[attr-defined]
    reader._SESSIONS = Table(alice={"client_id": "alice"}, bob={"client_id": "bob"})  # type: ignore[attr-defined]
    event = request(None, pathParameters={"id": trade})
    event["requestContext"]["authorizer"]["client_id"] = client
    assert reader.handler(event, None)["statusCode"] == 404
