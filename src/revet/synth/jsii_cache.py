"""jsii's cache, warmed once.

jsii unpacks each package once, and writes a runtime index of it from a background worker which
short runs kill; without that index every run costs 1.1 s and 600 MB more (measured with jsii
1.142). One run that waits for the index files cures it for good.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from revet.model.errors import PrerequisiteError
from revet.synth.installed import installed_version, project
from revet.synth.lazy import IDENTITY, build_archive

_INDEX = ".jsii.runtime.v1.json"
_PACKAGES = (
    # Python module, jsii name, archive name before the version
    ("constructs", "constructs", "constructs"),
    ("cdktn", "cdktn", "cdktn"),
    ("cdktn_provider_aws", "@cdktn/provider-aws", "provider-aws"),
)
_PROGRAM = """
import sys, time
from pathlib import Path
from revet.synth import install_lazy_load, select_node
select_node()
install_lazy_load()
import cdktn_provider_aws._jsii
deadline = time.monotonic() + float(sys.argv[1])
missing = [Path(name) for name in sys.argv[2:]]
while missing and time.monotonic() < deadline:
    time.sleep(0.05)
    missing = [path for path in missing if not path.exists()]
sys.exit("\\n".join(map(str, missing)) if missing else 0)
"""


def index_files() -> tuple[Path, ...]:
    """The index file of each package that a synthesis loads, where jsii will look for it.

    Raises:
        PrerequisiteError: cdktn is not installed.
    """
    root = cache_root()
    found = [_entry(root, *IDENTITY, build_archive())]
    for module, jsii_name, stem in _PACKAGES:
        version = installed_version(module)
        archive = f"{module}/_jsii/{stem}@{version}.jsii.tgz"
        content = Path(str(metadata.distribution(project(module)).locate_file(archive)))
        found.append(_entry(root, jsii_name, version, content.read_bytes()))
    return tuple(found)


def is_warm() -> bool:
    """Whether jsii's cache holds the runtime index of every package that a synthesis loads.

    Looks at names and versions only; reading 46 MB for the exact digest would cost every run.
    """
    if _caching_is_off():
        return True
    root = cache_root()
    names = [IDENTITY]
    names += [(jsii_name, installed_version(module)) for module, jsii_name, _ in _PACKAGES]
    return all(any((root / name / version).glob(f"*/{_INDEX}")) for name, version in names)


def warm_up(timeout: float = 120.0) -> bool:
    """Fill jsii's cache; does nothing when it is filled.

    Args:
        timeout: seconds to wait for the index files; about four pass normally.

    Returns:
        Whether there was something to do.

    Raises:
        PrerequisiteError: jsii did not write its index in time, or could not be started.
    """
    if is_warm():
        return False
    files = index_files()
    with tempfile.TemporaryFile() as errors:
        done = subprocess.run(  # noqa: S603 - this interpreter with a program of ours
            [sys.executable, "-P", "-c", _PROGRAM, str(timeout), *map(str, files)],
            cwd=Path(__file__).parent,  # whatever folder we are in, nothing of it is loaded
            stdout=subprocess.DEVNULL,
            stderr=errors,
            timeout=timeout + 60,
            check=False,
        )
        errors.seek(0)
        text = errors.read().decode(errors="replace").strip()
    if done.returncode:
        raise PrerequisiteError(
            "jsii's cache could not be filled",
            where=str(cache_root()),
            got=text.splitlines()[-1] if text else f"exit code {done.returncode}",
            expected=f"`{_INDEX}` of each package",
            do="make the folder writable, or name another in `JSII_RUNTIME_PACKAGE_CACHE_ROOT`",
        )
    return True


def cache_root() -> Path:
    """The folder in which jsii keeps unpacked packages.

    Source: `tar-cache/default-cache-root.ts` of jsii 1.142.
    """
    named = os.environ.get("JSII_RUNTIME_PACKAGE_CACHE_ROOT", "")
    if named:
        return Path(named)
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "com.amazonaws.jsii" / "package-cache"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        return (Path(local) if local else home / "AppData" / "Local") / "AWS/jsii/package-cache"
    return home / ".cache" / "aws" / "jsii" / "package-cache"


def _caching_is_off() -> bool:
    return os.environ.get("JSII_RUNTIME_PACKAGE_CACHE", "enabled").lower() != "enabled"


def _entry(root: Path, name: str, version: str, archive: bytes) -> Path:
    # jsii keys an entry by the digest of the archive, followed by name and version.
    digest = hashlib.sha256(archive)
    for comment in (name, version):
        digest.update(b"\0" + comment.encode())
    return root / name / version / digest.hexdigest() / _INDEX
