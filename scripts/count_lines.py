"""Lines that a control, a reader and the rooms `gate` and `verify` take, at two revisions.

`python scripts/count_lines.py BEFORE [AFTER]`: two revisions of this repository; AFTER is `HEAD` by
default. Lines that are not blank are counted, docstrings included.

The two rooms are counted whole, then split by what their files are for, because they did not keep
their work: `APART` names the files that do what only one of two revisions does there. What is left
is the gate, its rules, and the readings of a plan, a state and an account that they judge.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from statistics import median

ROOT = Path(__file__).parents[1]
MEDIAN_AT_MOST = 45
APART = {
    "gate/case_plan.py": "cases of controls, in `tests/gate` today",
    "gate/cases.py": "cases of controls, in `tests/gate` today",
    "gate/controls/iam/no_administrator.py": "administrators and boundaries, not judged before",
    "gate/controls/iam/public_access.py": "proofs over all requests",
    "gate/properties.py": "proofs over all requests",
    "gate/toml_file.py": "checks of TOML files, in `files` and `model` today",
    "gate/readings/iam/administration.py": "administrators and boundaries, not judged before",
    "gate/readings/iam/boundaries.py": "administrators and boundaries, not judged before",
    "verify/account/organizations.py": "an organization's policies, for evaluation and proofs",
    "verify/accounts.py": "several accounts in one audit",
}
"""Files below `src/revet` with what they do that is no part of judging one thing in one reading."""
_MACHINERY = (
    "baseline", "catalog", "comparison", "engine", "evidence", "frameworks", "judge",
    "requirements", "scaffold", "selection", "sensitive", "source_notes", "sourced", "spent",
    "time_spent", "waivers",
)  # fmt: skip
PURPOSES = {
    "controls": ("gate/controls/",),
    "readings of AWS's nouns, for controls": ("gate/",),
    "engine, catalogue and verdict": tuple(f"gate/{name}.py" for name in _MACHINERY),
    "an account as an inventory, or its live checks' reading": ("verify/",),
    "second rules, over the account": ("verify/checks/",),
}
"""What the rest of the two rooms is for; the longest beginning of its path decides."""
FILE_AT_MOST = 120


@dataclass(frozen=True)
class Tree:
    """The text files of a revision, by path."""

    files: dict[str, str]

    @classmethod
    def of(cls, revision: str) -> Tree:
        """Read a revision.

        Raises:
            CalledProcessError: there is no such revision.
        """
        wanted = (
            "src/revet/gate",
            "src/revet/verify",
            "src/revet/plan",
            "tests/gate",
            "tests/verify",
        )
        listed = _git("ls-tree", "-r", "--name-only", revision, "--", *wanted).splitlines()
        paths = [path for path in listed if path.endswith((".py", ".toml"))]
        return cls({path: _git("show", f"{revision}:{path}") for path in paths})

    def under(self, folder: str, ending: str) -> dict[str, str]:
        """The files below a folder that hold something."""
        return {
            path: text
            for path, text in self.files.items()
            if path.startswith(f"{folder}/")
            and path.endswith(ending)
            and PurePosixPath(path).name != "__init__.py"
        }


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout


def lines(text: str) -> int:
    """Lines that are not blank."""
    return sum(bool(line.strip()) for line in text.splitlines())


def sizes(tree: Tree, folder: str, ending: str) -> list[int]:
    """Lines of each file below a folder."""
    return [lines(text) for text in tree.under(folder, ending).values()]


def corruptions(tree: Tree) -> list[int]:
    """Lines of the rows of corruptions that name each control."""
    found: Counter[str] = Counter()
    for text in tree.under("tests/verify", "corruptions.toml").values():
        for table in text.split("\n[[")[1:]:
            row = tomllib.loads(f"[[{table}")
            for name in {str(one) for one in _texts(row) if _is_control(tree, str(one))}:
                found[name] += lines(table)
    return list(found.values())


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *_texts(item))
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def _is_control(tree: Tree, name: str) -> bool:
    service, _, rest = name.partition("-")
    return f"src/revet/gate/controls/{service}/{rest.replace('-', '_')}.py" in tree.files


def readers(tree: Tree) -> list[int]:
    """Lines of each reader in Python: what its file declares or says of a type, all it comes to."""
    found: list[int] = []
    for text in tree.under("src/revet/verify/account", ".py").values():
        parsed, written = ast.parse(text), text.splitlines()
        named: dict[str, ast.stmt] = {}
        for node in parsed.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                named[node.name] = node
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                named[node.targets[0].id] = node
        own: dict[str, list[ast.stmt]] = {}
        for name, node in named.items():
            if kind := _read_by(name, node):
                own.setdefault(kind, []).append(node)
        for nodes in own.values():
            parts = _reached(nodes, named)
            found.append(sum(lines("\n".join(_source(part, written))) for part in parts))
    return found


def _read_by(name: str, node: ast.stmt) -> str:
    """The reader that a statement is: a declaration, or a function that has a type's name."""
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
        declares = ast.unparse(node.value.func) in ("TypeReader", "listed_by")
        return name if declares else ""
    kind = name.removeprefix("list_").removeprefix("before_")
    return kind if isinstance(node, ast.FunctionDef) and kind.startswith("aws_") else ""


