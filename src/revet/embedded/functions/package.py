"""Deployed packages, unpacked: of a function, of its layers, and the SDK that Lambda adds."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import stat
import threading
import zipfile
from pathlib import Path

from revet.embedded.wire_error import AwsError

SDK = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3")
"""What Lambda's Python runtime has besides the standard library (AWS Lambda Developer Guide,
"Runtime dependencies in Python")."""
_MOST = 250 * 1024 * 1024
"""Bytes of a function with its layers, unpacked (Lambda quotas)."""


class Packages:
    """Unpacks each package once.

    Args:
        folder: of this run's functions.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def unpacked(self, content: bytes) -> Path:
        """The folder with a package's files.

        Raises:
            AwsError: it is not a zip file, holds what would lie elsewhere, or is too large.
        """
        target = self._folder / hashlib.sha256(content).hexdigest()[:32]
        with self._lock:
            if not target.exists():
                unfinished = target.with_suffix(".part")
                unfinished.mkdir(exist_ok=True)
                _unpack(content, unfinished)
                unfinished.rename(target)
        return target

    def runtime(self) -> Path:
        """The folder with the SDK, and nothing else that is installed here."""
        target = self._folder / "runtime"
        with self._lock:
            if not target.exists():
                unfinished = target.with_suffix(".part")
                unfinished.mkdir(exist_ok=True)
                for name in SDK:
                    found = importlib.util.find_spec(name)
                    if found is not None and found.origin:
                        origin = Path(found.origin)
                        place = origin.parent if origin.name == "__init__.py" else origin
                        (unfinished / place.name).symlink_to(place)
                unfinished.rename(target)
        return target


def _unpack(content: bytes, folder: Path) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(entry.file_size for entry in package.infolist()) > _MOST:
                raise _invalid(f"Unzipped size must be smaller than {_MOST} bytes")
            for entry in package.infolist():
                _write(package, entry, folder)
    except zipfile.BadZipFile as error:
        raise _invalid("Could not unzip uploaded file") from error


def _write(package: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    mode = entry.external_attr >> 16
    place = folder / entry.filename
    outside = folder.resolve() not in (place.resolve(), *place.resolve().parents)
    if stat.S_ISLNK(mode) or outside or entry.filename.startswith("/"):
        raise _invalid(
            f"the package holds `{entry.filename}`, which the embedded AWS does not take"
        )
    extracted = Path(package.extract(entry, folder))
    if not extracted.is_dir():
        extracted.chmod(0o755 if mode & 0o100 else 0o644)


def _invalid(why: str) -> AwsError:
    return AwsError("InvalidZipFileException", why)
