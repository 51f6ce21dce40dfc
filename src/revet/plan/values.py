"""Values that an inventory does not state, and that therefore refuse to be compared.

A rule that forgets about them cannot come to a wrong answer: whatever it does with one, except
asking for its type or its `repr`, raises `UnknownValueError` with the path and what would help.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from revet.model.errors import UnknownValueError, UnreadError


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Undecided:
    """Base of all values that the inventory does not state.

    Args:
        path: the resource's address and the attribute path.
        why: why the value is not known, lower case.
        resolve: what would make it known.
    """

    path: str
    why: str
    resolve: str

    def refuse(self) -> NoReturn:
        """Say why there is no answer.

        Raises:
            UnknownValueError: always.
        """
        raise self.doubt()

    def doubt(self) -> UnknownValueError:
        """The exception that says why there is no answer."""
        return UnknownValueError(self.path, why=self.why, resolve=self.resolve)

    def __repr__(self) -> str:
        """For people only; every conversion that a rule could rest on raises."""
        return f"<{type(self).__name__} {self.path}: {self.why}>"

    def __getattr__(self, name: str) -> NoReturn:
        """Methods of strings, lists and mappings do not exist here, and asking for one raises."""
        if name.startswith("__"):  # protocols probe for these, and must be told that they lack
            raise AttributeError(name)
        self.refuse()

    def __eq__(self, other: object) -> bool:
        """Raises."""
        self.refuse()

    def __ne__(self, other: object) -> bool:
        """Raises."""
        self.refuse()

    def __hash__(self) -> int:
        """Raises: membership in a set or mapping is a comparison."""
        return int(self.refuse())

    def _unary(self) -> NoReturn:
        self.refuse()

    def _binary(self, _other: object) -> NoReturn:
        self.refuse()

    __bool__ = __len__ = __iter__ = __next__ = __reversed__ = _unary
    __str__ = __bytes__ = __int__ = __float__ = __complex__ = __index__ = _unary
    __neg__ = __pos__ = __abs__ = __invert__ = _unary
    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __getitem__ = __format__ = _binary
    __add__ = __sub__ = __mul__ = __truediv__ = __floordiv__ = __mod__ = __pow__ = _binary
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rfloordiv__ = __rmod__ = __rpow__ = _binary
    __and__ = __or__ = __xor__ = __rand__ = __ror__ = __rxor__ = _binary
    __lshift__ = __rshift__ = __rlshift__ = __rrshift__ = __matmul__ = __rmatmul__ = _binary
    __divmod__ = __rdivmod__ = _binary


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Unknown(Undecided):
    """Known only after apply, and the configuration does not show what it will be made of."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Symbolic(Undecided):
    """Known only after apply; the configuration shows what it will be made of.

    Args:
        references: what it is made of, as full addresses with attribute, `aws_kms_key.k.arn`.
        template: the text with `${…}` in it, where the configuration keeps it.
        strong: it is the attribute of one resource, or a text around it: certainly a value.
    """

    references: tuple[str, ...] = ()
    template: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Computed(Undecided):
    """Known only after apply, and not set by the user: the provider decides.

    A dynamic block whose `for_each` is not known leaves no trace in a plan and looks the same.
    """


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Unread(Undecided):
    """It is in the account, and could not be read: denied, or not in AWS's answer."""

    def doubt(self) -> UnreadError:
        """The exception that says why there is no answer."""
        return UnreadError(self.path, why=self.why, resolve=self.resolve)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sensitive(Undecided):
    """Set, but marked sensitive: it must not show up in a judgement. The value is not kept."""
