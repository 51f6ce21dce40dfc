"""A verdict file is read back only as revet wrote it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.report.test_json import corpus

from revet.cli.verdict_file import read_verdict
from revet.model.errors import InputError, UsageError
from revet.model.verdict import Verdict, digest_of
from revet.report import render_json

if TYPE_CHECKING:
    from tests.cli.conftest import Caller

GOLDEN = Path(__file__).parents[1] / "golden" / "report" / "verdict.json"
STORED: dict[str, Any] = json.loads(GOLDEN.read_text("utf-8"))
Place = tuple[str | int, ...]


def _places(value: object, above: Place = ()) -> Iterator[Place]:
    """Every value in a document, objects and lists too."""
    yield above
    inner: Iterator[tuple[str | int, object]]
    match value:
        case dict():
            inner = iter(value.items())
        case list():
            inner = iter(enumerate(value))
        case _:
            return
    for name, item in inner:
        yield from _places(item, (*above, name))


PLACES = [place for place in _places(STORED) if place]


def _kinds(places: list[Place]) -> list[Place]:
    return list(
        {tuple(name for name in place if isinstance(name, str)): place for place in places}.values()
    )


KINDS = _kinds(PLACES)
"""One place of each kind: the last of those that differ only in their place in a list."""

AUDIT: dict[str, Any] = json.loads((GOLDEN.parent / "audit.json").read_text("utf-8"))
AUDIT_KINDS = _kinds([place for place in _places(AUDIT) if place])
"""The same of an audit of several accounts."""

READERS = {
    "report": ("report", "verdict.json"),
    "report --previous": ("report", str(GOLDEN), "--previous", "verdict.json"),
    "check --previous": ("check", "plan.json", "--previous", "verdict.json"),
    "check --baseline": ("check", "plan.json", "--baseline", "verdict.json"),
    "rehearse --previous": ("rehearse", "tap", "--previous", "verdict.json"),
    "rehearse --baseline": ("rehearse", "tap", "--baseline", "verdict.json"),
}


def _edited(
    place: Place,
    change: Any,  # noqa: ANN401 - a function or a value
    stored: dict[str, Any] = STORED,
) -> dict[str, Any]:
    data = copy.deepcopy(stored)
    inner: Any = data
    for name in place[:-1]:
        inner = inner[name]
    if change is None:
        del inner[place[-1]]
    else:
        inner[place[-1]] = change(inner[place[-1]])
    return data


def _other(value: object) -> object:
    """A value of the same kind that is not the same."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return f"{value}x"
        case list():
            return [*value, "x"]
        case dict():
            return {**value, "x": "x"}
        case _:
            return "x"


CHANGES = {
    "another value": _other,
    "null": lambda value: "" if value is None else None,
    "another kind": lambda value: [value],
    "removed": None,
}


@pytest.mark.parametrize("how", list(CHANGES))
def test_every_edit_of_a_single_value_is_refused(how: str, tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    read: list[Place] = []
    for place in PLACES if how == "another value" else KINDS:
        path.write_text(json.dumps(_edited(place, CHANGES[how])), "utf-8")
        try:
            read_verdict(path)
        except InputError:
            continue
        read.append(place)
    assert read == []
    assert len(PLACES) > 500, "the golden verdict has lost its content"
    assert len(KINDS) > 80


@pytest.mark.parametrize("how", ["another value", "null", "another kind"])
def test_an_edit_with_a_new_digest_is_read_whole_or_refused(how: str, tmp_path: Path) -> None:
    """Whoever computes the digest anew gets no crash, and no decision that does not follow."""
    path = tmp_path / "verdict.json"
    derived = {"decision", "blockers", "counts"}
    both = ((STORED, KINDS), (AUDIT, AUDIT_KINDS))
    for stored, place in ((stored, place) for stored, kinds in both for place in kinds):
        data = _edited(place, CHANGES[how], stored)
        data["digest"] = digest_of(data)
        path.write_text(json.dumps(data), "utf-8")
        try:
            verdict = read_verdict(path)
        except InputError:
            continue
        assert place[0] not in derived, place
        assert json.loads(render_json(verdict)) == data, place


@given(st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_the_layout_and_the_order_of_names_do_not_matter(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a test

    def shuffled(value: object) -> object:
        if isinstance(value, dict):
            names = list(value)
            random.shuffle(names)
            return {name: shuffled(value[name]) for name in names}
        return [shuffled(item) for item in value] if isinstance(value, list) else value

    data = shuffled(STORED)
    assert isinstance(data, dict)
    assert digest_of(json.loads(json.dumps(data, ensure_ascii=False))) == STORED["digest"]


def test_the_order_of_a_list_does_matter() -> None:
    data = copy.deepcopy(STORED)
    data["findings"].reverse()
    assert digest_of(data) != STORED["digest"]


def test_every_verdict_of_the_corpus_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    for name, item in corpus(Verdict.from_dict(STORED)):
        path.write_text(render_json(item), "utf-8")
        assert read_verdict(path) == item, name


@pytest.mark.parametrize("reader", list(READERS))
@pytest.mark.parametrize("how", ["edited", "without a digest", "of the version before"])
def test_every_reader_refuses(reader: str, how: str, call: Caller, tmp_path: Path) -> None:
    data = copy.deepcopy(STORED)
    match how:
        case "edited":
            data["findings"][0]["status"] = "pass"
            said = "a verdict was changed after revet wrote it"
        case "without a digest":
            del data["digest"]
            said = "a verdict without a digest"
        case _:
            data["schema"] = "1"
            said = "not a verdict that this version reads"
    (tmp_path / "verdict.json").write_text(json.dumps(data), "utf-8")
    (tmp_path / "plan.json").write_text("{}")
    ended = call(*READERS[reader])
    assert ended.code == 2
    assert said in ended.err
    assert "  do " in ended.err
    assert "Traceback" not in ended.all


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe{\x00}\x00", "not valid JSON"),
        (b"\xef\xbb\xbf{}", "BOM"),
        (b"[" * 200_000, "levels deep"),
        (b'{"a":' * 150 + b"1" + b"}" * 150, "levels deep"),
        (b'{"schema": ' + b"1" * 5000 + b"}", "a number of 5000 digits"),
        (b"", "Expecting value"),
    ],
    ids=["utf-16", "byte order mark", "endless", "deep", "5,000 digits", "empty"],
)
def test_what_is_not_json_is_one_message(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match="not valid JSON") as caught:
        read_verdict(path)
    assert said in str(caught.value)


def test_an_endless_device_is_not_read_to_its_end() -> None:
    with pytest.raises(UsageError) as caught:
        read_verdict(Path("/dev/zero"))
    assert "more than 1 mib" in caught.value.got
