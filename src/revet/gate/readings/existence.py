"""Whether what a text names is gone from the account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from revet.gate.readings.needed import refuse_unlisted
from revet.model.errors import UnknownValueError
from revet.plan import Inventory, Reading, Undecided
from revet.plan.doubts import Doubts
from revet.plan.recognized import Recognized, recognize
from revet.plan.terraform_types import variants

_BUCKET = "aws_s3_bucket"


def all_gone(
    texts: Mapping[str, Iterable[str]], inventory: Inventory
) -> tuple[tuple[str, str], ...]:
    """What some texts name and the account does not have.

    Args:
        texts: texts by where they stand.
        inventory: of an account.

    Returns:
        Place and text of each.

    Raises:
        UnknownValueError: nothing is gone for certain, and something could not be looked for.
    """
    gone: list[tuple[str, str]] = []
    doubts = Doubts()
    for place, some in texts.items():
        for text in some:
            with doubts:
                if is_gone(text, inventory):
                    gone.append((place, text))
    return tuple(gone or doubts.settled(()))


def is_gone(text: str, inventory: Inventory) -> bool:
    """Whether a text names something that the account does not have.

    It names what the stack's state knows by this text, or what it has the form of: an id or ARN of
    a type that the account is read for. Whatever else it may name is left to who reads it, and so
    is what another account has.

    Args:
        text: any text, of an output for one.
        inventory: of an account; a plan and a state do not tell what there is besides.

    Raises:
        UnknownValueError: it could not be looked for.
    """
    if inventory.reading is not Reading.ACCOUNT:
        return False
    if text in inventory.lost:
        doubt = inventory.lost[text]
        if doubt is not None:
            doubt.refuse()
        return True
    named = recognize(text)
    if named is None or named.account not in ("", inventory.account) or inventory.knows(text):
        return False
    _require_listed(text, named, inventory)
    return True


def _require_listed(text: str, named: Recognized, inventory: Inventory) -> None:
    """Refuse unless what a text names would be there if it existed.

    Raises:
        UnknownValueError: it may be among what could not be read, or is not the account's to know.
    """
    refuse_unlisted(inventory, *variants(named.kind))
    for item in inventory.of_type(*variants(named.kind)):
        name = item.get("arn" if text.startswith("arn:") else "id")
        if isinstance(name, Undecided):
            name.refuse()
    if named.region or not (inventory.coverage or {}).get(named.kind):
        inventory.require(named.kind, named.region)
    if named.kind == _BUCKET:
        raise UnknownValueError(
            text,
            why=f"`{text}` is not a bucket of the account: it is another account's, or is gone",
            resolve="see whose it is, or waive the finding with a reason",
        )


def texts_in(value: object) -> Iterator[str]:
    """The texts in a value, which may be any JSON; of what is sensitive there are none."""
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from texts_in(item)
        case dict():
            for item in value.values():
                yield from texts_in(item)
