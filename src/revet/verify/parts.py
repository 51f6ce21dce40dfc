"""Parts of a resource that Terraform has types of their own for, such as a bucket's policy.

Each part is one aspect, read with one call. What becomes of that call stays with the part: the
others, and the resource itself, are known all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from revet.plan.marks import denied
from revet.plan.observed import Observed
from revet.verify.api import crashed
from revet.verify.reader import MissingResourceError, ReadDeniedError, UnreachableError


def part(
    kind: str,
    id: str,  # noqa: A002 - the provider's word
    known: Mapping[str, Any],
    region: str,
    read: Callable[[], Mapping[str, Any] | None],
) -> list[Observed]:
    """A part of a resource, as a resource of its own.

    Args:
        kind: its Terraform type.
        id: its `id` in the provider's state.
        known: attributes that are known before it is read: those that join it to the resource.
        region: where it is; empty for global services.
        read: makes the call; gives the other attributes, or `None` when AWS says that there is no
            such part.

    Returns:
        Nothing without the part; one of which only `known` is known where the call is denied, or
        its answer has a form that `read` does not understand.

    Raises:
        MissingResourceError: the resource itself is gone.
        UnreachableError: no answer came, or the credentials are refused.
    """
    own = {"id": id, **known}
    try:
        values = read()
    except (UnreachableError, MissingResourceError):
        raise
    except ReadDeniedError as error:
        return [Observed(kind, id, own, region, denied(error.action))]
    except Exception as error:  # noqa: BLE001 - the mark says what went wrong
        return [Observed(kind, id, own, region, crashed(error))]
    return [] if values is None else [Observed(kind, id, {**own, **values}, region)]


def tagged(
    pairs: Any,  # noqa: ANN401 - JSON
    key: str = "Key",
    value: str = "Value",
) -> dict[str, Any]:
    """The attributes that tags give; those of AWS's own (`aws:…`) are left out.

    `tags_all` alone: a resource's own tags and the provider's default tags cannot be told apart in
    an account. Where there are no tags at all, `tags` is known, too.

    Args:
        pairs: a list of name and value, or an object.
        key: the member with the name.
        value: the member with the value.
    """
    said = pairs if isinstance(pairs, dict) else {p[key]: p.get(value, "") for p in pairs or ()}
    found = {name: text for name, text in said.items() if not name.startswith("aws:")}
    return {"tags_all": found} if found else {"tags_all": {}, "tags": {}}
