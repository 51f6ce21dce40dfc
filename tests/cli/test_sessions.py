"""A real account is only touched when the user has named it; no network is used here."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import typer

from revet.cli.accounts import Confirmation, named_accounts
from revet.cli.options import TargetName
from revet.cli.project import find_project
from revet.cli.sessions import session_on
from revet.cli.stack import find_stack
from revet.model.errors import UsageError
from revet.target.accounts import Identity

OURS = "123456789012"
OTHER = "210987654321"
FOUND = {
    "aws": Identity(OURS, f"arn:aws:sts::{OURS}:assumed-role/deployer/ana"),
    "aws.logs": Identity(OTHER, f"arn:aws:sts::{OTHER}:assumed-role/logs/ana"),
    "module.m:aws": Identity(OURS, f"arn:aws:sts::{OURS}:assumed-role/deployer/ana"),
}
ONE = {"aws": FOUND["aws"]}


@pytest.fixture(autouse=True)
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text("")
    (tmp_path / "revet.toml").write_text(
        f"[stacks.app]\nprogram = 'app.py'\nregion = 'eu-west-1'\n"
        f"[stacks.ours]\nprogram = 'app.py'\naccount = '{OURS}'\n"
        "[stacks.theirs]\nprogram = 'app.py'\naccount = '999999999999'\n"
    )
    return tmp_path


class Terminal(io.StringIO):
    """Stdin of a user at a terminal."""

    def isatty(self) -> bool:
        return True


def confirm(name: str, *given: str) -> Confirmation:
    return Confirmation(f"deploy `{name}` in", given, find_stack(name, find_project()).account)


def test_nothing_is_asked_of_aws_before_the_configuration_is_known(project: Path) -> None:
    found = find_project()
    app = find_stack("app", found)
    with session_on(app, found, TargetName.AWS, accounts=(OURS,), action="deploy") as session:
        session.target.start()
        assert session.target.name == "aws"
        assert session.folder.parts[-3:] == (".revet", "app", "aws")


def test_every_account_must_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    confirm("app", OURS)(ONE)
    confirm("app", OTHER, OURS)(FOUND)
    shown = capsys.readouterr().err
    assert f"REAL AWS account {OURS}, {OTHER}" in shown
    for key, identity in FOUND.items():
        assert f"{identity.account}  provider `{key}`  as {identity.arn}" in shown


@pytest.mark.parametrize("given", [(OURS,), (OTHER,), ("111111111111",), (OURS, "111111111111")])
def test_an_account_that_is_not_named_is_refused(given: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="nothing was done") as caught:
        confirm("app", *given)(FOUND)
    assert caught.value.expected in {OURS, OTHER} - set(given)
    assert "provider `aws" in caught.value.where


def test_without_a_terminal_the_accounts_must_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{OURS}\n{OTHER}\n"))
    with pytest.raises(UsageError, match="must be named") as caught:
        confirm("app")(FOUND)
    assert f"--account {OURS} --account {OTHER}" in caught.value.expected


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ([OURS, OTHER], True),
        ([OURS], False),
        ([OTHER, OURS], False),
        ([OURS, "yes"], False),
        ([OURS[:-1], OTHER], False),
    ],
)
def test_at_a_terminal_each_account_is_shown_and_must_be_typed(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: list[str],
    *,
    right: bool,
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("".join(f"{line}\n" for line in typed)))
    if right:
        confirm("ours")(FOUND)
    else:
        with pytest.raises((UsageError, typer.Abort)):
            confirm("ours")(FOUND)
    assert "type the account id to go on (1 of 2)" in capsys.readouterr().err


def test_the_account_of_revet_toml_must_be_that_of_the_credentials() -> None:
    with pytest.raises(UsageError, match=r"than `revet\.toml` names"):
        confirm("theirs", OURS)(ONE)


def test_the_embedded_target_asks_no_account() -> None:
    found = find_project()
    app = find_stack("app", found)
    with pytest.raises(UsageError, match="requires `--target aws`"):
        session_on(app, found, TargetName.EMBEDDED, accounts=(OURS,), action="deploy").__enter__()


def test_accounts_come_from_options_and_a_file(tmp_path: Path) -> None:
    file = tmp_path / "accounts"
    file.write_text(f"# ours\n{OURS}  # production\n\n")
    assert named_accounts(None, None) == ()
    assert named_accounts([OTHER], file) == (OTHER, OURS)
    for text in ("", "# none\n", "12345\n", f"{OURS} {OTHER}\n", "1111-2222-3333\n"):
        file.write_text(text)
        with pytest.raises(UsageError):
            named_accounts(None, file)
    with pytest.raises(UsageError, match="cannot be read"):
        named_accounts(None, tmp_path / "absent")


@pytest.mark.parametrize("account", ["", "12345", "1111-2222-3333", "11112222333a", "1" * 13])
def test_an_account_is_twelve_digits(account: str) -> None:
    with pytest.raises(UsageError, match="not an AWS account id"):
        named_accounts([account], None)
