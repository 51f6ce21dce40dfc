"""What the set-up installs: pinned with hashes, as pyproject.toml wants, from no named place."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "requirements"
FILES = sorted(FOLDER.glob("*.txt"))
PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = (("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"))
PIN = re.compile(r"([a-z0-9-]+)==([a-z0-9.+!]+)(?: ; ([a-zA-Z_' =!<>.0-9()]+))? \\")
HASH = re.compile(r" {4}--hash=sha256:[0-9a-f]{64}( \\)?")


def pins(text: str) -> dict[str, Requirement]:
    """The pinned packages of a file; anything else in it than pins, hashes and notes is refused."""
    found: dict[str, Requirement] = {}
    expects_hash = False
    for number, line in enumerate(text.splitlines(), 1):
        if expects_hash:
            match = HASH.fullmatch(line)
            assert match, f"line {number}: a hash is missing: {line}"
            expects_hash = match[1] is not None
        elif not re.fullmatch(r"|\s*#(?!.*://).*", line):
            match = PIN.fullmatch(line)
            assert match, f"line {number}: neither a pin with hashes nor a note: {line}"
            assert match[1] not in found, f"line {number}: `{match[1]}` twice"
            found[match[1]] = Requirement(line.removesuffix(" \\"))
            expects_hash = True
    assert not expects_hash, "the last hash is missing"
    return found


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def direct() -> list[tuple[str, Requirement]]:
    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    extras = [each for extra in project["optional-dependencies"].values() for each in extra]
    wanted = {
        "dev": [*project["dependencies"], *extras, *groups["dev"]],
        "build": [*PROJECT["build-system"]["requires"], *groups["build"]],
        "node": groups["node"],
    }
    return [
        (file, Requirement(each))
        for file, requirements in wanted.items()
        for each in requirements
        if Requirement(each).name != project["name"]
    ]


def test_each_file_is_one_that_is_known() -> None:
    assert [path.stem for path in FILES] == ["build", "dev", "node"]
    assert set(PROJECT["dependency-groups"]) == {"build", "dev", "node"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_holds_pins_with_hashes_and_no_address(path: Path) -> None:
    assert pins(path.read_text("utf-8"))


PINNED = "six==1.17.0 \\\n    --hash=sha256:" + "a" * 64 + "\n"


@pytest.mark.parametrize(
    "text",
    [
        "six==1.17.0\n",
        "six==1.17.0 \\\n",
        "six==1.17.0 \\\n    # via revet\n",
        PINNED.replace("sha256", "md5"),
        PINNED.replace("a" * 64, "a" * 63),
        PINNED.replace("==", ">="),
        PINNED.replace("==1.17.0", "==1.*"),
        PINNED.replace("six==1.17.0", "six @ https://example.com/six.whl"),
        PINNED + PINNED,
        "--index-url https://example.com/simple\n" + PINNED,
        "-i example.com\n" + PINNED,
        "--find-links there\n" + PINNED,
        "--no-binary :all:\n" + PINNED,
        "-r other.txt\n" + PINNED,
        "-e .\n" + PINNED,
        "./six.whl\n" + PINNED,
        "# from https://example.com/simple\n" + PINNED,
    ],
)
def test_what_a_file_must_not_hold_is_noticed(text: str) -> None:
    assert list(pins(PINNED)) == ["six"]
    with pytest.raises(AssertionError):
        pins(text)


@pytest.mark.parametrize(("file", "wanted"), direct(), ids=str)
def test_a_direct_dependency_is_pinned_within_its_range(file: str, wanted: Requirement) -> None:
    found = pins((FOLDER / f"{file}.txt").read_text("utf-8"))[canonicalize_name(wanted.name)]
    [version] = [each.version for each in found.specifier]
    assert wanted.specifier.contains(version, prereleases=True)
    for python in PYTHONS:
        for sys_platform, system, os_name in PLATFORMS:
            environment = {
                "python_version": python,
                "python_full_version": f"{python}.0",
                "sys_platform": sys_platform,
                "platform_system": system,
                "os_name": os_name,
                "platform_python_implementation": "CPython",
                "implementation_name": "cpython",
            }
            assert found.marker is None or found.marker.evaluate(environment)


def test_the_files_agree_with_each_other() -> None:
    versions: dict[str, set[str]] = {}
    for path in FILES:
        for name, pin in pins(path.read_text("utf-8")).items():
            versions.setdefault(name, set()).add(str(pin.specifier))
    assert {name: each for name, each in versions.items() if len(each) > 1} == {}


# the script that writes them

UV = """#!{python}
import pathlib, sys
words = sys.argv[1:]
assert {{"--generate-hashes", "--universal", "--no-emit-index-url"}} <= set(words)
pathlib.Path(words[words.index("--output-file") + 1]).write_text({text!r})
sys.exit({code})
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for name in ("pyproject.toml", "scripts/update_requirements.py"):
        copy = tmp_path / name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes((ROOT / name).read_bytes())
    return tmp_path


def update(clone: Path, text: str | None, code: int = 0) -> subprocess.CompletedProcess[str]:
    uv = clone / "uv"
    if text is not None:
        uv.write_text(UV.format(python=sys.executable, text=text, code=code))
        uv.chmod(0o755)
    return subprocess.run(
        [sys.executable, str(clone / "scripts/update_requirements.py")],
        env={"PATH": "/usr/bin:/bin", "UV": str(uv)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def written(clone: Path) -> list[str]:
    return sorted(path.name for path in clone.glob("requirements/*"))


def test_the_files_are_written(clone: Path) -> None:
    done = update(clone, PINNED)
    assert done.returncode == 0, done.stderr
    assert written(clone) == ["build.txt", "dev.txt", "node.txt"]
    assert list(pins((clone / "requirements/dev.txt").read_text())) == ["six"]


@pytest.mark.parametrize(
    "text",
    [f"--index-url https://example.com/simple\n{PINNED}", f"--find-links there\n{PINNED}"],
)
def test_an_answer_that_names_a_place_is_not_written(clone: Path, text: str) -> None:
    done = update(clone, text)
    assert (done.returncode, written(clone)) == (2, [])
    assert "on line 1" in done.stderr
    assert "example.com" not in done.stderr


def test_a_failure_of_uv_writes_nothing(clone: Path) -> None:
    done = update(clone, PINNED, code=1)
    assert (done.returncode, written(clone)) == (2, [])
    assert "uv failed on `build.txt`" in done.stderr


def test_a_missing_uv_is_a_missing_prerequisite(clone: Path) -> None:
    done = update(clone, None)
    assert (done.returncode, written(clone)) == (3, [])
    assert "`uv` was not found" in done.stderr
    assert "Traceback" not in done.stderr
