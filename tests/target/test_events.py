import json
from pathlib import Path

import pytest

from revet.target.events import Event, event_of, parse_message

STREAMS = Path(__file__).parent / "streams"


def events(stream: str, step: str) -> list[Event]:
    lines = (STREAMS / stream).read_text().splitlines()
    messages = [message for line in lines if (message := parse_message(line))]
    return [event for m in messages if (event := event_of(m, step, 7)) is not None]


@pytest.mark.parametrize("text", ["", "Error: x", "{", '{"no": "type"}', "[1]", '"text"'])
def test_text_is_no_message(text: str) -> None:
    assert parse_message(text) is None


def test_a_recorded_apply_that_fails() -> None:
    seen = [
        (event.kind, event.address, event.action) for event in events("apply_error.jsonl", "apply")
    ]
    assert seen == [
        ("resource_start", "terraform_data.first", "create"),
        ("resource_done", "terraform_data.first", "create"),
        ("resource_start", "terraform_data.slow", "create"),
        ("resource_progress", "terraform_data.slow", "create"),
        ("resource_done", "terraform_data.slow", "create"),
        ("resource_start", 'terraform_data.broken["a.b"]', "create"),
        ("resource_error", 'terraform_data.broken["a.b"]', "create"),
        ("diagnostic", 'terraform_data.broken["a.b"]', "error"),
    ]


def test_refreshing_is_no_change() -> None:
    seen = events("destroy.jsonl", "destroy")
    assert {event.action for event in seen if event.address} == {"refresh", "delete"}
    notes = [event.detail for event in seen if event.kind == "note"]
    assert notes[-1] == "Destroy complete! Resources: 3 destroyed."


def test_the_total_is_passed_on() -> None:
    message = json.loads((STREAMS / "apply.jsonl").read_text().splitlines()[-2])
    assert {event.total for event in events("apply.jsonl", "apply")} == {7}
    assert message["type"] == "change_summary"
