"""A Terraform and a target that do as they are told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest

from revet.model.control import ControlMeta
from revet.model.finding import Finding, Origin, Severity, Status
from revet.model.requirement import Evidence, Judged
from revet.model.verdict import Provenance, Verdict
from revet.rehearsal import session, stages
from revet.rehearsal.stack_input import StackInput
from revet.target.binary import Binary
from revet.target.events import Event, silent
from revet.target.provider_blocks import Settings
from revet.target.saved_plan import Changes, SavedPlan, file_hash

KEY = "arn:aws:kms:us-west-2:123456789012:key/12345678-1234-1234-1234-123456789012"
META = ControlMeta("logs-group-retention", "t", Severity.HIGH, "r", "i", "f")


@dataclass
class World:
    """What exists, what was done, and what goes wrong."""

    folder: Path
    exists: list[str] = field(default_factory=lambda: ["iam: of another stack"])
    state: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    errors: dict[str, BaseException] = field(default_factory=dict)
    keyless: bool = False
    second: Changes = field(default_factory=Changes)
    lists: bool = True
    survives_destroy: bool = False
    deposed: str = ""
    asked: dict[str, Any] = field(default_factory=dict)

    def does(self, step: str) -> None:
        self.done.append(step)
        if step in self.errors:
            raise self.errors.pop(step)

    def plan_json(self) -> bytes:
        values = {"name": "app", "retention_in_days": 90, "kms_key_id": KEY}
        if self.keyless:
            del values["kms_key_id"]
        change = {"actions": ["create"], "before": None, "after": values, "after_unknown": {}}
        resource = {
            "address": "aws_cloudwatch_log_group.app",
            "mode": "managed",
            "type": "aws_cloudwatch_log_group",
            "name": "app",
            "provider_name": "registry.terraform.io/hashicorp/aws",
        }
        return json.dumps(
            {
                "format_version": "1.2",
                "terraform_version": "1.11.4",
                "complete": True,
                "errored": False,
                "planned_values": {"root_module": {"resources": [resource | {"values": values}]}},
                "resource_changes": [resource | {"change": change}],
                "configuration": {
                    "root_module": {
                        "resources": [
                            {
                                **{k: v for k, v in resource.items() if k != "provider_name"},
                                "provider_config_key": "aws",
                                "expressions": {
                                    name: {"constant_value": value}
                                    for name, value in values.items()
                                },
                            }
                        ]
                    }
                },
            }
        ).encode()


class Terraform:
    """Stands in for `revet.target.terraform.Terraform`."""

    world: World

    def __init__(
        self,
        directory: Path,
        *,
        environment: Mapping[str, str],
        observe: Any = silent,  # noqa: ANN401 - an observer
        hold: tuple[int, ...],  # noqa: ARG002 - the real one takes it
        lifeline: object,  # noqa: ARG002 - same
        wall: object,  # noqa: ARG002 - same
        data: Path,
    ) -> None:
        self.directory = directory
        self.binary = Binary(Path("terraform"), "terraform", "1.11.4", "test")
        self.places: dict[str, object] = {}
        self.observe = observe
        assert environment == {"FAKE": "1"}
        assert not data.is_relative_to(self.world.folder), "outside of every project"

    @property
    def data_folder(self) -> Path:
        return self.directory / ".terraform"

    def init(self, *, backend: bool = True) -> None:
        if backend:
            self.world.does("init")

    def plan(self, *, out: Path) -> SavedPlan:
        second = "apply" in self.world.done
        self.world.does("second plan" if second else "plan")
        self.observe(Event("step_done", "plan"))
        out.write_bytes(b"plan")
        changes = self.world.second if second else Changes(create=("aws_cloudwatch_log_group.app",))
        return SavedPlan(out, file_hash(out), changes, self.world.plan_json())

    def apply(self, saved: SavedPlan, verdict: Verdict) -> None:
        assert verdict.provenance.plan_hash == saved.sha256
        self.world.state.append("aws_cloudwatch_log_group.app")
        self.world.exists.append("logs: app")
        self.world.does("apply")

    def destroy(self) -> None:
        self.world.does("destroy")
        if not self.world.survives_destroy:
            self.world.state.clear()
            if "logs: app" in self.world.exists:
                self.world.exists.remove("logs: app")

    def versions(self) -> dict[str, str]:
        return {"terraform": "1.11.4", "registry.terraform.io/hashicorp/aws": "5.100.0"}

    def state(self) -> dict[str, Any]:
        self.world.does("state")
        resources = [
            {
                "address": item,
                "mode": "managed",
                "type": item.split(".")[0],
                "name": item.split(".")[1],
                "provider_name": "registry.terraform.io/hashicorp/aws",
                "values": {"name": "app"},
            }
            for item in self.world.state
        ]
        if self.world.deposed:
            resources += [{**one, "deposed_key": self.world.deposed} for one in resources]
        return {
            "format_version": "1.0",
            "values": {
                "outputs": {"group": {"value": "app", "sensitive": False}},
                "root_module": {"resources": resources},
            },
        }


class Target:
    """Stands in for a target."""

    name = "aws"
    origin = Origin.EMULATED
    disposable = False

    def __init__(self, world: World) -> None:
        self.world = world

    def start(self) -> None:
        self.world.does("start")

    def stop(self) -> None:
        self.world.does("stop")

    def account(self) -> str:
        return "123456789012"

    def environment(self) -> dict[str, str]:
        return {"FAKE": "1"}

    def session(self, region: str) -> boto3.Session:
        return boto3.Session("testing", "testing", region_name=region)

    def backend_override(self, state_path: Path) -> None:
        del state_path

    def admit(self, modules: object) -> None:
        del modules

    def provider_settings(self, modules: object, evaluate: object) -> Settings:
        del modules, evaluate
        return lambda _block: {}

    def require_plan(self, plan: object) -> None:
        del plan

    def wall(self, writable: object) -> None:
        del writable

    def confirm_again(self) -> None:
        self.world.does("confirm")

    def lifeline(self) -> AbstractContextManager[None]:
        return nullcontext()

    def leftovers(self) -> list[str] | None:
        self.world.does("leftovers")
        return sorted(self.world.exists) if self.world.lists else None


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path)
    (tmp_path / "stack").mkdir()
    monkeypatch.setattr(session, "Terraform", type("T", (Terraform,), {"world": made}))

    def judged(*args: object, **options: object) -> Verdict:
        del args
        made.does("verify")
        made.asked = options
        address = "aws_cloudwatch_log_group.app"
        finding = Finding(META.id, address, Status.PASS, Severity.HIGH, implemented="deployed: ok")
        evidence = Evidence("R-1", Judged.LIVE, META.id, address, Status.PASS, Origin.EMULATED)
        return Verdict(
            Provenance(str(options["stack"]), "verify", reading="account"),
            (finding,),
            evidence=(evidence,),
            controls=(META,),
            expects=(Judged.LIVE,),
            not_looked_at={},
        )

    monkeypatch.setattr(stages, "judge_deployed", judged)
    return made


@pytest.fixture
def target(world: World) -> Target:
    return Target(world)


@pytest.fixture
def road(world: World) -> StackInput:
    return StackInput("small", world.folder / "stack")
