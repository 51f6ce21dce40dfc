"""The download, against a file server on this machine."""

import functools
import hashlib
import http.server
import importlib.util
import io
import platform
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "fetch_terraform.py"
VERSION = "1.11.4"


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


fetch_terraform = load(SCRIPT)
ARCHIVE = fetch_terraform.archive_name(VERSION)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name upstream
        """Say nothing."""


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "www" / VERSION
    folder.mkdir(parents=True)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("LICENSE.txt", "the licence")
        archive.writestr("terraform", "#!/bin/sh\necho Terraform v1.11.4\n")
    (folder / ARCHIVE).write_bytes(packed.getvalue())
    write_sums(folder)
    return folder


def write_sums(folder: Path) -> None:
    digest = hashlib.sha256((folder / ARCHIVE).read_bytes()).hexdigest()
    (folder / f"terraform_{VERSION}_SHA256SUMS").write_text(
        f"{'0' * 64}  terraform_{VERSION}_plan9_mips.zip\n{digest}  {ARCHIVE}\n"
    )


@pytest.fixture
def base(release: Path) -> Iterator[str]:
    files = functools.partial(Quiet, directory=str(release.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), files) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    return tmp_path / "tools"


@pytest.fixture
def fetch(base: str, tools: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(mirror: str = base) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(SCRIPT), str(tools)],
            env={"PATH": "/usr/bin:/bin", "REVET_TERRAFORM_MIRROR": mirror},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


Fetch = Callable[..., subprocess.CompletedProcess[str]]


def refused(done: subprocess.CompletedProcess[str], tools: Path) -> str:
    assert done.returncode == 2, done.stdout
    assert "Traceback" not in done.stderr
    assert not tools.exists() or list(tools.iterdir()) == [], "nothing is left behind"
    return done.stderr


def test_it_is_fetched_compared_and_made_executable(fetch: Fetch, tools: Path) -> None:
    done = fetch()
    assert done.returncode == 0, done.stderr
    assert list(tools.iterdir()) == [tools / "terraform"]
    said = subprocess.run([tools / "terraform"], capture_output=True, text=True, check=True)
    assert said.stdout == "Terraform v1.11.4\n"


def test_a_slash_at_the_end_of_the_address_does_no_harm(fetch: Fetch, base: str) -> None:
    assert fetch(f"{base}/").returncode == 0


def test_a_sum_that_differs(fetch: Fetch, tools: Path, release: Path) -> None:
    with (release / ARCHIVE).open("ab") as file:
        file.write(b"one byte more")
    message = refused(fetch(), tools)
    assert "is not what the release's list of sums says" in message
    assert hashlib.sha256((release / ARCHIVE).read_bytes()).hexdigest() in message


def test_an_earlier_program_survives_a_bad_download(
    fetch: Fetch, tools: Path, release: Path
) -> None:
    assert fetch().returncode == 0
    before = (tools / "terraform").read_bytes()
    (release / ARCHIVE).write_bytes(b"something else")
    assert fetch().returncode == 2
    assert [path.read_bytes() for path in tools.iterdir()] == [before]


def test_an_archive_that_is_not_there(fetch: Fetch, tools: Path, release: Path) -> None:
    (release / ARCHIVE).unlink()
    message = refused(fetch(), tools)
    assert "Terraform cannot be fetched: " in message
    assert ARCHIVE in message
    assert "REVET_TERRAFORM_MIRROR" in message


def test_sums_that_are_not_there(fetch: Fetch, tools: Path, release: Path) -> None:
    (release / f"terraform_{VERSION}_SHA256SUMS").unlink()
    assert "SHA256SUMS" in refused(fetch(), tools)


def test_sums_without_this_machine(fetch: Fetch, tools: Path, release: Path) -> None:
    (release / f"terraform_{VERSION}_SHA256SUMS").write_text("<html>sign in first</html>")
    assert f"does not name `{ARCHIVE}`" in refused(fetch(), tools)


@pytest.mark.parametrize("content", [b"no archive", None])
def test_an_archive_without_the_program(
    fetch: Fetch, tools: Path, release: Path, content: bytes | None
) -> None:
    if content is None:
        with zipfile.ZipFile(release / ARCHIVE, "w") as archive:
            archive.writestr("../terraform", "elsewhere")
    else:
        (release / ARCHIVE).write_bytes(content)
    write_sums(release)
    assert "does not hold the program `terraform`" in refused(fetch(), tools)


def test_a_server_that_is_not_there(fetch: Fetch, tools: Path) -> None:
    message = refused(fetch("http://127.0.0.1:9"), tools)
    assert "install Terraform 1.10 or newer yourself" in message


def test_only_web_addresses(fetch: Fetch, tools: Path, release: Path) -> None:
    assert "not a web address" in refused(fetch(release.parent.as_uri()), tools)


def test_a_folder_that_cannot_be_made(fetch: Fetch, tools: Path) -> None:
    tools.write_text("a file")
    done = fetch()
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_machine_without_a_release(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "mips")
    with pytest.raises(fetch_terraform.FetchError, match="no Terraform release is known"):
        fetch_terraform.archive_name(VERSION)
