"""Fetch a pinned Terraform release and unpack it. Standard library only; used by the set-up.

Where this file knows the archive's SHA-256, the archive must have it, wherever it comes from. For
another platform or version it is compared with the release's own list of sums, which comes from
the same place: that catches a damaged download, not a server that lies about both, and is said.
Everything comes over https, redirects included. Where that is not enough, install Terraform
yourself: the one on `PATH` is always preferred.

    python scripts/fetch_terraform.py FOLDER [--version 1.11.4]

`REVET_TERRAFORM_MIRROR` names another place to fetch from, with https; below it lie
`VERSION/terraform_VERSION_OS_ARCH.zip` and `VERSION/terraform_VERSION_SHA256SUMS`.
Exit codes: 0 fetched · 2 it could not be fetched, or is not what it should be.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import re
import ssl
import stat
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
import zlib
from collections.abc import Sequence
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO

VERSION = "1.11.4"
RELEASES = "https://releases.hashicorp.com/terraform"
MIRROR_VARIABLE = "REVET_TERRAFORM_MIRROR"
PINNED = {
    "terraform_1.11.4_linux_amd64.zip": (
        "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc"
    ),
    "terraform_1.11.4_linux_arm64.zip": (
        "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633"
    ),
}
"""SHA-256 of archives, seen on 2026-11-28 (amd64 in ten public repositories, arm64 in one)."""
MEMBERS = frozenset({"terraform", "LICENSE.txt"})
SUMS_LIMIT = 1 << 20
ARCHIVE_LIMIT = 200 << 20
PROGRAM_LIMIT = 500 << 20
_TIMEOUT = 60.0
_LONGEST = 1800.0
_CHUNK = 1 << 20
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


class FetchError(Exception):
    """It could not be fetched; the text says what, where and what to do."""


def archive_name(version: str) -> str:
    """The release's file for this machine.

    Raises:
        FetchError: there is no release for this machine, or this is not a version.
    """
    if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+(-[a-z0-9]+)?", version):
        message = f"not a version: `{version}`"
        raise FetchError(message)
    system, machine = platform.system().lower(), platform.machine().lower()
    if system not in ("linux", "darwin") or machine not in _MACHINES:
        message = (
            f"no Terraform release is known for `{system}` on `{machine}`\n"
            "  do  install Terraform 1.10 or newer yourself"
        )
        raise FetchError(message)
    return f"terraform_{version}_{system}_{_MACHINES[machine]}.zip"


class HttpsRedirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to https alone."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """The next request.

        Raises:
            FetchError: it would not be https.
        """
        require_https(newurl, f"{req.full_url} redirects there")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def require_https(url: str, why: str) -> None:
    """Refuse an address that is not https, or that carries a name and password.

    Raises:
        FetchError: it is one of these, or cannot be read as an address.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        good = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        good = False
    if not good or re.search(r"[\s\x00-\x1f\x7f]", url):
        message = (
            f"not an https address: `{shown(url)}`\n"
            f"  why  {shown(why)}\n"
            f"  do  name a place that answers with https in `{MIRROR_VARIABLE}`, without a name "
            "and password"
        )
        raise FetchError(message)


def shown(url: str) -> str:
    """An address as it may be printed: without password, query and control characters."""
    clean = re.sub(r"//[^/\s]*@", "//…@", url)
    return ascii(re.sub(r"\?\S*", "?…", clean).replace("…", "..."))[1:-1]


