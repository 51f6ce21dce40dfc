"""`revet audit` of several accounts, through roles that the embedded AWS decides about for real.

`--target aws` reaches the same embedded AWS here: its keys and its address are the environment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from revet.cli import audited_accounts
from revet.model.errors import TargetError
from revet.target.embedded import EmbeddedTarget
from revet.target.roles import Role, RoleRefusedError, RoleSessions
from revet.verify.audit import reading_policy
from revet.verify.readers import load_readers

pytestmark = pytest.mark.embedded

HUB = "123456789012"
WEST = "us-west-2"
ROLE = "security/revet-audit"
EXTERNAL = "ticket-7"
ONLY = ("--region", WEST, "--service", "kms", "--control", "kms-key-alias")
SETTINGS = f'[accounts]\nrole = "{ROLE}"\nexternal_id = "{EXTERNAL}"\nregions = ["{WEST}"]\n'


@dataclass(frozen=True)
class World:
    """An organization: the hub, two accounts with the role, one without, and a closed one."""

    target: EmbeddedTarget
    payments: str
    data: str
    bare: str
    closed: str

    @property
    def active(self) -> list[str]:
        return sorted([HUB, self.payments, self.data, self.bare])

    def inside(self, account: str) -> boto3.Session:
        hub = self.target.session(WEST)
        role = Role(f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole", "tests")
        return RoleSessions(hub, "tests", self.target.sessions(hub)).session(role)


@dataclass(frozen=True)
class Ended:
    """How a call ended, and the verdict that it wrote."""

    code: int
    err: str
    verdict: dict[str, Any]

    def statuses(self, control: str = "kms-key-alias") -> dict[str, str]:
        """Account to the status of a control."""
        found = [one for one in self.verdict["findings"] if one["control"] == control]
        return {one["account"]: one["status"] for one in found}

    @property
    def accounts(self) -> dict[str, dict[str, Any]]:
        return {one["account"]: one for one in self.verdict["provenance"]["accounts"]}


def trust(**condition: Any) -> str:  # noqa: ANN401 - of a policy
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{HUB}:root"},
        "Action": "sts:AssumeRole",
        **condition,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    target = EmbeddedTarget(tmp_path_factory.mktemp("aws"))
    target.start()
    organizations = target.session(WEST).client("organizations")
    organizations.create_organization(FeatureSet="ALL")

    def made(name: str) -> str:
        email = f"{name}@example.com"
        answer = organizations.create_account(AccountName=name, Email=email)
        return str(answer["CreateAccountStatus"]["AccountId"])

    found = World(target, made("payments"), made("data"), made("bare"), made("closed"))
    organizations.close_account(AccountId=found.closed)
    policy = json.dumps(reading_policy(load_readers()))
    asked = {"Condition": {"StringEquals": {"sts:ExternalId": EXTERNAL}}}
    for account in (found.payments, found.data):
        iam = found.inside(account).client("iam")
        iam.create_role(
            RoleName="revet-audit", Path="/security/", AssumeRolePolicyDocument=trust(**asked)
        )
        iam.put_role_policy(RoleName="revet-audit", PolicyName="read", PolicyDocument=policy)
    for account in (found.payments, found.data, found.bare):
        found.inside(account).client("kms").create_key(Description=account)
    named = found.inside(found.data).client("kms")
    key = named.list_keys()["Keys"][0]["KeyId"]
    named.create_alias(AliasName="alias/named", TargetKeyId=key)
    yield found
    target.stop()


Run = Callable[..., Ended]


def runner(world: World, folder: Path) -> Run:
    """Audits as `--target aws`, in a folder."""
    environment = {**os.environ, **world.target.environment(), "NO_COLOR": "1"}
    path = folder / "verdict.json"

    def audit(*arguments: str, settings: str = SETTINGS, text: str | None = None) -> Ended:
        (folder / "revet.toml").write_text(settings)
        path.unlink(missing_ok=True)
        words = ["audit", "--target", "aws", *ONLY, "--format", "json", "-o", str(path)]
        ended = subprocess.run(
            [sys.executable, "-m", "revet.cli", *words, *arguments],
            capture_output=True,
            text=True,
            cwd=folder,
            env=environment,
            timeout=120,
            check=False,
            input=text,
        )
        verdict = json.loads(path.read_text()) if path.exists() else {}
        return Ended(ended.returncode, ended.stderr, verdict)

    return audit


@pytest.fixture
def run(world: World, tmp_path: Path) -> Run:
    return runner(world, tmp_path)


@pytest.fixture(scope="module")
def organization(world: World) -> str:
    client = world.target.session(WEST).client("organizations")
    return str(client.describe_organization()["Organization"]["Id"])


@pytest.fixture(scope="module")
def whole(world: World, organization: str, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """All of the organization."""
    return runner(world, tmp_path_factory.mktemp("whole"))("--organization-id", organization)


def test_each_account_of_the_organization_is_judged_or_named(
    world: World, whole: Ended, organization: str
) -> None:
    assert whole.code == 2
    assert whole.verdict["provenance"]["stack"] == f"organization {organization}"
    assert {one: found["reach"] for one, found in whole.accounts.items()} == {
        HUB: "read",
        world.payments: "read",
        world.data: "read",
        world.bare: "not read",
        world.closed: "skipped",
    }
    assert "SUSPENDED" in whole.accounts[world.closed]["why"]
    assert whole.statuses() == {
        world.payments: "fail",
        world.data: "pass",
        world.bare: "unknown",
    }


def test_an_account_that_cannot_be_read_says_what_is_missing(world: World, whole: Ended) -> None:
    role = f"arn:aws:iam::{world.bare}:role/{ROLE}"
    [problem] = whole.verdict["problems"]
    for said in (world.bare, "bare", "`sts:AssumeRole`", role, EXTERNAL, "trust policy"):
        assert said in problem
    [finding] = [one for one in whole.verdict["findings"] if one["account"] == world.bare]
    assert "`sts:AssumeRole` was denied" in finding["implemented"]
    assert role in finding["implemented"]
    assert "trust policy" in finding["resolve"]
    assert whole.accounts[world.bare]["denied"] == ["sts:AssumeRole"]


def test_calls_and_time_are_told_for_each_account(world: World, whole: Ended) -> None:
    for account in (HUB, world.payments, world.data):
        read = whole.accounts[account]
        assert read["calls"] > 2
        assert read["seconds"] > 0
        assert read["regions"] == [WEST]
        assert f"{read['calls']} calls in" in whole.err
    notes = whole.verdict["provenance"]["notes"]
    calls = sum(read["calls"] for read in whole.accounts.values())
    assert notes["read"].startswith(f"3 of 5 accounts, {calls} calls in ")
    assert notes["read"].endswith("16 side by side")


def test_findings_are_told_apart_and_stay_the_same(world: World, run: Run, whole: Ended) -> None:
    prints = [one["fingerprint"] for one in whole.verdict["findings"]]
    assert len(prints) == len(set(prints))
    alone = run("--account", world.payments)
    assert (alone.code, list(alone.accounts)) == (1, [world.payments])
    [finding] = alone.verdict["findings"]
    assert finding["fingerprint"] in prints
    assert finding["address"].startswith(f'aws_kms_key.account["{world.payments}/{WEST}/')
    assert (finding["account"], finding["region"]) == (world.payments, WEST)
    assert finding["origin"] == "real"


def test_a_waiver_is_of_one_account(world: World, run: Run, tmp_path: Path) -> None:
    chosen = ("--account", world.payments, "--account", HUB)
    [finding] = [one for one in run(*chosen).verdict["findings"] if one["status"] == "fail"]
    waiver = {"control": finding["control"], "reason": "x", "owner": "ana", "expires": "2999-01-01"}
    for address, status in (
        (finding["address"], "waived"),
        (finding["address"].replace(world.payments, world.data), "fail"),
        ("*", "waived"),
    ):
        rows = "".join(f"{k} = '{v}'\n" for k, v in {**waiver, "address": address}.items())
        (tmp_path / "waivers.toml").write_text(f"[[waiver]]\n{rows}")
        ended = run(*chosen, "--waivers", "waivers.toml")
        assert ended.statuses()[world.payments] == status
        assert bool(ended.verdict["waivers"]["unused"]) is (status == "fail")


def test_an_earlier_verdict_is_compared_account_by_account(
    world: World, run: Run, organization: str, tmp_path: Path
) -> None:
    before = tmp_path / "before.json"
    mine = SETTINGS + f"[accounts.{world.bare}]\nrole = 'OrganizationAccountAccessRole'\n"
    before.write_text(json.dumps(run("--organization-id", organization, settings=mine).verdict))
    again = run("--organization-id", organization, "--previous", str(before), "--fail-on-new")
    assert again.verdict, again.err
    comparison = again.verdict["comparison"]
    changes = {one["address"].split('"')[1].split("/")[0]: one for one in comparison["changes"]}
    assert changes[world.payments]["change"] == "unchanged"
    assert changes[world.bare]["change"] == "new"
    assert changes[world.bare]["now"] == "unknown"
    assert [note for note in comparison["notes"] if world.bare in note]


@pytest.mark.parametrize(
    ("key", "value"),
    [("external_id", "of-another"), ("role", "no-such-role"), ("duration", 43_200)],
)
def test_what_is_wrong_in_one_account_leaves_the_others(
    world: World, run: Run, key: str, value: object
) -> None:
    settings = f"{SETTINGS}[accounts.{world.payments}]\n[accounts.{world.data}]\n"
    ended = run(
        "--account", world.payments, "--account", world.data,
        settings=f"{settings}{key} = {json.dumps(value)}\n",
    )  # fmt: skip
    assert ended.code == 2
    assert ended.statuses() == {world.payments: "fail", world.data: "unknown"}
    assert ended.accounts[world.data]["reach"] == "not read"


def test_the_account_of_the_credentials_is_read_with_them(world: World, run: Run) -> None:
    ended = run("--account", HUB, "--account", world.data)
    assert ended.accounts[HUB]["role"] == ""
    assert ended.accounts[world.data]["role"] == f"arn:aws:iam::{world.data}:role/{ROLE}"


def test_real_accounts_are_shown_once_and_confirmed(
    world: World, run: Run, organization: str
) -> None:
    before = len(world.target.daemon.calls())
    ended = run("--organization", text="")
    assert (ended.code, ended.verdict) == (3, {})
    for account in world.active:
        assert f"\n  {account} " in ended.err
    assert f"{world.closed} (closed)  is skipped" in ended.err
    assert f"--organization-id {organization}" in ended.err
    wrong = run("--organization-id", "o-0000000000")
    assert (wrong.code, wrong.verdict) == (3, {})
    assert "not the organization of the credentials" in wrong.err
    sent = {call["eventName"] for call in world.target.daemon.calls()[before:]}
    assert sent <= {"GetCallerIdentity", "ListAccounts"}


@pytest.mark.parametrize(
    ("settings", "arguments", "said"),
    [
        ("", ("--organization",), "no role to assume"),
        ("[accounts.111122223333]\n", (), "no role to assume"),
        (SETTINGS + 'skip = ["111122223333"]\n[accounts.111122223333]\n', (), "no account to read"),
        ("[accounts.111122223333]\nrole = 'x'\n", ("--account", "999999999999"), "not configured"),
        (SETTINGS, ("--role", "arn:aws:iam::1:role/x"), "not the name of a role"),
        (SETTINGS, ("--account", "12"), "not an AWS account id"),
        ("", ("--role", "reads"), "no account to assume it in"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    run: Run, settings: str, arguments: tuple[str, ...], said: str
) -> None:
    ended = run(*arguments, settings=settings)
    assert (ended.code, ended.verdict) == (3, {})
    assert said in ended.err


def test_accounts_that_are_skipped_are_named(world: World, run: Run, organization: str) -> None:
    settings = f'{SETTINGS}skip = ["{world.bare}"]\n'
    ended = run("--organization-id", organization, settings=settings)
    assert ended.code == 1
    assert ended.accounts[world.bare]["why"] == "`skip` in `revet.toml`"
    assert ended.statuses() == {world.payments: "fail", world.data: "pass"}


def test_the_embedded_aws_is_the_default(
    world: World,
    call: Any,  # noqa: ANN401 - fixture of conftest.py
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(audited_accounts, "embedded_state", lambda _: world.target.state_dir)
    (tmp_path / "revet.toml").write_text(SETTINGS)
    path = tmp_path / "verdict.json"
    chosen = ("--account", world.payments, "--account", world.bare)
    ended = call("audit", *ONLY, *chosen, "--format", "json", "-o", str(path))
    found = Ended(ended.code, ended.err, json.loads(path.read_text()))
    assert (found.code, found.statuses()) == (2, {world.payments: "fail", world.bare: "unknown"})
    assert {one["origin"] for one in found.verdict["findings"]} == {"emulated"}
    assert found.verdict["provenance"]["target"] == "embedded"


def test_the_session_is_in_the_account_that_was_confirmed(world: World) -> None:
    hub = world.target.session(WEST)
    role = Role(f"arn:aws:iam::{world.data}:role/{ROLE}", "tests", EXTERNAL)
    with pytest.raises(TargetError, match="another account than the role") as caught:
        RoleSessions(hub, "tests", lambda _: hub).session(role)
    assert (caught.value.expected, HUB in caught.value.got) == (world.data, True)
    with pytest.raises(RoleRefusedError):
        RoleSessions(hub, "tests", world.target.sessions(hub)).session(Role(role.arn, "tests"))


def test_sessions_are_renewed_before_they_end(world: World) -> None:
    hub = world.target.session(WEST)
    role = Role(f"arn:aws:iam::{world.data}:role/{ROLE}", "tests", EXTERNAL, 900)
    session = RoleSessions(hub, "tests", world.target.sessions(hub)).session(role)
    credentials: Any = session.get_credentials()
    first = credentials.get_frozen_credentials().access_key
    credentials._expiry_time = credentials._time_fetcher()  # in place of waiting
    second = credentials.get_frozen_credentials().access_key
    assert first != second
    found: Mapping[str, Any] = session.client("sts").get_caller_identity()
    assert found["Account"] == world.data
