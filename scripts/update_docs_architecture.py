"""Draw the rooms and their one-way imports from the contract in pyproject.toml.

The picture cannot drift from the contract that `make check` enforces, because it is made from it.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs"
PICTURE = PAGES / "architecture.svg"
SAYS = {
    "cli": "commands; the only room that prints",
    "blueprints": "whole stacks and their requirements",
    "rehearsal": "walks the road over a stack",
    "constructs": "one AWS noun each, secure by default",
    "verify": "controls again, read-only, on what is deployed",
    "target": "Terraform, and where a stack lands",
    "synth": "CDK Terrain, made fast",
    "gate": "controls, waivers, verdict",
    "report": "one function a format",
    "embedded": "an AWS in a process",
    "imports": "wrong Python imports, corrected",
    "plan": "what a Terraform plan knows, and what not",
    "iam": "policy documents with exact places",
    "files": "files of our own: private, whole, authenticated",
    "model": "the words all rooms share",
}
WIDTH, ROW, GAP, PAD = 960, 74, 22, 14


def layers() -> list[list[str]]:
    """Rooms line by line, from the top."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layered = [c for c in contracts["contracts"] if c["type"] == "layers"]
    [rooms] = [c["layers"] for c in layered if "containers" not in c]
    return [[room.strip().removeprefix("revet.") for room in line.split("|")] for line in rooms]


def draw() -> str:
    """The picture as SVG."""
    lines = layers()
    height = len(lines) * (ROW + GAP) + GAP
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
            'aria-label="The rooms of revet; imports go down only" font-family="sans-serif">'
        ),
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        (
            '<defs><marker id="down" viewBox="0 0 8 8" refX="4" refY="7" markerWidth="8" '
            'markerHeight="8"><path d="M0 0 L8 0 L4 8 z" fill="#5b6472"/></marker></defs>'
        ),
    ]
    for number, line in enumerate(lines):
        top = GAP + number * (ROW + GAP)
        if number:
            parts.append(
                f'<line x1="{WIDTH / 2:g}" y1="{top - GAP + 2}" x2="{WIDTH / 2:g}" y2="{top - 3}" '
                'stroke="#5b6472" stroke-width="1.5" marker-end="url(#down)"/>'
            )
        width = (WIDTH - 2 * PAD - (len(line) - 1) * PAD) / len(line)
        for place, room in enumerate(line):
            left = PAD + place * (width + PAD)
            parts += [
                (
                    f'<rect x="{left:g}" y="{top}" width="{width:g}" height="{ROW}" rx="8" '
                    'fill="#eef3f8" stroke="#37526d"/>'
                ),
                (
                    f'<text x="{left + width / 2:g}" y="{top + 31}" text-anchor="middle" '
                    f'font-size="18" font-weight="bold" fill="#16293b">{escape(room)}</text>'
                ),
                (
                    f'<text x="{left + width / 2:g}" y="{top + 53}" text-anchor="middle" '
                    f'font-size="{12 if len(line) < len(SAYS) // 3 else 11}" fill="#37424e">'
                    f"{escape(SAYS[room])}</text>"
                ),
            ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def pages() -> dict[str, str]:
    """The picture, by its name."""
    return {PICTURE.name: draw()}
