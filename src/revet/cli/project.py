"""`revet.toml`: what to judge against, and where. `docs/schemas/revet.schema.json` describes it."""

from __future__ import annotations

import difflib
import math
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from revet.cli.account_settings import ACCOUNT, REGION, TABLE, AccountSettings, read_accounts
from revet.cli.judging import Judging
from revet.cli.options import FailOn
from revet.files import SMALL, parse_toml, read_given
from revet.gate.frameworks import named_frameworks
from revet.model.errors import ConfigError

FILE = "revet.toml"
_LINE = re.compile(r"at line (\d+)")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
"""What a stack can be called: a folder has its name."""

_PROGRAM = '`"tap.py"`, `"python tap.py argument"` or `["tap.py", "argument"]`'
_SHELL = frozenset({"&&", "||", "|", ";", "&", "<", ">", ">>", "2>&1"})

_SHARED = (
    "requirements",
    "properties",
    "attacks",
    "flow",
    "frameworks",
    "baseline",
    "waivers",
    "fail_on",
    "time_limit",
    "region",
    "account",
)
_STACK = ("program", "stack", "terraform", *_SHARED)


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack that can be synthesized, or a Terraform folder that can be planned.

    Args:
        name: as the user calls it.
        root: folder of the project.
        program: the words of the command that synthesizes it; empty for a Terraform folder.
        terraform: folder with a Terraform configuration, in place of a program.
        judging: what it is judged against: its own settings before those for all stacks.
        region: primary region; empty where the program itself decides.
        account: id of the account that `--target aws` may use; empty when it must be asked for.
        blueprint: whether the program is that of a blueprint of ours.
        chosen: id of the stack in its program's app; empty for the one of that name, or the only
            one.
    """

    name: str
    root: Path
    program: tuple[str, ...] = ()
    terraform: Path | None = None
    judging: Judging = field(default_factory=Judging)
    region: str = ""
    account: str = ""
    blueprint: bool = False
    chosen: str = ""

    @property
    def folder(self) -> Path:
        """Where the program runs: the project's folder; for a blueprint the current one."""
        return Path.cwd() if self.blueprint else self.root


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the user.

    Args:
        root: folder of `revet.toml`, or the current folder without one.
        path: of `revet.toml`; None without one.
        shared: the settings for all stacks.
        stacks: name to what the file says of it; whether it is there is not looked at.
        accounts: that `revet audit` reads; None when it does not say.
    """

    root: Path
    path: Path | None = None
    shared: Stack = field(default_factory=lambda: Stack("", Path()))
    stacks: Mapping[str, Stack] = field(default_factory=dict)
    accounts: AccountSettings | None = None


def find_project(explicit: Path | None = None, start: Path | None = None) -> Project:
    """Read the `revet.toml` that holds here.

    Args:
        explicit: path given by the user.
        start: folder to look in, then its parents; the current one by default.

    Returns:
        The project; one without stacks where there is no file.

    Raises:
        ConfigError: the named file is not there, or a file is wrong.
    """
    if explicit is not None:
        return load_project(explicit)
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return load_project(folder / FILE)
    return Project(here)


def load_project(path: Path) -> Project:
    """Read a `revet.toml`; paths in it are relative to its folder.

    Raises:
        ConfigError: it cannot be read, is not valid TOML, or holds an unknown key or a wrong value.
    """
    try:
        raw = read_given(path, SMALL)
        data = parse_toml(raw)
    except OSError as error:
        raise ConfigError(
            f"`{FILE}` cannot be read",
            where=str(path),
            got=(error.strerror or str(error)).lower(),
            expected="a readable TOML file",
            do="correct the path",
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"`{FILE}` is not valid TOML",
            where=str(path),
            got=str(error),
            expected="UTF-8",
            do="save it as UTF-8",
        ) from error
    except ValueError as error:
        line = _LINE.search(str(error))
        raise ConfigError(
            f"`{FILE}` is not valid TOML",
            where=f"{path}:{line[1]}" if line else str(path),
            got=str(error),
            expected="TOML 1.0",
            do="correct that line",
        ) from error
    return _Reader(path, raw.decode("utf-8")).project(data)


class _Reader:
    """Checks the parsed file, and knows the line of each key."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.root = path.resolve().parent
        self.lines = _lines_of_keys(text)

    def project(self, data: Mapping[str, Any]) -> Project:
        self.known("", data, (*_SHARED, "stacks", TABLE))
        stacks = data.get("stacks", {})
        if not isinstance(stacks, dict):
            self.wrong("stacks", stacks, "tables `[stacks.NAME]`")
        shared = self.settings("", {key: data[key] for key in _SHARED if key in data}, {})
        own: dict[str, Stack] = {}
        for name, table in stacks.items():
            where = f"stacks.{name}"
            if not isinstance(table, dict):
                self.wrong(where, table, "a table `[stacks.NAME]`")
            if not NAME.fullmatch(name):
                self.wrong(where, name, "letters, digits, `_` and inner `-`")
            self.known(where, table, _STACK)
            if "program" in table and "terraform" in table:
                self.wrong(f"{where}.terraform", table["terraform"], "`program` or `terraform`")
            if "stack" in table and "program" not in table:
                self.wrong(f"{where}.stack", table["stack"], "a `program` beside it")
            for other in own:
                if other.lower() == name.lower():
                    expected = f"a name that differs from `{other}` by more than its case"
                    self.wrong(where, name, expected)
            own[name] = self.settings(where, table, {k: data[k] for k in _SHARED if k in data})
        accounts = read_accounts(data[TABLE], self) if TABLE in data else None
        return Project(self.root, self.path, shared, own, accounts)

    def settings(self, where: str, table: Mapping[str, Any], shared: Mapping[str, Any]) -> Stack:
        values = {**shared, **table}
        for claims in ("properties", "attacks", "flow"):
            if "requirements" in table and claims not in table:
                values.pop(claims, None)  # they are for the requirements that stand beside them

        def read(key: str, pattern: re.Pattern[str] | None, expected: str) -> str:
            value = values.get(key)
            if value is None:
                return ""
            fits = isinstance(value, str) and value and (not pattern or pattern.fullmatch(value))
            if not fits:
                inner = f"{where}.{key}" if where and key in table else key
                self.wrong(inner, value, expected)
            return str(value)

        def file(key: str, expected: str) -> Path | None:
            value = read(key, None, expected)
            return self.root / value if value else None

        fail_on = read(
            "fail_on",
            re.compile("|".join(FailOn)),
            ", ".join(f'`"{level.value}"`' for level in FailOn),
        )
        baseline = read("baseline", None, "a name, or the path of a TOML file, as text")
        if baseline and baseline.endswith(".toml"):
            baseline = str(self.root / baseline)
        return Stack(
            where.removeprefix("stacks."),
            self.root,
            program=self.program(where, table),
            terraform=file("terraform", "the path of a folder, as text"),
            judging=Judging(
                file("requirements", "the path of a TOML file, as text"),
                baseline or None,
                file("waivers", "the path of a TOML file, as text"),
                FailOn(fail_on) if fail_on else None,
                self.time_limit(where, values.get("time_limit"), table),
                self.frameworks(where, values.get("frameworks", []), table),
                file("properties", "the path of a TOML file, as text"),
                file("attacks", "the path of a TOML file, as text"),
                file("flow", "the path of a TOML file, as text"),
            ),
            region=read("region", REGION, 'a region, as `"us-west-2"`'),
            account=read("account", ACCOUNT, "twelve digits, as text"),
            chosen=read("stack", None, "the id of one of the program's stacks, as text"),
        )

    def time_limit(self, where: str, value: object, table: Mapping[str, Any]) -> float | None:
        if value is None:
            return None
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 <= float(str(value)) < math.inf:
            inner = f"{where}.time_limit" if where and "time_limit" in table else "time_limit"
            self.wrong(inner, value, "seconds, as a number that is not negative")
        return float(str(value))

    def frameworks(self, where: str, value: object, table: Mapping[str, Any]) -> tuple[str, ...]:
        inner = f"{where}.frameworks" if where and "frameworks" in table else "frameworks"
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.wrong(inner, value, 'ids of frameworks, as `["pci_dss"]`')
        if not value:
            return ()
        named_frameworks(value, where=self.place(inner), error=ConfigError)
        return tuple(value)

    def program(self, where: str, table: Mapping[str, Any]) -> tuple[str, ...]:
        value = table.get("program")
        if value is None:
            return ()
        parts = self.words(where, value) if isinstance(value, str) else value
        if not (
            isinstance(parts, list)
            and parts
            and all(isinstance(part, str) and part for part in parts)
        ):
            self.wrong(f"{where}.program", value, _PROGRAM)
        return tuple(parts)

    def words(self, where: str, text: str) -> list[str]:
        """The words of a program that is one text; no shell reads it."""
        if (self.root / text).is_file():
            return [text]  # its name may hold spaces
        try:
            words = shlex.split(text)
        except ValueError:
            self.wrong(f"{where}.program", text, f"{_PROGRAM}, each quote closed")
        if _SHELL.intersection(words):
            self.wrong(
                f"{where}.program", text, f'{_PROGRAM}; for a shell `["sh", "-c", "{text}"]`'
            )
        return words

    def known(self, where: str, table: Mapping[str, Any], keys: tuple[str, ...]) -> None:
        for key in table:
            if key not in keys:
                close = difflib.get_close_matches(key, keys, n=1)
                place = f"{where}.{key}" if where else key
                raise ConfigError(
                    f"an unknown key in `{FILE}`",
                    where=self.place(place),
                    got=f"`{place}`",
                    expected=", ".join(f"`{known}`" for known in keys),
                    do=f"did you mean `{close[0]}`?" if close else "correct or remove it",
                )

    def wrong(self, key: str, value: object, expected: str) -> NoReturn:
        raise ConfigError(
            f"a wrong value in `{FILE}`",
            where=self.place(key),
            got=f"`{key} = {value!r}`",
            expected=expected,
            do="correct it",
        )

    def place(self, key: str) -> str:
        line = self.lines.get(key)
        return f"{self.path}:{line}" if line else str(self.path)


_HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-\".]+)\s*=")


def _lines_of_keys(text: str) -> dict[str, int]:
    """Dotted key to its line; best effort, for messages only."""
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = header[1].replace('"', "")
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            name = key[1].replace('"', "")
            found.setdefault(f"{table}.{name}" if table else name, number)
    return found
