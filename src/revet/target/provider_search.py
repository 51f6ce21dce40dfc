"""The search for a folder on this machine that holds the AWS provider, and its memory."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import time
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path

from revet.files import replace_file
from revet.target.binary import Binary, tools_folder
from revet.target.provider import (
    ProviderSource,
    configured_source,
    has_own_configuration,
    registry_source,
    versions_in,
)

SEARCH_SECONDS = 5.0
"""Longest time that one search may take."""

FORGET_AFTER = 600.0
"""Seconds after which a search that found nothing is tried again."""

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_SKIPPED = frozenset(
    {"node_modules", "__pycache__", "site-packages", "dist-packages", ".git", "doc", "man"}
)


def find_provider(
    binary: Binary,
    environment: Mapping[str, str] | None = None,
    *,
    memory: Path | None = None,
    roots: Iterable[Path] | None = None,
    seconds: float = SEARCH_SECONDS,
) -> ProviderSource:
    """Where the AWS provider comes from, for this program on this machine.

    In this order: what the user's variables or CLI configuration say; Terraform's own plugin
    folders; a folder found before or now; the registry. Nothing is searched for when the user has
    a CLI configuration, since ours would take its place.

    Args:
        binary: the program that will install the provider.
        environment: where variables and the home folder are read from; the process's by default.
        memory: the file that remembers the search; `memory_file()` by default.
        roots: folders to search; `/opt`, `/usr` and `/var` by default.
        seconds: longest time that the search may take.
    """
    settings = os.environ if environment is None else environment
    settled = configured_source(binary, settings)
    if settled is not None:
        return settled
    if has_own_configuration(binary, settings):
        return registry_source(binary)
    file = memory_file(settings) if memory is None else memory
    folder = _remembered(file, binary)
    if folder is None:
        folder = search(machine_folders() if roots is None else roots, binary, seconds=seconds)
        _remember(file, binary, folder)
    if folder and (versions := _usable(Path(folder), binary)):
        return ProviderSource("mirror", folder, versions)
    return registry_source(binary)


def memory_file(environment: Mapping[str, str]) -> Path:
    """The file that remembers the search: in the tools folder if there is one, else in the cache.

    Args:
        environment: where `XDG_CACHE_HOME` and `HOME` are read from.
    """
    tools = tools_folder()
    if tools.is_dir() and os.access(tools, os.W_OK):
        return tools / "provider.json"
    cache = Path(environment.get("XDG_CACHE_HOME", ""))
    if not cache.is_absolute():
        cache = Path(environment.get("HOME", "/nonexistent")) / ".cache"
    return cache / "revet" / "provider.json"


def machine_folders() -> tuple[Path, ...]:
    """The folders under which a provider that was put there by hand is looked for.

    The home folder is none of them: clones lie there, and what is found is executed. Terraform's
    own plugin folders in it were looked at before.
    """
    return tuple(Path(root) for root in ("/opt", "/usr", "/var") if Path(root).is_dir())


def search(roots: Iterable[Path], binary: Binary, *, seconds: float) -> str:
    """Look for a plugin folder, level by level, so that what lies near is found first.

    Args:
        roots: where to begin.
        binary: whose registry host names the folder.
        seconds: when to give up.

    Returns:
        The folder that holds `HOST/hashicorp/aws`, or an empty text.
    """
    give_up = time.monotonic() + seconds
    waiting = deque(str(root) for root in roots)
    while waiting and time.monotonic() < give_up:
        folder = waiting.popleft()
        try:
            with os.scandir(folder) as entries:
                below = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
        except OSError:
            continue  # a folder that may not be read holds no provider that we could use
        if any(entry.name == binary.registry for entry in below) and _usable(Path(folder), binary):
            return folder
        waiting.extend(entry.path for entry in below if entry.name not in _SKIPPED)
    return ""


def _usable(folder: Path, binary: Binary) -> tuple[str, ...]:
    """The versions that a folder holds, where nobody but root and we could have put them there."""
    if not folder.is_absolute() or not _only_ours(folder / binary.registry / "hashicorp" / "aws"):
        return ()
    return versions_in(folder, binary)


def _only_ours(folder: Path) -> bool:
    """Whether only root and this user can change what a path leads to."""
    if not hasattr(os, "getuid"):
        return True
    try:
        for part in (folder, *folder.parents):
            found = part.stat()
            if found.st_uid not in (0, os.getuid()):
                return False
            if found.st_mode & _OTHERS_WRITE and not found.st_mode & stat.S_ISVTX:
                return False
    except OSError:
        return False
    return True


def _remembered(file: Path, binary: Binary) -> str | None:
    """The folder found before, an empty text for "nothing found", None when it must be searched."""
    try:
        memory = json.loads(file.read_text("utf-8"))[binary.registry]
        folder, age = str(memory["folder"]), time.time() - float(memory["searched"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # no memory, or one that is of no use: search
    if folder:
        return folder if _usable(Path(folder), binary) else None
    return "" if 0 <= age < FORGET_AFTER else None


def _remember(file: Path, binary: Binary, folder: str) -> None:
    """Write the memory; where nothing may be written the next run searches again."""
    try:
        known = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        known = {}
    entry = {binary.registry: {"folder": folder, "searched": time.time()}}
    text = json.dumps({**(known if isinstance(known, dict) else {}), **entry}, indent=2)
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, text)
