"""The commands of the rehearsal room, each in a session of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from revet.model.verdict import Verdict
from revet.rehearsal import commands
from revet.rehearsal import rehearse as whole
from revet.rehearsal.session import hold
from revet.rehearsal.stack_input import StackInput
from revet.target.base import Target
from revet.target.events import Observer, silent


def _in_a_session(command: Callable[..., Verdict]) -> Callable[..., Verdict]:
    def walk(
        stack: StackInput,
        target: Target,
        work: Path,
        observe: Observer = silent,
        **options: Any,  # noqa: ANN401 - of the command
    ) -> Verdict:
        with hold(work, f"{command.__name__} {stack.name}", target, observe) as session:
            return command(session, stack, observe, **options)

    return walk


rehearse = _in_a_session(whole.rehearse)
deploy = _in_a_session(commands.deploy)
verify = _in_a_session(commands.verify)
destroy = _in_a_session(commands.destroy)
