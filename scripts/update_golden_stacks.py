"""Synthesize the blueprints' stacks again and write their golden files, and the exported HCL.

Each stack has a file for each lifecycle. Lines of source files are left out, so that a golden file
changes only when the stack does. The zero-trust stack's HCL is `terraform/tap_stack.tf`.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from revet.synth.hcl import export_hcl

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"
LIFECYCLES = ("PROTECTED", "EPHEMERAL")


@dataclass(frozen=True, slots=True)
class Golden:
    """A stack with golden files.

    Args:
        program: what synthesizes it.
        stack: its id.
        folder: where the synthesized files are.
        hcl: the exported file.
    """

    program: Path
    stack: str
    folder: Path
    hcl: Path

    def synthesized(self, lifecycle: str) -> dict[str, Any]:
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
            made = run_program([str(self.program)], Path(folder), environment)
        content: dict[str, Any] = json.loads(json.dumps(made.stacks[self.stack].json))
        for record in content["//"]["revet"]["constructs"]:
            del record["source"]
        return content

    def path(self, lifecycle: str) -> Path:
        """The golden file of a lifecycle."""
        return self.folder / f"{lifecycle.lower()}.json"

    def text(self, lifecycle: str) -> str:
        """The text of a lifecycle's golden file."""
        return json.dumps(self.synthesized(lifecycle), indent=2, sort_keys=True) + "\n"

    def exported(self) -> str:
        """The text of the exported file, from the golden file of the protected stack."""
        content = json.loads(self.path("PROTECTED").read_text(encoding="utf-8"))
        return export_hcl(content, self.stack).text


STACKS = {
    "tap": Golden(ROOT / "tap.py", "TapStack", GOLDEN / "tap", GOLDEN / "tap" / "tap_stack.tf"),
    "zero-trust": Golden(
        ROOT / "src" / "revet" / "blueprints" / "zero_trust" / "program.py",
        "ZeroTrustStack",
        GOLDEN / "zero_trust",
        ROOT / "terraform" / "tap_stack.tf",
    ),
    "trading-platform": Golden(
        ROOT / "src" / "revet" / "blueprints" / "trading_platform" / "program.py",
        "TradingPlatformStack",
        GOLDEN / "trading_platform",
        GOLDEN / "trading_platform" / "trading_platform.tf",
    ),
}
_READ = (
    "ALLOWED_CIDR_BLOCKS",
    "ALLOWED_ORIGIN",
    "AWS_REGION",
    "CERTIFICATE_ARN",
    "COST_CENTER",
    "DATA_CLASSIFICATION",
    "DOMAIN_NAME",
    "ENVIRONMENT_SUFFIX",
    "ORGANIZATION_ID",
    "PURPOSE",
    "TERRAFORM_STATE_BUCKET",
    "TERRAFORM_STATE_BUCKET_REGION",
)


def main() -> None:
    """Write all files."""
    for golden in STACKS.values():
        for path in (golden.folder, golden.hcl.parent):
            path.mkdir(parents=True, exist_ok=True)
        for lifecycle in LIFECYCLES:
            golden.path(lifecycle).write_text(golden.text(lifecycle), encoding="utf-8")
            print(f"wrote {golden.path(lifecycle).relative_to(ROOT)}")
        golden.hcl.write_text(golden.exported(), encoding="utf-8")
        print(f"wrote {golden.hcl.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
