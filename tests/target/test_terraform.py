import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.target.overriding import write_backend_override

from revet.files import state_root
from revet.model.errors import (
    BlockedError,
    InputError,
    PrerequisiteError,
    TargetError,
)
from revet.model.finding import Finding, Severity, SourceLine, Status
from revet.model.verdict import Provenance, Verdict
from revet.target.diagnostics import Place, TerraformError
from revet.target.events import Event
from revet.target.modules import OVERRIDE_FILE
from revet.target.provider import ProviderSource
from revet.target.terraform import Terraform

if TYPE_CHECKING:
    from tests.target.conftest import FakeTerraform

REGISTRY = ProviderSource("registry", "registry.terraform.io/hashicorp/aws")


class Watch(list[Event]):
    def __call__(self, event: Event) -> None:
        self.append(event)


@pytest.fixture
def seen() -> Watch:
    return Watch()


@pytest.fixture
def terraform(fake: "FakeTerraform", configuration: Path, seen: Watch) -> Terraform:
    for command in ("init", "plan", "apply", "destroy"):
        fake.says(command, stream=f"{command}.jsonl")
    fake.says("show", stream="plan.json")
    return Terraform(configuration, binary=fake.binary, observe=seen, provider=REGISTRY)


def allowed(plan_hash: str) -> Verdict:
    return Verdict(Provenance("stack", "check", plan_hash=plan_hash))


def test_a_plan_is_saved_hashed_and_read(terraform: Terraform, seen: Watch) -> None:
    saved = terraform.plan()
    assert saved.path == terraform.directory / "plan.bin"
    assert len(saved.sha256) == 64
    assert saved.changes.create == (
        'terraform_data.broken["a.b"]',
        "terraform_data.first",
        "terraform_data.slow",
    )
    assert str(saved.changes) == "3 to create, 1 outputs"
    assert not saved.changes.empty
    assert json.loads(saved.json_bytes)["terraform_version"] == "1.11.4"
    assert [event.kind for event in seen] == ["step_start", "note", "step_done"]
    assert seen[-1].total == 3


def test_apply_reports_each_resource_with_the_total(terraform: Terraform, seen: Watch) -> None:
    saved = terraform.plan()
    seen.clear()
    terraform.apply(saved, allowed(saved.sha256))
    assert seen[0] == Event("step_start", "apply", total=3)
    done = [event for event in seen if event.kind == "resource_done" and event.action == "create"]
    assert {event.address for event in done} == {
        'terraform_data.broken["a.b"]',
        "terraform_data.first",
        "terraform_data.slow",
    }
    assert {event.total for event in done} == {3}
    assert seen[-1].kind == "step_done"


def test_what_is_applied_is_what_was_hashed(terraform: Terraform, fake: "FakeTerraform") -> None:
    saved = terraform.plan()
    terraform.apply(saved, allowed(saved.sha256))
    argv = fake.calls()[-1]["argv"]
    assert isinstance(argv, list)
    assert argv[:4] == ["apply", "-input=false", "-json", "-parallelism=50"]
    assert argv[4] != str(saved.path), "a private copy is applied"
    assert not Path(argv[4]).exists(), "and taken away again"


def test_another_plan_than_the_judged_one_is_refused(
    terraform: Terraform, fake: "FakeTerraform"
) -> None:
    saved = terraform.plan()
    with pytest.raises(BlockedError, match="not the plan that the gate has judged") as caught:
        terraform.apply(saved, allowed("0" * 64))
    assert caught.value.exit_code == 1
    with pytest.raises(BlockedError, match="names none"):
        terraform.apply(saved, allowed(""))
    saved.path.write_bytes(b"another plan")
    with pytest.raises(BlockedError, match="not the plan that the gate has judged"):
        terraform.apply(saved, allowed(saved.sha256))
    assert "apply" not in {str(call["argv"]).split("'")[1] for call in fake.calls()}


