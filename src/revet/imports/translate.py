"""From a dotted name as it is written to the one that is right."""

from __future__ import annotations

from dataclasses import dataclass

from revet.imports.finding import Code
from revet.imports.names import Answer, locate, right_class, right_module
from revet.imports.packages import CORE, PROVIDER_PREFIX, Package, find_package

_OLD_CORE = "cdktf"
_OLD_PREFIX = "cdktf_cdktf_provider_"
_GENERATED = "imports"

Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Translation:
    """What became of a dotted name.

    Args:
        right: the right name; the written one where nothing certain can be said.
        code: what is wrong first; None when nothing is.
        certain: whether `right` is meant beyond doubt.
        suggestions: near dotted names, when nothing is certain.
        why: a sentence for the user, when the names alone do not explain it.
    """

    right: Parts
    code: Code | None = None
    certain: bool = True
    suggestions: tuple[str, ...] = ()
    why: str = ""


def translate(
    parts: Parts, *, generated: bool = False, placed: bool | None = None
) -> Translation | None:
    """Say what a dotted name should be.

    Args:
        parts: package, module, class and whatever follows, those that the source names.
        generated: whether `imports.NAME` is a current package that was generated for this source.
        placed: whether calls of it have arguments by position; see `names.locate`.

    Returns:
        The right name; None when the name is not of a package of CDK Terrain.
    """
    root = _root(parts, generated=generated)
    if root is None:
        return None
    name, length = root
    outdated = parts[0] != name
    package = find_package(name)
    if package is None:
        index = name.replace("_", "-")
        return Translation(
            parts,
            Code.NOT_INSTALLED,
            certain=False,
            suggestions=(".".join((name, *parts[length:])),) if outdated else (),
            why=f"`{name}` is not installed here, so its names cannot be compared: "
            f"pip install {index}",
        )
    rest = parts[length:]
    if package.is_provider:
        inner = _inside_provider(package, rest, placed=placed)
    else:
        inner = _inside_core(package, rest)
    if not inner.certain:
        return Translation(
            parts,
            inner.code,
            certain=False,
            suggestions=tuple(f"{name}.{near}" for near in inner.suggestions),
            why=inner.why,
        )
    code = Code.OUTDATED_PACKAGE if outdated else inner.code
    return Translation((name, *inner.right), code)


def _root(parts: Parts, *, generated: bool) -> tuple[str, int] | None:
    """Right name of the package, and how many parts name it now."""
    first = parts[0]
    if first in (CORE, _OLD_CORE):
        return CORE, 1
    if first.startswith(PROVIDER_PREFIX):
        return first, 1
    if first.startswith(_OLD_PREFIX):
        return PROVIDER_PREFIX + first.removeprefix(_OLD_PREFIX), 1
    if first == _GENERATED and len(parts) > 1 and not generated:
        name = PROVIDER_PREFIX + parts[1]
        return (name, 2) if find_package(name) else None
    return None


def _inside_core(package: Package, rest: Parts) -> Translation:
    if not rest or _is_private(rest[0]) or rest[0] in package.modules | package.classes():
        return Translation(rest)
    answer = right_class(package, "", rest[0])
    return _answered(answer, rest, 1, Code.UNKNOWN_CLASS)


def _inside_provider(package: Package, rest: Parts, *, placed: bool | None) -> Translation:
    if not rest or _is_private(rest[0]):
        return Translation(rest)
    written = rest[0]
    if written in package.modules:
        return _as_called(package, rest, placed=placed) or _inside_module(package, written, rest)
    module = right_module(package, written)
    if module.certain and len(rest) > 1:
        inner = _inside_module(package, module.module, rest)
        if inner.certain:
            return Translation(inner.right, Code.UNKNOWN_MODULE)
    elif module.certain and written[:1].islower():
        return _answered(module, rest, 1, Code.UNKNOWN_MODULE)
    depth = 1 if written[:1].isupper() else 2
    if len(rest) >= depth:
        found = locate(package, rest[depth - 1], placed=placed)
        code = Code.UNKNOWN_CLASS if depth == 1 else Code.UNKNOWN_MODULE
        if found.certain or found.suggestions:
            return _answered(found, rest, depth, code)
    near = module.suggestions or tuple(filter(None, (module.module,)))
    return _answered(Answer(suggestions=near), rest, 1, Code.UNKNOWN_MODULE)


def _as_called(package: Package, rest: Parts, *, placed: bool | None) -> Translation | None:
    """The resource, where a block of nearly the same name is called with a scope and an id."""
    module, *inner = rest
    if not placed or len(inner) != 1 or inner[0] not in package.classes(module):
        return None
    found = locate(package, inner[0], placed=True)
    if not found.certain or found.module == module or found.name == inner[0]:
        return None
    return Translation(
        (found.module, found.name),
        Code.UNKNOWN_CLASS,
        why=f"it is called with a scope and an id, and `{inner[0]}` of `{module}` is a block, "
        "no resource",
    )


def _inside_module(package: Package, module: str, rest: Parts) -> Translation:
    if len(rest) == 1 or _is_private(rest[1]) or rest[1] in package.classes(module):
        return Translation((module, *rest[1:]))
    answer = right_class(package, module, rest[1], "" if rest[0] == module else rest[0])
    return _answered(answer, rest, 2, Code.UNKNOWN_CLASS)


def _answered(answer: Answer, rest: Parts, depth: int, code: Code) -> Translation:
    """Put an answer in place of the first `depth` parts."""
    if not answer.certain:
        return Translation(rest, code, certain=False, suggestions=answer.suggestions)
    names = tuple(name for name in (answer.module, answer.name) if name)
    return Translation((*names, *rest[depth:]), code)


def _is_private(name: str) -> bool:
    return name.startswith("_")
