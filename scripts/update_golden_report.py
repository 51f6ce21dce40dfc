"""Render the fixed verdicts again and write the golden files of the report formats.

They are `tests/golden/report/verdict.json`, and `audit.json` of several accounts: each is input and
golden file of the JSON format at once, so fields that follow from others (counts, the matrix) are
made anew here.
"""

from __future__ import annotations

import json
from pathlib import Path

from revet.model.verdict import Verdict
from revet.report import FORMATS

GOLDEN = Path(__file__).parents[1] / "tests" / "golden" / "report"
SUFFIXES = {
    "text": "txt",
    "json": "json",
    "html": "html",
    "sarif": "sarif",
    "junit": "xml",
    "markdown": "md",
    "github": "github.txt",
    "oscal": "oscal.json",
}


NAMES = ("verdict", "audit")


def main() -> None:
    """Write one file a verdict and format."""
    for stem in NAMES:
        source = GOLDEN / f"{stem}.json"
        verdict = Verdict.from_dict(json.loads(source.read_text(encoding="utf-8")))
        for name, render in FORMATS.items():
            path = GOLDEN / f"{stem}.{SUFFIXES[name]}"
            path.write_text(render(verdict), encoding="utf-8")
            print(f"wrote {path.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
