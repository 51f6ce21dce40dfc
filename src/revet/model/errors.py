"""What can go wrong, as one tree; the place of an error in it decides the exit code.

    RevetError                  2  could not tell, or failed
    ├── UsageError              3  the call itself is wrong
    │   ├── ArgumentError       3  an argument of a construct or a stack
    │   ├── ConfigError         3  `revet.toml`, a requirements, waiver or baseline file
    │   ├── ProgramError        3  the program that synthesizes a stack
    │   └── PrerequisiteError   3  a program or package that must be there is not, or is too old
    ├── InputError              2  a plan, synthesis, state or policy that cannot be read
    ├── UnknownValueError       2  a rule compared a value that the plan does not know
    │   └── UnreadError         2  what decides is in the account, and could not be read
    ├── AbsentError             2  a resource names what the account does not have
    ├── WorkLimitError          2  judging took longer than its time limit
    ├── CatalogError            2  a control, check or case file that breaks the catalogue's rules
    ├── TargetError             2  Terraform, the provider or AWS failed
    ├── EmbeddedError           2  the embedded AWS failed, or was asked for something it cannot do
    ├── BlockedError            1  the gate, a live check or an attack said no
    └── InterruptedRunError   130  the user stopped it

Every message says what, where, got, expected, do: lower case, values in backticks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class RevetError(Exception):
    """Base of all errors that revet raises on purpose.

    Args:
        what: what went wrong, one line, lower case.
        where: file and line, resource address, argument or construct path.
        got: what was found there.
        expected: what would have been right.
        do: what the user can do now.
    """

    exit_code = 2

    def __init__(
        self, what: str, *, where: str = "", got: str = "", expected: str = "", do: str = ""
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.got = got
        self.expected = expected
        self.do = do

    def fields(self) -> tuple[tuple[str, str], ...]:
        """The parts that are set, as (name, text), without `what`."""
        parts = (
            ("where", self.where),
            ("got", self.got),
            ("expected", self.expected),
            ("do", self.do),
        )
        return tuple((name, text) for name, text in parts if text)

    def __str__(self) -> str:
        """The whole message, one field per line."""
        return "\n".join([self.what, *(f"  {name:<9} {text}" for name, text in self.fields())])


class UsageError(RevetError):
    """The call itself is wrong."""

    exit_code = 3


class ArgumentError(UsageError, ValueError):
    """An argument of a construct or a stack is wrong; also a `ValueError`."""


class ConfigError(UsageError):
    """A file that the user writes for revet is wrong."""


class PrerequisiteError(UsageError):
    """A program or package that must be there is missing or too old."""


class InputError(RevetError):
    """A plan, synthesis, state or policy cannot be read."""


class ProgramError(UsageError, InputError):
    """The user's program that synthesizes a stack is wrong, or wrote no synthesis.

    Also an `InputError`: what it should have written cannot be read.
    """


class UnknownValueError(RevetError):
    """A value that the plan does not know was compared.

    Args:
        path: the attribute path, with the resource's address in front.
        why: why the value is not known.
        resolve: what would make it known.
    """

    def __init__(self, path: str, *, why: str, resolve: str) -> None:
        super().__init__("the plan does not know this value", where=path, got=why, do=resolve)
        self.path = path
        self.why = why
        self.resolve = resolve


class UnreadError(UnknownValueError):
    """What decides is in the account, and could not be read: reading the account would show it."""


class AbsentError(RevetError):
    """A resource of an account names another one that the account does not have."""


class WorkLimitError(RevetError):
    """Judging took longer than its time limit."""


class CatalogError(RevetError):
    """A control, reader or case file breaks the rules of the catalogue."""


class TargetError(RevetError):
    """Terraform, the provider or AWS failed."""


class EmbeddedError(RevetError):
    """The embedded AWS failed, or was asked for something it cannot do."""


class BlockedError(RevetError):
    """The gate, a live check or an attack said no."""

    exit_code = 1


class InterruptedRunError(RevetError):
    """The user stopped the run; the message says how to go on."""

    exit_code = 130


def reason(error: OSError) -> str:
    """What the operating system says of an error, in the form of our messages."""
    return (error.strerror or str(error)).lower()


@contextmanager
def raised_as(
    kind: type[RevetError], what: str, where: object, *, expected: str = "", do: str
) -> Iterator[None]:
    """Raise what the operating system refuses in the block as an error of ours.

    Args:
        kind: of our error.
        what: went wrong.
        where: the file, or whatever else it is about.
        expected: what would have been right.
        do: what the user can do now.
    """
    try:
        yield
    except OSError as error:
        raise kind(what, where=str(where), got=reason(error), expected=expected, do=do) from error
