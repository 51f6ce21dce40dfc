"""The catalogue of live checks: one file each, found by where it lies, never registered.

`checks/<service>/<name>.py` holds one function decorated with `@live_check`; its id is
`<service>-<name>` with hyphens, and is the id of the control that it judges again in the account.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

from revet.model.errors import CatalogError
from revet.verify.subject import Subject

_PACKAGE = "revet.verify.checks"
_MARK = "__revet_live_check__"
ANY_TYPE = "*"

_Rule = TypeVar("_Rule", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class LiveCheck:
    """One live check.

    Args:
        id: id of the control that it judges in the account.
        resources: Terraform types of its subjects; empty: it judges the deployment as a whole.
        actions: IAM actions that it needs; no other call reaches AWS while it runs.
        rule: `(subject or deployment, reader, **settings) -> Outcome`.
        applies: says of a subject of these types whether it is in scope at all.
        settings: names of its keyword-only parameters, which are settings of the control.
        required: those of them without a default; without a value the check does not run.
        parts: Terraform types of what AWS's answer about a subject shows too.
    """

    id: str
    resources: tuple[str, ...]
    actions: tuple[str, ...]
    rule: Callable[..., Any]
    applies: Callable[[Subject], bool] | None = None
    settings: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Mark:
    control: str
    resources: tuple[str, ...]
    actions: tuple[str, ...]
    applies: Callable[[Subject], bool] | None
    parts: tuple[str, ...]


def live_check(
    *,
    control: str,
    resource: str | tuple[str, ...] | None,
    actions: tuple[str, ...],
    applies: Callable[[Subject], bool] | None = None,
    parts: tuple[str, ...] = (),
) -> Callable[[_Rule], _Rule]:
    """Make a function a live check.

    Args:
        control: id of the control; equals the file's folder and name, with hyphens.
        resource: Terraform type or types of its subjects; `"*"` for every type; None: the
            deployment as a whole.
        actions: IAM actions that it needs, in IAM's own spelling.
        applies: says of a subject of these types whether it is in scope at all.
        parts: Terraform types of what AWS's answer about a subject shows too: the versioning of a
            bucket is an `aws_s3_bucket_versioning`.

    Returns:
        A decorator that leaves the function as it is.
    """
    resources = (resource,) if isinstance(resource, str) else (resource or ())

    def mark(rule: _Rule) -> _Rule:
        setattr(rule, _MARK, _Mark(control, resources, actions, applies, parts))
        return rule

    return mark


def load_checks(package: str = _PACKAGE) -> Mapping[str, LiveCheck]:
    """Find all live checks.

    Args:
        package: dotted name of the package whose sub-packages hold the checks.

    Returns:
        Id to check, sorted by id.

    Raises:
        CatalogError: a file holds none or several checks, or one that breaks the rules; or
            there is no check at all.
    """
    found: dict[str, LiveCheck] = {}
    root = importlib.import_module(package)
    for service in pkgutil.iter_modules(root.__path__):
        if not service.ispkg:
            raise CatalogError(
                "a file lies directly in the folder of live checks",
                where=f"{package}.{service.name}",
                expected="checks/<service>/<name>.py",
                do="move it into the folder of its service",
            )
        folder = importlib.import_module(f"{package}.{service.name}")
        for file in pkgutil.iter_modules(folder.__path__):
            module = importlib.import_module(f"{folder.__name__}.{file.name}")
            check = _only_check(module, f"{service.name}-{file.name}".replace("_", "-"))
            found[check.id] = check
    if not found:
        raise CatalogError(
            "no live checks",
            where=package,
            expected="at least one",
            do="install revet anew; the package is incomplete",
        )
    return dict(sorted(found.items()))


def needed_actions(checks: Iterable[LiveCheck]) -> tuple[str, ...]:
    """The IAM actions that a set of checks needs: what the verifier's role must allow.

    Args:
        checks: the checks that shall run.

    Returns:
        Sorted, each once.
    """
    return tuple(sorted({action for check in checks for action in check.actions}))


def _only_check(module: ModuleType, expected: str) -> LiveCheck:
    marked = [
        (rule, getattr(rule, _MARK))
        for rule in vars(module).values()
        if inspect.isfunction(rule) and hasattr(rule, _MARK)
    ]
    if len(marked) != 1 or marked[0][1].control != expected:
        raise CatalogError(
            "a file of live checks must hold exactly the one that its place names",
            where=module.__name__,
            got=", ".join(f"`{mark.control}`" for _, mark in marked) or "none",
            expected=f"one, `{expected}`",
            do="rename the file or the control, or move the check",
        )
    rule, mark = marked[0]
    settings = _settings(rule)
    return LiveCheck(
        id=expected,
        resources=mark.resources,
        actions=mark.actions,
        rule=rule,
        applies=mark.applies,
        settings=frozenset(settings),
        required=frozenset(name for name, required in settings.items() if required),
        parts=mark.parts,
    )


def _settings(rule: Callable[..., Any]) -> dict[str, bool]:
    return {
        name: parameter.default is inspect.Parameter.empty
        for name, parameter in inspect.signature(rule).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }
