from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from scripts import update_iam_reference

from revet.iam.reference.tables import data_folder

KINDS = ("actions", "resourceTypes", "conditionKeys")


def action(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "description": "left out",
        "accessLevel": "Read",
        "resourceTypes": [],
        "conditionKeys": [],
        "dependentActions": [],
    }


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the frozen data for the script to write to."""
    copy = tmp_path / "data"
    shutil.copytree(update_iam_reference.DATA, copy)
    monkeypatch.setattr(update_iam_reference, "DATA", copy)
    return copy


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """Service data of an earlier day: a service that is gone, an action that `sts` has lost."""
    folder = tmp_path / "older"
    for kind in KINDS:
        (folder / kind).mkdir(parents=True)
    names = {"oldservice": "Old Service", "sts": "AWS Security Token Service"}
    (folder / "serviceNames.json").write_text(json.dumps(names))
    (folder / "metadata.json").write_text(json.dumps({"updatedAt": "2026-09-01T00:00:00.000Z"}))
    rows = {
        ("oldservice", "actions"): {"getthing": action("GetThing")},
        ("sts", "actions"): {"oldaction": action("OldAction"), "assumerole": action("AssumeRole")},
    }
    for prefix in names:
        for kind in KINDS:
            text = json.dumps(rows.get((prefix, kind), {}))
            (folder / kind / f"{prefix}.json").write_text(text)
    return folder


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr("sys.argv", ["update_iam_reference.py", *arguments])
    update_iam_reference.main()


def read(path: Path) -> Any:  # noqa: ANN401 - JSON has no narrower type
    return json.loads(path.read_bytes())


def test_what_is_gone_is_kept(
    data: Path, older: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "--before", str(older))
    printed = capsys.readouterr().out
    assert "+ retired service oldservice: Old Service, last seen 2026-09-01" in printed
    assert "+ retired action sts:OldAction: last seen 2026-09-01" in printed
    entry = read(data / "retired_services.json")["services"]["oldservice"]
    assert (entry["name"], entry["last_seen"]) == ("Old Service", "2026-09-01")
    kept = read(data / "retired/oldservice.json")
    assert kept["actions"]["getthing"]["name"] == "GetThing"
    assert "description" not in kept["actions"]["getthing"]
    actions = read(data / "retired_actions.json")["actions"]
    assert actions["sts:OldAction"] == "2026-09-01"
    assert "sts:AssumeRole" not in actions


def test_what_is_back_is_dropped(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = data / "retired_services.json"
    frozen = read(path)
    frozen["services"]["s3"] = {"name": "S3", "last_seen": "2026", "source": "", "accepted": ""}
    path.write_text(json.dumps(frozen))
    actions = read(data / "retired_actions.json")
    actions["actions"]["s3:GetObject"] = "2026-09-01"
    (data / "retired_actions.json").write_text(json.dumps(actions))
    run(monkeypatch)
    printed = capsys.readouterr().out
    assert "- retired service s3: it is back" in printed
    assert "- retired action s3:GetObject: it is back" in printed
    assert "s3" not in read(path)["services"]


def test_with_the_installed_data_nothing_changes(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.read_bytes() for path in data.glob("*.json")}
    run(monkeypatch, "--before", str(data_folder()))
    printed = capsys.readouterr().out.splitlines()
    assert [line for line in printed if line[0] in "+-~"] == []
    changed = [path.name for path in data.glob("*.json") if before[path.name] != path.read_bytes()]
    assert changed == []
