"""The table of kinds is whole, and has what the controls read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from revet.gate.catalog import load_catalog
from revet.plan.kinds import attribute_kinds, made_for, misfit

TABLE = Path(__file__).parents[2] / "src/revet/plan/data/attribute_kinds.txt"
NAMES = [line.split(" ", 1)[0] for line in TABLE.read_text("ascii").splitlines()[1:]]


def kinds_in(kind: object) -> set[str]:
    if isinstance(kind, dict):
        return {found for inner in kind.values() for found in kinds_in(inner)}
    if isinstance(kind, tuple):
        return kinds_in(kind[1])
    return {str(kind)}


def test_every_line_is_read() -> None:
    assert len(NAMES) == len(set(NAMES)) > 1500
    for name in NAMES:
        assert kinds_in(attribute_kinds(name)) <= {"s", "n", "b", "?"}, name
    assert re.fullmatch(r"AWS provider 5\.\d+\.\d+", made_for())


def test_what_the_controls_judge_is_known_wholly() -> None:
    judged = {kind for control in load_catalog().values() for kind in control.meta.resources}
    aws = {kind for kind in judged if kind.startswith("aws_")}
    assert aws
    for kind in aws:
        assert "?" not in kinds_in(attribute_kinds(kind)), kind


@pytest.mark.parametrize(
    ("kind", "values", "path", "got"),
    [
        ("aws_kms_key", {"enable_key_rotation": "x"}, "enable_key_rotation", "text, `x`"),
        ("aws_kms_key", {"deletion_window_in_days": True}, "deletion_window_in_days", "`true`"),
        ("aws_security_group", {"ingress": [{"cidr_blocks": [False]}]},
         "ingress.0.cidr_blocks.0", "`false`"),
        ("aws_security_group", {"ingress": [{"cidr_blocks": "0.0.0.0/0"}]},
         "ingress.0.cidr_blocks", "`0.0.0.0/0`"),
        ("aws_security_group", {"ingress": {}}, "ingress", "an object"),
        ("aws_security_group", {"ingress": [None]}, "ingress.0", "null"),
        ("aws_security_group", {"tags": {"a": 1}}, "tags.a", "a number"),
    ],
)  # fmt: skip
def test_misfits(kind: str, values: dict[str, object], path: str, got: str) -> None:
    found = misfit("managed", kind, values, {})
    assert found is not None
    assert found.path == path
    assert got in found.got


@pytest.mark.parametrize(
    ("kind", "values", "unknown"),
    [
        ("aws_kms_key", {"enable_key_rotation": None, "new_in_a_later_version": [1]}, {}),
        ("aws_security_group", {"ingress": [{"cidr_blocks": ["a", None]}]},
         {"ingress": [{"cidr_blocks": [False, True]}]}),
        ("aws_security_group", {"tags": {"a": None}}, {}),
        ("terraform_data", {"input": object()}, {}),
    ],
)  # fmt: skip
def test_what_fits(kind: str, values: dict[str, object], unknown: object) -> None:
    assert misfit("managed", kind, values, unknown) is None
