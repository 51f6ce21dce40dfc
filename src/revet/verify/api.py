"""Calls to one account, for those who read it as an inventory.

A call gives the whole answer, all pages of it. What is denied is an exception with the IAM action
that is missing; what does not exist is an empty answer where the reader expects that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

from revet.model.errors import RevetError
from revet.model.finding import Origin
from revet.plan.unread_marks import Mark, denied
from revet.verify.operations import PAGES, iam_action
from revet.verify.read_only import (
    MissingResourceError,
    ReadDeniedError,
    Reader,
    UnreachableError,
)

SIDE_BY_SIDE: Mapping[Origin, int] = {Origin.EMULATED: 4, Origin.REAL: 16}
"""How many calls wait for an answer at a time. The embedded AWS is fastest with four; AWS takes
sixteen, and botocore's retries slow down what a service throttles."""

_Item = TypeVar("_Item")
_Found = TypeVar("_Found")


@dataclass(slots=True)
class Api:
    """Calls of one account.

    Args:
        reader: sends them.
        account: the account's id.
        home: the region that global services are asked in.
        side_by_side: how many calls wait for an answer at a time.
        pool: sends the calls, where several accounts share one; each has its own by default.
    """

    reader: Reader
    account: str
    home: str
    side_by_side: int = 16
    pool: Executor | None = None
    calls: Counter[str] = field(default_factory=Counter)
    _lock: Any = field(default_factory=Lock, repr=False)

    def call(
        self,
        service: str,
        operation: str,
        region: str = "",
        *,
        absent: tuple[str, ...] = (),
        **parameters: object,
    ) -> dict[str, Any]:
        """All pages of an answer; see `Reader.call`. Without a region the home region is asked."""
        pages = PAGES.get((service, operation))
        answer: dict[str, Any] = {}
        while True:
            with self._lock:
                self.calls[iam_action(service, operation)] += 1
            said = self.reader.call(
                service, operation, region=region or self.home, absent=absent, **parameters
            )
            if pages is None or not said:
                return answer or said
            answer = pages.joined(answer, said)
            more = pages.next(answer)
            if not more:
                return answer
            parameters |= more

    def each(
        self, work: Callable[[_Item], Iterable[_Found]], items: Iterable[_Item]
    ) -> Iterator[_Found]:
        """The same work for many things, side by side; what it finds comes in their order."""
        own = ThreadPoolExecutor(self.side_by_side) if self.pool is None else nullcontext(self.pool)
        with own as pool:
            for found in pool.map(lambda item: list(work(item)), items):
                yield from found


@dataclass(slots=True)
class Answered:
    """What the calls about one resource answer, and what they could not.

    Args:
        unknown: attribute to why it could not be read; filled while reading.
        gone: whether the resource vanished while it was read.
    """

    unknown: dict[str, Mark] = field(default_factory=dict)
    gone: bool = False

    def answer(self, read: Callable[[], Mapping[str, Any]], *names: str) -> Mapping[str, Any]:
        """What a call answers; when it is denied, the attributes that it gives are unknown.

        Args:
            read: makes the call.
            names: of the attributes that come from its answer.
        """
        try:
            return read()
        except ReadDeniedError as error:
            self.unknown.update(dict.fromkeys(names, denied(error.action)))
        except MissingResourceError:
            self.gone = True
        return {}

    def need(self, answer: Mapping[str, Any], key: str, *names: str) -> Any:  # noqa: ANN401 - JSON
        """A member that AWS always answers; without it the attributes are unknown, never null.

        Args:
            answer: of a call.
            key: the member.
            names: of the attributes that come from it.
        """
        if key not in answer:
            mark = Mark(f"AWS's answer has no `{key}`", "read again; report it when it stays so")
            for name in names:
                self.unknown.setdefault(name, mark)
        return answer.get(key)


def readable(read: Callable[[], _Found]) -> _Found | Mark:
    """What reading gives, or the mark of what was denied or not understood.

    Raises:
        MissingResourceError: what was asked for does not exist.
        UnreachableError: no answer came, or the credentials are refused.
    """
    try:
        return read()
    except (MissingResourceError, UnreachableError):
        raise
    except ReadDeniedError as error:
        return denied(error.action)
    except Exception as error:  # noqa: BLE001 - the mark says what went wrong
        return crashed(error)


def crashed(error: Exception) -> Mark:
    """The mark of a resource whose reader did not get along with AWS's answer."""
    if isinstance(error, KeyError):
        said = f"it has no `{error.args[0]}`"
    else:
        said = str(error) if isinstance(error, RevetError) else f"{type(error).__name__}: {error}"
    return Mark(
        f"AWS's answer could not be read: {' · '.join(said.splitlines())}",
        "read again; report it when it stays so",
    )