def test_a_plan_that_is_not_allowed_is_refused(terraform: Terraform) -> None:
    saved = terraform.plan()
    finding = Finding("s3-bucket-versioning", "aws_s3_bucket.x", Status.FAIL, Severity.HIGH)
    provenance = Provenance("stack", "check", plan_hash=saved.sha256)
    with pytest.raises(BlockedError, match="blocked: s3-bucket-versioning"):
        terraform.apply(saved, Verdict(provenance, (finding,)))
    with pytest.raises(BlockedError, match="undecided: the plan is empty"):
        terraform.apply(saved, Verdict(provenance, problems=("the plan is empty",)))


def test_an_error_shows_address_construct_and_line(
    fake: "FakeTerraform", configuration: Path, seen: Watch
) -> None:
    fake.says("plan", stream="plan.jsonl")
    fake.says("show", stream="plan.json")
    fake.says("apply", stream="apply_error.jsonl", code=1)
    place = Place("tap/data/broken", SourceLine("lib/tap_stack.py", 41))
    terraform = Terraform(
        configuration,
        binary=fake.binary,
        observe=seen,
        places={"terraform_data.broken": place},
    )
    saved = terraform.plan()
    with pytest.raises(TerraformError) as caught:
        terraform.apply(saved, allowed(saved.sha256))
    error = caught.value
    assert isinstance(error, TargetError)
    assert error.exit_code == 2
    assert error.what == "terraform apply failed: local-exec provisioner error"
    assert error.where == 'terraform_data.broken["a.b"], tap/data/broken, lib/tap_stack.py:41'
    assert "exit status 3" in error.got
    assert "goes on from the state" in error.do
    failed = [event for event in seen if event.kind == "resource_error"]
    assert [event.address for event in failed] == ['terraform_data.broken["a.b"]']
    progress = [event for event in seen if event.kind == "resource_progress"]
    assert [(event.address, event.elapsed) for event in progress] == [("terraform_data.slow", 10)]


def test_an_error_in_the_configuration_names_the_resource(
    fake: "FakeTerraform", configuration: Path
) -> None:
    fake.says("plan", stream="plan_invalid.jsonl", code=1)
    place = Place("tap/wrong", SourceLine("lib/tap_stack.py", 7))
    terraform = Terraform(configuration, binary=fake.binary, places={"terraform_data.wrong": place})
    with pytest.raises(TerraformError) as caught:
        terraform.plan()
    assert caught.value.where == "terraform_data.wrong, tap/wrong, lib/tap_stack.py:7"
    assert 'named "inp"' in caught.value.got


def test_a_crash_shows_what_terraform_wrote(fake: "FakeTerraform", configuration: Path) -> None:
    fake.says("plan", "panic: runtime error\ngoroutine 1\n", code=2)
    with pytest.raises(TerraformError, match="exit code 2") as caught:
        Terraform(configuration, binary=fake.binary).plan()
    assert caught.value.got == "panic: runtime error\ngoroutine 1"


