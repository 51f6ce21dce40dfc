"""Whether CDK Terrain is installed, and which version."""

from __future__ import annotations

from importlib import metadata

from revet.model.errors import PrerequisiteError


def installed_version(module: str) -> str:
    """Version of one of the packages that a synthesis needs.

    Args:
        module: its Python module: `constructs`, `cdktn` or `cdktn_provider_aws`.

    Raises:
        PrerequisiteError: it is not installed.
    """
    try:
        return metadata.version(project(module))
    except metadata.PackageNotFoundError as error:
        raise PrerequisiteError(
            "CDK Terrain is not installed",
            where="Python packages",
            got=f"no `{module}`",
            expected="`cdktn` and `cdktn-provider-aws`",
            do="install `revet[stack]`",
        ) from error


def project(module: str) -> str:
    """Name on the package index of the project that holds a module."""
    return module.replace("_", "-")
