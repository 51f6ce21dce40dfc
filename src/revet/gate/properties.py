"""Properties proved over a plan, a state or an account.

A property says of the requests of its subjects that none is allowed, that one stays possible, or
that each is allowed, or of a resource that its policy lets no outsider in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from revet.gate.output_values import OutputValues
from revet.gate.property_file import Check, Property, read_properties
from revet.iam.account import PrincipalPicture
from revet.iam.globs import Glob
from revet.iam.prove.asked import Asked
from revet.iam.prove.bearing import View
from revet.iam.prove.properties import Account, Holds, Proved
from revet.iam.prove.requests import require_resources
from revet.iam.symbol import has_symbol
from revet.plan import Inventory
from revet.plan.account import account_of

_ARN = "arn:"
_EACH_ALONE = "it is about several subjects, and a certificate is about one"


class Proofs:
    """Properties over one inventory.

    Args:
        inventory: a plan, a state or an account.
        outputs: further values that properties name, for example a stack's outputs.
    """

    def __init__(self, inventory: Inventory, outputs: Mapping[str, Any] | None = None) -> None:
        self._picture = account_of(inventory)
        self._account = Account(self._picture)
        self._outputs = OutputValues(inventory, outputs)

    def prove(self, one: Property) -> Proved:
        """Prove a property, of each of its subjects.

        Raises:
            InputError: a subject is neither an output nor a principal or resource, or a resource
                is neither an output nor an ARN.
        """
        unknown = (
            *self._outputs.unknown(one.names),
            *self._outputs.elsewhere(one.account, self._picture.account),
        )
        if unknown:
            return Proved(Holds.UNKNOWN, doubts=unknown)
        asked = Asked(
            one.asked.actions,
            one.asked.not_actions,
            tuple(map(self._value, one.asked.resources)),
            tuple(self._context(item) for item in one.asked.context),
        )
        if one.check is not Check.NO_PUBLIC_ACCESS:
            require_resources(asked.resources, f"property `{one.id}`")
        subjects, doubts = self._subjects(one)
        found = [self._of(subject, one, asked) for subject in subjects]
        return _together(subjects, found, doubts)

    def who_can(self, asked: Asked) -> list[tuple[str, Proved]]:
        """Of each principal, whether one of some requests is allowed to it."""
        return [
            (name, self._account.possible(name, asked)) for name in self._account.picture.principals
        ]

    def _of(self, subject: str, one: Property, asked: Asked) -> Proved:
        view = View(one.out, self._outputs.address(one.endpoint) if one.endpoint else "", one.given)
        match one.check:
            case Check.NO_PUBLIC_ACCESS:
                return self._account.not_public(subject)
            case Check.STAYS_POSSIBLE:
                return self._account.possible(subject, asked, view)
            case Check.EACH_ALLOWED:
                return self._account.always(subject, asked, view)
            case Check.ACCESS_NOT_GRANTED:
                if one.by is not None:
                    return self._account.denied_by(one.by, subject, asked, view)
                return self._account.never(subject, asked, view)

    def _subjects(self, one: Property) -> tuple[list[str], list[str]]:
        """What a property is about, and of which principals it is not known whether they are."""
        if not one.every:
            return [self._value(name) for name in one.subjects], []
        found, doubts = [], []
        for principal in self._picture.principals.values():
            if one.every not in (principal.kind, "principal"):
                continue
            among = self._fits(principal, one.like) if one.like else True
            but = self._fits(principal, one.but)
            if among is None or (among and but is None):
                doubts.append(f"whether `{principal.name}` is meant, for its ARN is not known yet")
            elif among and not but:
                found.append(principal.name)
        if not found:
            doubts.append(f"nobody is meant by `{one.subject}`, so that it says nothing")
        return found, doubts

    def _fits(self, principal: PrincipalPicture, patterns: Sequence[str]) -> bool | None:
        """Whether a principal's address or ARN fits a pattern; `None` when that is not known."""
        given = [self._outputs.of(text) for text in patterns]
        for text in given:
            if text in (principal.name, principal.arn):
                return True
            known = [one for one in (principal.name, principal.arn) if not has_symbol(one)]
            if not has_symbol(text) and any(map(Glob.parse(text, variables=False).matches, known)):
                return True
        hidden = has_symbol(principal.arn) and any(text.startswith(_ARN) for text in given)
        return None if hidden else False

    def _value(self, text: str) -> str:
        return self._account.text(self._outputs.of(text))

    def _context(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            key: [self._value(one) for one in value] if isinstance(value, list) else value
            for key, value in item.items()
        }


def _together(subjects: Sequence[str], found: Sequence[Proved], doubts: Sequence[str]) -> Proved:
    """What is known of all subjects: it fails with the first, and holds when it does for each."""
    several = len(subjects) > 1
    searches = sum(one.searches for one in found)
    for subject, one in zip(subjects, found, strict=True):
        if one.holds is Holds.FAILS:
            return replace(one, why=f"{subject}: {one.why}" if several and one.why else one.why)
    unsure = [
        f"{subject}: {doubt}" if several else doubt
        for subject, one in zip(subjects, found, strict=True)
        for doubt in one.doubts
    ]
    if doubts or unsure:
        return Proved(Holds.UNKNOWN, doubts=(*doubts, *unsure), searches=searches)
    if len(found) == 1:
        return found[0]
    return Proved(Holds.HOLDS, searches=searches, uncertified=_EACH_ALONE)


__all__ = ["Check", "Holds", "Proofs", "Property", "read_properties"]
