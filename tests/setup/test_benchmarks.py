"""Budgets of the benchmarks are ratios to a peer of the same run; without a peer none is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

import lines
import run
from measure import Measurement
from peers import MissingPeerError

MEASURED = Measurement(2.0, 1.0, 0.5, 64.0, 3, "")

PEERS: list[tuple[str, tuple[str, str, float], float]] = [
    ("validate", run.VALIDATION, 2.5),
    ("check", run.GATE, 8),
    ("synth", run.SYNTHESIS, 3),
    ("evaluate", run.DECISIONS, 20),
    ("lines", run.LINES, 5),
]


@pytest.mark.parametrize(("name", "of", "least"), PEERS)
def test_a_ratio_is_kept_from_its_budget_on(
    name: str, of: tuple[str, str, float], least: float
) -> None:
    assert of[2] == least, name
    assert run.budget(of, least).kept
    assert not run.budget(of, least * 0.99).kept
    assert "MISSED" in str(run.budget(of, least * 0.99))


def test_growth_has_an_upper_bound() -> None:
    assert run.Budget("scale", 1.5, "times as long", most=1.5).kept
    assert not run.Budget("scale", 1.51, "times as long", most=1.5).kept


def missing(*_: object) -> NoReturn:
    raise MissingPeerError("it cannot be installed")


@pytest.mark.parametrize(
    ("name", "peer"),
    [
        ("check", "peers.checkov"),
        ("validate", "validation.parliament"),
        ("evaluate", "peers.iam_simulate"),
        ("lines", "peers.iam_simulate"),
    ],
)
def test_a_missing_peer_is_said_and_does_not_pass(
    name: str,
    peer: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fast(function: str, answer: Callable[..., Any]) -> None:
        monkeypatch.setattr(f"run.{function}", answer)

    fast("WORK", tmp_path)  # type: ignore[arg-type]
    fast("measure", lambda *_, **__: MEASURED)
    fast("large_plan.large_plan", lambda folder: folder)
    fast("validation.ours", lambda _: 1.0)
    fast("evaluate.write_cases", lambda *_: None)
    fast("evaluate.run_ours", lambda _: {"rate": 1e6, "shares": {"allowed": 0.5}})
    fast("lines.write_lines", lambda _: None)
    fast(peer, missing)
    monkeypatch.setattr("sys.argv", ["run.py", name])
    assert run.main() == 1
    shown = capsys.readouterr().out
    assert "NOT COMPARED" in shown
    assert "it cannot be installed" in shown
    assert "budgets missed" in shown


def test_the_lines_are_cases_that_the_command_decides(tmp_path: Path) -> None:
    from revet.cli.iam.authorize import decide_lines  # noqa: PLC0415 - the product's own

    cases = tmp_path / "cases.jsonl"
    lines.write_lines(cases, 200)
    decisions = [item["decision"] for item in decide_lines(cases.read_text().splitlines())]
    assert len(decisions) == 200
    assert set(decisions) == {"allowed", "explicitly_denied", "implicitly_denied"}
