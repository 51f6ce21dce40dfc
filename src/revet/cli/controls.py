"""`revet controls`: what the gate can judge."""

from __future__ import annotations

import difflib
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from revet.cli.options import DataFormat, DataFormatName
from revet.cli.output import note, paint, say, show
from revet.gate.catalog import load_catalog
from revet.gate.frameworks import frameworks_of
from revet.gate.scaffold import new_control, write_control
from revet.model.control import ControlMeta
from revet.model.errors import UsageError
from revet.report.json import render_document

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


_CONTROLS = "src/revet/gate/controls"
_CASES = "tests/gate/cases"


@app.command("list")
def list_controls(
    service: Annotated[
        str | None, typer.Argument(help="Only controls of this service, for example `s3`.")
    ] = None,
    wanted: DataFormatName = DataFormat.TEXT,
) -> int:
    """List the controls: id, severity, the good state."""
    known = catalogue()
    chosen = {
        name: meta
        for name, meta in known.items()
        if service is None or name.split("-", 1)[0] == service
    }
    if not chosen:
        services = list(dict.fromkeys(name.split("-", 1)[0] for name in known))
        raise _unknown("service", str(service), services)
    if wanted is DataFormat.JSON:
        listed = [as_json(meta) for meta in chosen.values()]
        show(render_document("controls", {"controls": listed}))
        return 0
    width = max(map(len, chosen))
    for name, meta in chosen.items():
        old = " (deprecated)" if meta.deprecated else ""
        say(f"{name:<{width}}  {meta.severity.value:<8}  {meta.title}{old}")
    return 0


@app.command("show")
def show_control(
    control: Annotated[str, typer.Argument(metavar="ID", help="Id of the control.")],
    wanted: DataFormatName = DataFormat.TEXT,
) -> int:
    """Explain one control: what it requires and why, how to repair it, what it supports."""
    known = catalogue()
    if control not in known:
        raise _unknown("control", control, list(known))
    meta = known[control]
    if wanted is DataFormat.JSON:
        show(render_document("control", as_json(meta)))
    else:
        for line in described(meta):
            say(line)
    return 0


@app.command("new")
def new(
    name: Annotated[
        str, typer.Argument(metavar="SERVICE/NAME", help="For example `s3/bucket_versioning`.")
    ],
    root: Annotated[Path, typer.Option("--root", help="Folder of the clone of revet.")] = Path(),
) -> int:
    """Begin a control: its file and its case file, to be filled in."""
    if not (root / _CONTROLS).is_dir():
        raise UsageError(
            "controls are begun in a clone of revet",
            where=str(root.resolve()),
            got=f"no `{_CONTROLS}`",
            expected="the folder of a clone",
            do="go there, or name it with `--root`",
        )
    for path in write_control(new_control(name, controls=_CONTROLS, cases=_CASES), root):
        say(f"written: {path}")
    note("fill in both files; the tests of the catalogue say what is still missing")
    return 0


def catalogue() -> dict[str, ControlMeta]:
    """Id to description of every control.

    Raises:
        CatalogError: the catalogue is broken.
    """
    return {name: control.meta for name, control in load_catalog().items()}


def as_json(meta: ControlMeta) -> dict[str, Any]:
    """A control's description as JSON data, with what it supports and what judges by it."""
    return {
        **asdict(meta),
        "severity": meta.severity.value,
        "frameworks": [
            {"id": item.framework.id, "version": item.framework.version, "ids": item.ids}
            for item in frameworks_of(meta.id)
        ],
        "judged_by": meta.judged_by,
        "page": page(meta),
    }


def page(meta: ControlMeta) -> str:
    """Its page in the documentation, from the root of the repository; there are its examples."""
    return f"docs/controls/{meta.id}.md"


def described(meta: ControlMeta) -> list[str]:
    """A control's description as lines."""
    lines = [f"{paint(meta.id, '1', sys.stdout)}  {meta.severity.value}", meta.title, ""]
    judged = ", ".join(meta.resources) or "the plan as a whole"
    settings = ", ".join(f"{name} = {value!r}" for name, value in meta.settings.items())
    supports = [
        f"{item.framework.title} {item.framework.version}: {', '.join(item.ids)}"
        for item in frameworks_of(meta.id)
    ]
    fields = (
        ("judges", judged),
        ("required", meta.required),
        ("impact", meta.impact),
        ("fix", meta.fix),
        ("construct", meta.fix_construct),
        ("settings", settings),
        ("supports", "\n".join(supports)),
        ("judged by", ", ".join(f"revet {name}" for name in meta.judged_by)),
        ("deviations", ", ".join(meta.deviations)),
        ("deprecated", meta.deprecated),
        ("page", page(meta)),
    )
    for label, text in fields:
        for number, line in enumerate(text.strip("\n").splitlines()):
            lines.append(f"{label if number == 0 else '':<12}{line}".rstrip())
    return lines


def _unknown(what: str, got: str, known: list[str]) -> UsageError:
    close = difflib.get_close_matches(got, known, n=3)
    return UsageError(
        f"no such {what}",
        where=what,
        got=f"`{got}`",
        expected=", ".join(f"`{name}`" for name in close) or "one that `revet controls list` shows",
        do=f"did you mean `{close[0]}`?" if close else "`revet controls list`",
    )
