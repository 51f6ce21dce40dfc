"""The only caller of Terraform (or OpenTofu): one working folder, one command at a time."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from revet.files import make_private_folder, private_folder, replace_file, require_nameable
from revet.model.errors import (
    InputError,
    PrerequisiteError,
    UsageError,
)
from revet.model.verdict import Verdict
from revet.target.backend import relative_path, replaces_backend, require_no_plugins
from revet.target.binary import Binary, find_terraform
from revet.target.diagnostics import (
    Diagnostic,
    Place,
    TerraformError,
    failure,
    interrupted,
    lost,
    synthesized_places,
)
from revet.target.environment import CONFIG_FILE, DATA_FOLDER, for_init, for_terraform
from revet.target.events import Event, Observer, event_of, parse_message, silent
from revet.target.modules import SUFFIXES
from revet.target.process import ask, run
from revet.target.provider import ProviderSource, mirror_configuration, overridden_by
from revet.target.provider_blocks import writing
from revet.target.provider_search import find_provider
from revet.target.saved_plan import (
    Changes,
    SavedPlan,
    file_hash,
    read_plan_json,
    readable,
    require_allowed,
)
from revet.target.wall import Wall

PARALLELISM = 50
"""Operations at a time. Terraform's default of 10 makes the provider's own waits queue up."""

_PROVIDER_ERRORS = re.compile(
    r"failed to (query available provider packages|install provider|resolve provider)"
    r"|inconsistent dependency lock file",
    re.IGNORECASE,
)


Lifeline = Callable[[], AbstractContextManager[int | None]]
"""Opens a file that becomes readable when the target has gone; None where that is not known."""


class Terraform:
    """Terraform in one working folder.

    Args:
        directory: the folder with the configuration; state and saved plans are named by it.
        binary: the program; found by `find_terraform` when it is not given.
        environment: the whole environment of plan, apply and destroy, as the target gives it; the
            process's own by default. `init` runs with the network settings of the process itself.
        observe: told what happens while a step runs.
        places: resource address to its place in the user's program, for messages; read from the
            folder's `cdk.tf.json` when it is not given.
        provider: where the AWS provider comes from; found when it is not given.
        hold: open files, such as a lock, that stay open as long as a step of it runs, even when
            this process is killed.
        lifeline: opens a file that becomes readable when the target has gone; the step that runs
            is stopped then.
        wall: what plan, apply and destroy must not reach.
        data: Terraform's data folder, private: it names the programs that Terraform starts. By
            default one in the user's state folder; never the `.terraform` of the configuration.

    Raises:
        PrerequisiteError: no usable Terraform, or the data folder cannot be used.
        InputError: the folder does not exist or holds no configuration.
    """

    def __init__(
        self,
        directory: Path,
        *,
        binary: Binary | None = None,
        environment: Mapping[str, str] | None = None,
        observe: Observer = silent,
        places: Mapping[str, Place] | None = None,
        provider: ProviderSource | None = None,
        hold: Sequence[int] = (),
        lifeline: Lifeline = nullcontext,
        wall: Wall | None = None,
        data: Path | None = None,
    ) -> None:
        require_nameable(directory)
        self.directory = directory.resolve()
        files = self.directory.iterdir() if self.directory.is_dir() else ()
        if not any(item.name.endswith(SUFFIXES["opentofu"]) for item in files):
            raise InputError(
                "no Terraform configuration",
                where=str(self.directory),
                expected="a folder with `.tf` or `.tf.json` files",
                do="synthesize first, or name the folder that holds the configuration",
            )
        own = private_folder(self.directory) / "terraform" if data is None else data
        make_private_folder(own)
        given = dict(os.environ if environment is None else environment)
        self.environment = {**given, DATA_FOLDER: str(own)}
        self.binary = find_terraform() if binary is None else binary
        self.places = synthesized_places(self.directory) if places is None else dict(places)
        self._observe = observe
        self._provider = provider
        self._hold = hold
        self._lifeline = lifeline
        self._wall = wall and replace(wall, writable=(*wall.writable, self.data_folder))

    @property
    def data_folder(self) -> Path:
        """Where Terraform keeps the providers and modules that it has installed."""
        return Path(self.environment[DATA_FOLDER])

    def init(self, *, backend: bool = True) -> None:
        """Install the provider and set the backend up.

        Args:
            backend: without, only providers and modules are installed, and no backend is asked.

        Raises:
            PrerequisiteError: the provider cannot be had.
            InputError: the configuration brings providers along, which would be executed.
            UsageError: the user's CLI configuration runs other programs in place of providers.
            TerraformError: Terraform failed for another reason.
            InterruptedRunError: the user stopped it.
        """
        require_no_plugins(self.directory)
        environment = for_init(self.environment)
        source = self._provider or find_provider(self.binary, environment)
        if (file := overridden_by(self.binary, environment)) is not None:
            raise UsageError(
                "the CLI configuration runs another program in place of a provider",
                where=str(file),
                got="`dev_overrides`",
                expected="providers that `init` has installed and locked",
                do="take it out, or set `TF_CLICONFIG_FILE` to a file without it",
            )
        arguments = ["-input=false", "-no-color", "-json"]
        if not backend:
            arguments.append("-backend=false")
        elif replaces_backend(self.directory):
            arguments.append("-reconfigure")  # the override's backend has no state to move
        if named := environment.get(CONFIG_FILE):
            environment[CONFIG_FILE] = str(Path(named).absolute())  # of our folder, not of its own
        if source.kind == "mirror":
            environment[CONFIG_FILE] = str(self._write_mirror(source))
        try:
            self._step("init", arguments, environment)
        except TerraformError as error:
            if any(_PROVIDER_ERRORS.search(item.summary) for item in error.diagnostics):
                raise self._provider_missing(error, source) from error
            raise

    def plan(self, *, out: Path | None = None, destroy: bool = False) -> SavedPlan:
        """Plan, save the plan, and read it.

        Args:
            out: where the plan is saved; `plan.bin` in the working folder by default.
            destroy: plan the destruction of everything in the state.

        Raises:
            TerraformError: Terraform failed.
            InterruptedRunError: the user stopped it.
            InputError: the plan file changed while it was read.
        """
        path = (self.directory / "plan.bin" if out is None else out).resolve()
        named = relative_path(path, self.directory)
        arguments = ["-input=false", "-json", f"-parallelism={PARALLELISM}", f"-out={named}"]
        if destroy:
            arguments.append("-destroy")
        self._step("plan", arguments, for_terraform(self.environment))
        digest = file_hash(path)
        raw = self._read("show", ["-json", named])
        if file_hash(path) != digest:
            raise InputError(
                "the plan file changed while it was read",
                where=str(path),
                do="make sure that no other run works in this folder, and plan again",
            )
        return SavedPlan(path, digest, Changes.from_plan(read_plan_json(raw, path)), raw)

    def apply(self, saved: SavedPlan, verdict: Verdict) -> None:
        """Apply a saved plan that the gate has allowed.

        The bytes are copied to a private file, hashed there, and applied from there: what is
        compared is what is applied.

        Args:
            saved: as `plan` returned it.
            verdict: the gate's, with `provenance.plan_hash` set to the plan's SHA-256.

        Raises:
            BlockedError: the verdict does not allow it, or is about another plan.
            TerraformError: Terraform or AWS failed; the state holds what has been made.
            InterruptedRunError: the user stopped it; the state holds what has been made.
        """
        with tempfile.TemporaryDirectory(prefix="revet-") as private:
            copy = Path(private) / "plan.bin"
            with readable(saved.path):
                shutil.copyfile(saved.path, copy)
            require_allowed(saved, verdict, file_hash(copy))
            self._step(
                "apply",
                ["-input=false", "-json", f"-parallelism={PARALLELISM}", str(copy)],
                for_terraform(self.environment),
                total=saved.changes.total,
            )

    def destroy(self) -> None:
        """Destroy everything in the state.

        Raises:
            TerraformError: Terraform or AWS failed; the state holds what is left.
            InterruptedRunError: the user stopped it; the state holds what is left.
        """
        self._step(
            "destroy",
            ["-input=false", "-json", "-auto-approve", f"-parallelism={PARALLELISM}"],
            for_terraform(self.environment),
        )

    def state(self) -> dict[str, Any]:
        """The state as `terraform show -json` writes it; without `values` when it is empty.

        Raises:
            TerraformError: the state cannot be read.
        """
        state: dict[str, Any] = json.loads(self._read("show", ["-json"]))
        return state

    def versions(self) -> dict[str, str]:
        """Versions of Terraform and of the providers that `init` chose, by name.

        Raises:
            TerraformError: Terraform does not answer.
        """
        answer = json.loads(self._read("version", ["-json"]))
        chosen: Mapping[str, str] = answer.get("provider_selections") or {}
        return {self.binary.product: answer["terraform_version"], **chosen}

    def _step(
        self,
        step: str,
        arguments: list[str],
        environment: Mapping[str, str],
        *,
        total: int = 0,
    ) -> None:
        reading = _Reading(step, self._observe, total)
        self._observe(Event("step_start", step, total=total))
        with self._lifeline() as lifeline:
            ended = run(
                [str(self.binary.path), step, *arguments],
                directory=self.directory,
                environment=environment,
                on_line=reading.line,
                on_interrupt=reading.interrupted,
                hold=self._hold,
                lifeline=lifeline,
                wall=None if step == "init" else self._wall,
            )
        if ended.lost:
            raise lost(step)
        if ended.interrupts:
            raise interrupted(step, aborted=ended.interrupts > _GRACEFUL)
        if ended.code != 0:
            raise failure(step, ended.code, reading.diagnostics, tuple(reading.text), self.places)
        self._observe(Event("step_done", step, elapsed=ended.seconds, total=reading.total))

    def _read(self, command: str, arguments: list[str]) -> bytes:
        try:
            answer = ask(
                [str(self.binary.path), command, *arguments],
                environment=for_terraform(self.environment),
                directory=self.directory,
            )
        except KeyboardInterrupt:
            raise interrupted(command, aborted=False) from None
        if answer.code != 0:
            lines = answer.stderr.splitlines()
            raise failure(command, answer.code, (), lines, self.places)
        return answer.stdout

    def _write_mirror(self, source: ProviderSource) -> Path:
        file = self.data_folder / "provider-mirror.tfrc"
        with writing(file):
            replace_file(file, mirror_configuration(source, self.binary))
        return file

    def _provider_missing(self, error: TerraformError, source: ProviderSource) -> PrerequisiteError:
        found = f" (it holds {', '.join(source.versions)})" if source.versions else ""
        looked = {
            "arguments": f"the folder that `TF_CLI_ARGS_init` names: `{source.where}`{found}",
            "configuration": f"the CLI configuration `{source.where}`",
            "folder": f"Terraform's plugin folder `{source.where}`{found}",
            "mirror": f"the folder `{source.where}`{found}",
            "registry": f"the registry, `{source.where}`",
        }[source.kind]
        return PrerequisiteError(
            "the AWS provider cannot be installed",
            where=looked,
            got=error.diagnostics[0].detail.partition("\n\n")[0] or error.what,
            expected="a version of `hashicorp/aws` that the configuration accepts",
            do=(
                "let this machine reach the registry, or put the provider into a folder and set "
                '`TF_CLI_ARGS_init="-plugin-dir=FOLDER"`'
            ),
        )


_GRACEFUL = 2
_KEPT_LINES = 200
"""Lines that are no messages; with `TF_LOG` set there are millions."""


class _Reading:
    """What has been read of one running command."""

    def __init__(self, step: str, observe: Observer, total: int) -> None:
        self.step = step
        self.observe = observe
        self.total = total
        self.fixed = total > 0
        self.diagnostics: list[Diagnostic] = []
        self.text: deque[str] = deque(maxlen=_KEPT_LINES)

    def line(self, line: str) -> None:
        """Take one line of output."""
        message = parse_message(line)
        if message is None:
            self.text.append(line)
            return
        if message["type"] == "planned_change" and not self.fixed:
            action = message["change"]["action"]
            self.total += {"noop": 0, "read": 0, "replace": 2}.get(action, 1)
        if message["type"] == "diagnostic":
            self.diagnostics.append(Diagnostic.from_message(message["diagnostic"]))
        event = event_of(message, self.step, self.total)
        if event is not None:
            self.observe(event)

    def interrupted(self, count: int) -> None:
        """Tell the observer what an interrupt has led to."""
        detail = {
            1: "stopping: Terraform finishes what it has begun and writes its state",
            2: "still stopping; once more and Terraform gives up at once, its state incomplete",
        }.get(count, "Terraform was told to give up at once")
        self.observe(Event("note", self.step, detail=detail, total=self.total))
