"""Write the tables of `docs/frameworks.md`: each framework's rows, and the controls about each.

What stands above the mark is written by hand; everything below it comes from the data.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from revet.gate.frameworks import load_frameworks
from revet.model.framework import Framework

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs"
PAGE = PAGES / "frameworks.md"
MARK = "<!-- Generated below; `make docs` writes it anew. -->"


def page(written: str) -> str:
    """The page with its tables as the data has them.

    Args:
        written: the page as it is.

    Raises:
        ValueError: it lacks the mark.
    """
    head, mark, _ = written.partition(MARK)
    if not mark:
        raise ValueError(f"`{PAGE.relative_to(ROOT)}` lacks the line `{MARK}`")
    parts = ["\n".join(_section(framework)) for framework in load_frameworks()]
    return head + "\n\n".join([MARK, *parts]) + "\n"


def pages() -> dict[str, str]:
    """The page, by its name."""
    return {PAGE.name: page(PAGE.read_text(encoding="utf-8"))}


def _section(framework: Framework) -> Iterator[str]:
    judged = sum(bool(row.controls) for row in framework.rows)
    outside = sum(bool(row.outside) for row in framework.rows)
    out_of_scope = f", {outside} out of scope" if outside else ""
    yield f"## {framework.title} {framework.version}"
    yield ""
    yield (
        f"`--framework {framework.id}`: {len(framework.rows)} rows, "
        f"{judged} of them with controls{out_of_scope}. Source: {framework.source}."
    )
    yield ""
    yield "| row | asks for | controls |"
    yield "|---|---|---|"
    for row in framework.rows:
        controls = ", ".join(f"[{name}](controls/{name}.md)" for name in row.controls)
        said = controls or (row.outside and f"*out of scope: {row.outside}*")
        yield f"| {row.id} | {row.title} | {said} |"
