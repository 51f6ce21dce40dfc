"""Changes to moto from outside, in a way that notices when moto itself changes."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from revet.embedded.call import Moto
from revet.model.errors import EmbeddedError


def replace(owner: type, name: str, make: Callable[[Moto], Moto]) -> None:
    """Put another function or property in the place of one that moto has.

    Args:
        owner: moto's class.
        name: of the attribute.
        make: takes what is there, and returns what shall be there.

    Raises:
        EmbeddedError: the class has no such attribute.
    """
    if not hasattr(owner, name):
        raise _changed(owner, name, "the attribute to replace")
    setattr(owner, name, make(vars(owner).get(name, getattr(owner, name))))


def add(owner: type, *functions: Callable[..., Moto], as_property: bool = False) -> None:
    """Add methods that moto's class does not define; their names are the functions'.

    Args:
        owner: moto's class.
        functions: the methods.
        as_property: make properties of them.

    Raises:
        EmbeddedError: the class defines one of them by now.
    """
    for function in functions:
        if function.__name__ in vars(owner):
            raise _changed(owner, function.__name__, "no such attribute: moto has it now")
        setattr(owner, function.__name__, property(function) if as_property else function)


def parameter(response: Moto, name: str) -> Moto:
    """A parameter of the request that one of moto's response objects answers."""
    return response._get_param(name)  # noqa: SLF001 - moto's own way to read parameters


def _changed(owner: type, name: str, expected: str) -> EmbeddedError:
    return EmbeddedError(
        "moto is not the version that the embedded AWS was written for",
        where=f"{owner.__module__}.{owner.__qualname__}.{name}",
        expected=expected,
        do="install the moto version that revet's extra `embedded` pins",
    )


def replace_in(module: ModuleType, name: str, function: Callable[..., Moto]) -> None:
    """Put another function in the place of one that a module of moto's has.

    Args:
        module: of moto.
        name: of the function.
        function: that is called instead.

    Raises:
        EmbeddedError: the module has no such function.
    """
    if not callable(vars(module).get(name)):
        raise EmbeddedError(
            "moto is not the version that the embedded AWS was written for",
            where=f"{module.__name__}.{name}",
            expected="the function to replace",
            do="install the moto version that revet's extra `embedded` pins",
        )
    vars(module)[name] = function
