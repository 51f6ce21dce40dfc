"""Fields that properties and attacks share, read and checked once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from revet.iam.evaluate.attached import Layer
from revet.iam.prove.bearing import LAYERS
from revet.iam.prove.requests import require_actions
from revet.model.errors import ConfigError, InputError


def read_layers(
    where: str, what: str, raw: Mapping[str, Any]
) -> tuple[frozenset[Layer], Layer | None]:
    """The layers that do not count, by `layers`, and the layer whose denial it must be, by `by`.

    Raises:
        ConfigError: a word is not the name of a layer, or `by` names one that does not count.
    """
    require_texts(where, what, "layers", raw)
    for name in (*raw.get("layers", ()), *([raw["by"]] if "by" in raw else ())):
        if name not in LAYERS:
            raise ConfigError(
                f"{what} names an unknown layer",
                where=where,
                got=f"`{name}`",
                expected=", ".join(f"`{one}`" for one in LAYERS),
                do="write one of them",
            )
    counted = {LAYERS[name] for name in raw.get("layers", LAYERS)}
    by = LAYERS[raw["by"]] if "by" in raw else None
    if by is not None and by not in counted:
        raise misfit(where, what, ["by", "layers"], f"`{raw['by']}` among the `layers`")
    return frozenset(Layer) - counted, by


def require_texts(where: str, what: str, key: str, raw: Mapping[str, Any]) -> None:
    """Refuse a list that is empty, or that holds anything but texts (tables, for `context`).

    Raises:
        ConfigError: it is one.
    """
    value = raw.get(key)
    if key in raw and (
        not value or (key != "context" and not all(isinstance(one, str) and one for one in value))
    ):
        raise misfit(where, what, [key], f"`{key}` is a list of texts, and not empty")


def require_known(actions: Iterable[str], where: str) -> None:
    """Refuse actions that AWS does not know.

    Raises:
        ConfigError: one fits no action.
    """
    try:
        require_actions(actions, where)
    except InputError as error:
        raise ConfigError(
            error.what, where=where, got=error.got, expected=error.expected, do=error.do
        ) from error


def unique(where: str, what: str, ids: Sequence[str]) -> None:
    """Refuse an id that appears twice.

    Raises:
        ConfigError: one does.
    """
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        raise ConfigError(
            f"the id of {what} appears twice",
            where=where,
            got=f"`{twice}`",
            expected="every id once",
            do="rename or remove one of them",
        )


def misfit(where: str, what: str, got: Iterable[str], expected: str) -> ConfigError:
    """The error for fields that do not go together."""
    return ConfigError(
        f"the fields of {what} do not fit together",
        where=where,
        got=", ".join(f"`{key}`" for key in got) or "none of them",
        expected=expected,
        do="correct it",
    )
