"""From the error that ended a program to what its user reads."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import FrameType

from revet.model.errors import InputError, ProgramError, RevetError
from revet.synth.diagnosis.calls import of_call
from revet.synth.diagnosis.names import of_name
from revet.synth.diagnosis.refusals import cleaned, of_refusal
from revet.synth.diagnosis.users_code import Diagnosis, frames, is_users, line_of, users_line

_ENDS = "a program that ends with `app.synth()`"


def describe(error: BaseException, program: str) -> dict[str, str]:
    """Say what is wrong with a program.

    Args:
        error: what ended it.
        program: its file or module, for an error that no line of the user's had a part in.

    Returns:
        `class` (name of one in `revet.model.errors`), `what`, `where`, `got`, `expected`, `do`.
    """
    place = users_line(error) or program
    if isinstance(error, RevetError):
        fields = dict(error.fields())
        where = ", ".join(filter(None, (fields.get("where", ""), place)))
        # A value that jsii would lose, for instance: it is the program that must change.
        kind = ProgramError if isinstance(error, InputError) else type(error)
        return {"class": kind.__name__, "what": error.what, **fields, "where": where}
    found = _diagnosed(error)
    return {
        "class": ProgramError.__name__,
        "what": found.what,
        "where": found.where or place,
        "got": found.got,
        "expected": found.expected or _ENDS,
        "do": found.do,
    }


def describe_late(frame: FrameType | None, program: str, seconds: float) -> dict[str, str]:
    """Say where a program was when its time was over.

    Args:
        frame: what it was doing.
        program: its file or module.
        seconds: that it had.
    """
    return {
        "class": ProgramError.__name__,
        "what": f"the program did not end within {seconds:g} seconds",
        "where": line_of(frame) or program,
        "got": "it was still at that line" if line_of(frame) else "it was still running",
        "expected": _ENDS,
        "do": "look what it waits for; it gets no input",
    }


def _diagnosed(error: BaseException) -> Diagnosis:
    for diagnose in (_syntax, of_name, of_refusal, of_call, _ended, _setting, _input, _file):
        if found := diagnose(error):
            return found
    text = cleaned(str(error)) or "no message"
    return Diagnosis("the program failed", got=f"{type(error).__name__}: {text}")


def _syntax(error: BaseException) -> Diagnosis | None:
    if not isinstance(error, SyntaxError) or not error.filename or not is_users(error.filename):
        return None
    line = (error.text or "").strip()
    return Diagnosis(
        "a file is not valid Python",
        got=f"{error.msg}" + (f": `{line}`" if line else ""),
        expected=f"Python {sys.version_info.major}.{sys.version_info.minor}",
        do="correct that line, or the one before it",
        where=f"{error.filename}:{error.lineno or 1}",
    )


def _ended(error: BaseException) -> Diagnosis | None:
    if not isinstance(error, SystemExit):
        return None
    return Diagnosis(
        "the program ended itself before the synthesis was done",
        got=f"it ended with `{error.code}`",
        expected=_ENDS + ", and exit code 0",
        do="look why it ends there",
    )


def _setting(error: BaseException) -> Diagnosis | None:
    if not isinstance(error, KeyError) or not error.args:
        return None
    if not any(frame.f_locals.get("self") is os.environ for frame in frames(error)[:1]):
        return None
    return Diagnosis(
        "the program wants an environment variable that is not set",
        got=f"no `{error.args[0]}`",
        expected=f"`{error.args[0]}` in the environment",
        do=f"set it: `{error.args[0]}=… revet …`, or read it with a default",
    )


def _input(error: BaseException) -> Diagnosis | None:
    if not isinstance(error, EOFError):
        return None
    return Diagnosis(
        "the program asks for input, and gets none",
        got=f"EOFError: {error}",
        expected="a program that asks nothing",
        do="pass what it asks for as an argument in `revet.toml`, or as an environment variable",
    )


def _file(error: BaseException) -> Diagnosis | None:
    if not isinstance(error, FileNotFoundError) or error.filename is None:
        return None
    return Diagnosis(
        "the program opens a file that does not exist",
        got=f"no `{error.filename}`",
        expected=f"a file, relative to `{Path.cwd()}`",
        do="correct the path, or make it relative to `Path(__file__).parent`",
    )
