from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from revet.synth.lazy import build_archive
from revet.synth.node import find_node
from revet.synth.program import run_program

PROGRAMS = Path(__file__).parent / "programs"
REDIRECT = Path(__file__).parents[2] / "src/revet/synth/redirect/redirect.cjs"


def test_lazy_and_eager_output_are_the_same_bytes(tmp_path: Path) -> None:
    written = {}
    for switch in ("on", "off"):
        environment = {**os.environ, "REVET_LAZY_LOAD": switch}
        program = [str(PROGRAMS / "many_types.py")]
        made = run_program(program, tmp_path / switch, environment).stacks["many"]
        written[switch] = made.json_path.read_bytes()
        types = len(made.json["resource"]) + len(made.json["data"])
        assert types >= 40
    assert written["on"] == written["off"]


@pytest.mark.parametrize(
    ("order", "active", "reason"),
    [
        ("import cdktn", True, ""),
        ("import cdktn_provider_aws._jsii", False, "imported before"),
    ],
)
def test_it_says_whether_it_is_active_and_never_does_harm(
    order: str, *, active: bool, reason: str
) -> None:
    code = f"""
from revet.synth import install_lazy_load, select_node
select_node()
{order}
made = install_lazy_load()
from cdktn_provider_aws.s3_bucket import S3Bucket
assert made.active is {active}, made
assert {reason!r} in made.reason, made
assert install_lazy_load() is made
assert S3Bucket.TF_RESOURCE_TYPE == "aws_s3_bucket"
"""
    environment = {name: value for name, value in os.environ.items() if name != "REVET_LAZY_LOAD"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_switch_turns_it_off() -> None:
    code = """
from revet.synth import install_lazy_load
made = install_lazy_load()
assert not made.active and "switches it off" in made.reason, made
"""
    environment = {**os.environ, "REVET_LAZY_LOAD": "off"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def test_a_redirect_that_jsii_refuses_is_said_and_does_no_harm() -> None:
    code = """
from revet.synth import lazy, select_node
select_node()
lazy.build_archive = lambda: b"no archive"
made = lazy.install_lazy_load()
assert not made.active and "jsii did not take" in made.reason, made
import cdktn
assert cdktn.App.__name__ == "App"
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_archive_has_the_same_bytes_every_time() -> None:
    assert build_archive() == build_archive()
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(build_archive()))) as tar:
        names = tar.getnames()
    assert names == ["package/package.json", "package/.jsii", "package/lib/index.js"]


LAYOUTS = {
    # name of the package, package.json's own fields, has a lazy index, what must be loaded
    "as shipped": ("@cdktn/provider-aws", {}, True, "lazy"),
    "the predecessor's packages": ("@cdktf/provider-aws", {}, True, "lazy"),
    "no lazy index": ("@cdktn/provider-aws", {}, False, "eager"),
    "an exports map": ("@cdktn/provider-aws", {"exports": "./lib/index.js"}, True, "eager"),
    "another package": ("@cdktn/something", {}, True, "eager"),
    "another scope": ("@else/provider-aws", {}, True, "eager"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_only_packages_of_the_known_layout_are_redirected(tmp_path: Path, layout: str) -> None:
    name, fields, has_lazy, expected = LAYOUTS[layout]
    package = tmp_path / "node_modules" / name
    (package / "lib").mkdir(parents=True)
    (package / "package.json").write_text(json.dumps({"main": "lib/index.js", **fields}))
    (package / "lib/index.js").write_text("module.exports = 'eager'")
    if has_lazy:
        (package / "lib/lazy-index.js").write_text("module.exports = 'lazy'")
    script = f"require({json.dumps(str(REDIRECT))}); console.log(require({json.dumps(name)}))"
    done = subprocess.run(
        [find_node().path, "-e", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == expected


def test_a_package_that_cannot_be_read_is_loaded_as_it_is(tmp_path: Path) -> None:
    package = tmp_path / "node_modules/@cdktn/provider-aws/lib"
    package.mkdir(parents=True)
    (package / "index.js").write_text("module.exports = 'eager'")
    (package / "lazy-index.js").write_text("module.exports = 'lazy'")
    script = (
        f"require({json.dumps(str(REDIRECT))});"
        "console.log(require('./node_modules/@cdktn/provider-aws/lib/index.js'))"
    )
    done = subprocess.run(
        [find_node().path, "-e", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "eager"
