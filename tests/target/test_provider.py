import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from revet.target.binary import Binary
from revet.target.provider import (
    ProviderSource,
    configured_source,
    machine_name,
    mirror_configuration,
    versions_in,
)
from revet.target.provider_search import (
    FORGET_AFTER,
    find_provider,
    machine_folders,
    memory_file,
    search,
)

TERRAFORM = Binary(Path("terraform"), "terraform", "1.11.4", "test")
TOFU = Binary(Path("tofu"), "opentofu", "1.10.6", "test")
Holding = Callable[..., Path]
REGISTRY = ProviderSource("registry", "registry.terraform.io/hashicorp/aws")


def find(
    tmp_path: Path, *, binary: Binary = TERRAFORM, seconds: float = 60.0, **variables: str
) -> ProviderSource:
    return find_provider(
        binary,
        {"HOME": str(tmp_path / "home"), "XDG_DATA_DIRS": str(tmp_path / "share"), **variables},
        memory=tmp_path / "memory" / "provider.json",
        roots=[tmp_path / "roots"],
        seconds=seconds,
    )


def test_versions_for_this_machine_and_in_range_only(tmp_path: Path, holding: Holding) -> None:
    holding(tmp_path, "4.67.0", "5.99.1", "5.100.0", "6.2.0", "7.0.0")
    assert versions_in(tmp_path, TERRAFORM) == ("5.100.0", "6.2.0")
    assert versions_in(tmp_path, TOFU) == ()
    other = tmp_path / "registry.terraform.io/hashicorp/aws/6.1.0/plan9_mips"
    other.mkdir(parents=True)
    (other / "terraform-provider-aws").touch()
    assert "6.1.0" not in versions_in(tmp_path, TERRAFORM)


def test_archives_count_too(tmp_path: Path) -> None:
    folder = tmp_path / "registry.terraform.io/hashicorp/aws"
    folder.mkdir(parents=True)
    (folder / f"terraform-provider-aws_6.2.0_{machine_name()}.zip").touch()
    (folder / "terraform-provider-aws_6.3.0_plan9_mips.zip").touch()
    assert versions_in(tmp_path, TERRAFORM) == ("6.2.0",)


@pytest.mark.parametrize(
    "arguments", ["-plugin-dir={}", "-upgrade -plugin-dir={} -no-color", "-plugin-dir '{}'"]
)
def test_the_user_s_arguments_come_first(tmp_path: Path, holding: Holding, arguments: str) -> None:
    folder = holding(tmp_path / "mine", "5.100.0")
    found = find(tmp_path, TF_CLI_ARGS_init=arguments.format(folder))
    assert found == ProviderSource("arguments", str(folder), ("5.100.0",))


def test_the_user_s_configuration_is_left_alone(tmp_path: Path, holding: Holding) -> None:
    holding(tmp_path / "roots" / "a", "5.100.0")
    file = tmp_path / "home" / ".terraformrc"
    file.parent.mkdir()
    file.write_text('credentials "app.example" { token = "x" }')
    assert find(tmp_path) == REGISTRY, "a configuration of ours would hide these credentials"
    file.write_text("provider_installation { }")
    assert find(tmp_path) == ProviderSource("configuration", str(file))
    named = tmp_path / "named.tfrc"
    named.write_text("provider_installation { }")
    assert find(tmp_path, TF_CLI_CONFIG_FILE=str(named)).where == str(named)
    assert find(tmp_path, TF_CLI_CONFIG_FILE=str(tmp_path / "absent")).where == str(file)


def test_terraform_s_own_folders_need_no_configuration(tmp_path: Path, holding: Holding) -> None:
    folder = holding(tmp_path / "home" / ".terraform.d" / "plugins", "5.100.0")
    assert find(tmp_path) == ProviderSource("folder", str(folder), ("5.100.0",))
    shared = holding(tmp_path / "share" / "terraform" / "plugins", "6.0.0")
    environment = {"HOME": "/nonexistent", "XDG_DATA_DIRS": str(tmp_path / "share")}
    source = configured_source(TERRAFORM, environment)
    assert source == ProviderSource("folder", str(shared), ("6.0.0",))


def test_another_folder_is_found_and_remembered(tmp_path: Path, holding: Holding) -> None:
    folder = holding(tmp_path / "roots" / "deep" / "down" / "plugins", "5.100.0")
    mirror = ProviderSource("mirror", str(folder), ("5.100.0",))
    assert find(tmp_path) == mirror
    assert find(tmp_path, seconds=0) == mirror, "a second run does not search"
    assert find(tmp_path, binary=TOFU).kind == "registry", "its folder has another first level"
    assert find(tmp_path, seconds=0) == mirror, "the two products do not forget each other"


def test_a_folder_that_has_gone_is_searched_anew(tmp_path: Path, holding: Holding) -> None:
    first = holding(tmp_path / "roots" / "a", "5.100.0")
    assert find(tmp_path).where == str(first)
    first.rename(tmp_path / "roots" / "b")
    assert find(tmp_path).where == str(tmp_path / "roots" / "b")


