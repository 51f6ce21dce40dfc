"""What a project begins with: our templates, and of a blueprint the files that it brings."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import revet
from revet.cli.output import save, say
from revet.cli.stack import blueprints
from revet.model.errors import RevetError, UsageError
from revet.model.fields import check_name

STARTER = "starter.py"
"""Of a blueprint: the program that a project of it begins with, run by a test as it is."""
PROGRAM = "main.py"
"""What the starter is called in the project."""

_TEMPLATES = Path(__file__).parent / "templates"
_ANY = {
    "revet.toml": "revet.toml.jinja",
    ".pre-commit-config.yaml": "pre-commit-config.yaml.jinja",
}
_OF_A_BLUEPRINT = {
    "README.md": "README.md.jinja",
    "requirements.txt": "requirements.txt.jinja",
    "pyproject.toml": "pyproject.toml.jinja",
    ".gitignore": "gitignore.jinja",
    ".github/workflows/revet.yml": "workflow.yml.jinja",
}
_BROUGHT = ("requirements", "properties", "attacks", "flow", "baseline", "waivers")
"""Settings of `revet.toml` that name a file; a blueprint that has one brings it under that name."""
_WAIVERS = "waivers"
_KEEPS_STATE = re.compile(r"^STATE_ACCOUNT\b", re.MULTILINE)
_REGION = re.compile(r'"AWS_REGION", "([a-z0-9-]+)"')
_OF_A_REGION = re.compile(r"^\[settings\.([a-z0-9-]+)\]\nregions = ", re.MULTILINE)


def starters() -> dict[str, Path]:
    """Name of every blueprint that a project can begin with, to the blueprint's folder."""
    return {name: folder for name, folder in blueprints().items() if (folder / STARTER).is_file()}


def project_files(blueprint: str | None = None) -> dict[str, str]:
    """The files that a project begins with.

    Args:
        blueprint: the name of one of `starters`; None for a project without a stack yet.

    Returns:
        Path in the project, with `/`, to text.

    Raises:
        UsageError: there is no such blueprint.
    """
    if blueprint is None:
        return _rendered(_ANY, blueprint=None)
    known = starters()
    check_name(blueprint, known, "no such blueprint", "BLUEPRINT", kind=UsageError)
    folder = known[blueprint]
    program = _text(folder / STARTER)
    brought = {
        key: _text(folder / f"{key}.toml") for key in _BROUGHT if (folder / f"{key}.toml").is_file()
    }
    example = _rendered({f"{_WAIVERS}.toml": "waivers.toml.jinja"})
    own = {PROGRAM: program, **example, **{f"{key}.toml": text for key, text in brought.items()}}
    ours = _rendered(
        {**_ANY, **_OF_A_BLUEPRINT},
        blueprint=blueprint,
        program=PROGRAM,
        judged_by=[key for key in _BROUGHT if f"{key}.toml" in own],
        region=_region_of(program),
        of_a_region=_OF_A_REGION.findall(brought.get("requirements", "")),
        keeps_state=bool(_KEEPS_STATE.search(program)),
        version=revet.__version__,
    )
    return {**own, **ours}


def _region_of(program: str) -> str:
    """The default region of a blueprint's program; empty when it has none."""
    found = _REGION.search(program)
    return found.group(1) if found else ""


def begin_project(directory: Path, files: Mapping[str, str]) -> None:
    """Write the files of a project, all or none, and say which.

    Args:
        directory: of the project; made where it is not there.
        files: of `project_files`.

    Raises:
        UsageError: something is in the way, and nothing is overwritten; or it cannot be written.
        OutputError: the machine refused it: a full disk, for instance.
    """
    if there := [name for name in files if _is_taken(directory, name)]:
        raise UsageError(
            "a file is there already, and nothing is overwritten",
            where=str(directory.resolve()),
            got=", ".join(f"`{name}`" for name in there),
            expected="a folder without these files",
            do="move it away, or name another folder",
        )
    written: list[Path] = []
    try:
        for name, text in files.items():
            save(directory / name, text, do="name a folder that can be written to")
            written.append(directory / name)
    except RevetError:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    for path in written:
        say(f"written: {path}")


def _is_taken(directory: Path, name: str) -> bool:
    """Whether a file cannot be made: it is there, if only as a link, or no folder can hold it."""
    above = [directory / part for part in PurePosixPath(name).parents]
    return os.path.lexists(directory / name) or any(
        os.path.lexists(folder) and not folder.is_dir() for folder in above
    )


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _rendered(templates: Mapping[str, str], **values: object) -> dict[str, str]:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - no HTML, and no value comes from the user
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return {
        name: environment.get_template(template).render(values)
        for name, template in templates.items()
    }
