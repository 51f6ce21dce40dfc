"""Synthesize the tap stack again and write its golden files, one for each lifecycle, and the HCL.

Lines of source files are left out, so that a golden file changes only when the stack does.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from revet.synth.hcl import export_hcl

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden" / "tap"
HCL = "tap_stack.tf"
LIFECYCLES = ("PROTECTED", "EPHEMERAL")


def synthesized(lifecycle: str) -> dict[str, Any]:
    """The synthesized stack, as it stands in the golden file.

    Args:
        lifecycle: `PROTECTED` or `EPHEMERAL`.
    """
    from revet.synth import run_program  # noqa: PLC0415 - starts Node

    environment = {
        **{name: value for name, value in os.environ.items() if name not in _READ},
        "LIFECYCLE": lifecycle,
        "OWNER": "platform-security",
    }
    with tempfile.TemporaryDirectory() as folder:
        made = run_program([str(ROOT / "tap.py")], Path(folder), environment)
    content: dict[str, Any] = json.loads(json.dumps(made.stacks["TapStack"].json))
    for record in content["//"]["revet"]["constructs"]:
        del record["source"]
    return content


def golden_text(lifecycle: str) -> str:
    """The text of a lifecycle's golden file."""
    return json.dumps(synthesized(lifecycle), indent=2, sort_keys=True) + "\n"


def golden_hcl() -> str:
    """The text of the golden file in HCL, from that of the protected stack."""
    content = json.loads((GOLDEN / "protected.json").read_text(encoding="utf-8"))
    return export_hcl(content, "TapStack").text


_READ = (
    "ENVIRONMENT_SUFFIX",
    "AWS_REGION",
    "TERRAFORM_STATE_BUCKET",
    "TERRAFORM_STATE_BUCKET_REGION",
    "PURPOSE",
)


def main() -> None:
    """Write all files."""
    for lifecycle in LIFECYCLES:
        path = GOLDEN / f"{lifecycle.lower()}.json"
        path.write_text(golden_text(lifecycle), encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    (GOLDEN / HCL).write_text(golden_hcl(), encoding="utf-8")
    print(f"wrote {(GOLDEN / HCL).relative_to(ROOT)}")


if __name__ == "__main__":
    main()
