"""Values with `${…}` in them: outputs, what was captured, and functions of these."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from revet.model.errors import ConfigError

_PLACE = re.compile(
    r"\$\{(?:(?P<function>[a-z0-9]+)\((?P<of>[A-Za-z0-9_.]+)\)|(?P<name>[A-Za-z0-9_.]+))\}"
)


def _first(value: Any) -> Any:  # noqa: ANN401 - what was captured
    return value[0] if isinstance(value, list) and value else value


_FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {
    "first": _first,
    "sha256": lambda value: hashlib.sha256(str(value).encode()).hexdigest(),
}


class MissingError(Exception):
    """A template names what is not known; the text says what."""


def names_in(value: object) -> set[str]:
    """The names that a template uses.

    Raises:
        ConfigError: it uses a function that does not exist.
    """
    if isinstance(value, str):
        return {_name(match) for match in _PLACE.finditer(value)}
    if isinstance(value, Mapping):
        return set().union(*map(names_in, (*value, *value.values())))
    if isinstance(value, list | tuple):
        return set().union(*map(names_in, value))
    return set()


def _name(match: re.Match[str]) -> str:
    function = match["function"]
    if function and function not in _FUNCTIONS:
        raise ConfigError(
            "a template uses a function that does not exist",
            got=f"`{match.group()}`",
            expected=", ".join(f"`{one}(…)`" for one in _FUNCTIONS),
            do="write one of them",
        )
    return match["of"] or match["name"]


def filled(value: Any, known: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    """A template with its places filled in.

    A text that is nothing but one place becomes its value, of whatever type.

    Args:
        value: texts, lists and tables of them, and values that stay as they are.
        known: name to value.

    Raises:
        MissingError: a name is not known.
    """
    if isinstance(value, str):
        whole = _PLACE.fullmatch(value)
        if whole is not None:
            return _of(whole, known)
        return _PLACE.sub(lambda match: str(_of(match, known)), value)
    if isinstance(value, Mapping):
        return {filled(key, known): filled(one, known) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [filled(one, known) for one in value]
    return value


def _of(match: re.Match[str], known: Mapping[str, Any]) -> Any:  # noqa: ANN401 - what is known
    name = _name(match)
    if name not in known:
        raise MissingError(f"`{name}` is not known: no output and no earlier step gives it")
    function = match["function"]
    return _FUNCTIONS[function](known[name]) if function else known[name]


def at_path(value: Any, path: str) -> Any:  # noqa: ANN401 - any JSON value
    """What lies at a path, `items.0.value`.

    Raises:
        MissingError: nothing does.
    """
    found = value
    for part in path.split("."):
        try:
            found = found[int(part)] if isinstance(found, list) else found[part]
        except (KeyError, IndexError, TypeError, ValueError):
            raise MissingError(f"there is no `{path}`") from None
    return found
