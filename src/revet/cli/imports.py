"""`revet imports`: wrong and outdated names of CDK Terrain in Python sources."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from revet.cli.options import DataFormat, DataFormatName
from revet.cli.output import note, paint, say, show
from revet.imports import FileResult, ImportFinding, Visit, visit
from revet.report.json import render_document

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", help="Python files, and folders to look through."),
]


@app.command("check")
def check(paths: Paths, *, wanted: DataFormatName = DataFormat.TEXT) -> int:
    """Say what is wrong and what is right; write nothing. Exits 1 when something is wrong."""
    return _run(paths, wanted, fix=False)


@app.command("fix")
def fix(paths: Paths, *, wanted: DataFormatName = DataFormat.TEXT) -> int:
    """Write the right names where they are certain. Exits 1 when something is left."""
    return _run(paths, wanted, fix=True)


def _run(paths: list[Path], wanted: DataFormat, *, fix: bool) -> int:
    seen = visit(paths, fix=fix)
    if wanted is DataFormat.JSON:
        show(render_document("imports", as_json(seen)))
    else:
        for line in as_text(seen, fix=fix):
            say(line)
    for error in seen.unreadable:
        note(f"{paint('error', '1;31', sys.stderr)}: {error}")
    return seen.exit_code


def as_json(seen: Visit) -> dict[str, object]:
    """The findings as JSON data: `files` with `left` and `done`, and what was `unreadable`."""
    return {
        "files": [
            {
                "path": str(item.path),
                "written": item.written,
                "left_alone": item.kept,
                "left": [asdict(finding) for finding in item.left],
                "done": [asdict(finding) for finding in item.done],
            }
            for item in seen.files
            if item.left or item.done
        ],
        "skipped": [
            {"path": str(item.path), "why": item.why, "by_rule": item.by_rule}
            for item in seen.skipped
        ],
        "looked_at": len(seen.files),
        "unreadable": [{"what": error.what, **dict(error.fields())} for error in seen.unreadable],
    }


def as_text(seen: Visit, *, fix: bool) -> list[str]:
    """The findings as lines, and a summary.

    Args:
        seen: what was found.
        fix: whether files were written.
    """
    lines = [line for item in seen.files for line in _of_file(item)]
    passed = [item for item in seen.skipped if not item.by_rule]
    lines += [f"{item.path}: not looked at: {item.why}" for item in passed]
    left = [finding for item in seen.files for finding in item.left]
    done = sum(len(item.done) for item in seen.files)
    parts = [f"{_count(len(seen.files), 'file')} looked at"]
    if fix:
        written = sum(item.written for item in seen.files)
        parts.append(f"{_count(done, 'name')} corrected in {_count(written, 'file')}")
    parts.append(f"{_count(len(left), 'finding')}{' left' if fix else ''}")
    fixable = sum(finding.fixable for finding in left)
    if fixable and not fix:
        parts.append(f"`revet imports fix` corrects {fixable}")
    if seen.unreadable:
        parts.append(f"{_count(len(seen.unreadable), 'file')} not readable")
    if passed:
        parts.append(f"{len(passed)} skipped")
    if len(passed) < len(seen.skipped):
        parts.append(f"{len(seen.skipped) - len(passed)} ignored (`--format json` lists them)")
    return [*lines, ", ".join(parts)]


def _of_file(item: FileResult) -> list[str]:
    done = [_line(item, finding, "corrected ") for finding in item.done]
    kept = [f"{item.path}: left alone: {item.kept}"] if item.kept else []
    return [*done, *(_line(item, finding) for finding in item.left), *kept]


def _line(item: FileResult, finding: ImportFinding, word: str = "") -> str:
    said = f"`{finding.got}`"
    if finding.right:
        said += f" → `{finding.right}`"
    elif finding.suggestions:
        near = ", ".join(f"`{name}`" for name in finding.suggestions)
        said += f": no certain answer; perhaps {near}"
    elif not finding.why:
        said += ": no such name, and nothing similar"
    if finding.why:
        said += f" ({finding.why})"
    return f"{item.path}:{finding.line}:{finding.column}: {word}{finding.code}: {said}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
