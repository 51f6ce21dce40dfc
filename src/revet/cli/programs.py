"""The programs that one command runs, and which of their stacks is meant."""

from __future__ import annotations

import difflib
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from revet.cli.output import note
from revet.cli.project import FILE, Stack
from revet.model.errors import ConfigError
from revet.synth import Synthesis, SynthesizedStack, read_synthesis, run_program
from revet.synth.command import resolve_command
from revet.synth.exchange import beside, exchange

_Key = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]


@dataclass(slots=True)
class Programs:
    """Runs each program once, however many stacks of its app a command is about.

    Args:
        made: what has been synthesized, by program and variables.
    """

    made: dict[_Key, Synthesis] = field(default_factory=dict)

    def announce(self, stack: Stack, variables: Mapping[str, str]) -> None:
        """Tell the user of a stack's program, if it is the user's own and is about to run.

        Args:
            stack: the stack.
            variables: for the program, besides those of this process.
        """
        if not stack.blueprint and _key(stack, variables) not in self.made:
            shown = resolve_command(stack.program, stack.folder).shown
            told = ", ".join(f"{name}={value}" for name, value in variables.items())
            more = f", with `{told}`" if told else ""
            note(f"runs `{shown}`, which `{FILE}` names for `{stack.name}`{more}")

    def synthesize(
        self,
        stack: Stack,
        directory: Path,
        variables: Mapping[str, str],
        hold: Sequence[int] = (),
    ) -> Synthesis:
        """The synthesis of a stack's app in a folder of the stack's own.

        Args:
            stack: the stack.
            directory: where its synthesis belongs.
            variables: for the program, besides those of this process.
            hold: open files that the program keeps open as long as it runs.

        Raises:
            RevetError: as `run_program`.
        """
        key = _key(stack, variables)
        if known := self.made.get(key):
            fresh = beside(directory)
            shutil.copytree(known.directory, fresh, dirs_exist_ok=True, ignore=_not_synthesized)
            exchange(directory, fresh)
            return read_synthesis(directory, known.output, guarded=True)
        made = run_program(
            stack.program,
            directory,
            {**os.environ, **variables},
            hold=hold,
            folder=stack.folder,
        )
        self.made[key] = made
        return made


def _key(stack: Stack, variables: Mapping[str, str]) -> _Key:
    return stack.program, tuple(sorted(variables.items()))


def _not_synthesized(_folder: str, names: list[str]) -> list[str]:
    """What Terraform keeps in a synthesis that it runs in."""
    return [
        name for name in names if name.startswith((".terraform", "terraform.tfstate", "~~revet"))
    ]


def chosen(stack: Stack, synthesis: Synthesis) -> SynthesizedStack:
    """The stack of an app that a table of `revet.toml` means.

    Args:
        stack: the table.
        synthesis: of its program.

    Returns:
        The one that `stack` names; else the one of the table's name; else the only one.

    Raises:
        ConfigError: there is no such stack, or it is not clear which one is meant.
    """
    known = synthesis.stacks
    wanted = stack.chosen or stack.name
    if wanted in known:
        return known[wanted]
    if len(known) == 1 and not stack.chosen:
        return next(iter(known.values()))
    close = difflib.get_close_matches(wanted, known, n=1)
    first = close[0] if close else next(iter(known))
    raise ConfigError(
        "the program makes no stack of that name"
        if stack.chosen
        else "the program makes several stacks, and none has the name of the table",
        where=f"`{FILE}`, stacks.{stack.name}",
        got=f"`{wanted}`; the program makes {', '.join(f'`{name}`' for name in known)}",
        expected=f"`stack` with one of these, or a table with its name (`[stacks.{first}]`)",
        do=f"did you mean `stack = {first!r}`?".replace("'", '"')
        if close
        else f'add `stack = "{first}"`, or whichever you mean',
    )
