"""Where in the user's own code something happened, and what could be seen from there."""

from __future__ import annotations

import difflib
import inspect
import site
import sysconfig
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, ModuleType, TracebackType
from typing import Any

_OURS = str(Path(__file__).parents[2])
_INSTALLED = tuple(
    folder
    for name in ("stdlib", "platstdlib", "purelib", "platlib")
    if (folder := sysconfig.get_path(name))
) + tuple(site.getsitepackages())
_LONG = 400
_SHORT = 3
_NEVER = ("site-packages", "dist-packages")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is wrong, in the words of `RevetError`.

    Args:
        what: one line, lower case.
        got: what was found.
        expected: what would have been right.
        do: what the user can do; empty to advise a run without revet.
        where: file and line, where it is not the user's innermost line.
    """

    what: str
    got: str
    expected: str = ""
    do: str = ""
    where: str = ""


def is_users(filename: str) -> bool:
    """Whether a file is the user's: not of Python, an installed package or revet."""
    if filename.startswith("<") or any(part in _NEVER for part in Path(filename).parts):
        return False
    return not filename.startswith((f"{_OURS}/", *(f"{folder}/" for folder in _INSTALLED)))


def users_line(error: BaseException) -> str:
    """The user's innermost line that an error went through, as `file:line`; empty for none."""
    steps = traceback.extract_tb(error.__traceback__)
    own = [step for step in steps if is_users(step.filename)]
    return f"{own[-1].filename}:{own[-1].lineno}" if own else ""


def line_of(frame: FrameType | None) -> str:
    """The user's innermost line of a running stack, as `file:line`; empty for none."""
    while frame is not None:
        if is_users(frame.f_code.co_filename):
            return f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return ""


def frames(error: BaseException) -> list[FrameType]:
    """The frames that an error went through, innermost first."""
    found = []
    step: TracebackType | None = error.__traceback__
    while step is not None:
        found.append(step.tb_frame)
        step = step.tb_next
    return found[::-1]


def users_frame(error: BaseException) -> FrameType | None:
    """The user's innermost frame that an error went through."""
    return next((f for f in frames(error) if is_users(f.f_code.co_filename)), None)


def visible(frame: FrameType | None) -> dict[str, Any]:
    """The names that can be used in a frame, with their values."""
    if frame is None:
        return {}
    return {**frame.f_builtins, **frame.f_globals, **frame.f_locals}


def find_callable(qualified: str, error: BaseException) -> Any:  # noqa: ANN401 - whatever was called
    """What was called, by the name that Python's message gives it.

    Args:
        qualified: `Bucket.__init__`, `helper`, `Payments.add`.
        error: the error that names it.

    Returns:
        The class for an `__init__`, else the function; None when it cannot be found.
    """
    name = qualified.replace(".__init__", "")
    name = name.rsplit("<locals>.", 1)[-1]
    for frame in frames(error):
        made = frame.f_locals.get("cls")  # jsii's classes are made by a metaclass of its own
        if inspect.isclass(made) and made.__qualname__.rsplit("<locals>.", 1)[-1] == name:
            return made
    for frame in frames(error):
        for found in _candidates(name, visible(frame)):
            if callable(found) and getattr(found, "__qualname__", "").endswith(name):
                return found
    return None


def _candidates(name: str, names: Mapping[str, Any]) -> Iterator[Any]:
    first, *rest = name.split(".")
    holders: list[Any] = [names.get(first)]
    holders += [vars(item).get(first) for item in names.values() if isinstance(item, ModuleType)]
    for holder in holders:
        found = holder
        for part in rest:
            found = inspect.getattr_static(found, part, None) if found is not None else None
        if found is not None:
            yield getattr(found, "__func__", found)
    if len(rest) == 1:  # a method, of an object whose class has no name here
        for item in names.values():
            if type(item).__name__ == first:
                yield getattr(type(item), rest[0], None)


def parameters(called: object) -> list[str]:
    """The names by which arguments can be given; empty when they are not known."""
    try:
        signature = inspect.signature(called)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return []
    return [
        name
        for name, parameter in signature.parameters.items()
        if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        and name not in ("self", "cls")
    ]


def shown(called: object) -> str:
    """A signature without types, as `Bucket(scope, construct_id, *, key=None)`; empty for none."""
    try:
        signature = inspect.signature(called)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ""
    bare = [
        parameter.replace(annotation=parameter.empty)
        for name, parameter in signature.parameters.items()
        if name not in ("self", "cls")
    ]
    text = str(inspect.Signature(bare))
    name = getattr(called, "__name__", "it")
    return f"`{name}{text}`" if len(text) <= _LONG else f"`{name}{text[:_LONG]}…`"


def near(name: str, known: Iterable[str]) -> list[str]:
    """Names that may have been meant, best first.

    Args:
        name: as it was written; `keyId` is as near to `key_id` as can be.
        known: those that there are.
    """
    names = [item for item in dict.fromkeys(known) if item != name]
    if same := [item for item in names if _folded(item) == _folded(name)]:
        return same
    if close := difflib.get_close_matches(name, names, n=3, cutoff=0.65):
        return close
    if len(name) > _SHORT:
        return [item for item in names if name in item or (len(item) > _SHORT and item in name)][:3]
    return [
        item
        for item in names
        if len(item) == len(name) and sum(a != b for a, b in zip(item, name, strict=True)) == 1
    ][:3]


def _folded(name: str) -> str:
    return name.replace("_", "").lower()


def own_modules(frame: FrameType | None) -> list[str]:
    """Names of the user's modules beside the file of a frame."""
    if frame is None:
        return []
    folder = Path(frame.f_code.co_filename).parent
    if not folder.is_dir():
        return []
    files = [path.stem for path in folder.glob("*.py")]
    return files + [path.parent.name for path in folder.glob("*/__init__.py")]
