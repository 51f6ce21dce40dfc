"""The download, against an https server on this machine."""

import datetime as dt
import hashlib
import http.server
import importlib.util
import io
import ipaddress
import platform
import ssl
import stat
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SCRIPT = Path(__file__).parents[2] / "scripts" / "fetch_terraform.py"
VERSION = "1.11.4"
SUMS = f"terraform_{VERSION}_SHA256SUMS"
PROGRAM = b"#!/bin/sh\necho Terraform v1.11.4\n"


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


fetch_terraform = load(SCRIPT)
ARCHIVE = fetch_terraform.archive_name(VERSION)


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "revet test")])
    now = dt.datetime.now(tz=dt.UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(alternative, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + private)
    return file


class Release:
    """A place to fetch from: what lies there, where it redirects to, how much it sends."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.redirects: dict[str, str] = {}
        self.sends: dict[str, int] = {}
        self.asked: list[str] = []
        self.base = ""
        self.pack({"LICENSE.txt": b"the licence", "terraform": PROGRAM})

    def pack(self, members: dict[str, bytes] | list[tuple[str | zipfile.ZipInfo, bytes]]) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items() if isinstance(members, dict) else members:
                archive.writestr(name, content)
        self.files[ARCHIVE] = packed.getvalue()
        self.write_sums()

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.files[ARCHIVE]).hexdigest()

    def write_sums(self) -> None:
        other = f"{'0' * 64}  terraform_{VERSION}_plan9_mips.zip"
        self.files[SUMS] = f"{other}\n{self.digest}  {ARCHIVE}\n".encode()


def handler(release: Release) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2]
            release.asked.append(name)
            content = release.files.get(name)
            if name in release.redirects:
                self.send_response(302)
                self.send_header("Location", release.redirects[name])
            else:
                self.send_response(200 if content is not None else 404)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write((content or b"")[: release.sends.get(name)])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name upstream
            """Say nothing."""

    return Handler


class Quiet(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is what some tests are about."""


def serve(release: Release, pem: Path | None) -> Iterator[str]:
    with Quiet(("127.0.0.1", 0), handler(release)) as server:
        if pem is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pem)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        scheme = "http" if pem is None else "https"
        yield f"{scheme}://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def release(pem: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Release]:
    made = Release()
    for base in serve(made, pem):
        made.base = base
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        monkeypatch.setenv("REVET_TERRAFORM_MIRROR", base)
        yield made


@pytest.fixture
def plain(release: Release) -> Iterator[tuple[str, Release]]:
    """The same release without https."""
    other = Release()
    other.files = release.files
    for base in serve(other, None):
        yield base, other


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    return tmp_path / "tools"


