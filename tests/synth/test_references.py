"""What stacks read of each other, in which order they are made, and where it is read instead."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from revet.model.errors import ConfigError, ProgramError
from revet.synth.app import Synthesis, SynthesizedStack
from revet.synth.references import before, needed, ordered, redirect, references

OURS = "cross-stack-reference-input-"


def stack(
    folder: Path, name: str, backend: dict[str, Any], reads: dict[str, Any], *after: str
) -> SynthesizedStack:
    content = {"terraform": {"backend": backend}, "data": {"terraform_remote_state": reads}}
    path = folder / name / "cdk.tf.json"
    path.parent.mkdir()
    path.write_text(json.dumps(content))
    return SynthesizedStack(name, path.parent, path, content, after)


def s3(key: str) -> dict[str, Any]:
    return {"bucket": "states", "key": key, "region": "eu-west-1", "use_lockfile": True}


@pytest.fixture
def app(tmp_path: Path) -> Synthesis:
    """Made by CDK Terrain, by hand, twice, and with a dependency without a value."""
    stacks = [
        stack(tmp_path, "pay", {"s3": s3("pay")}, {
            f"{OURS}net": {"backend": "s3", "config": s3("net"), "workspace": "${x}"},
            "by_hand": {"backend": "s3", "config": s3("keys"), "defaults": {"arn": ""}},
            "of_others": {"backend": "s3", "config": s3("elsewhere")},
        }, "net"),
        stack(tmp_path, "keys", {"s3": s3("keys")}, {}),
        stack(tmp_path, "net", {"s3": s3("net")}, {
            "listed": [{"backend": "s3", "config": s3("keys")}],
        }),
        stack(tmp_path, "audit", {"local": {"path": "a.tfstate"}}, {}, "pay"),
    ]  # fmt: skip
    return Synthesis(tmp_path, {item.name: item for item in stacks})


def test_what_is_read_of_whom(app: Synthesis) -> None:
    assert references(app, "pay") == {f"{OURS}net": "net", "by_hand": "keys"}
    assert references(app, "net") == {"listed": "keys"}
    assert references(app, "keys") == references(app, "audit") == {}
    assert before(app, "audit") == ("pay",)


def test_the_order(app: Synthesis) -> None:
    assert needed(app, "audit") == ("keys", "net", "pay")
    assert needed(app, "pay") == ("keys", "net")
    assert needed(app, "keys") == ()


def test_states_are_read_where_they_lie(app: Synthesis, tmp_path: Path) -> None:
    redirect(app, "pay", {"net": tmp_path / "a ${b} %{c}" / "net.tfstate", "keys": None})
    content = json.loads(app.stacks["pay"].json_path.read_text())
    read = content["data"]["terraform_remote_state"]
    assert read[f"{OURS}net"] == {
        "backend": "local",
        "config": {"path": f"{tmp_path}/a $${{b}} %%{{c}}/net.tfstate"},
        "//": {"revet": "net"},
    }
    assert read["by_hand"] == {
        "backend": "local",
        "config": {"path": "${timestamp()}"},
        "defaults": {"arn": ""},
        "//": {"revet": "keys"},
    }
    assert read["of_others"] == {"backend": "s3", "config": s3("elsewhere")}
    again = Synthesis(
        tmp_path,
        {
            **app.stacks,
            "pay": SynthesizedStack("pay", tmp_path, app.stacks["pay"].json_path, content),
        },
    )
    assert references(again, "pay") == references(app, "pay"), "also after it was written"


def test_circles_are_refused(tmp_path: Path) -> None:
    one = stack(tmp_path, "a", {}, {}, "b")
    two = stack(tmp_path, "b", {}, {}, "a")
    with pytest.raises(ProgramError, match="circle"):
        needed(Synthesis(tmp_path, {"a": one, "b": two}), "a")
    with pytest.raises(ConfigError, match="circle"):
        ordered(("a", "b"), {"a": ("b",), "b": ("a",)})


@pytest.mark.parametrize(
    ("names", "needs", "order"),
    [
        ("cba", {}, "cba"),
        ("cba", {"c": "a"}, "acb"),
        ("cba", {"c": "b", "b": "a"}, "abc"),
        ("ab", {"a": "x"}, "ab"),
        ("dcba", {"d": "bc", "b": "a", "c": "a"}, "abcd"),
    ],
)
def test_names_come_after_what_they_need(names: str, needs: dict[str, str], order: str) -> None:
    assert "".join(ordered(names, needs)) == order
