from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from revet.target.prerequisites import Probe, terraform_probes
from revet.target.provider import ProviderSource

if TYPE_CHECKING:
    from tests.target.conftest import FakeTerraform


@pytest.fixture(autouse=True)
def _no_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.prefix", str(tmp_path / "clone" / ".venv"))


def test_both_are_there(
    fake: "FakeTerraform", tmp_path: Path, holding: Callable[..., Path]
) -> None:
    folder = holding(tmp_path / "mine", "5.100.0", "6.1.0")
    environment = {"PATH": str(fake.folder), "TF_CLI_ARGS_init": f"-plugin-dir={folder}"}
    assert terraform_probes(environment) == (
        Probe("Terraform", ok=True, version="1.11.4", where=f"{fake.path} (PATH)"),
        Probe(
            "AWS provider",
            ok=True,
            version="5.100.0, 6.1.0",
            where=f"{folder} (TF_CLI_ARGS_init)",
        ),
    )


def test_no_terraform(tmp_path: Path) -> None:
    terraform, provider = terraform_probes({"PATH": str(tmp_path)})
    assert not terraform.ok
    assert "no Terraform and no OpenTofu" in terraform.do
    assert not provider.ok


def test_an_empty_plugin_folder(fake: "FakeTerraform", tmp_path: Path) -> None:
    environment = {"PATH": str(fake.folder), "TF_CLI_ARGS_init": f"-plugin-dir={tmp_path}"}
    provider = terraform_probes(environment)[1]
    assert not provider.ok
    assert "unset `TF_CLI_ARGS_init`" in provider.do


def test_the_registry_takes_the_network(
    fake: "FakeTerraform", monkeypatch: pytest.MonkeyPatch
) -> None:
    source = ProviderSource("registry", "registry.terraform.io/hashicorp/aws")
    monkeypatch.setattr("revet.target.prerequisites.find_provider", lambda *_: source)
    provider = terraform_probes({"PATH": str(fake.folder)})[1]
    assert provider.ok
    assert "fetched when a stack is first deployed" in provider.where
