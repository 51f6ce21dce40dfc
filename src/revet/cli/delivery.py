"""Verdicts of several stacks: which can be shown together, and where each is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from revet.cli.output import Format, deliver, note, save, show
from revet.cli.previous import Previous
from revet.model.errors import UsageError
from revet.model.verdict import Verdict
from revet.report import FORMATS
from revet.report.json import render_document

_ALL = "--all"
_ENDINGS = {
    Format.TEXT: "txt",
    Format.JSON: "json",
    Format.HTML: "html",
    Format.SARIF: "sarif",
    Format.JUNIT: "xml",
    Format.MARKDOWN: "md",
    Format.GITHUB: "txt",
    Format.OSCAL: "oscal.json",
}
_ONE_FILE_EACH = (Format.HTML, Format.SARIF, Format.JUNIT, Format.OSCAL)


def require_deliverable(
    wanted: Format, output: Path | None, previous: Previous | None = None, *, every: bool
) -> None:
    """Refuse what cannot be said of several stacks, before anything is begun.

    Args:
        wanted: the format.
        output: where to write.
        previous: an earlier verdict to compare with.
        every: whether `--all` was given.

    Raises:
        UsageError: it cannot.
    """
    if not every:
        return
    if previous is not None and previous.verdict is not None:
        raise UsageError(
            "an earlier verdict is about one stack",
            where="--previous",
            got=f"`{_ALL}`",
            expected="the stack that it is about",
            do="name the stack, and compare one at a time",
        )
    if output is None and wanted in _ONE_FILE_EACH:
        raise UsageError(
            f"`--format {wanted.value}` writes one file for each stack",
            where=_ALL,
            got="no `--output`",
            expected="`--output FOLDER`",
            do="add it",
        )
    if output is not None and output.exists() and not output.is_dir():
        raise UsageError(
            f"with `{_ALL}` the reports go into a folder",
            where="--output",
            got=f"`{output}`, a file",
            expected="a folder; it is made when it does not exist",
            do="name another",
        )


def deliver_all(
    verdicts: Sequence[Verdict], wanted: Format, output: Path | None, *, every: bool
) -> int:
    """Show verdicts, or save each to a file of its own, and answer with the exit code.

    Args:
        verdicts: in the order in which they were reached.
        wanted: the format. JSON of several is one document.
        output: file to write instead of stdout; for `--all` a folder, in which each stack has one.
        every: whether `--all` was given.

    Returns:
        The worst of all: 2 before 1 before 0.

    Raises:
        UsageError: a file cannot be written.
        OutputError: the same, or stdout cannot.
        ReaderGoneError: whoever read stdout has gone.
    """
    if every and output is None and wanted is Format.JSON:
        show(render_document("verdicts", {"verdicts": [item.as_dict() for item in verdicts]}))
    for verdict in verdicts:
        name = verdict.provenance.stack
        if not every:
            deliver(verdict, wanted, output)
        elif output is not None:
            path = output / f"{name}.{_ENDINGS[wanted]}"
            save(path, FORMATS[wanted](verdict))
            note(f"{name}: {verdict.decision.value}, written: {path}")
        elif wanted is not Format.JSON:
            deliver(verdict, wanted, None)
    if every:
        note(", ".join(f"{item.provenance.stack}: {item.decision.value}" for item in verdicts))
    return max(verdict.decision.exit_code for verdict in verdicts)
