"""What the catalogue finds, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from revet.gate import catalog as room
from revet.gate.catalog import OWN_CONTROLS, Control, control_id, load_catalog
from revet.model.errors import CatalogError
from revet.model.finding import Severity

FILE = '''
from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant
from revet.plan import Inventory, Resource


@control(
    title={title!r},
    severity={severity},
    resource={resource!r},
    required="something is on",
    impact="something bad",
    fix="something = true",
)
def rule({parameters}) -> Outcome:
    """Say yes."""
    return compliant()
'''
GOOD = {
    "title": "the good state",
    "severity": "Severity.LOW",
    "resource": "aws_s3_bucket",
    "parameters": "resource: Resource, inventory: Inventory",
}


def write(folder: Path, name: str = "own/thing", fields: dict[str, object] | None = None) -> Path:
    path = folder / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(FILE.format(**{**GOOD, **(fields or {})}))
    return path


def test_finds_every_file_of_ours() -> None:
    files = {control_id(p) for p in OWN_CONTROLS.glob("*/*.py") if p.name != "__init__.py"}
    assert set(load_catalog()) == files
    assert "s3-bucket-versioning" in files


def test_ids_are_sorted() -> None:
    assert list(load_catalog()) == sorted(load_catalog())


def test_reads_a_folder_of_the_user(tmp_path: Path) -> None:
    write(tmp_path)
    found = load_catalog(tmp_path)["own-thing"]
    assert found.meta.severity is Severity.LOW
    assert found.meta.resources == ("aws_s3_bucket",)


def test_only_what_is_wanted_is_imported() -> None:
    script = dedent("""
        import sys
        from revet.gate.catalog import load_catalog
        assert list(load_catalog(only=["kms-key-alias"])) == ["kms-key-alias"]
        named = [name for name in sys.modules if name.startswith("revet.gate.controls.")]
        assert sorted(named) == ["revet.gate.controls.kms", "revet.gate.controls.kms.key_alias"]
    """)
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_prover_is_not_loaded_before_a_policy_needs_a_proof() -> None:
    script = "import sys, revet.gate.catalog as c; c.load_catalog(); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    assert "revet.gate.controls.iam.public_access" in loaded
    assert "revet.iam.prove.search" not in loaded


def test_settings_are_read_from_the_signature(tmp_path: Path) -> None:
    parameters = (
        "resource: Resource, inventory: Inventory, *, days: int = 90, on: bool = False, "
        "word: str = 'x', keys: tuple[str, ...] = ('a',), must: int"
    )
    write(tmp_path, fields={"parameters": parameters})
    found: Control = load_catalog(tmp_path)["own-thing"]
    assert found.meta.settings == {
        "days": 90, "on": False, "word": "x", "keys": ("a",), "must": None,
    }  # fmt: skip
    assert found.settings["keys"].type_name == "list of strings"
    assert [name for name, setting in found.settings.items() if setting.required] == ["must"]


@pytest.mark.parametrize(
    ("fields", "got"),
    [
        ({"title": ""}, "an empty `title`"),
        ({"severity": "'high'"}, "severity `high`"),
        ({"parameters": "resource: Resource"}, "a rule that takes `resource`"),
        ({"resource": None}, "a rule that takes `resource`, `inventory`"),
        (
            {"parameters": "resource: Resource, inventory: Inventory, *, x: float = 1.0"},
            "the setting `x:",
        ),
        (
            {"parameters": "resource: Resource, inventory: Inventory, *, x: list[str]"},
            "the setting `x:",
        ),
        (
            {"parameters": "resource: Resource, inventory: Inventory, *, x: int = True"},
            "the default of `x:",
        ),
        (
            {"parameters": "resource: Resource, inventory: Inventory, *, x: int = '1'"},
            "the default of `x:",
        ),
        ({"parameters": "resource: Resource, inventory: Inventory, *x: int"}, "the setting `*x:"),
    ],
)
def test_refuses_what_breaks_the_rules(tmp_path: Path, fields: dict[str, object], got: str) -> None:
    path = write(tmp_path, fields=fields)
    with pytest.raises(CatalogError) as caught:
        load_catalog(tmp_path)
    assert caught.value.where == str(path)
    assert got in caught.value.got


def test_refuses_two_rules_in_a_file(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text() + "\nsecond = rule\n")
    with pytest.raises(CatalogError, match="breaks the rules") as caught:
        load_catalog(tmp_path)
    assert caught.value.got == "2 rules"


def test_refuses_a_file_without_rule(tmp_path: Path) -> None:
    write(tmp_path).write_text("x = 1\n")
    with pytest.raises(CatalogError) as caught:
        load_catalog(tmp_path)
    assert caught.value.got == "0 rules"


def test_refuses_a_file_that_does_not_import(tmp_path: Path) -> None:
    write(tmp_path).write_text("import no_such_module_at_all\n")
    with pytest.raises(CatalogError) as caught:
        load_catalog(tmp_path)
    assert "ModuleNotFoundError" in caught.value.got


def test_refuses_an_id_that_stands_twice(tmp_path: Path) -> None:
    write(tmp_path, "s3/bucket_versioning")
    with pytest.raises(CatalogError, match="two controls with one id"):
        load_catalog(tmp_path)


def test_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no such folder"):
        load_catalog(tmp_path / "nowhere")


def test_an_empty_catalogue_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CatalogError, match="the catalogue is empty"):
        load_catalog(only=["no-such-control"])
    monkeypatch.setattr(room, "OWN_CONTROLS", tmp_path)
    with pytest.raises(CatalogError, match="the catalogue is empty"):
        load_catalog()
