"""Flows: read, sent to a stub, and told."""

from __future__ import annotations

import gzip
import io
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from botocore.exceptions import ClientError
from tests.rehearsal.flow.stub import HOST, Serve, StubApi, StubClient, StubWorld

import revet.blueprints
from revet.embedded.functions.notes import KINDS
from revet.model.errors import ConfigError
from revet.model.finding import Status
from revet.model.flow import FlowRun
from revet.model.verdict import Decision, Provenance, Verdict
from revet.rehearsal.assembly import with_flow
from revet.rehearsal.flow.client import as_json
from revet.rehearsal.flow.definition import Objects
from revet.rehearsal.flow.looking import UnmetError, look_at_objects
from revet.rehearsal.flow.read import read_flow
from revet.rehearsal.flow.run import DENIED, run_flow
from revet.rehearsal.flow.samples import make_samples
from revet.rehearsal.flow.world import _GIVEN_UP, _HANDED_ON, _LOST, _denial, undelivered
from revet.report import render_html, render_json, render_text

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs/schemas/flow.schema.json").read_text(encoding="utf-8"))
PLATFORM = Path(revet.blueprints.__path__[0]) / "trading_platform" / "flow.toml"
URL = f"https://{HOST}/v1/trades"
KNOWN = {"output.api_url": f"https://{HOST}/v1", "account_id": "1", "region": "eu-central-1"}

