"""Names that are not there: modules, what is imported from them, attributes, variables."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path
from types import ModuleType

from revet.imports.examine import examine
from revet.imports.finding import Code
from revet.imports.source import read_source
from revet.model.errors import RevetError
from revet.synth.diagnosis.users_code import (
    Diagnosis,
    near,
    own_modules,
    users_frame,
    users_line,
    visible,
)

_NEEDED = ("cdktn", "cdktn_provider_aws", "constructs", "jsii", "revet")
_ALSO = "`revet imports fix` writes the right names"


def of_name(error: BaseException) -> Diagnosis | None:
    """What is wrong with a name; None for another error."""
    if isinstance(error, ImportError):
        return _imported(error)
    if isinstance(error, AttributeError):
        return _attribute(error)
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        return _variable(error)
    return None


def _imported(error: ImportError) -> Diagnosis:
    if hidden := _hidden(error):
        return hidden
    text = error.msg or str(error)
    if translated := _translated(error):
        return translated
    if "circular import" in text:
        return Diagnosis(
            "modules import each other",
            got=text,
            expected="modules that can be loaded one after the other",
            do="move what both need into a third one, or import it inside the function",
        )
    if isinstance(error, ModuleNotFoundError):
        return _no_module(error, text)
    name = _missing_name(text)
    module = sys.modules.get(error.name or "")
    close = near(name, _public(module)) if name and module else []
    return Diagnosis(
        f"`{error.name}` has no `{name}`" if name and error.name else "an import fails",
        got=text.split(" (", maxsplit=1)[0],
        expected=", ".join(f"`{item}`" for item in close) or "a name that the module has",
        do=f"did you mean `{close[0]}`?" if close else "look up what the module has",
    )


def _no_module(error: ModuleNotFoundError, text: str) -> Diagnosis:
    name = error.name or ""
    parent, _, last = name.rpartition(".")
    if parent:
        close = near(last, _submodules(parent))
        return Diagnosis(
            f"there is no module `{name}`",
            got=text,
            expected=", ".join(f"`{parent}.{item}`" for item in close) or f"a module of `{parent}`",
            do=f"did you mean `{parent}.{close[0]}`?" if close else "look up what it has",
        )
    known = [*own_modules(users_frame(error)), *_NEEDED, *sys.stdlib_module_names]
    close = near(name, known)
    return Diagnosis(
        f"there is no module `{name}`",
        got=text,
        expected="a module of the program's folder, or an installed package",
        do=f"did you mean `{close[0]}`?"
        if close
        else f"install what provides it for `{sys.executable}`, or correct the name",
    )


def _hidden(error: ImportError) -> Diagnosis | None:
    """A file of the user's that is called like a package that is needed."""
    frame = users_frame(error)
    top = (error.name or "").partition(".")[0]
    known = top in _NEEDED or top in sys.stdlib_module_names
    if frame is None or not known or top not in own_modules(frame):
        return None
    file = Path(frame.f_code.co_filename).with_name(f"{top}.py")
    return Diagnosis(
        f"a file of the program hides the package `{top}`",
        got=str(file if file.exists() else file.with_suffix("")),
        expected=f"no module of its own that is called `{top}`",
        do="rename it",
    )


def _translated(error: ImportError) -> Diagnosis | None:
    """The right name of a CDKTF name, from the installed packages' own lists."""
    file, _, number = users_line(error).rpartition(":")
    if not file:
        return None
    try:
        findings = examine(read_source(file, Path(file).read_bytes())).findings
    except (OSError, RevetError):
        return None
    for finding in findings:
        if finding.code is Code.LOSSY_DICTIONARY or finding.line != int(number):
            continue
        right = [finding.right] if finding.right else list(finding.suggestions)
        if not right and not finding.why:
            return None
        return Diagnosis(
            "a wrong import",
            got=f"`{finding.got}`",
            expected=", ".join(f"`{item}`" for item in right) or finding.why,
            do=(f"did you mean `{right[0]}`? " if right else "")
            + (_ALSO if finding.fixable else ("" if right else "correct the import")),
        )
    return None


def _attribute(error: AttributeError) -> Diagnosis | None:
    name, owner = error.name, error.obj
    if not isinstance(name, str) or owner is None:
        return None
    close = near(name, _public(owner))
    kind = (
        f"module `{owner.__name__}`"
        if isinstance(owner, ModuleType)
        else f"`{(owner if isinstance(owner, type) else type(owner)).__name__}`"
    )
    return Diagnosis(
        f"{kind} has no `{name}`",
        got=str(error).split(" (", maxsplit=1)[0],
        expected=", ".join(f"`{item}`" for item in close) or "an attribute that it has",
        do=f"did you mean `{close[0]}`?" if close else "look up what it has with `dir()`",
    )


def _variable(error: NameError) -> Diagnosis | None:
    name = error.name
    if not isinstance(name, str):
        return None
    close = near(name, visible(users_frame(error)))
    if close:
        do = f"did you mean `{close[0]}`?"
    elif name in sys.stdlib_module_names or name in _NEEDED:
        do = f"`import {name}` at the top"
    else:
        do = "define or import it before it is used"
    return Diagnosis(
        f"the name `{name}` is not defined",
        got=f"`{name}`",
        expected=", ".join(f"`{item}`" for item in close) or "a name that is defined there",
        do=do,
    )


def _missing_name(text: str) -> str:
    parts = text.split("'")
    return parts[1] if text.startswith("cannot import name '") else ""


def _public(owner: object) -> list[str]:
    names = [name for name in dir(owner) if not name.startswith("_")]
    if isinstance(owner, ModuleType) and hasattr(owner, "__path__"):
        names += [item.name for item in pkgutil.iter_modules(owner.__path__)]
    return names


def _submodules(parent: str) -> list[str]:
    try:
        module = sys.modules.get(parent) or importlib.import_module(parent)
    except Exception:  # noqa: BLE001 - it may be what is wrong; then there is nothing to suggest
        return []
    return [item.name for item in pkgutil.iter_modules(getattr(module, "__path__", ()))]
