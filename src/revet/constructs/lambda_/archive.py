"""A folder of sources as the archive that Lambda takes, the same bytes on every machine.

Terraform compares the archive's hash: one that changed with the clock, the order of a folder or a
version of zlib would deploy the function anew each time. So the files are sorted, carry one date
and one mode, and are stored as they are; Lambda charges nothing for the difference.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from pathlib import Path

from revet.constructs.arguments import refuse

_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_MODE = 0o100644 << 16
_LIMIT = 50 * 1024 * 1024
"""Bytes. Source: Lambda developer guide, "Lambda quotas", deployment package, direct upload."""
_LEFT_OUT = ("__pycache__",)


def write_archive(source: Path, target: Path) -> str:
    """Pack a folder and write the archive.

    Args:
        source: folder of the sources; `__pycache__` is left out.
        target: where the archive is written; its folder is made.

    Returns:
        The SHA-256 of the archive in base64, as Lambda shows it.

    Raises:
        ArgumentError: as `pack`.
        OSError: a file cannot be read or written.
    """
    content = pack(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return base64.b64encode(hashlib.sha256(content).digest()).decode("ascii")


def pack(source: Path) -> bytes:
    """The archive of a folder.

    Args:
        source: the folder.

    Raises:
        ArgumentError: it is not a folder, holds no file or a symbolic link, or comes to more than
            Lambda takes.
        OSError: a file cannot be read.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in _files(source):
            entry = zipfile.ZipInfo(path.relative_to(source).as_posix(), _DATE)
            entry.create_system = _UNIX
            entry.external_attr = _MODE
            archive.writestr(entry, path.read_bytes())
    content = buffer.getvalue()
    if len(content) > _LIMIT:
        refuse("source", source.name, "at most 50 MB", "leave out what the function does not need")
    return content


def _files(source: Path) -> list[Path]:
    found = []
    for path in sorted(source.rglob("*"), key=lambda item: item.relative_to(source).as_posix()):
        inside = path.relative_to(source)
        if any(part in _LEFT_OUT for part in inside.parts):
            continue
        if path.is_symlink():
            refuse("source", inside.as_posix(), "files of the folder itself", "copy what it names")
        if path.is_file():
            found.append(path)
    if not found:
        refuse("source", str(source), "a folder with at least one file", "name the folder")
    return found
