"""The prebuilt AWS provider, loaded lazily.

Of the 2.6 s that a warm load of `cdktn_provider_aws` takes, all but a tenth is Node requiring every
module of the package, though it ships a lazy index beside the eager one. A tiny jsii package of our
own (`redirect/`) patches Node's module resolution inside the running jsii process, so that the lazy
index answers. The synthesized output is the same byte for byte; a test compares the two.
"""

# ruff: noqa: PLC0415 - importing jsii starts Node

from __future__ import annotations

import functools
import gzip
import io
import os
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from revet.synth.installed import installed_version

IDENTITY = ("revet-lazy-provider", "1.0.0")
"""Name and version of the jsii package that carries the redirect."""
_SWITCH = "REVET_LAZY_LOAD"
_FILES = (
    ("package.json", "package.json"),
    ("assembly.json", ".jsii"),
    ("redirect.cjs", "lib/index.js"),
)


@dataclass(frozen=True, slots=True)
class LazyLoad:
    """Whether the redirect is in place.

    Args:
        active: the next import of a prebuilt provider is lazy.
        reason: why it is not active; empty when it is. Nothing else changes then: the provider
            loads as it is shipped.
    """

    active: bool
    reason: str = ""


@functools.cache
def install_lazy_load() -> LazyLoad:
    """Redirect the provider's eager index to its lazy one.

    To be called before the first import of `cdktn_provider_aws`; it imports jsii and starts Node.
    Called too late, or with `REVET_LAZY_LOAD=off` in the environment, it does nothing.

    Returns:
        Whether the redirect is in place, and why not.

    Raises:
        PrerequisiteError: CDK Terrain is not installed.
    """
    for module in ("cdktn", "cdktn_provider_aws"):
        installed_version(module)
    if os.environ.get(_SWITCH, "").lower() in ("off", "0", "false", "no"):
        return LazyLoad(active=False, reason=f"`{_SWITCH}` switches it off")
    if "cdktn_provider_aws._jsii" in sys.modules:
        return LazyLoad(active=False, reason="`cdktn_provider_aws` was imported before")
    import jsii

    with tempfile.TemporaryDirectory(prefix="revet-") as folder:
        archive = Path(folder) / f"{'@'.join(IDENTITY)}.jsii.tgz"
        archive.write_bytes(build_archive())
        try:
            jsii.kernel.load(*IDENTITY, str(archive))
        except (RuntimeError, jsii.errors.JSIIError) as error:
            return LazyLoad(active=False, reason=f"jsii did not take the redirect: {error}")
    return LazyLoad(active=True)


def build_archive() -> bytes:
    """The redirect as a jsii package: a gzipped tar, the same bytes every time.

    jsii finds a package in its cache by the digest of its archive, so the bytes must not vary.
    """
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", filename="", mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.USTAR_FORMAT) as tar,
    ):
        for source, name in _FILES:
            content = resources.files("revet.synth").joinpath("redirect", source).read_bytes()
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            entry.mode = 0o644
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
