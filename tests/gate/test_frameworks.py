"""What a control supports is looked up, never claimed as compliance."""

from __future__ import annotations

from revet.gate.frameworks import frameworks_of, load_frameworks


def test_looks_up_every_framework() -> None:
    found = {support.framework.id: support.ids for support in frameworks_of("kms-key-rotation")}
    assert found == {
        "cis_aws": ("3.6",),
        "nist_800_53": ("SC-12", "SC-12(2)", "SC-28(3)"),
        "pci_dss": ("3.7.4",),
        "security_hub": ("KMS.4",),
    }


def test_a_control_that_no_framework_knows_supports_none() -> None:
    assert frameworks_of("kms-key-alias") == ()


def test_each_says_version_and_source() -> None:
    versions = {framework.id: framework.version for framework in load_frameworks()}
    assert versions["pci_dss"] == "4.0.1"
    assert versions["cis_aws"] == "5.0"
    assert all(framework.source for framework in load_frameworks())