def test_init_goes_without_the_target_s_proxy(
    fake: "FakeTerraform", configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://office.example:3128")
    monkeypatch.delenv("https_proxy", raising=False)
    fake.says("init", stream="init.jsonl")
    fake.says("plan", stream="plan.jsonl")
    fake.says("show", stream="plan.json")
    environment = {
        "PATH": "/usr/bin",
        "HTTPS_PROXY": "http://127.0.0.1:1",
        "TF_CLI_CONFIG_FILE": str(configuration / "absent"),
    }
    terraform = Terraform(
        configuration, binary=fake.binary, environment=environment, provider=REGISTRY
    )
    terraform.init()
    terraform.plan()
    proxies = {
        str(call["argv"]).split("'")[1]: call["environment"]["HTTPS_PROXY"] for call in fake.calls()
    }
    assert proxies == {
        "init": "http://office.example:3128",
        "plan": "http://127.0.0.1:1",
        "show": "http://127.0.0.1:1",
    }
    files = [call["environment"].get("TF_CLI_CONFIG_FILE") for call in fake.calls()]
    assert files == [None, os.devnull, os.devnull], "absent, and none after `init`"


@pytest.mark.parametrize(
    ("source", "where"),
    [
        (REGISTRY, "the registry, `registry.terraform.io/hashicorp/aws`"),
        (
            ProviderSource("mirror", "/plugins", ("5.100.0",)),
            "the folder `/plugins` (it holds 5.100.0)",
        ),
        (
            ProviderSource("arguments", "/plugins"),
            "the folder that `TF_CLI_ARGS_init` names: `/plugins`",
        ),
    ],
)
def test_a_provider_that_cannot_be_had_is_a_missing_prerequisite(
    fake: "FakeTerraform", configuration: Path, source: ProviderSource, where: str
) -> None:
    fake.says("init", stream="init_provider_missing.jsonl", code=1)
    with pytest.raises(PrerequisiteError, match="AWS provider cannot be installed") as caught:
        Terraform(configuration, binary=fake.binary, provider=source).init()
    assert caught.value.exit_code == 3
    assert caught.value.where == where
    assert "was not found in any of the search locations" in caught.value.got
    assert "-plugin-dir=FOLDER" in caught.value.do


def test_a_mirror_is_named_to_init_only(fake: "FakeTerraform", configuration: Path) -> None:
    fake.says("init", stream="init.jsonl")
    source = ProviderSource("mirror", "/a folder", ("5.100.0",))
    Terraform(configuration, binary=fake.binary, environment={}, provider=source).init()
    environment = fake.calls()[-1]["environment"]
    assert isinstance(environment, dict)
    text = Path(environment["TF_CLI_CONFIG_FILE"]).read_text()
    assert 'path    = "/a folder"' in text
    assert text.count('["registry.terraform.io/hashicorp/aws"]') == 2


def test_a_folder_that_cannot_be_written_to(fake: "FakeTerraform", configuration: Path) -> None:
    data = configuration.parent / "data"
    (data / "provider-mirror.tfrc").mkdir(parents=True)
    source = ProviderSource("mirror", "/plugins", ("5.100.0",))
    with pytest.raises(PrerequisiteError, match="cannot be written to") as caught:
        Terraform(configuration, binary=fake.binary, provider=source, data=data).init()
    assert caught.value.exit_code == 3
    assert str(data) in caught.value.where
    (configuration / OVERRIDE_FILE).mkdir()
    with pytest.raises(PrerequisiteError, match="cannot be written to"):
        write_backend_override(configuration, {"local": {"path": "/x"}})


def test_a_folder_without_configuration_is_refused(fake: "FakeTerraform", tmp_path: Path) -> None:
    for folder in (tmp_path / "absent", fake.folder):
        with pytest.raises(InputError, match="no Terraform configuration"):
            Terraform(folder, binary=fake.binary)


def test_the_backend_alone_is_replaced(
    terraform: Terraform, fake: "FakeTerraform", configuration: Path
) -> None:
    state = configuration.parent / "states" / "tap"
    write_backend_override(configuration, {"local": {"path": str(state)}})
    text = (configuration / OVERRIDE_FILE).read_text()
    assert json.loads(text) == {"terraform": {"backend": {"local": {"path": "../states/tap"}}}}
    terraform.init()
    assert "-reconfigure" in str(fake.calls()[-1]["argv"])
    write_backend_override(configuration, None)
    assert not (configuration / OVERRIDE_FILE).exists()
    terraform.init()
    assert "-reconfigure" not in str(fake.calls()[-1]["argv"])


def test_versions_are_those_that_init_chose(terraform: Terraform, fake: "FakeTerraform") -> None:
    chosen = {"registry.terraform.io/hashicorp/aws": "5.100.0"}
    fake.says("version", json.dumps({"terraform_version": "1.11.4", "provider_selections": chosen}))
    assert terraform.versions() == {"terraform": "1.11.4", **chosen}


def test_the_state_is_read(terraform: Terraform, fake: "FakeTerraform") -> None:
    fake.says("show", stream="state.json")
    addresses = [
        resource["address"] for resource in terraform.state()["values"]["root_module"]["resources"]
    ]
    assert "terraform_data.first" in addresses
    fake.says("show", "", code=1, stderr="Error: no state")
    with pytest.raises(TerraformError, match="show") as caught:
        terraform.state()
    assert caught.value.got == "Error: no state"


def test_destroy_counts_what_it_deletes(terraform: Terraform, seen: Watch) -> None:
    terraform.destroy()
    deleted = [e for e in seen if e.kind == "resource_done" and e.action == "delete"]
    assert len(deleted) == 3
    assert {event.total for event in deleted} == {3}


def test_a_plan_file_that_changes_while_it_is_read(
    terraform: Terraform, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes = iter(["a" * 64, "b" * 64])
    monkeypatch.setattr("revet.target.terraform.file_hash", lambda _path: next(hashes))
    with pytest.raises(InputError, match="changed while it was read"):
        terraform.plan()


def test_the_data_folder_is_ours_whatever_the_configuration_brings(
    fake: "FakeTerraform", configuration: Path
) -> None:
    planted = configuration / ".terraform" / "providers" / "registry.terraform.io"
    planted.mkdir(parents=True)
    environment = {"TF_DATA_DIR": str(configuration / ".terraform"), "PATH": os.environ["PATH"]}
    terraform = Terraform(
        configuration, binary=fake.binary, environment=environment, provider=REGISTRY
    )
    for command in ("init", "plan", "show", "output", "version", "destroy"):
        fake.says(command, "{}")
    terraform.init()
    terraform.plan()
    terraform.state()
    terraform.destroy()
    used = {call["environment"]["TF_DATA_DIR"] for call in fake.calls()}
    assert used == {str(terraform.data_folder)}
    assert terraform.data_folder.is_relative_to(state_root())
    assert terraform.data_folder.stat().st_mode & 0o777 == 0o700
    assert list(planted.parent.iterdir()) == [planted], "neither used nor touched"
    other = configuration.with_name("other")
    other.mkdir()
    (other / "main.tf").touch()
    assert Terraform(other, binary=fake.binary).data_folder != terraform.data_folder


def test_providers_that_a_configuration_brings_along_are_refused(
    fake: "FakeTerraform", configuration: Path
) -> None:
    """`init` looks into that folder where no CLI configuration says otherwise."""
    (configuration / "terraform.d" / "plugins").mkdir(parents=True)
    with pytest.raises(InputError, match="brings providers along"):
        Terraform(configuration, binary=fake.binary, provider=REGISTRY).init()
    assert not (fake.folder / "calls.jsonl").exists(), "it was not started"


def test_a_cli_configuration_is_the_one_of_the_folder_that_we_are_in(
    fake: "FakeTerraform", configuration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.says("init")
    (tmp_path / "mine").mkdir()
    for folder in (tmp_path / "mine", configuration):
        (folder / "cli.tfrc").touch()
    monkeypatch.chdir(tmp_path / "mine")
    environment = {"TF_CLI_CONFIG_FILE": "cli.tfrc", "PATH": os.environ["PATH"]}
    Terraform(configuration, binary=fake.binary, environment=environment, provider=REGISTRY).init()
    [call] = fake.calls()
    assert call["environment"]["TF_CLI_CONFIG_FILE"] == str(tmp_path / "mine" / "cli.tfrc")


@pytest.mark.parametrize(
    "name", ["${x}", "%{if y}", 'a "b"', "-x", "a:b", "new\nline", "caf\u00e9"]
)
def test_no_name_of_a_folder_means_anything_to_terraform(
    fake: "FakeTerraform", tmp_path: Path, name: str
) -> None:
    folder = tmp_path / name / "synth"
    folder.mkdir(parents=True)
    (folder / "main.tf").touch()
    write_backend_override(folder, {"local": {"path": str(tmp_path / name / "state")}})
    text = (folder / OVERRIDE_FILE).read_text()
    assert json.loads(text) == {"terraform": {"backend": {"local": {"path": "../state"}}}}
    fake.says("plan")
    fake.says("show", "{}")
    Terraform(folder, binary=fake.binary).plan(out=tmp_path / name / "plan.bin")
    for call in fake.calls():
        assert name not in str(call["argv"])


def test_a_folder_that_is_not_utf_8_is_refused(fake: "FakeTerraform", tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    (folder / "main.tf").touch()
    with pytest.raises(PrerequisiteError, match="not UTF-8"):
        Terraform(folder, binary=fake.binary)
