"""`revet iam authorize`: decide many requests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer

from revet.cli.iam.files import read_text
from revet.cli.options import OutputPath
from revet.cli.output import note, save, say
from revet.model.errors import InputError
from revet.report.json import document


def authorize(
    *,
    cases: Annotated[
        str, typer.Option("--cases", metavar="FILE.jsonl", help="One case a line; `-` is stdin.")
    ],
    output: OutputPath = None,
) -> int:
    """Decide requests as AWS would: one JSON object a line, in the order of the cases.

    The form of a case is in docs/schemas/authorization-case.schema.json, that of a decision in
    docs/schemas/authorization-decision.schema.json. The exit code is 2 when a case cannot be read
    or decided; all others are decided all the same.
    """
    count = undecided = 0
    lines = []
    for decision in decide_lines(read_text(cases).splitlines()):
        count += 1
        undecided += decision["decision"] == "unknown"
        line = json.dumps(document("decision", decision))
        if output is None:
            say(line)
        else:
            lines.append(line)
    if not count:
        raise InputError(
            "no case to decide",
            where=cases,
            got="only empty lines",
            expected="one JSON object a line",
            do="write at least one case",
        )
    if output is not None:
        save(output, "".join(f"{line}\n" for line in lines))
        note(f"written: {output}")
    if undecided:
        note(f"{undecided} of {count} cases could not be decided; `reasons` says why")
    return 2 if undecided else 0


def decide_lines(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Decide cases; one that cannot be read is `unknown` and says why, and the next one follows.

    Args:
        lines: JSON objects; empty lines are passed over.
    """
    from revet.iam.evaluate import Remembered, run_cases  # noqa: PLC0415 - not to parse a call

    remembered = Remembered()
    for number, line in enumerate(lines, 1):
        try:
            yield from run_cases([line], remembered)
        except InputError as error:
            place = error.where.removeprefix("line 1").removeprefix(", ")
            where = ", ".join(filter(None, (f"line {number}", place)))
            parts = [f"{where}: {error.what}"]
            parts += [f"got {error.got}"] if error.got else []
            parts += [f"expected {error.expected}"] if error.expected else []
            yield {
                "name": _name(line),
                "decision": "unknown",
                "by": [],
                "blocked_by": [],
                "missing_keys": [],
                "reasons": ["; ".join(parts)],
            }


def _name(line: str) -> str:
    try:
        case = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    name = case.get("name", "") if isinstance(case, dict) else ""
    return name if isinstance(name, str) else ""
