"""What is not known, put off until everything that may be certain has been asked.

One certain thing often decides, whatever is not known of the others: one sound denial is enough,
one open rule is too much. Only where nothing is certain does a doubt decide.

    doubts = Doubts()
    for policy in policies:
        with doubts:  # one about this policy waits
            if fault := fault_of(policy):
                return noncompliant(fault)  # certain: no doubt matters any more
    return doubts.settled(compliant("no policy has a fault"))
"""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import TypeVar

from revet.model.errors import UnknownValueError, UnreadError

_Answer = TypeVar("_Answer")


class Doubts(list[UnknownValueError]):
    """Why something is not known, in the order in which it was found; a block under it adds one."""

    def __enter__(self) -> None:
        """Begin to ask something of which a doubt shall wait."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Keep a doubt; whatever else was raised goes on."""
        if isinstance(error, UnknownValueError):
            self.append(error)
            return True
        return False

    @property
    def first(self) -> UnknownValueError:
        """The one that is said, where there is any; what the account would settle goes first."""
        return unread_first(self)[0]

    def refuse(self) -> None:
        """Refuse to conclude anything where there is a doubt.

        Raises:
            UnknownValueError: there is one.
        """
        if self:
            raise self.first

    def settled(self, answer: _Answer) -> _Answer:
        """The answer that holds where nothing is in doubt.

        Raises:
            UnknownValueError: something is.
        """
        self.refuse()
        return answer


def unread_first(doubts: Iterable[UnknownValueError]) -> tuple[UnknownValueError, ...]:
    """Doubts in the order in which they are said: first what can be read to settle them.

    Args:
        doubts: why something is not known.
    """
    return tuple(sorted(doubts, key=lambda doubt: not isinstance(doubt, UnreadError)))
