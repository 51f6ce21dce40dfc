"""The right name for a module or class that an installed package does not have.

A rule here answers only when one name is meant beyond doubt; everything else is a suggestion.
"""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
from dataclasses import dataclass
from importlib import resources

from revet.imports.packages import Package

_SHOWN = 3
_WORDS = re.compile(r"[A-Z]+(?![a-z0-9])|[A-Z][a-z0-9]*|[a-z0-9]+")
_DATA = "data_aws_"
_SUFFIX = "A"
_PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a name should be.

    Args:
        module: the right module; empty for the package itself.
        name: the right class; empty when a module was asked for.
        suggestions: dotted names inside the package, when nothing is certain.
    """

    module: str = ""
    name: str = ""
    suggestions: tuple[str, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether one name is meant beyond doubt."""
        return not self.suggestions and bool(self.module or self.name)


def right_module(package: Package, written: str) -> Answer:
    """The module that is meant by a name that is none.

    Args:
        package: a provider.
        written: the name, not one of `package.modules`.
    """
    provider = package.name.rpartition("_")[2]
    known = aliases().get(provider, {}).get(written)
    bare = written.removeprefix(f"{provider}_").removeprefix(f"data_{provider}_")
    candidates = (
        known,
        bare,
        f"data_{provider}_{written.removeprefix('data_')}",
        aliases().get(provider, {}).get(bare),
    )
    for candidate in candidates:
        if candidate and candidate in package.modules:
            return Answer(candidate)
    same = _squashed(package).get(written.replace("_", "").lower(), ())
    if len(same) == 1:
        return Answer(same[0])
    return Answer(suggestions=same or _near_modules(package, written))


def right_class(package: Package, module: str, written: str, written_module: str = "") -> Answer:
    """The class that is meant by a name that a module does not have.

    Args:
        package: where to look.
        module: the right module; empty for the package itself.
        written: the name, not one of `package.classes(module)`.
        written_module: how the module was written, when that was wrong too.
    """
    found = _in_module(package, module, written, written_module)
    if found:
        return Answer(module, found)
    if package.is_provider:
        elsewhere = locate(package, written)
        if elsewhere.certain:
            return elsewhere
    prefix = f"{module}." if module else ""
    known = sorted(package.classes(module))
    near = difflib.get_close_matches(written, known, n=_SHOWN, cutoff=0.7)
    return Answer(suggestions=tuple(prefix + name for name in near))


def locate(package: Package, written: str, *, placed: bool | None = None) -> Answer:
    """The module of a class that was written without one, or with a wrong one.

    `S3BucketVersioning` is the name of a block of `s3_bucket`, and nearly that of the resource in
    `s3_bucket_versioning`. How it is called shows which one is meant: a resource takes its scope
    and id by position, a block takes nothing by position.

    Args:
        package: a provider.
        written: name of a class.
        placed: whether its calls have arguments by position; None when nothing calls it, or some
            do and some do not.
    """
    words = [word.lower() for word in _WORDS.findall(written)]
    found = _candidates(package, written, words)
    if placed is not None and len(found) > 1:
        found = [item for item in found if (item[0].replace("_", "") == "".join(words)) == placed]
    if not found:
        return _by_module_name(package, written, "_".join(words))
    if len(found) == 1:
        return Answer(*found[0])
    return Answer(suggestions=tuple(f"{module}.{name}" for module, name in found[:_SHOWN]))


def _candidates(package: Package, written: str, words: list[str]) -> list[tuple[str, str]]:
    """Modules and classes that a class may be: as it is written, or with the irregular suffix."""
    found = []
    if _PROVIDER in package.modules and written in package.classes(_PROVIDER):
        found.append((_PROVIDER, written))
    for length in range(len(words), 0, -1):
        for module in _squashed(package).get("".join(words[:length]), ()):
            known = package.classes(module)
            found += [(module, name) for name in (written + _SUFFIX, written) if name in known] or [
                (module, name)
                for name in known
                if length == len(words) and name.lower() == written.lower()
            ]
    return found


def _by_module_name(package: Package, written: str, snake: str) -> Answer:
    """The class of a module that is called otherwise: `VpcFlowLog` is `FlowLog` of `flow_log`."""
    module = Answer(snake) if snake in package.modules else right_module(package, snake)
    name = _in_module(package, module.module, written, snake) if module.certain else ""
    return Answer(module.module, name) if name else Answer()


def _in_module(package: Package, module: str, written: str, written_module: str) -> str:
    """The class of a module that is meant beyond doubt; empty when there is none."""
    known = package.classes(module)
    for attempt in _spellings(written, module, written_module):
        for candidate in (attempt, attempt + _SUFFIX, attempt.removesuffix(_SUFFIX)):
            if candidate in known:
                return candidate
    for shape in (str.lower, _without_repeats):
        same = [name for name in known if shape(name) == shape(written)]
        if len(same) == 1:
            return same[0]
    return ""


@functools.cache
def aliases() -> dict[str, dict[str, str]]:
    """Provider to names that are not modules, with the module that is meant; `aliases.toml`."""
    text = resources.files("revet.imports").joinpath("aliases.toml").read_text("utf-8")
    return {name: table for name, table in tomllib.loads(text).items() if isinstance(table, dict)}


def main_class(module: str) -> str:
    """The name that the class of a module has, but for an irregular suffix."""
    return "".join(word[:1].upper() + word[1:] for word in module.split("_"))


def _spellings(written: str, module: str, written_module: str) -> list[str]:
    """How a class may be called in a module, given how it was called in a wrong one."""
    right = main_class(module)
    prefixes = [main_class(written_module)] if written_module else []
    if module.startswith(_DATA):
        prefixes.append(main_class(module.removeprefix(_DATA)))
    return [
        written,
        *(right + written[len(old) :] for old in prefixes if old and written.startswith(old)),
    ]


def _without_repeats(name: str) -> str:
    """A name without words that repeat the one before: blocks repeat the resource's last word."""
    words = _WORDS.findall(name)
    return "".join(
        word for number, word in enumerate(words) if number == 0 or words[number - 1] != word
    )


@functools.cache
def _squashed(package: Package) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(package.modules):
        key = name.replace("_", "")
        found[key] = (*found.get(key, ()), name)
    return found


def _near_modules(package: Package, written: str) -> tuple[str, ...]:
    words = set(written.lower().split("_"))
    near = difflib.get_close_matches(written.lower(), sorted(package.modules), n=_SHOWN, cutoff=0.8)
    wider = [name for name in package.modules if words <= set(name.split("_"))]
    ranked = [*near, *sorted(wider, key=lambda name: (len(name), name))]
    return tuple(dict.fromkeys(ranked))[:_SHOWN]
