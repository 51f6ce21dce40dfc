from __future__ import annotations

import subprocess
import sys

import pytest

from revet.model.errors import PrerequisiteError
from revet.synth.installed import installed_version


def test_versions_are_those_of_the_packages() -> None:
    assert installed_version("cdktn").startswith("0.")
    assert installed_version("cdktn_provider_aws")


def test_a_missing_package_says_what_to_install() -> None:
    with pytest.raises(PrerequisiteError, match=r"revet\[stack\]"):
        installed_version("cdktn_provider_absent")


def test_the_room_imports_without_cdk_terrain() -> None:
    code = """
import sys
for name in ("jsii", "cdktn", "cdktn_provider_aws", "constructs"):
    sys.modules[name] = None
import revet.synth
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_importing_the_room_starts_nothing() -> None:
    code = """
import sys
import revet.synth
heavy = {"jsii", "cdktn", "constructs", "cdktn_provider_aws"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True)
