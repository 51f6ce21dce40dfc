"""Calls of the command line: in this process, and as a user would start it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from revet.cli.app import app


@dataclass(frozen=True)
class Call:
    """How a call ended."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err


Caller = Callable[..., Call]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Caller:
    """Run `revet` in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.delenv("REVET_DEBUG", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def run(*arguments: str, stdin: str | bytes | None = None) -> Call:
        ended = CliRunner().invoke(app, arguments, input=stdin, prog_name="revet")
        return Call(ended.exit_code, ended.stdout, ended.stderr)

    return run


@pytest.fixture
def start(tmp_path: Path) -> Caller:
    """Run `revet` as its own process, in an empty folder."""

    def run(*arguments: str, **variables: str) -> Call:
        ended = subprocess.run(
            [sys.executable, "-m", "revet.cli", *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, **variables},
            timeout=60,
            check=False,
        )
        return Call(ended.returncode, ended.stdout, ended.stderr)

    return run