POSTS = """
[[step]]
name = "posts"

[step.send]
method = "POST"
url = "${output.api_url}/trades"
headers = { X-Api-Key = "k" }
body = { a = 1 }
count = 4
together = 2

[step.expect]
status = 202
at_least = 0.5
reason = "json.message"

[step.capture]
ids = "json.id"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "flow.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[[Serve], StubApi]]:
    made: list[StubApi] = []

    def serve(answer: Serve) -> StubApi:
        folder = tmp_path / f"api-{len(made)}"
        folder.mkdir(mode=0o700)
        made.append(StubApi(folder, answer))
        return made[-1]

    yield serve
    for api in made:
        api.close()


def numbered() -> Serve:
    """Takes every other request, and refuses the others with a reason."""
    count = iter(range(1000))

    def answer(_method: str, _target: str, _headers: Mapping[str, str], _body: Any) -> Any:  # noqa: ANN401 - JSON
        number = next(count)
        return (202, {"id": f"t{number}"}) if number % 2 else (400, {"message": "no"})

    return answer


def sent(path: Path, world: StubWorld, **more: Any) -> FlowRun:  # noqa: ANN401 - arguments
    return run_flow(read_flow(path), world, KNOWN, **more)


def test_answers_are_counted_and_measured(
    tmp_path: Path, served: Callable[[Serve], StubApi]
) -> None:
    api = served(numbered())
    posts, denied = sent(written(tmp_path, POSTS), StubWorld(api)).steps
    assert posts.status is Status.PASS
    assert (posts.requests, dict(posts.answers)) == (4, {"202": 2, "400": 2})
    assert posts.detail == "2 as expected, 2 refused with a reason"
    assert posts.measured().startswith("4 requests: 2 with 202, 2 with 400; median ")
    assert posts.longest >= posts.median > 0
    assert (denied.name, denied.status) == (DENIED, Status.PASS)
    method, target, headers, body = api.requests[0]
    assert (method, target, body) == ("POST", "/v1/trades", {"a": 1})
    assert headers["x-api-key"] == "k"
    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("expect", "why"),
    [
        ("status = 202", "2 of 4 answers are as expected"),
        ("seen = [202, 429]", "no answer with 429"),
        ('status = 202\nat_least = 0.5\nreason = "json.why"', "there is no `json.why`"),
        ('status = 202\nat_least = 0.5\nvalues = { "json.id" = "x" }', "expected `x`"),
        ('status = 202\nat_least = 0.5\nvalues = { "headers.x-kind" = "Y" }', "is `Stub`"),
    ],
)  # fmt: skip
def test_what_is_not_as_expected_fails_and_is_told(
    tmp_path: Path, served: Callable[[Serve], StubApi], expect: str, why: str
) -> None:
    text = POSTS.replace('status = 202\nat_least = 0.5\nreason = "json.message"', expect)
    later = '[[step]]\nname = "later"\nwait = "quiet"\n'
    always = '[[step]]\nname = "cleans up"\nwait = "quiet"\nalways = true\n'
    world = StubWorld(served(numbered()))
    posts, not_done, done, _ = sent(written(tmp_path, text + later + always), world).steps
    assert posts.status is Status.FAIL
    assert why in posts.detail
    assert (not_done.status, done.status) == (Status.NOT_EXERCISED, Status.PASS)
    assert world.waited == 1


def test_a_request_without_an_answer_is_not_sent_twice(
    tmp_path: Path, served: Callable[[Serve], StubApi]
) -> None:
    api = served(lambda *_: (0, {}))
    text = POSTS.replace("count = 4\ntogether = 2", "count = 3")
    posts, _ = sent(written(tmp_path, text), StubWorld(api)).steps
    assert (posts.status, dict(posts.answers)) == (Status.FAIL, {"none": 3})
    assert len(api.requests) == 3


def test_a_world_that_was_restarted_is_reached_again(
    tmp_path: Path, served: Callable[[Serve], StubApi]
) -> None:
    first, second = served(lambda *_: (202, {"id": "a"})), served(lambda *_: (202, {"id": "b"}))
    world = StubWorld(first)

    def restart(_step: str, number: int) -> None:
        if number == 2:
            world._api = second

    text = POSTS.replace("together = 2\n", "")
    posts, _ = sent(written(tmp_path, text), world, sent=restart).steps
    assert posts.status is Status.PASS
    assert (len(first.requests), len(second.requests)) == (2, 2)


def test_the_number_of_requests_can_be_another_one(
    tmp_path: Path, served: Callable[[Serve], StubApi]
) -> None:
    world = StubWorld(served(numbered()))
    posts, _ = sent(written(tmp_path, POSTS), world, counts={"posts": 9}).steps
    assert posts.requests == 9


def looked(tmp_path: Path, served: Callable[[Serve], StubApi], keys: list[str], text: str) -> Any:  # noqa: ANN401 - a step
    pages = [{"Contents": [{"Key": key} for key in keys]}]
    content = gzip.compress(json.dumps({"requestIds": ["t1", "t3"]}).encode())
    s3 = StubClient(
        {"list_objects_v2": pages, "get_object": lambda **_: {"Body": io.BytesIO(content)}}
    )
    api = served(numbered())
    return sent(written(tmp_path, POSTS + text), StubWorld(api, {"s3": s3})).steps[1]


EACH = (
    '[[step]]\nname = "kept"\n'
    'objects = { bucket = "b", prefix = "raw/", each = "ids", key = "raw/${each}.json" }\n'
)


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        (["raw/t1.json", "raw/t3.json"], ""),
        (["raw/t1.json"], "1 of 2 objects are missing: `raw/t3.json`"),
        (["raw/t1.json", "raw/t3.json", "raw/x.json"], "1 objects belong to nothing"),
    ],
)
def test_each_accepted_request_has_its_one_object(
    tmp_path: Path, served: Callable[[Serve], StubApi], keys: list[str], why: str
) -> None:
    step = looked(tmp_path, served, keys, EACH)
    assert (step.status is Status.PASS) is (why == "")
    assert why in step.detail


def test_objects_of_nothing_are_not_there(served: Callable[[Serve], StubApi]) -> None:
    step = Objects("b", each="ids", key="raw/${each}.json")
    world = StubWorld(served(numbered()), {"s3": StubClient({"list_objects_v2": [{}]})})
    with pytest.raises(UnmetError, match="`ids` holds nothing"):
        look_at_objects(step, {"ids": []}, world, 0)


@pytest.mark.parametrize(("wanted", "passes"), [("${first(ids)}", True), ("t9", False)])
def test_an_object_is_found_by_what_it_holds(
    tmp_path: Path, served: Callable[[Serve], StubApi], wanted: str, *, passes: bool
) -> None:
    text = f'[[step]]\nname = "archived"\nobjects = {{ bucket = "b", contains = ["{wanted}"] }}\n'
    assert (looked(tmp_path, served, ["logs/1.gz"], text).status is Status.PASS) is passes


def test_operators_call_look_and_are_refused(
    tmp_path: Path, served: Callable[[Serve], StubApi]
) -> None:
    refused = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "PutItem")
    events = [{"events": [{"message": '{"requestId": "r"}', "logStreamName": "s"}]}]
    clients = {
        "apigateway": StubClient({"get_api_keys": {"items": [{"value": "secret"}]}}),
        "dynamodb": StubClient({"put_item": refused}),
        "logs": StubClient({"filter_log_events": events}),
    }
    text = """
