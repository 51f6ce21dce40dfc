"""The programs and settings on the pages work as they are written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from revet.gate.attack_file import read_attacks
from revet.gate.property_file import read_properties
from revet.iam.evaluate import Layer

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(python|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text("utf-8")
    return [code for kind, code in BLOCK.findall(text) if kind == language]


def block(page: str, language: str, begin: str) -> str:
    [found] = [code for code in blocks(page, language) if code.startswith(begin)]
    return found


def revet(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "revet.cli", *arguments],
        cwd=folder,
        env={**os.environ, "REVET_STATE_DIR": str(folder / "state")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_first_settings_of_a_reader(tmp_path: Path) -> None:
    settings = block("README.md", "toml", "[stacks.payments]")
    (tmp_path / "revet.toml").write_text(settings, encoding="utf-8")
    (tmp_path / "requirements.toml").touch()
    program = blocks("docs/tour.md", "python")[0]
    (tmp_path / "payments.py").write_text(program, encoding="utf-8")
    ended = revet(tmp_path, "synth", "payments")
    assert ended.returncode == 0, ended.stderr
    assert "runs `python " in ended.stderr
    assert ended.stdout.endswith("/stacks/payments/cdk.tf.json: 9 resources\n")


@pytest.fixture
def several(tmp_path: Path) -> Path:
    (tmp_path / "revet.toml").write_text(block("docs/tour.md", "toml", "# revet.toml"), "utf-8")
    (tmp_path / "app.py").write_text(block("docs/tour.md", "python", "# app.py"), "utf-8")
    return tmp_path


def test_several_stacks_of_one_app(several: Path) -> None:
    ended = revet(several, "synth", "--all")
    assert ended.returncode == 0, ended.stderr
    made = [line.split("/stacks/")[1].split("/")[0] for line in ended.stdout.splitlines()]
    assert made == ["keys", "service"], "each after what it needs"
    assert ended.stderr.count("runs `") == 1


def test_a_program_that_fails_is_told_as_the_tour_says(several: Path) -> None:
    program = several / "app.py"
    text = program.read_text("utf-8").replace("description=", "descripton=")
    program.write_text(text, "utf-8")
    ended = revet(several, "synth", "service")
    assert ended.returncode == 3
    line = 1 + text[: text.index("descripton=")].count("\n")
    assert f"where     {program}:{line}" in ended.stderr
    assert "did you mean `description`?" in ended.stderr


@pytest.mark.embedded
@pytest.mark.slow
def test_several_stacks_are_rehearsed_together(several: Path) -> None:
    ended = revet(several, "rehearse", "service", "--output", "report.txt")
    assert ended.returncode == 0, ended.stderr + (several / "report.txt").read_text("utf-8")
    assert ended.stderr.count("for `service`, with `LIFECYCLE=EPHEMERAL`") == 1
    turns = re.findall(r"^rehearse `(\w+)`", ended.stderr, re.MULTILINE)
    assert turns == ["encryption", "service"]
    done = re.findall(r"^(\w+) (apply|destroy): done", ended.stderr, re.MULTILINE)
    assert done == [
        ("encryption", "apply"),
        ("service", "apply"),
        ("service", "destroy"),
        ("encryption", "destroy"),
    ]


def test_properties_and_attacks_can_be_read(tmp_path: Path) -> None:
    [properties] = [text for text in blocks("docs/iam.md", "toml") if "[[property]]" in text]
    (tmp_path / "properties.toml").write_text(properties, "utf-8")
    assert [one.by for one in read_properties(tmp_path / "properties.toml")] == [Layer.BOUNDARY]
    [attacks] = [text for text in blocks("docs/iam.md", "toml") if "[[attack]]" in text]
    (tmp_path / "attacks.toml").write_text(attacks, "utf-8")
    assert len(read_attacks(tmp_path / "attacks.toml")) == 2