def test_finding_nothing_is_remembered_for_a_while(tmp_path: Path, holding: Holding) -> None:
    assert find(tmp_path) == REGISTRY
    holding(tmp_path / "roots" / "a", "5.100.0")
    assert find(tmp_path) == REGISTRY
    memory = tmp_path / "memory" / "provider.json"
    known = json.loads(memory.read_text())
    known["registry.terraform.io"]["searched"] -= FORGET_AFTER + 1
    memory.write_text(json.dumps(known))
    assert find(tmp_path).kind == "mirror"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"registry.terraform.io": 1}'])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, holding: Holding, text: str) -> None:
    memory = tmp_path / "memory" / "provider.json"
    memory.parent.mkdir()
    memory.write_text(text)
    holding(tmp_path / "roots" / "a", "5.100.0")
    assert find(tmp_path).kind == "mirror"
    assert json.loads(memory.read_text())["registry.terraform.io"]["folder"]


def test_a_memory_that_cannot_be_written_is_done_without(tmp_path: Path, holding: Holding) -> None:
    (tmp_path / "memory").write_text("a file where the folder should be")
    holding(tmp_path / "roots" / "a", "5.100.0")
    assert find(tmp_path).kind == "mirror"


def test_the_search_gives_up_in_time_and_prefers_what_is_near(
    tmp_path: Path, holding: Holding
) -> None:
    near = holding(tmp_path / "roots" / "z", "5.100.0")
    holding(tmp_path / "roots" / "a" / "b", "5.100.0")
    assert search([tmp_path / "roots"], TERRAFORM, seconds=60) == str(near)
    assert search([tmp_path / "roots"], TERRAFORM, seconds=0) == ""
    assert search([tmp_path / "absent"], TERRAFORM, seconds=60) == ""


def test_a_mirror_speaks_for_the_aws_provider_only() -> None:
    text = mirror_configuration(ProviderSource("mirror", 'a "b"'), TOFU)
    assert 'path    = "a \\"b\\""' in text
    assert 'include = ["registry.opentofu.org/hashicorp/aws"]' in text
    assert 'exclude = ["registry.opentofu.org/hashicorp/aws"]' in text


def test_the_memory_lies_in_the_cache_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("revet.__path__", [str(tmp_path / "clone" / "src" / "revet")])
    assert memory_file({"HOME": "/h"}) == Path("/h/.cache/revet/provider.json")
    in_the_folder_we_are_in = {"XDG_CACHE_HOME": "cache", "HOME": "/h"}
    assert memory_file(in_the_folder_we_are_in) == Path("/h/.cache/revet/provider.json")
    assert memory_file({"XDG_CACHE_HOME": "/c"}) == Path("/c/revet/provider.json")
    (tmp_path / "clone" / ".tools").mkdir(parents=True)
    assert memory_file({}) == tmp_path / "clone" / ".tools" / "provider.json"


def test_the_home_folder_is_not_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clones lie there, and what is found is executed."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert not any(tmp_path.is_relative_to(root) for root in machine_folders())
    assert set(machine_folders()) <= {Path("/opt"), Path("/usr"), Path("/var")}


@pytest.mark.skipif(os.name != "posix", reason="owners and modes are POSIX's")
@pytest.mark.parametrize("how", ["writable by all", "writable by the group", "of another user"])
@pytest.mark.parametrize("where", ["the folder", "a folder above"])
def test_a_provider_that_others_could_have_put_there_is_not_used(
    tmp_path: Path, holding: Holding, how: str, where: str
) -> None:
    folder = holding(tmp_path / "roots" / "a", "5.100.0")
    assert search([tmp_path / "roots"], TERRAFORM, seconds=60) == str(folder)
    part = folder if where == "the folder" else tmp_path / "roots"
    if how == "of another user":
        if os.getuid() != 0:
            pytest.skip("only root can give a folder away")
        os.chown(part, 12345, -1)
    else:
        part.chmod(0o777 if how == "writable by all" else 0o775)
    assert search([tmp_path / "roots"], TERRAFORM, seconds=60) == ""
    memory = {TERRAFORM.registry: {"folder": str(folder), "searched": 0}}
    (tmp_path / "memory").write_text(json.dumps(memory))
    found = find_provider(
        TERRAFORM, {}, memory=tmp_path / "memory", roots=[tmp_path / "roots"], seconds=60
    )
    assert found.kind == "registry"


def test_a_memory_of_a_relative_folder_is_not_believed(
    tmp_path: Path, holding: Holding, monkeypatch: pytest.MonkeyPatch
) -> None:
    holding(tmp_path / "clone" / "a", "5.100.0")
    monkeypatch.chdir(tmp_path / "clone")
    memory = {TERRAFORM.registry: {"folder": "a", "searched": 0}}
    (tmp_path / "memory").write_text(json.dumps(memory))
    found = find_provider(TERRAFORM, {}, memory=tmp_path / "memory", roots=[], seconds=60)
    assert found.kind == "registry"
