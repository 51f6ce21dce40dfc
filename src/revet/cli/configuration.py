"""A stack's Terraform configuration, and what a run over it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from revet.cli.judging import Judging
from revet.cli.prerequisites import need
from revet.cli.programs import Programs, chosen
from revet.cli.project import Stack
from revet.files import make_working_folder

if TYPE_CHECKING:
    from revet.rehearsal.stack_input import StackInput
    from revet.synth import Synthesis
    from revet.target.events import Observer

SYNTH = "synth"
TERRAFORM = "terraform"
DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Configuration:
    """A Terraform configuration, ready to be planned.

    Args:
        directory: its folder; Terraform may write into it.
        synth: the synthesized JSON in it; None for configuration written by hand.
        seconds: how long the synthesis took; 0 where there was none.
        root: the whole that `directory` is a part of, with the modules beside it; None where that
            is `directory` itself.
        synthesis: of the whole app; None for configuration written by hand.
        chosen: id of the stack in it.
    """

    directory: Path
    synth: Path | None
    seconds: float = 0.0
    root: Path | None = None
    synthesis: Synthesis | None = None
    chosen: str = ""


def configure(
    stack: Stack,
    directory: Path,
    observe: Observer,
    variables: Mapping[str, str] | None = None,
    *,
    inherit: Sequence[int] = (),
    programs: Programs | None = None,
) -> Configuration:
    """Synthesize a stack, or copy a Terraform folder to where Terraform may write.

    Args:
        stack: what is wanted.
        directory: the stack's working folder.
        observe: told what happens.
        variables: for the program, besides those of this process.
        inherit: open files that the program keeps open as long as it runs, such as a lock.
        programs: those that the command has run before.

    Raises:
        ProgramError: the program fails.
        ConfigError: it makes several stacks, and it is not clear which one is meant.
        PrerequisiteError: no Node.js, the extra `stack` is not installed, or the working folder
            cannot be written to.
    """
    make_working_folder(directory)
    if stack.terraform is not None:
        from revet.rehearsal.working_copy import copy_configuration  # noqa: PLC0415 - see below

        copy = copy_configuration(stack.terraform, directory / TERRAFORM, stack.root)
        return Configuration(copy.directory, None, root=copy.root)
    need("stack")
    from revet.rehearsal.steps import Steps  # noqa: PLC0415 - not needed to parse a call

    region = {"AWS_REGION": stack.region} if stack.region else {}
    passed = {**region, **(variables or {})}
    programs = programs or Programs()
    steps = Steps(observe)
    programs.announce(stack, passed)
    with steps.ours("synth"):
        synthesis = programs.synthesize(stack, directory / SYNTH, passed, hold=inherit)
    return replace(_of(stack, synthesis), seconds=steps.seconds["synth"])


def configured(stack: Stack, directory: Path) -> Configuration:
    """The configuration that an earlier command left in a working folder.

    Args:
        stack: whose configuration.
        directory: the stack's working folder.

    Raises:
        InputError: what is there cannot be read.
    """
    if stack.terraform is not None:
        from revet.rehearsal.working_copy import copied  # noqa: PLC0415 - not to parse a call

        copy = copied(directory / TERRAFORM)
        return Configuration(copy.directory, None, root=copy.root)
    from revet.synth import read_synthesis, settle  # noqa: PLC0415 - not needed to parse a call

    settle(directory / SYNTH)
    if not (directory / SYNTH).is_dir():
        return Configuration(directory / SYNTH, None)  # nothing was deployed; the caller says so

    return _of(stack, read_synthesis(directory / SYNTH))


def _of(stack: Stack, synthesis: Synthesis) -> Configuration:
    one = chosen(stack, synthesis)
    return Configuration(one.directory, one.json_path, synthesis=synthesis, chosen=one.name)


@dataclass(frozen=True, slots=True)
class Call:
    """What a call says of every stack that it is about.

    Args:
        given: what it asks to judge against; a stack's own where it does not say.
        providers: sources of further providers that the user lets run.
        provisioners: whether the user lets provisioners run.
        functions: whether the user lets functions of Terraform configurations run.
    """

    given: Judging = field(default_factory=Judging)
    providers: Sequence[str] | None = None
    provisioners: bool = False
    functions: bool = False

    def may_run_functions(self, stack: Stack) -> bool | None:
        """Whether the functions of a stack may run; None where nothing was said of them.

        Those of a program's stack come with the program, which runs as the user anyway.
        """
        if stack.terraform is None:
            return None
        return self.functions

    def stack_input(self, stack: Stack, configuration: Configuration) -> StackInput:
        """What a run over a stack takes.

        Raises:
            ConfigError: what it is judged against is wrong.
        """
        from revet.rehearsal.flow.read import read_flow  # noqa: PLC0415 - same
        from revet.rehearsal.stack_input import StackInput  # noqa: PLC0415 - not to parse a call
        from revet.target.permits import Permits  # noqa: PLC0415 - same

        judging = self.given.over(stack.judging)
        loaded = judging.load()
        return StackInput(
            stack.name,
            configuration.directory,
            configuration.synth,
            requirements=loaded.requirements,
            baseline=loaded.baseline,
            waivers=loaded.waivers,
            fail_on=loaded.fail_on,
            time_limit=loaded.time_limit,
            region=stack.region or _region_of(configuration) or DEFAULT_REGION,
            synth_seconds=configuration.seconds,
            permits=Permits(tuple(self.providers or ()), self.provisioners, self.functions),
            root=configuration.root,
            frameworks=loaded.frameworks,
            properties=loaded.properties,
            attacks=loaded.attacks,
            flow=read_flow(judging.flow) if judging.flow else None,
        )


def _region_of(configuration: Configuration) -> str:
    """The region of the synthesized provider, where it is written out."""
    if configuration.synth is None:
        return ""
    import json  # noqa: PLC0415 - only for a synthesis

    content = json.loads(configuration.synth.read_text(encoding="utf-8"))
    providers = content.get("provider", {}).get("aws", [])
    for provider in providers if isinstance(providers, list) else [providers]:
        region = provider.get("region", "")
        if "alias" not in provider and isinstance(region, str) and "${" not in region:
            return region
    return ""
