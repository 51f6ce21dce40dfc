"""One life of every resource type on the embedded AWS: create, no drift, change, destroy.

A folder below `stacks` is one batch: `main.tf`, whose variable `step` is 1 at first and 2 for the
change in place, and `contract.toml`. Each batch lives once; each type in it is one test.
"""

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from tests.deploy.contracts.agreement import Both, Difference, seen_from_json, seen_to_json
from tests.gate.asked import asked_by_cases

from revet.embedded import Daemon, start_daemon, stop_daemon
from revet.model.errors import RevetError
from revet.plan.calls import calls_of
from revet.plan.observed import Observed
from revet.target.embedded import EmbeddedTarget
from revet.target.terraform import Terraform
from revet.verify.api import Api
from revet.verify.boto import BotoReader
from revet.verify.observe import observe
from revet.verify.readers import load_readers

pytestmark = pytest.mark.embedded

STACKS = Path(__file__).parent / "stacks"
NAMES = sorted(path.name for path in STACKS.iterdir() if path.is_dir())
AGREEMENT = tomllib.loads((Path(__file__).parent / "agreement.toml").read_text())
DIFFERS: dict[str, str] = AGREEMENT["differs"]
ALONE = AGREEMENT["terraform_alone"]
MOST_DIFFER = 0.03
MOST_NOT_DEPLOYED = 16
RESOURCE = re.compile(r'^resource "(\w+)"', re.MULTILINE)
REGIONS = ("us-east-1", "us-west-2")
UNCHANGED = (["no-op"], ["read"])
SECONDS = 600


@dataclass(frozen=True)
class Life:
    """What was seen of one batch; lists hold `type: address actions` or ids."""

    created: dict[str, list[str]]
    drift_after_apply: dict[str, list[str]]
    drift_after_kill: dict[str, list[str]]
    updates: dict[str, list[list[str]]]
    drift_after_update: dict[str, list[str]]
    left_in_state: dict[str, list[str]]
    existed: dict[str, list[str]]
    left: dict[str, list[str]]
    faults: list[str]
    unread: list[str]
    refreshed: dict[str, Any]
    seen: dict[str, Any]
    account: str

    def both(self) -> Both:
        """The provider's reading of the first step, and our readers'."""
        return Both(self.refreshed, seen_from_json(self.seen), self.account, AGREEMENT["apart"])


def types_of(stack: str) -> list[str]:
    text = (STACKS / stack / "main.tf").read_text()
    return sorted(set(RESOURCE.findall(text)))


def contract(stack: str) -> dict[str, Any]:
    return tomllib.loads((STACKS / stack / "contract.toml").read_text())


def fixed(stack: str) -> dict[str, str]:
    reasons: dict[str, str] = contract(stack)["fixed"]
    return reasons


SLOW = frozenset(name for name in NAMES if contract(name).get("slow"))
"""Batches that `make test` leaves out."""


def each(name: str, *more: str) -> ParameterSet:
    """A batch as the parameters of a test."""
    return pytest.param(name, *more, marks=[pytest.mark.slow] if name in SLOW else [])


EACH_TYPE = [each(stack, kind) for stack in NAMES for kind in types_of(stack)]
EACH_BATCH = [each(name) for name in NAMES]


