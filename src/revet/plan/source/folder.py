"""Reading the files of a configuration: bounded, below one folder, and no links out of it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from revet.files import parse_json
from revet.files.inside import NotAFileError, TooLargeError, read_inside
from revet.plan.source.hcl import read_hcl, read_template
from revet.plan.source.json_syntax import read_json
from revet.plan.source.modules import Module, module_of
from revet.plan.source.parsing import parser
from revet.plan.source.syntax import Block, SourceError, Syntax

if TYPE_CHECKING:
    from tree_sitter import Parser

_ENDINGS = (".tf", ".tf.json", ".tofu", ".tofu.json")
_MOST_NAMES = 10_000
_MOST_FILES = 5_000
_MOST_BYTES = 2**20
_MOST_BYTES_JSON = 8 * 2**20
_MOST_BYTES_TOGETHER = 8 * 2**20
_MANIFEST = (".terraform", "modules", "modules.json")


def has_sources(folder: Path) -> bool:
    """Whether there is a configuration file in a folder.

    Args:
        folder: any path.
    """
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in itertools.islice(entries, _MOST_NAMES)]
    except OSError:
        return False
    return any(name.endswith(_ENDINGS) for name in names)


class Folder:
    """The folder of a root module, and what is below it.

    Args:
        root: the folder; links on the way to it are followed, links in it are not.

    Raises:
        PrerequisiteError: the parser is not installed.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = 0
        self._bytes = 0
        self._parser: Parser = parser()
        self._modules: dict[tuple[str, ...], tuple[Module, ...] | SourceError] = {}
        self._manifest: dict[str, str] | None = None

    def shown(self, parts: tuple[str, ...]) -> str:
        """A path below the folder, as the user knows it."""
        return self.root.joinpath(*parts).as_posix()

    def modules(self, parts: tuple[str, ...]) -> tuple[Module, ...]:
        """The module in a folder below; two where `.tofu` files stand for `.tf` files.

        Args:
            parts: the way to it.

        Raises:
            SourceError: it cannot be read without a doubt.
        """
        if parts not in self._modules:
            try:
                self._modules[parts] = self._read_modules(parts)
            except SourceError as error:
                self._modules[parts] = error
        found = self._modules[parts]
        if isinstance(found, SourceError):
            raise found
        return found

    def _read_modules(self, parts: tuple[str, ...]) -> tuple[Module, ...]:
        names = self._names(parts)
        if not names:
            raise SourceError(self.shown(parts), "no `.tf`, `.tf.json` or `.tofu` file")
        override = next((name for name in names if _is_override(name)), "")
        if override:
            raise SourceError(self.shown((*parts, override)), "override files are not read")
        blocks = {name: tuple(self._blocks((*parts, name))) for name in names}
        terraform = [name for name in names if ".tofu" not in name]
        shadowed = {name.replace(".tofu", ".tf") for name in names if ".tofu" in name}
        tofu = [name for name in names if name not in shadowed]
        variants = [terraform] if terraform == tofu else [tofu, terraform]
        return tuple(
            module_of(parts, (block for name in chosen for block in blocks[name]))
            for chosen in variants
            if chosen
        )

    def _names(self, parts: tuple[str, ...]) -> list[str]:
        """The configuration files of a folder, sorted."""
        folder = self.root.joinpath(*parts)
        for depth in range(1, len(parts) + 1):
            if self.root.joinpath(*parts[:depth]).is_symlink():
                raise SourceError(self.shown(parts[:depth]), "a symbolic link, which is not read")
        try:
            with os.scandir(folder) as entries:
                found = [entry.name for entry in itertools.islice(entries, _MOST_NAMES + 1)]
        except OSError as error:
            raise SourceError(self.shown(parts), _reason(error)) from error
        if len(found) > _MOST_NAMES:
            raise SourceError(self.shown(parts), f"more than {_MOST_NAMES:,} files")
        names = [name for name in found if name.endswith(_ENDINGS)]
        return sorted(name for name in names if not name.startswith((".", "#")))

    def _blocks(self, parts: tuple[str, ...]) -> Iterator[Block]:
        file = self.shown(parts)
        self.files += 1
        if self.files > _MOST_FILES:
            raise SourceError(file, f"more than {_MOST_FILES:,} files")
        content = self.content(parts)
        if parts[-1].endswith(".json"):
            yield from read_json(content, file, self.template).blocks
        else:
            yield from read_hcl(content, file, self._parser).blocks

    def content(self, parts: tuple[str, ...]) -> bytes:
        """What a file below the folder holds, in UTF-8.

        Args:
            parts: the way to it; no part may be a link.

        Raises:
            SourceError: it cannot be read, is too large, or is not UTF-8.
        """
        file = self.shown(parts)
        most = _MOST_BYTES_JSON if parts[-1].endswith(".json") else _MOST_BYTES
        try:
            data = read_inside(self.root, parts, most).data
            data.decode("utf-8")
        except NotAFileError as error:
            raise SourceError(file, "a link, or not a file, which is not read") from error
        except TooLargeError as error:
            raise SourceError(file, f"more than {most // 2**20} MiB") from error
        except UnicodeDecodeError as error:
            raise SourceError(file, "not UTF-8") from error
        except (OSError, ValueError) as error:
            raise SourceError(file, _reason(error)) from error
        self._bytes += len(data)
        if self._bytes > _MOST_BYTES_TOGETHER:
            raise SourceError(file, f"more than {_MOST_BYTES_TOGETHER // 2**20} MiB together")
        return data

    def template(self, text: str, file: str) -> Syntax:
        """Read a text as a template.

        Args:
            text: of a file in JSON syntax, or of a template of its own.
            file: for messages.

        Raises:
            SourceError: it is not understood.
        """
        return read_template(text, file, self._parser)

    def below(self, start: tuple[str, ...], path: str) -> tuple[str, ...]:
        """A path from a folder below, as parts from the root.

        Args:
            start: the folder.
            path: with `/` between its parts; `.` and `..` are followed.

        Raises:
            SourceError: it leads out of the root folder.
        """
        found = [] if path.startswith("/") else list(start)
        for part in path.replace("\\", "/").split("/"):
            if part == ".." and not found:
                break
            if part == "..":
                found.pop()
            elif part not in ("", "."):
                found.append(part)
        else:
            if not path.startswith("/"):
                return tuple(found)
        raise SourceError(path, f"outside of `{self.root.as_posix()}`, which is not read")

    def installed(self, key: str) -> tuple[str, ...]:
        """Where `terraform init` put a module, below the folder.

        Args:
            key: names of module calls with dots between.

        Raises:
            SourceError: it is not installed here.
        """
        if self._manifest is None:
            self._manifest = self._read_manifest()
        if key not in self._manifest:
            raise SourceError(f"module.{key}", "`terraform init` did not install it here")
        return self.below((), self._manifest[key])

    def _read_manifest(self) -> dict[str, str]:
        try:
            data: Any = parse_json(self.content(_MANIFEST))
        except (SourceError, ValueError):
            return {}
        modules = data.get("Modules") if isinstance(data, dict) else None
        return {
            item["Key"]: item["Dir"]
            for item in (modules if isinstance(modules, list) else ())
            if isinstance(item, dict)
            and isinstance(item.get("Key"), str)
            and isinstance(item.get("Dir"), str)
        }


def _is_override(name: str) -> bool:
    stem = name.removesuffix(".json").rpartition(".")[0]
    return stem == "override" or stem.endswith("_override")


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
