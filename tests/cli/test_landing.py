"""A real account is only touched when the user has named it; no network is used here."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from revet.cli import landing
from revet.cli.options import TargetName
from revet.model.errors import UsageError
from revet.target import aws
from revet.target.aws import Identity

OURS = "123456789012"


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Credentials of one account; lists what was asked of AWS."""
    asked: list[str] = []

    def identify(region: str, environment: object = None) -> Identity:
        del environment
        asked.append(region)
        return Identity(OURS, f"arn:aws:sts::{OURS}:assumed-role/deployer/ana")

    monkeypatch.setattr(aws, "identify", identify)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text("")
    (tmp_path / "revet.toml").write_text(
        f"[stacks.app]\nprogram = 'app.py'\nregion = 'eu-west-1'\n"
        f"[stacks.ours]\nprogram = 'app.py'\naccount = '{OURS}'\n"
        "[stacks.theirs]\nprogram = 'app.py'\naccount = '999999999999'\n"
    )
    return asked


class Terminal(io.StringIO):
    """Stdin of a user at a terminal."""

    def isatty(self) -> bool:
        return True


def _land(name: str, given: str | None) -> landing.Landing:
    with landing.land(name, TargetName.AWS, account=given, action="deploy") as landed:
        landed.target.start()
        return landed


def test_the_right_account_on_the_command_line_is_enough(account: list[str]) -> None:
    landed = _land("app", OURS)
    assert landed.target.name == "aws"
    assert landed.target.account() == OURS
    assert landed.directory.parts[-3:] == (".revet", "app", "aws")
    assert set(account) == {"eu-west-1"}


def test_another_account_on_the_command_line_is_refused() -> None:
    with pytest.raises(UsageError, match="nothing was done") as caught:
        _land("app", "111111111111")
    assert caught.value.got == "`111111111111`"
    assert caught.value.expected == OURS


def test_without_a_terminal_the_account_must_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{OURS}\n"))
    with pytest.raises(UsageError, match="must be named") as caught:
        _land("app", None)
    assert f"--account {OURS}" in caught.value.expected


@pytest.mark.parametrize(("typed", "right"), [(OURS, True), ("yes", False), (OURS[:-1], False)])
def test_at_a_terminal_the_account_is_shown_and_must_be_typed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str, *, right: bool
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(f"{typed}\n"))
    if right:
        assert _land("ours", None).target.account() == OURS
    else:
        with pytest.raises(UsageError, match="nothing was done"):
            _land("ours", None)
    shown = capsys.readouterr()
    assert f"REAL AWS account {OURS}" in shown.err
    assert "type the account id" in shown.err


def test_the_account_of_revet_toml_must_be_that_of_the_credentials() -> None:
    with pytest.raises(UsageError, match=r"than `revet\.toml` names"):
        _land("theirs", OURS)


def test_the_embedded_target_asks_no_account(account: list[str]) -> None:
    with pytest.raises(UsageError, match="belongs to `--target aws`"):
        landing.land("app", TargetName.EMBEDDED, account=OURS, action="deploy").__enter__()
    assert account == []
