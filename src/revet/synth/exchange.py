"""A synthesis that takes the place of the last one whole, or not at all.

A program that is killed or fails while it writes must not cost what is deployed its configuration:
`revet destroy` needs it, and runs no program. So a synthesis is written beside the last one, and
takes its place when it is complete. What Terraform keeps in the folder goes with it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

_KEPT = (".terraform.lock.hcl", "*.tfstate", "*.tfstate.*")
"""What Terraform writes into the folder that it runs in, and goes on from."""
_UNUSED = ".terraform"


def beside(directory: Path) -> Path:
    """An empty folder for the next synthesis, beside that of the last one.

    Args:
        directory: of the last synthesis; the folder that holds it is made.

    Raises:
        OSError: it cannot be made.
    """
    settle(directory)
    fresh = _named(directory, "new")
    _remove(fresh)
    fresh.mkdir(parents=True)
    return fresh


def exchange(directory: Path, fresh: Path) -> None:
    """Let a synthesis take the place of the last one.

    Args:
        directory: of the last synthesis, if there was one.
        fresh: of the new one, complete.

    Raises:
        OSError: it cannot be moved; the last one is in its place, or `settle` puts it there.
    """
    for path in _kept(directory):
        target = fresh / path.relative_to(directory)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
    last = _named(directory, "last")
    _remove(last)
    if directory.is_symlink():
        directory.unlink()
    elif directory.exists():
        directory.rename(last)
    fresh.rename(directory)
    _remove(last)


def settle(directory: Path) -> None:
    """Put the last synthesis back that a killed `exchange` had moved away.

    Args:
        directory: where it belongs.

    Raises:
        OSError: it cannot be moved.
    """
    last = _named(directory, "last")
    if last.is_dir() and not last.is_symlink() and not directory.exists():
        last.rename(directory)


def _kept(directory: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(directory):
        if _UNUSED in folders:
            folders.remove(_UNUSED)
        for name in files:
            path = Path(here, name)
            if any(fnmatch(name, pattern) for pattern in _KEPT) and not path.is_symlink():
                yield path


def _named(directory: Path, what: str) -> Path:
    return directory.with_name(f".{directory.name}-{what}")


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)