class Stack:
    """Runs Terraform in a copy of one batch."""

    def __init__(self, name: str, folder: Path, state: Path) -> None:
        self.folder = folder
        self.state = state
        shutil.copytree(STACKS / name, folder)
        self.terraform = Terraform(folder, environment=os.environ)

    def daemon(self) -> Daemon:
        return start_daemon(self.state)

    def run(self, *arguments: str) -> str:
        daemon = self.daemon()
        environment = {
            **os.environ,
            **daemon.environment(),
            "TF_IN_AUTOMATION": "1",
            "TF_DATA_DIR": str(self.terraform.data_folder),
        }
        for name in (*daemon.unset, "TF_CLI_CONFIG_FILE"):
            environment.pop(name, None)
        done = subprocess.run(
            ["terraform", *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def apply(self, step: int) -> dict[str, list[list[str]]]:
        """Apply a step; type → actions of each of its resources."""
        self.run("plan", "-input=false", "-no-color", f"-var=step={step}", "-out=saved.bin")
        planned = self.changes()
        self.run("apply", "-input=false", "-no-color", "-parallelism=50", "saved.bin")
        actions: dict[str, list[list[str]]] = {}
        for change in planned:
            actions.setdefault(change["type"], []).append(change["change"]["actions"])
        return actions

    def changes(self) -> list[dict[str, Any]]:
        plan = json.loads(self.run("show", "-json", "saved.bin"))
        return [item for item in plan["resource_changes"] if item["mode"] == "managed"]

    def drift(self, step: int) -> dict[str, list[str]]:
        self.run("plan", "-input=false", "-no-color", f"-var=step={step}", "-out=saved.bin")
        found: dict[str, list[str]] = {}
        for item in self.changes():
            if item["change"]["actions"] not in UNCHANGED:
                text = f"{item['address']} {item['change']['actions']}: {differences(item)}"
                found.setdefault(item["type"], []).append(text)
        return found

    def refreshed(self) -> dict[str, Any]:
        """The state that the last plan refreshed."""
        state: dict[str, Any] = json.loads(self.run("show", "-json", "saved.bin"))["prior_state"]
        return state

    def observed(self) -> tuple[str, dict[str, Any]]:
        """The account's id, and what the readers see of it."""
        target = EmbeddedTarget(self.state, region=REGIONS[0])
        target.start()
        api = Api(BotoReader(target.session(REGIONS[0])), target.account(), REGIONS[0])
        return target.account(), seen_to_json(observe(api, load_readers(), REGIONS))

    def resources(self) -> dict[str, list[str]]:
        state = json.loads(self.run("show", "-json"))
        found: dict[str, list[str]] = {}
        for item in state.get("values", {}).get("root_module", {}).get("resources", []):
            if item["mode"] == "managed":
                found.setdefault(item["type"], []).append(item["address"])
        return found


def differences(item: dict[str, Any]) -> str:
    before, after = item["change"]["before"] or {}, item["change"]["after"] or {}
    return ", ".join(
        f"{name}: {before.get(name)!r} → {after.get(name)!r}"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    )


def live(name: str, folder: Path) -> Life:
    stack = Stack(name, folder / "stack", folder / "aws")
    try:
        stack.terraform.init()
        stack.apply(1)
        created = stack.resources()
        daemon = stack.daemon()
        existed = daemon.inventory()
        after_apply = stack.drift(1)
        refreshed = stack.refreshed()
        account, seen = stack.observed()
        os.kill(daemon.pid, signal.SIGKILL)
        after_kill = stack.drift(1)
        updates = stack.apply(2)
        after_update = stack.drift(2)
        stack.run("destroy", "-auto-approve", "-no-color", "-parallelism=50", "-var=step=2")
        daemon = stack.daemon()
        return Life(
            created,
            after_apply,
            after_kill,
            updates,
            after_update,
            stack.resources(),
            existed,
            daemon.inventory(),
            [f"{fault['kind']}: {fault['message']}" for fault in daemon.internal_errors()],
            [
                f"{call['eventSource']} {call['additionalEventData']}"
                for call in daemon.calls()
                if "unparsed" in call["additionalEventData"]
            ],
            refreshed,
            seen,
            account,
        )
    finally:
        stop_daemon(folder / "aws")


@pytest.fixture
def life(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Life:
    """The life of the batch that the test asks for."""
    return lived(request.session, tmp_path_factory, request.param)


@pytest.fixture
def lives(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Life]:
    """The lives of the batches that the test asks for."""
    return [lived(request.session, tmp_path_factory, name) for name in request.param]


def lived(session: pytest.Session, tmp_path_factory: pytest.TempPathFactory, wanted: str) -> Life:
    """The life of a batch.

    Whichever worker comes first lives all batches that this session tests, side by side: their
    time is mostly the provider's waiting.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with (shared / "contracts.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / f"contract-{wanted}" / "life.json").exists():
            selected = [getattr(item, "callspec", None) for item in session.items]
            names = {spec.params["life"] for spec in selected if spec and "life" in spec.params}
            names.update(
                *(spec.params["lives"] for spec in selected if spec and "lives" in spec.params)
            )
            left = [name for name in sorted(names) if not (shared / f"contract-{name}").exists()]
            with ThreadPoolExecutor(len(left)) as pool:
                list(pool.map(lambda name: live_and_write(name, shared), left))
    found = json.loads((shared / f"contract-{wanted}" / "life.json").read_text())
    assert "failed" not in found, found["failed"]
    return Life(**found)


def live_and_write(name: str, shared: Path) -> None:
    folder = shared / f"contract-{name}"
    folder.mkdir()
    try:
        seen = asdict(live(name, folder))
    except (AssertionError, RevetError, subprocess.TimeoutExpired) as error:
        seen = {"failed": str(error)}
    (folder / "life.json").write_text(json.dumps(seen))


@pytest.mark.parametrize(("life", "kind"), EACH_TYPE, indirect=["life"])
class TestType:
    def test_created(self, life: Life, kind: str) -> None:
        assert life.created[kind]

    def test_no_drift(self, life: Life, kind: str) -> None:
        assert life.drift_after_apply.get(kind, []) == []

    def test_survives_the_daemon_killed(self, life: Life, kind: str) -> None:
        assert life.drift_after_kill.get(kind, []) == []

    def test_changed_in_place(self, life: Life, kind: str, request: pytest.FixtureRequest) -> None:
        stack = request.node.callspec.params["life"]
        actions = life.updates[kind]
        assert all(action in (["update"], ["no-op"]) for action in actions)
        assert (["update"] in actions) == (kind not in fixed(stack))
        assert life.drift_after_update.get(kind, []) == []

    def test_gone(self, life: Life, kind: str) -> None:
        assert life.left_in_state.get(kind, []) == []


@pytest.mark.parametrize("life", EACH_BATCH, indirect=True)
class TestBatch:
    def test_everything_existed_and_nothing_is_left(self, life: Life) -> None:
        assert life.existed
        assert life.left == {}

    def test_nothing_unmodelled_was_asked_for(self, life: Life) -> None:
        assert life.faults == []

    def test_every_call_was_understood(self, life: Life) -> None:
        assert life.unread == []

    def test_the_readers_read_everything(self, life: Life) -> None:
        seen = life.both().seen
        assert seen.denied == ()
        assert [item.address for item in seen.observed if item.rest or _is_untold(item)] == []

    def test_what_the_readings_spell_differently_changes_no_answer(self, life: Life) -> None:
        both = life.both()
        same = {pair for pair, differing in both.pairs().items() if not differing}
        assert both.changed_answers(same) == set()

    def test_what_the_readings_show_differently_changes_no_answer(self, life: Life) -> None:
        both = life.both()
        changed = {pair: both.changed_answers({pair}) for pair in map(pair_of, (*DIFFERS, *ALONE))}
        assert {pair: controls for pair, controls in changed.items() if controls} == {}


def _is_untold(item: Observed) -> bool:
    """Whether more is unknown than the tags that the tagging API may leave out."""
    calls = calls_of(item.type)
    by_tagging_api = calls is not None and calls.tags is not None and calls.tags.tagged
    left_out = {"tags", "tags_all"} if by_tagging_api else set()
    return not item.unknown.keys() <= left_out


def pair_of(written: str) -> tuple[str, str]:
    kind, _, attribute = written.partition(".")
    return kind, attribute


FAST = tuple(name for name in NAMES if name not in SLOW)
SEVERAL = [
    pytest.param(FAST, id="fast"),
    pytest.param(tuple(NAMES), id="all", marks=pytest.mark.slow),
]


@pytest.mark.parametrize("lives", SEVERAL, indirect=True)
class TestReadings:
    """The provider's refreshed state and our readers, over many batches.

    What is listed must be found in one of all batches; no batch may have what is not listed.
    """

    def test_they_agree(self, lives: list[Life], capsys: pytest.CaptureFixture[str]) -> None:
        pairs: dict[tuple[str, str], list[Difference]] = {}
        for life in lives:
            for pair, differing in life.both().pairs().items():
                pairs.setdefault(pair, []).extend(differing)
        differ = {pair: found for pair, found in pairs.items() if found}
        with capsys.disabled():
            sys.stdout.write(
                f"\n{len(pairs)} attributes that rules ask for, {len(differ)} differ\n"
            )
        alone = {pair_of(written) for written in ALONE}
        listed = {pair_of(written) for written in DIFFERS} | alone
        assert {pair: found for pair, found in differ.items() if pair not in listed} == {}
        assert not _are_all(lives) or listed - differ.keys() == set()
        assert len(differ.keys() - alone) <= MOST_DIFFER * len(pairs.keys() - alone)

    def test_what_nothing_reads_is_listed(self, lives: list[Life]) -> None:
        unread = set().union(*(life.both().unmatched() for life in lives))
        assert unread - set(AGREEMENT["unread"]) == set()
        assert not _are_all(lives) or set(AGREEMENT["unread"]) == unread

    def test_what_rules_ask_for_and_no_batch_has_is_listed(self, lives: list[Life]) -> None:
        there = {kind for life in lives for kind in life.created}
        if not _are_all(lives):
            texts = (path.read_text() for name in SLOW for path in (STACKS / name).glob("*.tf"))
            there.update(kind for text in texts for kind in RESOURCE.findall(text))
        asked = {kind for kind, _ in asked_by_cases() if kind.startswith("aws_")}
        assert asked - there == set(AGREEMENT["not_deployed"])
        assert len(asked - there) <= MOST_NOT_DEPLOYED


def _are_all(lives: list[Life]) -> bool:
    return len(lives) == len(NAMES)
