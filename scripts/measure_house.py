"""How easy the house is to read, in figures, at one or two revisions.

`python scripts/measure_house.py [BEFORE] [AFTER]`: revisions of this repository; AFTER is `HEAD` by
default. A room is a folder directly below `src/revet`; a floor is a folder directly below a room.
Lines that are not blank are counted. An arrow leads from a module to one that it imports at its
top; a circle is a set of modules that lead to each other. The files to open for a change are those
that name a thing (a control by its id, a finding by its code, a construct by its name in a
requirement, an option by its flag), generated pages left out; the median over all such things.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from statistics import median

ROOT = Path(__file__).parents[1]
SOURCE = "src/revet/"
SMALL = 40
GENERATED = (
    "docs/controls/",
    "docs/findings/",
    "docs/constructs/",
    "docs/frameworks.md",
    "docs/deviations.md",
)
TEXTS = (".py", ".toml", ".md", ".json", ".txt")
_OPTION = re.compile(r"typer\.Option\(\s*(?:None,\s*)?\"(--[a-z-]+)")
_CODE = re.compile(r"^[A-Z][A-Z0-9_]+$")


def files_of(revision: str) -> dict[str, str]:
    """The text files of a revision, by path.

    Raises:
        CalledProcessError: there is no such revision.
    """
    packed = subprocess.run(
        ["git", "archive", revision], capture_output=True, check=True, cwd=ROOT
    ).stdout
    found: dict[str, str] = {}
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for item in archive:
            data = archive.extractfile(item) if item.name.endswith(TEXTS) else None
            if data is not None and not item.name.startswith(GENERATED):
                found[item.name] = data.read().decode("utf-8", "replace")
    return found


def figures(files: Mapping[str, str]) -> dict[str, float]:
    """All figures of a revision, by their names."""
    source = {path: text for path, text in files.items() if _is_code(path, SOURCE)}
    tests = {path: text for path, text in files.items() if _is_code(path, "tests/")}
    found: dict[str, float] = {"source lines": _lines(source), "test lines": _lines(tests)}
    within = [path.removeprefix(SOURCE) for path in source]
    for room in sorted({path.partition("/")[0] for path in within if "/" in path}):
        inside = {p: t for p, t in source.items() if p.startswith(f"{SOURCE}{room}/")}
        beside = {p: t for p, t in tests.items() if p.startswith(f"tests/{room}/")}
        found[f"  {room}: source lines"] = _lines(inside)
        found[f"  {room}: test lines"] = _lines(beside)
        found[f"  {room}: files"] = len(inside)
    sizes = [_lines({path: text}) for path, text in source.items() if _stem(path) != "__init__"]
    found[f"files under {SMALL} lines"] = sum(size < SMALL for size in sizes)
    arrows = _arrows(source)
    rooms = {(a.split(".")[1], b.split(".")[1]) for a, b in _pairs(arrows) if _apart(a, b)}
    found["arrows between modules"] = sum(1 for _ in _pairs(arrows))
    found["arrows between rooms"] = len(rooms)
    found["circles of modules"] = sum(1 for _ in _circles(arrows))
    found["imports inside of functions"] = sum(_local_imports(text) for text in source.values())
    for what, names in _things(files).items():
        counts = [sum(_names(text, name) for text in files.values()) for name in sorted(names)]
        found[f"files that name one {what}, median"] = median(counts) if counts else 0
    return found


def main(words: list[str]) -> int:
    """Print the figures of the revisions side by side."""
    revisions = words or ["HEAD"]
    columns = [figures(files_of(revision)) for revision in (*revisions, "HEAD")[:2]]
    for name in dict.fromkeys(name for column in columns for name in column):
        shown = (f"{column[name]:>9g}" if name in column else f"{'-':>9}" for column in columns)
        print(f"{name:<42}{''.join(shown)}")
    return 0


def _is_code(path: str, folder: str) -> bool:
    return path.startswith(folder) and path.endswith(".py")


def _stem(path: str) -> str:
    return PurePosixPath(path).stem


def _lines(files: Mapping[str, str]) -> int:
    return sum(bool(line.strip()) for text in files.values() for line in text.splitlines())


def _module(path: str) -> str:
    return path.removeprefix("src/").removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def _arrows(source: Mapping[str, str]) -> dict[str, set[str]]:
    """Module to the modules that it imports at its top."""
    known = {_module(path) for path in source}
    found: dict[str, set[str]] = {name: set() for name in known}
    for path, text in source.items():
        for node in ast.parse(text).body:
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                deeper = {f"{node.module}.{item.name}" for item in node.names} & known
                found[_module(path)] |= deeper or ({node.module} & known)
            elif isinstance(node, ast.Import):
                found[_module(path)] |= {item.name for item in node.names} & known
    return {name: named - {name} for name, named in found.items()}


def _pairs(arrows: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    return ((start, end) for start, ends in arrows.items() for end in ends)


def _apart(start: str, end: str) -> bool:
    """Whether two modules are in rooms, and in different ones."""
    first, second = start.split("."), end.split(".")
    return len(first) > 1 and len(second) > 1 and first[1] != second[1]


def _circles(arrows: Mapping[str, set[str]]) -> Iterator[frozenset[str]]:
    """The sets of modules that lead to each other."""
    reach = {start: _reached(arrows, start) for start in arrows}
    left = set(arrows)
    while left:
        start = min(left)
        together = frozenset(end for end in reach[start] if start in reach[end])
        left -= {start, *together}
        if together:
            yield together


def _reached(arrows: Mapping[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(arrows[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(arrows[name])
    return seen


def _local_imports(text: str) -> int:
    return sum(
        isinstance(node, ast.Import | ast.ImportFrom)
        for function in ast.walk(ast.parse(text))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    )


def _things(files: Mapping[str, str]) -> dict[str, set[str]]:
    """Kind of thing to the names of all of them."""
    controls = {
        f"{PurePosixPath(path).parent.name}-{_stem(path).replace('_', '-')}"
        for path in files
        if path.startswith(f"{SOURCE}gate/controls/") and _stem(path) != "__init__"
    }
    codes = {_stem(path) for path in files if path.startswith("tests/iam/validate/cases/")}
    constructs = {
        f"{PurePosixPath(path).parent.name}.{item.name}"
        for path, text in files.items()
        if path.startswith(f"{SOURCE}constructs/") and path.endswith(".py")
        for item in ast.parse(text).body
        if isinstance(item, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "Construct" for base in item.bases)
    }
    options = {
        name
        for path, text in files.items()
        if path.startswith(f"{SOURCE}cli/")
        for name in _OPTION.findall(text)
    }
    return {
        "control": controls,
        "finding code": {code for code in codes if _CODE.match(code)},
        "construct": constructs,
        "option": options,
    }


def _names(text: str, name: str) -> bool:
    """Whether a text names a thing; a function in lower case declares a code."""
    lower = name.lower() if _CODE.match(name) else name
    pattern = rf"(?<![\w-])(?:{re.escape(name)}|def {re.escape(lower)})(?![\w-])"
    return name.lower() in text.lower() and re.search(pattern, text) is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
