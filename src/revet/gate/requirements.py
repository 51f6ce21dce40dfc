"""Requirements files."""

from __future__ import annotations

from pathlib import Path

from revet.files import read_toml
from revet.model.requirement import RequirementSet


def load_requirements(path: Path) -> RequirementSet:
    """Read a requirements file.

    Args:
        path: TOML with `[[requirement]]` rows (`id`, `text`, `judged`, `constructs`, `controls`)
            and `[settings.CONTROL-ID]` tables. The set is named after the file's folder when the
            file is called `requirements.toml`, else after the file.

    Raises:
        ConfigError: it cannot be read, or a row or table is wrong. Whether the controls that it
            names exist is checked when a plan is judged.
    """
    name = path.parent.name if path.stem == "requirements" else path.stem
    return RequirementSet.from_dict(name or path.stem, read_toml(path, "a requirements file"))
