"""Checks of arguments, made before a construct has any child.

cdktn leaves a half-built node when a constructor raises later, and the error that follows is
obscure. Every message names the argument, the value, what is allowed and what to do.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Collection, Mapping
from typing import NoReturn

from revet.iam.reference.regions import all_regions
from revet.model.errors import ArgumentError

SUFFIX_LENGTH = 20
_SUFFIX = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,18}[a-z0-9])?")
_PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8")
)


def refuse(argument: str, value: object, expected: str, do: str) -> NoReturn:
    """Raise the error of one argument.

    Args:
        argument: its name.
        value: what was given.
        expected: what is allowed.
        do: what the user can do.

    Raises:
        ArgumentError: always.
    """
    raise ArgumentError(
        f"`{argument}` is not allowed to be {value!r}",
        where=f"argument `{argument}`",
        got=repr(value),
        expected=expected,
        do=do,
    )


def check_choice(argument: str, value: object, allowed: Collection[object]) -> None:
    """Check that a value is one of a few.

    Raises:
        ArgumentError: it is not; the nearest allowed one is named.
    """
    if any(_same(value, item) for item in allowed):
        return
    texts = [str(item) for item in allowed]
    near = difflib.get_close_matches(str(value), texts, n=1)
    refuse(
        argument,
        value,
        f"one of {', '.join(f'`{text}`' for text in texts)}",
        f"did you mean `{near[0]}`?" if near else "take one of these",
    )


def _same(value: object, item: object) -> bool:
    """Equal, and both texts or of one type: `True` is not `1`, `2.0` is not `2`."""
    texts = isinstance(value, str) and isinstance(item, str)
    return value == item and (texts or type(value) is type(item))


def check_range(argument: str, value: object, low: int, high: int, unit: str) -> None:
    """Check that a whole number lies within bounds, both included.

    Raises:
        ArgumentError: it does not, or is no whole number.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        refuse(
            argument,
            value,
            f"a whole number, {low} to {high} {unit}",
            "take a value within these bounds",
        )


def check_text(argument: str, value: object, low: int, high: int, do: str) -> None:
    """Check that something is a text of so many characters.

    Args:
        argument: its name.
        value: what was given.
        low: least number of characters.
        high: greatest number of characters.
        do: what the text should say.

    Raises:
        ArgumentError: it is no text, is blank, too short or too long.
    """
    fits = isinstance(value, str) and low <= len(value) <= high and (not low or value.strip())
    if not fits:
        refuse(argument, value, f"a text of {low} to {high} characters", do)


def check_match(
    argument: str, value: object, pattern: re.Pattern[str], expected: str, do: str
) -> None:
    """Check that something is a text of some form.

    Args:
        argument: its name.
        value: what was given.
        pattern: matches the whole text.
        expected: the pattern in words.
        do: what the user can do.

    Raises:
        ArgumentError: it is no text, or has another form.
    """
    if not isinstance(value, str) or not pattern.fullmatch(value):
        refuse(argument, value, expected, do)


def check_flag(argument: str, value: object) -> None:
    """Check that something is `True` or `False`.

    Raises:
        ArgumentError: it is something else, a number or a text for example.
    """
    if not isinstance(value, bool):
        refuse(argument, value, "`True` or `False`", "say which of the two")


def check_items(argument: str, values: object, kind: type, do: str) -> None:
    """Check that something is a list or tuple of objects of one class.

    Args:
        argument: its name.
        values: what was given.
        kind: class of the items.
        do: how to get one.

    Raises:
        ArgumentError: it is no list or tuple, or one of the items is something else.
    """
    expected = f"a list of `{kind.__name__}`"
    if not isinstance(values, list | tuple):
        refuse(argument, values, expected, do)
    for value in values:
        if not isinstance(value, kind):
            refuse(argument, value, expected, do)


def check_region(argument: str, value: object) -> None:
    """Check that a region exists.

    Raises:
        ArgumentError: it is not one of AWS's regions; the nearest one is named.
    """
    regions = all_regions()
    if not isinstance(value, str) or value not in regions:
        near = difflib.get_close_matches(str(value), regions, n=3)
        refuse(
            argument,
            value,
            "a region of AWS, for example `us-west-2` or `eu-central-1`",
            f"did you mean {', '.join(f'`{name}`' for name in near)}?"
            if near
            else "take the region's code, not its name",
        )


