"""Fetch a pinned Terraform release and unpack it. Standard library only; used by the set-up.

The archive is compared with the release's own list of SHA-256 sums, which comes from the same
place: that catches a damaged or mixed-up download, not a server that lies about both. Where that
is not enough, install Terraform yourself: the one on `PATH` is always preferred.

    python scripts/fetch_terraform.py FOLDER [--version 1.11.4]

`REVET_TERRAFORM_MIRROR` names another place to fetch from; below it lie
`VERSION/terraform_VERSION_SHA256SUMS` and `VERSION/terraform_VERSION_OS_ARCH.zip`.
Exit codes: 0 fetched · 2 it could not be fetched, or is not what it should be.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import re
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

VERSION = "1.11.4"
RELEASES = "https://releases.hashicorp.com/terraform"
MIRROR_VARIABLE = "REVET_TERRAFORM_MIRROR"
_TIMEOUT = 60.0
_CHUNK = 1 << 20
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


class FetchError(Exception):
    """It could not be fetched; the text says what, where and what to do."""


def archive_name(version: str) -> str:
    """The release's file for this machine.

    Raises:
        FetchError: there is no release for this machine.
    """
    system, machine = platform.system().lower(), platform.machine().lower()
    if system not in ("linux", "darwin") or machine not in _MACHINES:
        message = (
            f"no Terraform release is known for `{system}` on `{machine}`\n"
            "  do  install Terraform 1.10 or newer yourself"
        )
        raise FetchError(message)
    return f"terraform_{version}_{system}_{_MACHINES[machine]}.zip"


def download(url: str, into: Path) -> str:
    """Fetch a file.

    Args:
        url: `http` or `https`.
        into: where it is written.

    Returns:
        SHA-256 of what was fetched.

    Raises:
        FetchError: the server or the network said no.
    """
    if not re.match(r"https?://", url):
        message = f"not a web address: `{url}`\n  do  correct `{MIRROR_VARIABLE}`"
        raise FetchError(message)
    digest = hashlib.sha256()
    try:
        with (
            urllib.request.urlopen(url, timeout=_TIMEOUT) as answer,  # noqa: S310 - checked above
            into.open("wb") as file,
        ):
            while chunk := answer.read(_CHUNK):
                digest.update(chunk)
                file.write(chunk)
    except (urllib.error.URLError, TimeoutError, ConnectionError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        message = (
            f"Terraform cannot be fetched: {reason}\n"
            f"  where  {url}\n"
            "  do  install Terraform 1.10 or newer yourself, or name a place that this machine can "
            f"reach in `{MIRROR_VARIABLE}`"
        )
        raise FetchError(message) from error
    return digest.hexdigest()


def expected_sum(sums: str, name: str) -> str:
    """The SHA-256 that a list of sums gives for a file.

    Raises:
        FetchError: it does not name the file.
    """
    for line in sums.splitlines():
        match = re.fullmatch(r"([0-9a-f]{64}) [ *](\S+)", line.strip())
        if match and match[2] == name:
            return match[1]
    message = (
        f"the release's list of sums does not name `{name}`\n"
        f"  do  check `{MIRROR_VARIABLE}`, or install Terraform yourself"
    )
    raise FetchError(message)


def fetch(folder: Path, version: str, base: str) -> Path:
    """Fetch, compare, unpack.

    Args:
        folder: where the program is put; made if need be.
        version: of the release.
        base: address of the releases.

    Returns:
        The program.

    Raises:
        FetchError: a step failed; the folder is as it was.
    """
    name = archive_name(version)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="fetch-") as scratch:
        sums, archive = Path(scratch) / "sums", Path(scratch) / name
        download(f"{base}/{version}/terraform_{version}_SHA256SUMS", sums)
        expected = expected_sum(sums.read_text("utf-8", "replace"), name)
        got = download(f"{base}/{version}/{name}", archive)
        if got != expected:
            message = (
                f"`{name}` is not what the release's list of sums says\n"
                f"  got       {got}\n"
                f"  expected  {expected}\n"
                "  do  run it again; if it stays so, do not use this source"
            )
            raise FetchError(message)
        unpacked = Path(scratch) / "terraform"
        try:
            with zipfile.ZipFile(archive) as content:
                unpacked.write_bytes(content.read("terraform"))
        except (zipfile.BadZipFile, KeyError) as error:
            message = f"`{name}` does not hold the program `terraform`: {error}"
            raise FetchError(message) from error
        unpacked.chmod(0o755)
        return unpacked.replace(folder / "terraform")


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Fetch a pinned Terraform release.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--version", default=VERSION)
    arguments = parser.parse_args()
    base = (os.environ.get(MIRROR_VARIABLE) or RELEASES).rstrip("/")
    try:
        program = fetch(arguments.folder, arguments.version, base)
    except (FetchError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(program)
    return 0


if __name__ == "__main__":
    sys.exit(main())