[[step]]
name = "looks up"
call = { service = "apigateway", operation = "GetApiKeys" }
capture = { key = "items.0.value" }

[[step]]
name = "is refused"
expect = { error = "AccessDenied" }

[step.call]
service = "dynamodb"
operation = "PutItem"
parameters = { Item = { h = { S = "${sha256(key)}" } } }

[[step]]
name = "finds the event"
log = { group = "g", contains = ["requestId"] }
expect = { values = { "json.requestId" = "r" } }

[[step]]
name = "misses the event"
log = { group = "g", contains = ["other"] }
"""
    found = sent(written(tmp_path, text), StubWorld(served(numbered()), clients)).steps
    assert [step.status for step in found[:4]] == [*[Status.PASS] * 3, Status.FAIL]
    assert "none of 1 events of `g` holds `other`" in found[3].detail
    ((_, parameters),) = clients["dynamodb"].calls
    digest = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
    assert parameters == {"Item": {"h": {"S": digest}}}


def test_a_call_that_aws_would_have_denied_fails_the_flow(
    tmp_path: Path, served: Callable[[Serve], StubApi]
) -> None:
    world = StubWorld(served(numbered()))
    world.denials = ["an earlier one"]

    def deny(_step: str, number: int) -> None:
        if number == 1:
            world.denials.append("User: r is not authorized to perform: s3:PutObject")

    run = sent(written(tmp_path, POSTS), world, sent=deny)
    assert run.steps[-1].status is Status.FAIL
    assert run.steps[-1].detail == (
        "1 calls that AWS would have denied; User: r is not authorized to perform: s3:PutObject"
    )
    verdict = with_flow(Verdict(Provenance("s", "rehearse")), run)
    assert verdict.decision is Decision.BLOCKED
    world.wrong.append("the embedded AWS does not model x")
    world.denials.clear()
    assert sent(written(tmp_path, POSTS), world).steps[-1].status is Status.PASS


def test_an_event_that_was_not_delivered_fails_the_flow(
    tmp_path: Path, served: Callable[[Serve], StubApi]
) -> None:
    world = StubWorld(served(numbered()))
    world.lost = ["an earlier one"]

    def lose(_step: str, number: int) -> None:
        if number == 1:
            world.lost.append("not allowed: f from b: the policy")

    last = sent(written(tmp_path, POSTS), world, sent=lose).steps[-1]
    assert last.status is Status.FAIL
    assert last.detail == "1 events that were not delivered; not allowed: f from b: the policy"


def test_a_flow_in_which_no_role_made_a_call_shows_nothing_of_roles(
    tmp_path: Path, served: Callable[[Serve], StubApi]
) -> None:
    world = StubWorld(served(numbered()))
    world.has_roles = False
    last = sent(written(tmp_path, POSTS), world).steps[-1]
    assert last.status is Status.NOT_EXERCISED
    assert last.detail == "no role made a call, so none was decided"


@pytest.mark.parametrize(
    ("kinds", "lost"),
    [
        ([], 0),
        (["failed", "failed"], 0),
        (["failed", "given up", "handed on"], 0),
        (["given up", "given up", "handed on"], 1),
        (["given up", "not delivered"], 2),
        (["handed on"], 0),
        (["not allowed", "recursion", "logs not written"], 3),
    ],
)
def test_what_was_handed_on_is_not_lost(kinds: list[str], lost: int) -> None:
    def note(kind: str, function: str) -> dict[str, str]:
        return {"kind": kind, "function": function, "source": "b", "message": "m"}

    notes = [note(kind, "f") for kind in kinds]
    assert len(undelivered(notes)) == lost
    others = [note("given up", "g"), note("handed on", "h")]
    assert len(undelivered([*notes, *others])) == lost + 1


def test_the_kinds_of_deliveries_are_the_embedded_aws_s() -> None:
    assert {_GIVEN_UP, _HANDED_ON, *_LOST, "failed"} == set(KINDS)


def test_a_denial_names_who_what_and_which_statement() -> None:
    line = {"message": "User: r is not authorized", "layers": [], "statements": []}
    statement = {"layer": "resource policy", "policy": 0, "statement": 1, "sid": "TlsOnly"}
    assert _denial({**line, "statements": [statement]}).endswith(
        "; resource policy 0, statement 1 (`TlsOnly`)"
    )
    layers = ["permissions boundary"]
    assert _denial({**line, "layers": layers}).endswith("; no permissions boundary allows it")


def test_a_flow_is_in_every_report(tmp_path: Path, served: Callable[[Serve], StubApi]) -> None:
    text = 'not_exercised = ["the database"]\n' + POSTS
    run = sent(written(tmp_path, text), StubWorld(served(numbered())))
    verdict = with_flow(Verdict(Provenance("s", "rehearse")), run)
    assert verdict.decision is Decision.ALLOWED
    schema = json.loads((ROOT / "docs/schemas/verdict.schema.json").read_text(encoding="utf-8"))
    data = json.loads(render_json(verdict))
    jsonschema.validate(data, schema)
    assert Verdict.from_dict(data).flow == run
    for shown in (render_text(verdict), render_html(verdict)):
        assert "4 requests: 2 with 202, 2 with 400" in shown
        assert "emulated: no time here is one of AWS" in shown
        assert run.environment["interpreter"] in shown
        assert run.environment["architecture"] in shown
        assert "the database" in shown


def test_samples_are_the_same_for_the_same_seed_and_look_like_trades() -> None:
    kind = read_flow(PLATFORM).samples["trades"]
    first, again = (list(islice(make_samples(kind), 400)) for _ in range(2))
    assert first == again
    assert len({sample["symbol"] for sample in first}) == len(kind.fields["symbol"].choice)
    by_symbol: dict[str, list[Any]] = {}
    for sample in first:
        by_symbol.setdefault(sample["symbol"], []).append(sample["price"])
    for prices in by_symbol.values():
        steps = [abs(float(b) / float(a) - 1) for a, b in pairwise(prices)]
        assert 0 < max(steps) < 0.01
    times = [sample["executed_at"] for sample in first]
    assert times == sorted(times)
    assert all(sample["quantity"] % 100 == 0 for sample in first)
    assert json.loads(as_json(first[0]))["price"] == float(first[0]["price"])


def test_the_platform_s_flow_is_one() -> None:
    flow = read_flow(PLATFORM)
    assert any("database" in line for line in flow.not_exercised)
    assert len({step.name for step in flow.steps}) == len(flow.steps)


WRONG = tomllib.loads((Path(__file__).parent / "wrong.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", [one["text"] for one in WRONG.values()], ids=WRONG)
def test_what_is_no_flow_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read_flow(written(tmp_path, text))
    assert raised.value.what


def test_the_schema_takes_what_the_reader_takes() -> None:
    from revet.rehearsal.flow import read  # noqa: PLC0415 - its tables of fields

    properties = SCHEMA["properties"]
    step = properties["step"]["items"]["properties"]
    sample = properties["samples"]["additionalProperties"]
    fields = sample["properties"]["fields"]["additionalProperties"]["properties"]
    for known, told in (
        (read.FIELDS, properties),
        (read.STEP_FIELDS, step),
        (read.SEND_FIELDS, step["send"]["properties"]),
        (read.CALL_FIELDS, step["call"]["properties"]),
        (read.OBJECT_FIELDS, step["objects"]["properties"]),
        (read.LOG_FIELDS, step["log"]["properties"]),
        (read.EXPECT_FIELDS, step["expect"]["properties"]),
        (read.SAMPLE_FIELDS, sample["properties"]),
        (read.FIELD_FIELDS, fields),
    ):
        assert set(known) == set(told)