def check_suffix(argument: str, value: object) -> None:
    """Check an environment suffix: 1 to 20 of a-z, 0-9 and inner hyphens.

    Raises:
        ArgumentError: it is something else.
    """
    if not isinstance(value, str) or not _SUFFIX.fullmatch(value):
        refuse(
            argument,
            value,
            "1 to 20 of `a-z`, `0-9` and inner hyphens, for example `dev` or `pr-123`",
            "shorten it, write it in lower case, leave other characters out",
        )


def check_vpc_cidr(argument: str, value: object) -> ipaddress.IPv4Network:
    """Check the address range of a VPC: IPv4, /16 to /24, no host bits.

    AWS allows /16 to /28; below /24 no room is left for subnets in three zones.

    Raises:
        ArgumentError: it is something else.
    """
    if not isinstance(value, str):
        refuse(argument, value, "an IPv4 range such as `10.0.0.0/16`", "write it as text")
    try:
        network = ipaddress.IPv4Network(value)
    except ValueError as error:
        refuse(argument, value, "an IPv4 range such as `10.0.0.0/16`", f"correct it: {error}")
    if not 16 <= network.prefixlen <= 24:  # noqa: PLR2004 - AWS's largest, our smallest
        refuse(argument, value, "a range of /16 to /24", "take another prefix length")
    return network


def check_source_ranges(argument: str, values: object) -> tuple[str, ...]:
    """Check ranges that a request may come from, as `aws:SourceIp` sees them: public ones only.

    Raises:
        ArgumentError: a range that is malformed, private, or the whole internet.
    """
    if isinstance(values, str):
        refuse(argument, values, "a list of ranges", f"write `[{values!r}]`")
    if not isinstance(values, list | tuple):
        refuse(argument, values, "a list of ranges", "write `[…]` around the ranges")
    checked = tuple(values)
    for value in checked:
        if not isinstance(value, str):
            refuse(argument, value, "ranges such as `203.0.113.0/24`", "write it as text")
        try:
            network = ipaddress.ip_network(value)
        except ValueError as error:
            refuse(argument, value, "ranges such as `203.0.113.0/24`", f"correct it: {error}")
        if network.prefixlen == 0:
            refuse(argument, value, "ranges that limit something", "name the ranges you own")
        if isinstance(network, ipaddress.IPv4Network) and any(map(network.overlaps, _PRIVATE)):
            refuse(
                argument,
                value,
                "public ranges: AWS sees the public address of a caller, never a private one",
                "name your public egress addresses; for callers inside a VPC limit by VPC",
            )
    return checked


def check_tags(argument: str, tags: object) -> dict[str, str]:
    """Check tags against AWS's limits: keys of 1 to 128 characters, values of at most 256.

    Raises:
        ArgumentError: a key or value outside the limits, or a key that starts with `aws:`.
    """
    if not isinstance(tags, Mapping):
        refuse(argument, tags, "names and texts", "write a dictionary")
    checked: dict[str, str] = {}
    for key, value in tags.items():
        if not isinstance(key, str) or not 1 <= len(key) <= 128 or key.lower().startswith("aws:"):  # noqa: PLR2004 - AWS's limit
            refuse(argument, key, "keys of 1 to 128 characters, not `aws:…`", "rename the tag")
        if not isinstance(value, str) or not 1 <= len(value) <= 256:  # noqa: PLR2004 - AWS's limit
            refuse(
                f"{argument}[{key!r}]", value, "a text of 1 to 256 characters", "give it a value"
            )
        checked[key] = value
    return checked


def check_reason(argument: str, value: object) -> None:
    """Check that whoever weakens a default says why.

    Raises:
        ArgumentError: an empty or one-word reason.
    """
    if not isinstance(value, str) or len(value.split()) < 2:  # noqa: PLR2004 - one word is no reason
        refuse(
            argument,
            value,
            "a reason in words; it is kept in the resource's metadata and shown in the report",
            'say why, for example `"static site, ticket 12"`',
        )
