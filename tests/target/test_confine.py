"""What a configuration may say on the embedded AWS, and what our overrides make of it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from revet.model.errors import InputError, RevetError, UsageError
from revet.target.confine import KEPT, UNSET, embedded_settings, require_confined_plan
from revet.target.confine import require_confined as admit
from revet.target.modules import OVERRIDE_FILE, Module, installed_modules, read_tree
from revet.target.permits import (
    NOTHING,
    Permits,
    locked_providers,
    providers_of,
    require_as_planned,
    require_providers,
    require_provisioners,
)
from revet.target.provider_blocks import write_overrides

REGISTRY = "registry.terraform.io"
CASES = tomllib.loads((Path(__file__).parent / "hostile.toml").read_text("utf-8"))["case"]


def laid_out(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def examined(folder: Path, permits: Permits = NOTHING) -> tuple[Module, ...]:
    """All that happens to a configuration before `init`."""
    modules = read_tree(folder, "terraform", REGISTRY)
    require_providers(providers_of(modules), permits, REGISTRY, when="nothing happened")
    require_provisioners(modules, permits)
    admit(modules)
    write_overrides(modules, embedded_settings, {"local": {"path": "x"}}, [folder])
    return modules


@pytest.mark.parametrize("case", CASES, ids=[case["title"] for case in CASES])
def test_what_reaches_out_is_refused(tmp_path: Path, case: dict[str, Any]) -> None:
    laid_out(tmp_path, case["files"])
    with pytest.raises(RevetError, match=case["refused"]) as caught:
        examined(tmp_path)
    assert caught.value.where, "it says where"
    assert caught.value.do, "and what to do"
    assert not (tmp_path / OVERRIDE_FILE).exists()


def override(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / OVERRIDE_FILE).read_text())
    return content


@pytest.mark.parametrize("name", sorted(UNSET))
def test_every_argument_that_leads_elsewhere_is_unset(tmp_path: Path, name: str) -> None:
    laid_out(tmp_path, {"main.tf": f'provider "aws" {{\n  {name} = var.any\n}}\n'})
    examined(tmp_path)
    assert override(tmp_path)["provider"] == {"aws": [{name: None}]}


def test_each_configuration_is_overridden_by_its_name(tmp_path: Path) -> None:
    laid_out(
        tmp_path,
        {
            "main.tf": (
                "terraform {\n  required_providers {\n    cloud = {\n"
                '      source = "hashicorp/aws"\n    }\n  }\n}\n'
                'provider "cloud" {\n  alias = "a"\n  endpoints {\n    sts = "x"\n  }\n}\n'
                'provider "cloud" {\n  alias = "b"\n  region = "eu-west-1"\n}\n'
                'module "m" {\n  source = "./m"\n}\n'
            ),
            "b_override.tf.json": '{"provider": {"cloud": [{"alias": "b", "https_proxy": "x"}]}}',
            "m/x.tf.json": '{"provider": {"aws": {"endpoints": {"s3": "x"}, "region": "r"}}}',
        },
    )
    examined(tmp_path)
    assert override(tmp_path) == {
        "terraform": {"backend": {"local": {"path": "x"}}},
        "provider": {
            "cloud": [{"alias": "a", "endpoints": [{}]}, {"alias": "b", "https_proxy": None}]
        },
    }
    assert override(tmp_path / "m") == {"provider": {"aws": [{"endpoints": [{}]}]}}


def test_a_stale_override_goes(tmp_path: Path) -> None:
    laid_out(tmp_path, {"main.tf": 'module "m" {\n  source = "./m"\n}\n', "m/x.tf": ""})
    laid_out(tmp_path, {f"m/{OVERRIDE_FILE}": "{"})
    examined(tmp_path)
    assert not (tmp_path / "m" / OVERRIDE_FILE).exists()


def test_a_module_elsewhere_is_not_written_to(tmp_path: Path) -> None:
    files = {"a/main.tf": 'module "m" {\n  source = "../m"\n}\n', "m/x.tf": ""}
    laid_out(tmp_path, files)
    examined(tmp_path / "a")
    laid_out(tmp_path, {"m/x.tf": 'provider "aws" {\n  profile = "x"\n}\n'})
    with pytest.raises(InputError, match="outside of the working copy"):
        examined(tmp_path / "a")
    assert not (tmp_path / "m" / OVERRIDE_FILE).exists()


def test_what_the_user_allows_runs(tmp_path: Path) -> None:
    laid_out(
        tmp_path,
        {
            "main.tf": (
                "terraform {\n  required_providers {\n    x = {\n"
                '      source = "Example.com/evil/x"\n    }\n  }\n}\n'
                'data "http" "x" {}\n'
                'resource "terraform_data" "x" {\n  provisioner "local-exec" {}\n}\n'
            )
        },
    )
    allowed = ("http", "example.com/evil/x")
    examined(tmp_path, Permits(allowed, provisioners=True))
    for permits in (
        Permits(allowed[:1], provisioners=True),
        Permits(allowed[1:], provisioners=True),
        Permits(allowed),
    ):
        with pytest.raises(UsageError):
            examined(tmp_path, permits)


def test_the_refusal_names_the_option(tmp_path: Path) -> None:
    laid_out(tmp_path, {"main.tf": 'data "http" "x" {}\ndata "external" "y" {}\n'})
    with pytest.raises(UsageError) as caught:
        examined(tmp_path)
    assert caught.value.exit_code == 3
    options = "--allow-provider hashicorp/http --allow-provider hashicorp/external"
    assert options in caught.value.do


def test_modules_that_init_has_fetched_are_read_too(tmp_path: Path) -> None:
    laid_out(
        tmp_path,
        {
            "main.tf": 'module "far" {\n  source = "git::https://example.com/x"\n}\n',
            ".terraform/modules/far/main.tf": 'provider "aws" {\n  profile = "x"\n}\n',
            ".terraform/modules/modules.json": json.dumps(
                {
                    "Modules": [
                        {"Key": "", "Source": "", "Dir": "."},
                        {"Key": "far", "Source": "x", "Dir": ".terraform/modules/far"},
                    ]
                }
            ),
        },
    )
    modules = installed_modules(tmp_path, tmp_path / ".terraform", "terraform", REGISTRY)
    assert [module.address for module in modules] == ["", "module.far"]
    write_overrides(modules, embedded_settings, None, [tmp_path / ".terraform"])
    far = tmp_path / ".terraform/modules/far"
    assert override(far) == {"provider": {"aws": [{"profile": None}]}}
    (tmp_path / ".terraform/modules/modules.json").write_text("{}")
    with pytest.raises(InputError, match="list of the modules"):
        installed_modules(tmp_path, tmp_path / ".terraform", "terraform", REGISTRY)
    (tmp_path / ".terraform/modules/modules.json").unlink()
    with pytest.raises(InputError, match="list of the modules"):
        installed_modules(tmp_path, tmp_path / ".terraform", "terraform", REGISTRY)


def test_what_is_locked_is_what_would_run(tmp_path: Path) -> None:
    assert locked_providers(tmp_path) == {}
    (tmp_path / ".terraform.lock.hcl").write_text(
        '# a comment\nprovider "registry.terraform.io/evil/aws" {\n  version = "1.0.0"\n'
        '  hashes = [\n    "h1:x",\n  ]\n}\n'
    )
    locked = locked_providers(tmp_path)
    assert list(locked) == ["registry.terraform.io/evil/aws"]
    with pytest.raises(UsageError, match="does not run without your word"):
        require_providers(locked, NOTHING, REGISTRY, when="")


def test_opentofu_reads_other_files(tmp_path: Path) -> None:
    laid_out(
        tmp_path,
        {
            "a.tf": 'provider "aws" {\n  alias = "hidden"\n}\n',
            "a.tofu": 'provider "aws" {\n  alias = "shown"\n}\n',
            "b.tofu.json": '{"provider": {"aws": {"alias": "json"}}}',
            ".hidden.tf": "{",
            "backup.tf~": "{",
        },
    )

    def aliases(product: Any) -> list[str]:  # noqa: ANN401 - a literal
        [module] = read_tree(tmp_path, product, REGISTRY)
        return [block.arguments["alias"].value for block in module.of("provider")]

    assert aliases("terraform") == ["hidden"]
    assert aliases("opentofu") == ["shown", "json"]


def plan(expressions: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    entry = {"name": "aws", "full_name": f"{REGISTRY}/hashicorp/aws", "expressions": expressions}
    return {"configuration": {"provider_config": {"aws": entry}, "root_module": {}, **more}}


def test_terraform_s_own_view_is_checked_before_an_apply() -> None:
    kept = {name: {"constant_value": "x"} for name in KEPT}
    unset = {"https_proxy": {"constant_value": None}, "endpoints": [{}], "token": {}}
    require_confined_plan(plan(kept | unset))
    for wrong in (
        {"https_proxy": {"constant_value": "x"}},
        {"https_proxy": {"references": ["var.x"]}},
        {"endpoints": [{"sts": {"constant_value": "x"}}]},
        {"endpoints": [{}, {"sts": {"references": ["var.x"]}}]},
        {"phone_home": {"constant_value": False}},
    ):
        with pytest.raises(InputError, match="not confined"):
            require_confined_plan(plan(kept | wrong))


def test_the_plan_s_own_providers_and_provisioners_are_checked() -> None:
    require_as_planned(plan({}), NOTHING, REGISTRY)
    evil = {"provider_config": {"x": {"name": "x", "full_name": f"{REGISTRY}/evil/aws"}}}
    inner = {"resources": [{"address": "terraform_data.x", "provisioners": [{"type": "file"}]}]}
    nested = {"root_module": {"module_calls": {"m": {"module": inner}}}}
    changes = {"resource_changes": [{"address": "x.y", "provider_name": f"{REGISTRY}/evil/x"}]}
    for wrong in (plan({}, **evil), plan({}, **nested), plan({}) | changes):
        with pytest.raises(UsageError):
            require_as_planned(wrong, NOTHING, REGISTRY)
    with pytest.raises(InputError, match="what it was made of"):
        require_as_planned({}, NOTHING, REGISTRY)
