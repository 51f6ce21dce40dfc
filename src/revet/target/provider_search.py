"""The search for a folder on this machine that holds the AWS provider, and its memory."""

from __future__ import annotations

import json
import os
import time
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path

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
        roots: folders to search; `/opt`, `/usr`, `/var` and the home folder by default.
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
        folder = search(
            machine_folders(settings) if roots is None else roots, binary, seconds=seconds
        )
        _remember(file, binary, folder)
    if folder and (versions := versions_in(Path(folder), binary)):
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
    home = environment.get("HOME", "/nonexistent")
    return Path(environment.get("XDG_CACHE_HOME") or f"{home}/.cache") / "revet" / "provider.json"


def machine_folders(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """The folders under which a provider that was put there by hand is looked for."""
    roots = ("/opt", "/usr", "/var", environment.get("HOME", ""))
    return tuple(Path(root) for root in roots if root and Path(root).is_dir())


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
        if any(entry.name == binary.registry for entry in below) and versions_in(
            Path(folder), binary
        ):
            return folder
        waiting.extend(entry.path for entry in below if entry.name not in _SKIPPED)
    return ""


def _remembered(file: Path, binary: Binary) -> str | None:
    """The folder found before, an empty text for "nothing found", None when it must be searched."""
    try:
        memory = json.loads(file.read_text("utf-8"))[binary.registry]
        folder, age = str(memory["folder"]), time.time() - float(memory["searched"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # no memory, or one that is of no use: search
    if folder:
        return folder if versions_in(Path(folder), binary) else None
    return "" if 0 <= age < FORGET_AFTER else None


def _remember(file: Path, binary: Binary, folder: str) -> None:
    """Write the memory; where nothing may be written the next run searches again."""
    try:
        known = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        known = {}
    entry = {binary.registry: {"folder": folder, "searched": time.time()}}
    text = json.dumps({**(known if isinstance(known, dict) else {}), **entry}, indent=2)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        draft.write_text(text, "utf-8")
        draft.replace(file)
    except OSError:
        return
