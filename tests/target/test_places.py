import json
from pathlib import Path

from revet.target.diagnostics import synthesized_places


def test_hand_written_configuration_has_none(tmp_path: Path) -> None:
    (tmp_path / "main.tf").touch()
    assert synthesized_places(tmp_path) == {}


def test_paths_come_from_the_synthesis(tmp_path: Path) -> None:
    resource = {"//": {"metadata": {"path": "tap/data/key", "uniqueId": "key"}}}
    configuration = {"resource": {"aws_kms_key": {"key": resource}}}
    (tmp_path / "cdk.tf.json").write_text(json.dumps(configuration))
    found = synthesized_places(tmp_path)
    assert {address: place.construct_path for address, place in found.items()} == {
        "aws_kms_key.key": "tap/data/key"
    }


def test_what_cannot_be_read_is_left_to_terraform(tmp_path: Path) -> None:
    (tmp_path / "cdk.tf.json").write_text("{")
    assert synthesized_places(tmp_path) == {}
