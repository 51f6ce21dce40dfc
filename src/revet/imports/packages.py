"""The modules and classes of an installed package, read from its files without importing it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from revet.model.errors import PrerequisiteError

CORE = "cdktn"
PROVIDER_PREFIX = "cdktn_provider_"
_ALL = re.compile(rb"^__all__ = \[(.*?)^\]", re.MULTILINE | re.DOTALL)
_NAME = re.compile(rb"[\"']([A-Za-z_]\w*)[\"']")


@dataclass(frozen=True, slots=True)
class Package:
    """A package that jsii generated.

    Args:
        name: as it is imported, for example `cdktn_provider_aws`.
        root: its folder.
        modules: the modules in it that have classes.
    """

    name: str
    root: Path
    modules: frozenset[str]

    @property
    def is_provider(self) -> bool:
        """Whether it is a provider, with one module for each resource."""
        return self.name.startswith(PROVIDER_PREFIX)

    def classes(self, module: str = "") -> frozenset[str]:
        """The public names of a module, or of the package itself.

        Args:
            module: one of `modules`; empty for the package itself.
        """
        folder = self.root / module if module else self.root
        return _public_names(folder / "__init__.py")


@functools.cache
def find_package(name: str) -> Package | None:
    """Find an installed package; it is not imported.

    Args:
        name: of a top-level package.

    Returns:
        Its modules; None when it is not installed.
    """
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    modules = {
        path.parent.name
        for path in root.glob("*/__init__.py")
        if not path.parent.name.startswith("_")
    }
    return Package(name, root, frozenset(modules))


def require_packages() -> None:
    """Make sure that the packages of the extra `stack` are installed.

    Raises:
        PrerequisiteError: `cdktn`, `cdktn_provider_aws` or `pathspec` is not.
    """
    lacking = [name for name in (CORE, f"{PROVIDER_PREFIX}aws") if find_package(name) is None]
    if find_spec("pathspec") is None:
        lacking.append("pathspec")
    if lacking:
        raise PrerequisiteError(
            "packages that `revet imports` needs are not installed",
            where="Python packages",
            got="no " + ", ".join(f"`{name}`" for name in lacking),
            expected="the extra `stack`",
            do="pip install 'revet[stack]'",
        )


@functools.lru_cache(maxsize=512)
def _public_names(file: Path) -> frozenset[str]:
    # jsii writes one `__all__` with a name a line; the file may have 15 MB
    found = _ALL.search(file.read_bytes())
    return frozenset(name.decode() for name in _NAME.findall(found[1])) if found else frozenset()
