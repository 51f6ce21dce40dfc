"""Write `requirements/` anew from `pyproject.toml`: exact versions, with hashes. Needs `uv`.

    python scripts/update_requirements.py [--upgrade]

`dev.txt` holds revet's extras and the tools of its development, `build.txt` what builds revet, and
`node.txt` the package that the set-up takes Node from where `PATH` has none. All are valid for
every Python that revet supports. Versions that are pinned already are kept where `pyproject.toml`
still admits them; `--upgrade` takes the newest. Look at the difference, commit it.
Exit codes: 0 written · 2 uv failed, or names a place to install from · 3 uv is missing.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PINS = {
    "build": ("--group", "build"),
    "dev": ("pyproject.toml", "--extra", "all", "--group", "dev"),
    "node": ("--group", "node"),
}
ADDRESS = re.compile(r"://|^\s*-(?!-hash=sha256:)", re.MULTILINE)
HEAD = "# Written by scripts/update_requirements.py from pyproject.toml. Do not edit.\n"


class UpdateError(Exception):
    """The files cannot be written; the text says why and what to do."""

    exit_code = 2


class UvMissingError(UpdateError):
    """uv is not there."""

    exit_code = 3


def find_uv() -> str:
    """The path of uv: `UV` names it, else it is on `PATH`.

    Raises:
        UvMissingError: it is not there.
    """
    found = shutil.which(os.environ.get("UV") or "uv")
    if found is None:
        raise UvMissingError(
            "`uv` was not found\n"
            "  do  make an environment for it (`python3 -m venv .tools/uv`), `.tools/uv/bin/pip "
            "install uv`, then run this again with UV=.tools/uv/bin/uv"
        )
    return str(Path(found).absolute())


def compile_pins(uv: str, name: str, *, upgrade: bool) -> str:
    """The text of one file.

    Args:
        uv: path of uv.
        name: of the file, without its ending.
        upgrade: whether pinned versions may change where they need not.

    Raises:
        UpdateError: uv failed, or its answer names a place to install from.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lowest = project["project"]["requires-python"].removeprefix(">=")
    before = ROOT / "requirements" / f"{name}.txt"
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch) / before.name
        if before.exists():
            shutil.copy(before, output)  # uv keeps the versions that it finds there
        command = [
            uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes",
            "--python-version", lowest, "--only-binary", ":all:",
            "--no-header", "--no-emit-index-url", "--no-emit-find-links",
            *(["--upgrade"] if upgrade else []), "--output-file", str(output), *PINS[name],
        ]  # fmt: skip
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise UpdateError(f"uv failed on `{name}.txt`\n{done.stderr}")
        text = output.read_text("utf-8")
    if found := ADDRESS.search(text):
        line = text[: found.start()].count("\n") + 1
        raise UpdateError(
            f"`{name}.txt` would name a place to install from, or hold an option of pip, on line "
            f"{line}\n  do  see which index settings of uv put it there"
        )
    return HEAD + text


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Write the requirements files anew.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    arguments = parser.parse_args()
    try:
        uv = find_uv()
        texts = {name: compile_pins(uv, name, upgrade=arguments.upgrade) for name in PINS}
    except UpdateError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    folder = ROOT / "requirements"
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
        print(f"requirements/{name}.txt: {text.count('==')} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
