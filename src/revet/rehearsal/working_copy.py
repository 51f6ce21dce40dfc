"""An exact copy of a Terraform folder, in which Terraform may write.

The copy holds what the folder holds now and nothing else: what was deleted or renamed there goes
here too. Modules that the configuration calls by a relative path lie beside it in the same way.
Links are followed within the project, so that the copy has none, and refused when they lead out.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from revet.files import replace_file, replacing
from revet.model.errors import InputError, PrerequisiteError, reason
from revet.target.modules import OVERRIDE_FILE, SUFFIXES, read_tree

ENTRY = "terraform.entry"
"""Beside the copy: the path in it at which Terraform runs."""

DATA = ".terraform"
"""What Terraform has installed in the copy; it is no part of what is copied, and stays."""

PLUGINS = "terraform.d"
"""A folder in which `init` looks for providers: one that was brought along would be executed."""

SKIPPED_FOLDERS = frozenset({".git", ".hg", ".svn", ".revet", DATA, PLUGINS, "node_modules"})
SKIPPED_FILES = ("*.tfstate", "*.tfstate.*", ".terraform.tfstate.lock.info", OVERRIDE_FILE)
_CONFIGURATION = (*SUFFIXES["opentofu"], ".tfvars", ".tfvars.json")
_TRIES = 3
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy.

    Args:
        directory: where Terraform runs.
        root: the copy as a whole, with the modules beside `directory`.
    """

    directory: Path
    root: Path


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file or folder to be copied.

    Args:
        source: where it is, links followed.
        folder: whether it is a folder.
        mark: tells a file from what it was before: device, number, size, times.
        mode: its permissions.
    """

    source: Path
    folder: bool
    mark: tuple[int, ...] = ()
    mode: int = 0o700


def copy_configuration(source: Path, destination: Path, project: Path) -> Copied:
    """Make a folder an exact copy of a Terraform folder and of the modules beside it.

    Args:
        source: the Terraform folder.
        destination: the copy; made, or brought up to date.
        project: folder within which links may lead.

    Raises:
        InputError: the folder cannot be read, changes all the time, or has a link that leads out of
            the project or nowhere.
        PrerequisiteError: the copy cannot be written.
    """
    source = source.resolve()
    for _ in range(_TRIES):
        folders = _folders(source)
        base = Path(os.path.commonpath(folders))
        wanted = _wanted(folders, base, project.resolve())
        inside = source.relative_to(base)
        try:
            whole = _bring_up_to_date(wanted, destination, destination / inside / DATA)
            replace_file(destination.with_name(ENTRY), str(inside))
        except OSError as error:
            raise PrerequisiteError(
                "the Terraform folder cannot be copied",
                where=f"{source} to {destination}",
                got=f"{error.filename or ''}: {reason(error)}".lstrip(": "),
                do="make the one readable and the other writable",
            ) from error
        if whole and _wanted(folders, base, project.resolve()) == wanted:
            return Copied(destination / inside, destination)
    raise InputError(
        "a Terraform folder changes while it is copied",
        where=str(source),
        got=f"other content each of {_TRIES} times",
        do="wait until what writes into it has ended, and run this again",
    )


def copied(destination: Path) -> Copied:
    """The copy that an earlier command has made.

    Args:
        destination: the copy.

    Raises:
        InputError: there is none, or where Terraform runs in it is not known.
    """
    file = destination.with_name(ENTRY)
    try:
        inside = Path(file.read_text("utf-8"))
    except FileNotFoundError:
        inside = Path()
    except (OSError, UnicodeDecodeError) as error:
        raise _no_copy(file, str(error)) from error
    directory = destination / inside
    if inside.is_absolute() or ".." in inside.parts or not directory.is_dir():
        raise _no_copy(file, f"`{inside}`")
    return Copied(directory, destination)


def _no_copy(file: Path, got: str) -> InputError:
    return InputError(
        "the copy of a Terraform folder is not as it was left",
        where=str(file),
        got=got,
        expected="a path within the copy",
        do="deploy it again",
    )


def _folders(source: Path) -> list[Path]:
    """The folder and those of the modules that it calls by a path that leads out of it."""
    found = [source]
    for module in read_tree(source, "opentofu", ""):  # it reads all that Terraform reads, and more
        if not any(module.directory.is_relative_to(folder) for folder in found):
            found.append(module.directory)
    return found


def _wanted(folders: Iterable[Path], base: Path, project: Path) -> dict[Path, _Entry]:
    wanted: dict[Path, _Entry] = {}
    for folder in folders:
        inside = folder.relative_to(base)
        for part in reversed((inside, *inside.parents)):
            wanted.setdefault(part, _Entry(base / part, folder=True))
        for path, entry in _walk(folder, project, (folder,)):
            wanted[inside / path] = entry
    return wanted


def _walk(folder: Path, project: Path, above: tuple[Path, ...]) -> Iterator[tuple[Path, _Entry]]:
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise _unreadable(folder, reason(error)) from error
    for path in paths:
        name = path.name
        if _is_skipped(path):
            continue
        real = path
        if path.is_symlink():
            real = _followed(path, project, above)
        try:
            found = real.stat()
        except OSError as error:
            raise _unreadable(real, reason(error)) from error
        if stat.S_ISDIR(found.st_mode):
            yield Path(name), _Entry(real, folder=True)
            for inner, entry in _walk(real, project, (*above, real)):
                yield Path(name) / inner, entry
        elif stat.S_ISREG(found.st_mode):
            yield Path(name), _Entry(real, False, _mark(found), stat.S_IMODE(found.st_mode))
        elif name.endswith(_CONFIGURATION):
            raise _unreadable(path, "neither a file nor a folder")


def _is_skipped(path: Path) -> bool:
    if path.name in SKIPPED_FOLDERS:
        return path.is_dir() or path.is_symlink()
    if path.name.startswith(".") and path.is_symlink() and not path.exists():
        return True  # an editor's lock
    return any(fnmatch(path.name, pattern) for pattern in SKIPPED_FILES)


def _followed(link: Path, project: Path, above: tuple[Path, ...]) -> Path:
    try:
        real = link.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise _unreadable(link, "a link that leads nowhere") from error
    if not (real.is_relative_to(project) or real.is_relative_to(above[0])):
        raise InputError(
            "a link in a Terraform folder leads out of the project",
            where=str(link),
            got=f"`{real}`",
            expected=f"something in `{project}`",
            do="put what it names into the project",
        )
    if any(folder.is_relative_to(real) for folder in above):
        raise _unreadable(link, "a link to a folder that it lies in")
    return real


def _mark(found: os.stat_result) -> tuple[int, ...]:
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _unreadable(path: Path, got: str) -> InputError:
    return InputError(
        "a Terraform folder cannot be copied",
        where=str(path),
        got=got,
        expected="files and folders that can be read",
        do="correct or remove it",
    )


def _bring_up_to_date(wanted: dict[Path, _Entry], destination: Path, kept: Path) -> bool:
    """Remove what does not belong, copy the rest; false when a file changed meanwhile."""
    if destination.is_symlink() or (destination.exists() and not destination.is_dir()):
        destination.unlink()
    destination.mkdir(parents=True, exist_ok=True, mode=0o700)
    _remove_others(wanted, destination, destination, kept)
    whole = True
    for path, entry in wanted.items():
        target = destination / path
        if entry.folder:
            target.mkdir(exist_ok=True, mode=0o700)
        else:
            whole = _copy_file(entry, target) and whole
    return whole


def _remove_others(wanted: dict[Path, _Entry], folder: Path, destination: Path, kept: Path) -> None:
    with os.scandir(folder) as found:
        entries = list(found)
    for item in entries:
        path = Path(item.path)
        entry = wanted.get(path.relative_to(destination))
        is_folder = item.is_dir(follow_symlinks=False)
        if path == kept and is_folder:
            continue
        if entry is not None and entry.folder == is_folder and not item.is_symlink():
            if is_folder:
                _remove_others(wanted, path, destination, kept)
        elif is_folder:
            shutil.rmtree(path)
        else:
            path.unlink()


def _copy_file(entry: _Entry, target: Path) -> bool:
    """Copy a file; false when it changed meanwhile."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(entry.source, flags)
    except FileNotFoundError:
        return False
    with os.fdopen(descriptor, "rb") as reading:
        if _mark(os.fstat(descriptor)) != entry.mark:
            return False
        with replacing(target, mode=entry.mode & 0o700 | 0o600, on_disk=False) as writing:
            shutil.copyfileobj(reading, writing, _CHUNK)
        return _mark(os.fstat(descriptor)) == entry.mark