def https_opener() -> urllib.request.OpenerDirector:
    """What opens https addresses and nothing else; a proxy of the environment is used."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        HttpsRedirects(),
    ):
        opener.add_handler(handler)
    return opener


def download(url: str, into: Path, limit: int) -> str:
    """Fetch a file.

    Args:
        url: with https.
        into: where it is written.
        limit: how many bytes it may have.

    Returns:
        SHA-256 of what was fetched.

    Raises:
        FetchError: the server or the network said no, or it is too large or incomplete.
    """
    digest, size, began = hashlib.sha256(), 0, time.monotonic()
    try:
        with https_opener().open(url, timeout=_TIMEOUT) as answer, into.open("wb") as file:
            announced = answer.headers.get("Content-Length")
            while chunk := answer.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    message = f"more than the {limit:,} bytes that it may have\n  where  {url}"
                    raise FetchError(message)
                if time.monotonic() - began > _LONGEST:
                    message = f"it takes longer than {_LONGEST:.0f} s"
                    raise TimeoutError(message)
                digest.update(chunk)
                file.write(chunk)
    except (urllib.error.URLError, HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        message = (
            f"Terraform cannot be fetched: {reason}\n"
            f"  where  {url}\n"
            "  do  install Terraform 1.10 or newer yourself, or name a place that this machine can "
            f"reach in `{MIRROR_VARIABLE}`"
        )
        raise FetchError(message) from error
    if announced is not None and announced != str(size):
        message = (
            f"the download ended early: {size:,} of {announced} bytes\n"
            f"  where  {url}\n  do  run it again"
        )
        raise FetchError(message)
    return digest.hexdigest()


def expected_sum(sums: str, name: str) -> str:
    """The SHA-256 that a list of sums gives for a file.

    Raises:
        FetchError: it does not name the file, or gives it two sums.
    """
    lines = (re.fullmatch(r"([0-9a-f]{64}) [ *](\S+)", line.strip()) for line in sums.splitlines())
    found = {line[1] for line in lines if line and line[2] == name}
    if len(found) == 1:
        return found.pop()
    message = (
        f"the release's list of sums does not name `{name}` once\n"
        f"  do  check `{MIRROR_VARIABLE}`, or install Terraform yourself"
    )
    raise FetchError(message)


def unpack(archive: Path, into: Path) -> None:
    """Take the program out of an archive that holds it, its licence and nothing else.

    Raises:
        FetchError: the archive is something else.
    """
    try:
        with zipfile.ZipFile(archive) as content:
            members = content.infolist()
            for member in members:
                kind = stat.S_IFMT(member.external_attr >> 16)
                plain = kind in (0, stat.S_IFREG) and member.compress_type in _PACKED
                if member.filename not in MEMBERS or not plain:
                    message = f"`{archive.name}` holds `{member.filename}`, which is not expected"
                    raise FetchError(message)
            names = [member.filename for member in members]
            if names.count("terraform") != 1:
                message = f"`{archive.name}` does not hold the program `terraform` once"
                raise FetchError(message)
            with content.open("terraform") as packed, into.open("wb") as program:
                while chunk := packed.read(_CHUNK):
                    program.write(chunk)
                    if program.tell() > PROGRAM_LIMIT:
                        message = f"`terraform` unpacks to more than {PROGRAM_LIMIT:,} bytes"
                        raise FetchError(message)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        message = f"`{archive.name}` does not hold the program `terraform`: {error}"
        raise FetchError(message) from error


def fetch(folder: Path, version: str, base: str) -> Path:
    """Fetch, compare, unpack.

    Args:
        folder: where the program is put; made if need be.
        version: of the release.
        base: https address of the releases.

    Returns:
        The program.

    Raises:
        FetchError: a step failed; the folder is as it was.
    """
    require_https(base, f"`{MIRROR_VARIABLE}` says so")
    name = archive_name(version)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="fetch-") as scratch:
        archive = Path(scratch) / name
        expected, source = PINNED.get(name), "the pinned one"
        if expected is None:
            sums = Path(scratch) / "sums"
            download(f"{base}/{version}/terraform_{version}_SHA256SUMS", sums, SUMS_LIMIT)
            expected = expected_sum(sums.read_text("utf-8", "replace"), name)
            source = "from the release's list of sums"
            print(
                f"not pinned: no checksum of `{name}` is known here; it is compared with the list "
                f"of sums at {base}, which is trusted",
                file=sys.stderr,
            )
        got = download(f"{base}/{version}/{name}", archive, ARCHIVE_LIMIT)
        if got != expected:
            message = (
                f"`{name}` does not have its checksum\n"
                f"  got       {got}\n"
                f"  expected  {expected}, {source}\n"
                "  do  run it again; if it stays so, do not use this source"
            )
            raise FetchError(message)
        unpacked = Path(scratch) / "terraform"
        unpack(archive, unpacked)
        unpacked.chmod(0o755)
        return unpacked.replace(folder / "terraform")


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Fetch a pinned Terraform release.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--version", default=VERSION)
    arguments = parser.parse_args(argv)
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
