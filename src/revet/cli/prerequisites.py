"""Whether the optional packages are there, asked before anything is begun."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.util import find_spec

from revet.model.errors import PrerequisiteError

EXTRAS: Mapping[str, tuple[str, ...]] = {
    "stack": ("cdktn", "cdktn_provider_aws"),
    "aws": ("boto3",),
    "embedded": ("boto3", "cloudpickle", "cryptography", "moto"),
    "sources": ("tree_sitter", "tree_sitter_hcl"),
}
"""Extra of the package to the modules that it brings."""


def missing(extra: str) -> tuple[str, ...]:
    """The modules of an extra that are not installed."""
    return tuple(name for name in EXTRAS[extra] if find_spec(name) is None)


def need(*extras: str) -> None:
    """Make sure that extras are installed, and that the system has what they need.

    Raises:
        PrerequisiteError: one is not, and it names the command that installs all that lack; or the
            system is none of those on which Terraform and the embedded AWS are run.
    """
    lacking = {extra: names for extra in extras if (names := missing(extra))}
    if lacking:
        modules = dict.fromkeys(name for names in lacking.values() for name in names)
        raise PrerequisiteError(
            "packages that this command needs are not installed",
            got="no " + ", ".join(f"`{name}`" for name in modules),
            expected=", ".join(f"the extra `{extra}`" for extra in lacking),
            do=f"pip install 'revet[{','.join(lacking)}]'",
        )
    if find_spec("fcntl") is None:
        raise PrerequisiteError(
            "this command needs Linux or macOS",
            got=f"the system `{sys.platform}`, which has no file locks of POSIX",
            expected="a system with `fcntl`; `revet check PLAN.json` and `revet iam` need none",
            do="run it in the Windows Subsystem for Linux, or in a container",
        )