@pytest.fixture
def pin(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the release holds now has the pinned checksum."""
    monkeypatch.setitem(fetch_terraform.PINNED, ARCHIVE, release.digest)


@pytest.fixture
def unpin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(fetch_terraform.PINNED, ARCHIVE, raising=False)


def fetch(tools: Path) -> int:
    return int(fetch_terraform.main([str(tools)]))


def refused(tools: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert fetch(tools) == 2
    assert not tools.exists() or list(tools.iterdir()) == [], "nothing is left behind"
    return capsys.readouterr().err


Capture = pytest.CaptureFixture[str]


def test_the_pinned_checksums_are_those_that_were_seen() -> None:
    assert fetch_terraform.PINNED == {
        "terraform_1.11.4_linux_amd64.zip": (
            "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc"
        ),
        "terraform_1.11.4_linux_arm64.zip": (
            "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633"
        ),
    }


@pytest.mark.usefixtures("pin")
def test_it_is_fetched_compared_and_made_executable(
    release: Release, tools: Path, capsys: Capture
) -> None:
    assert fetch(tools) == 0
    assert list(tools.iterdir()) == [tools / "terraform"]
    assert (tools / "terraform").read_bytes() == PROGRAM
    assert stat.S_IMODE((tools / "terraform").stat().st_mode) == 0o755
    assert release.asked == [ARCHIVE], "the list of sums is not asked where there is a pin"
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("unpin")
def test_what_is_not_pinned_is_compared_with_the_sums_and_said(
    release: Release, tools: Path, capsys: Capture
) -> None:
    assert fetch(tools) == 0
    assert release.asked == [SUMS, ARCHIVE]
    assert f"not pinned: no checksum of `{ARCHIVE}`" in capsys.readouterr().err


@pytest.mark.usefixtures("pin")
def test_a_slash_at_the_end_of_the_address_does_no_harm(
    release: Release, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVET_TERRAFORM_MIRROR", f"{release.base}/")
    assert fetch(tools) == 0


@pytest.mark.usefixtures("pin")
def test_a_mirror_whose_own_sums_agree_is_held_against_the_pin(
    release: Release, tools: Path, capsys: Capture
) -> None:
    release.pack({"terraform": b"another program"})
    message = refused(tools, capsys)
    assert "does not have its checksum" in message
    assert release.digest in message
    assert "the pinned one" in message


@pytest.mark.usefixtures("unpin")
def test_sums_that_differ(release: Release, tools: Path, capsys: Capture) -> None:
    release.files[ARCHIVE] += b"one byte more"
    assert "from the release's list of sums" in refused(tools, capsys)


@pytest.mark.usefixtures("pin")
def test_an_earlier_program_survives_a_bad_download(release: Release, tools: Path) -> None:
    assert fetch(tools) == 0
    release.files[ARCHIVE] = b"something else"
    assert fetch(tools) == 2
    assert [path.read_bytes() for path in tools.iterdir()] == [PROGRAM]


@pytest.mark.usefixtures("pin")
def test_a_redirect_to_https_is_followed(release: Release, tools: Path) -> None:
    release.files["elsewhere"] = release.files[ARCHIVE]
    release.redirects[ARCHIVE] = f"{release.base}/elsewhere"
    assert fetch(tools) == 0


@pytest.mark.usefixtures("pin")
@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("{plain}/x", "not an https address"),
        ("ftp://127.0.0.1/x", "not an https address"),
        ("file:///etc/hostname", "is not allowed"),
        ("data:,x", "is not allowed"),
    ],
)
def test_a_redirect_to_anything_else_is_not(
    release: Release,
    tools: Path,
    plain: tuple[str, Release],
    capsys: Capture,
    address: str,
    says: str,
) -> None:
    base, other = plain
    release.redirects[ARCHIVE] = address.format(plain=base)
    assert says in refused(tools, capsys)
    assert other.asked == []


@pytest.mark.usefixtures("pin")
@pytest.mark.parametrize(
    "address",
    [
        "{plain}", "file:///srv", "ftp://127.0.0.1", "127.0.0.1", "https:", "https://[::1",
        "https://user:hunter2@127.0.0.1", "https://127.0.0.1/\nHost: elsewhere",
        "https://127.0.0.1/a b",
    ],
)  # fmt: skip
def test_a_mirror_must_be_https(
    tools: Path,
    plain: tuple[str, Release],
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
) -> None:
    base, other = plain
    monkeypatch.setenv("REVET_TERRAFORM_MIRROR", address.format(plain=base))
    message = refused(tools, capsys)
    assert "not an https address" in message
    assert "hunter2" not in message
    assert other.asked == []


@pytest.mark.usefixtures("pin")
def test_what_a_redirect_carries_is_not_printed(
    release: Release, tools: Path, capsys: Capture
) -> None:
    release.redirects[ARCHIVE] = "http://user:hunter2@127.0.0.1/x?signature=s3cret"
    message = refused(tools, capsys)
    assert "http://...@127.0.0.1/x?..." in message
    assert "hunter2" not in message
    assert "s3cret" not in message


@pytest.mark.usefixtures("pin")
def test_a_redirect_in_a_circle_ends(release: Release, tools: Path, capsys: Capture) -> None:
    release.redirects[ARCHIVE] = f"{release.base}/{ARCHIVE}"
    assert "infinite loop" in refused(tools, capsys)


@pytest.mark.usefixtures("pin")
def test_a_certificate_of_another_host(
    release: Release, tools: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "localhost")
    monkeypatch.setenv("REVET_TERRAFORM_MIRROR", release.base.replace("127.0.0.1", "localhost"))
    assert "mismatch" in refused(tools, capsys)


@pytest.mark.usefixtures("pin", "release")
def test_a_download_that_takes_too_long(
    tools: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch_terraform, "_LONGEST", -1.0)
    assert "it takes longer than" in refused(tools, capsys)


@pytest.mark.usefixtures("pin", "release")
def test_a_certificate_that_nobody_vouches_for(
    tools: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(tmp_path)))
    assert "CERTIFICATE_VERIFY_FAILED" in refused(tools, capsys).upper()


@pytest.mark.parametrize(
    ("limit", "pinned"), [("ARCHIVE_LIMIT", True), ("SUMS_LIMIT", False), ("PROGRAM_LIMIT", True)]
)
def test_more_bytes_than_it_may_have(
    release: Release,
    tools: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    *,
    limit: str,
    pinned: bool,
) -> None:
    if pinned:
        monkeypatch.setitem(fetch_terraform.PINNED, ARCHIVE, release.digest)
    else:
        monkeypatch.delitem(fetch_terraform.PINNED, ARCHIVE, raising=False)
    monkeypatch.setattr(fetch_terraform, limit, 10)
    assert "more than" in refused(tools, capsys)


@pytest.mark.usefixtures("unpin")
@pytest.mark.parametrize("name", [ARCHIVE, SUMS])
def test_a_download_that_ends_early(
    release: Release, tools: Path, capsys: Capture, name: str
) -> None:
    release.sends[name] = 20
    message = refused(tools, capsys)
    assert "ended early" in message or "IncompleteRead" in message


@pytest.mark.usefixtures("unpin")
@pytest.mark.parametrize("name", [ARCHIVE, SUMS])
def test_a_file_that_is_not_there(
    release: Release, tools: Path, capsys: Capture, name: str
) -> None:
    del release.files[name]
    message = refused(tools, capsys)
    assert "Terraform cannot be fetched: " in message
    assert name in message
    assert "REVET_TERRAFORM_MIRROR" in message


@pytest.mark.usefixtures("unpin")
@pytest.mark.parametrize(
    "sums",
    [
        "<html>sign in first</html>",
        f"{'1' * 64}  {ARCHIVE}\n{'2' * 64}  {ARCHIVE}\n",
        f"{'1' * 63}  {ARCHIVE}\n",
        f"{'1' * 64}  x{ARCHIVE}\n",
    ],
    ids=["another page", "two sums", "a short sum", "another file"],
)
def test_sums_that_do_not_say_one(
    release: Release, tools: Path, capsys: Capture, sums: str
) -> None:
    release.files[SUMS] = sums.encode()
    assert f"does not name `{ARCHIVE}` once" in refused(tools, capsys)


def member(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o777) << 16
    return info


@pytest.mark.usefixtures("unpin")
@pytest.mark.parametrize(
    ("members", "says"),
    [
        ([("../terraform", PROGRAM)], "holds `../terraform`"),
        ([("terraform", PROGRAM), ("../../.profile", b"")], "holds `../../.profile`"),
        ([("terraform", PROGRAM), ("/etc/passwd", b"")], "holds `/etc/passwd`"),
        ([("terraform", PROGRAM), ("terraform-provider-aws", b"")], "holds `terraform-provider"),
        ([("terraform", PROGRAM), ("bin/", b"")], "holds `bin/`"),
        ([(member("terraform", stat.S_IFLNK), b"/bin/sh")], "holds `terraform`, which is not"),
        ([(member("terraform", stat.S_IFIFO), b"")], "holds `terraform`, which is not"),
        ([("LICENSE.txt", b"")], "does not hold the program `terraform`"),
        ([], "does not hold the program `terraform`"),
    ],
)
def test_an_archive_with_other_members(
    release: Release,
    tools: Path,
    capsys: Capture,
    members: list[tuple[str | zipfile.ZipInfo, bytes]],
    says: str,
) -> None:
    release.pack(members)
    assert says in refused(tools, capsys)


@pytest.mark.usefixtures("unpin")
@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_packing_that_no_release_has(
    release: Release, tools: Path, capsys: Capture, packing: int
) -> None:
    info = member("terraform", stat.S_IFREG)
    info.compress_type = packing
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(info, PROGRAM)
    damaged = packed.getvalue().replace(PROGRAM[:4], b"\xff" * 4)
    release.files[ARCHIVE] = damaged[:60] + b"\xff" * 8 + damaged[68:]
    release.write_sums()
    assert "holds `terraform`, which is not expected" in refused(tools, capsys)


@pytest.mark.usefixtures("unpin")
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_program_twice(release: Release, tools: Path, capsys: Capture) -> None:
    release.pack([("terraform", PROGRAM), ("terraform", b"another")])
    assert "does not hold the program `terraform` once" in refused(tools, capsys)


@pytest.mark.usefixtures("unpin")
def test_a_program_that_is_larger_than_the_archive_says(
    release: Release, tools: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch_terraform, "PROGRAM_LIMIT", 1 << 16)
    release.pack({"terraform": bytes(1 << 20)})
    size = (1 << 20).to_bytes(4, "little")
    lies = release.files[ARCHIVE].replace(size, (9).to_bytes(4, "little"))
    assert lies != release.files[ARCHIVE]
    release.files[ARCHIVE] = lies
    release.write_sums()
    assert "does not hold the program `terraform`: " in refused(tools, capsys)


@pytest.mark.usefixtures("unpin")
@pytest.mark.parametrize("damage", ["no archive", "content"])
def test_a_damaged_archive(release: Release, tools: Path, capsys: Capture, damage: str) -> None:
    packed = bytearray(release.files[ARCHIVE])
    at = packed.index(b"terraform") + len("terraform")
    packed[at : at + 5] = b"\xff" * 5
    release.files[ARCHIVE] = b"no archive" if damage == "no archive" else bytes(packed)
    release.write_sums()
    assert "does not hold the program `terraform`: " in refused(tools, capsys)


def test_a_server_that_is_not_there(
    tools: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVET_TERRAFORM_MIRROR", "https://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert "install Terraform 1.10 or newer yourself" in refused(tools, capsys)


@pytest.mark.parametrize("version", ["../1.11.4", "1.11", "1.11.4/../x", ""])
def test_what_is_not_a_version(version: str, tools: Path, capsys: Capture) -> None:
    assert fetch_terraform.main([str(tools), "--version", version]) == 2
    assert "not a version" in capsys.readouterr().err
    assert not tools.exists()


@pytest.mark.usefixtures("pin")
def test_a_folder_that_cannot_be_made(tools: Path) -> None:
    tools.write_text("a file")
    assert fetch(tools) == 2


@pytest.mark.parametrize(("system", "machine"), [("Linux", "mips"), ("Plan9", "x86_64")])
def test_a_machine_without_a_release(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str
) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    with pytest.raises(fetch_terraform.FetchError, match="no Terraform release is known"):
        fetch_terraform.archive_name(VERSION)