def _reached(nodes: list[ast.stmt], named: dict[str, ast.stmt]) -> list[ast.stmt]:
    reached = [*nodes]
    for part in reached:  # it grows
        names = {one.id for one in ast.walk(part) if isinstance(one, ast.Name)}
        reached += [
            named[name] for name in sorted(names & named.keys()) if named[name] not in reached
        ]
    return reached


def _source(node: ast.stmt, written: list[str]) -> list[str]:
    return written[node.lineno - 1 : node.end_lineno]


def rows(tree: Tree) -> list[int]:
    """Lines of each row of the table of Terraform types, with the calls that read the type."""
    found = []
    for text in tree.under("src/revet/plan/types", ".toml").values():
        found += [lines(row) for row in re.split(r"^\[\w+\]$", text, flags=re.MULTILINE)[1:]]
    return found


def total(tree: Tree, *folders: str) -> int:
    """Lines of all files below folders."""
    return sum(sum(sizes(tree, folder, ".py")) for folder in folders)


def by_purpose(tree: Tree) -> Counter[str]:
    """Lines of the rooms `gate` and `verify` by what they are for."""
    found: Counter[str] = Counter()
    folders = {folder: purpose for purpose, some in PURPOSES.items() for folder in some}
    for room in ("gate", "verify"):
        for path, text in tree.under(f"src/revet/{room}", ".py").items():
            own = path.removeprefix("src/revet/")
            folder = max(filter(own.startswith, folders), key=len)
            found[APART.get(own, folders[folder])] += lines(text)
    return found


def too_long(tree: Tree) -> dict[str, int]:
    """Control files that are longer than one may be."""
    files = tree.under("src/revet/gate/controls", ".py")
    return {path: lines(text) for path, text in files.items() if lines(text) > FILE_AT_MOST}


def _median(found: list[int]) -> str:
    return f"{median(found):g}" if found else "none"


PARTS: dict[str, Callable[[Tree], list[int]]] = {
    "rule over plans, or over everything": lambda tree: sizes(
        tree, "src/revet/gate/controls", ".py"
    ),
    "its cases": lambda tree: sizes(tree, "tests/gate/cases", ".toml"),
    "its second rule, over the account": lambda tree: sizes(tree, "src/revet/verify/checks", ".py"),
    "its corruptions": corruptions,
}
TYPES: dict[str, Callable[[Tree], list[int]]] = {
    "reader of a Terraform type": readers,
    "row of a Terraform type": rows,
}


def main(before: str, after: str = "HEAD") -> None:
    """Print the table."""
    trees = (Tree.of(before), Tree.of(after))

    def row(label: str, *cells: object) -> None:
        print(f"{label:<60}" + "".join(f"{cell!s:>10}" for cell in cells))

    row("lines", "before", "after")
    for label, count in PARTS.items():
        row(f"median {label}", *(_median(count(tree)) for tree in trees))
    whole = [sum(median(count(tree) or [0]) for count in PARTS.values()) for tree in trees]
    row("a control of median size, all of these", *(f"{number:g}" for number in whole))
    controls = [sizes(tree, "src/revet/gate/controls", ".py") for tree in trees]
    row("control files", *(len(found) for found in controls))
    row(f"control files, median, at most {MEDIAN_AT_MOST}", *map(_median, controls))
    row(f"control files over {FILE_AT_MOST} lines", *(len(too_long(tree)) for tree in trees))
    row("control files, all", *map(sum, controls))
    for label, count in TYPES.items():
        row(f"median {label}", *(_median(count(tree)) for tree in trees))
    row("Terraform types with a reader in Python", *(len(readers(tree)) for tree in trees))
    row("gate and verify", *(total(tree, "src/revet/gate", "src/revet/verify") for tree in trees))
    for name in ("gate", "verify", "verify/account", "verify/checks", "verify/reading", "plan"):
        row(f"  {name}", *(total(tree, f"src/revet/{name}") for tree in trees))
    split = [by_purpose(tree) for tree in trees]
    for purpose in dict.fromkeys((*PURPOSES, *APART.values())):
        row(f"  {purpose}", *(found[purpose] for found in split))
    row(
        "without what only one of them does",
        *(sum(found[purpose] for purpose in PURPOSES) for found in split),
    )
    for label, tree in zip(("before", "after"), trees, strict=True):
        for path, number in sorted(too_long(tree).items()):
            print(f"over {FILE_AT_MOST} lines {label}: {path}, {number}")


if __name__ == "__main__":
    main(*sys.argv[1:])
