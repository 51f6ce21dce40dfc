"""The figures of the house count what they say, over a house of a few files."""

from __future__ import annotations

from scripts.measure_house import figures

HOUSE = {
    "src/revet/__init__.py": "",
    "src/revet/gate/__init__.py": "",
    "src/revet/gate/first.py": "from revet.gate import second\nfrom revet.plan.third import x\n\n",
    "src/revet/gate/second.py": "from revet.gate.first import x\n",
    "src/revet/plan/third.py": "def x() -> None:\n    import json\n",
    "src/revet/gate/controls/s3/bucket_key.py": '"""One."""\n',
    "tests/gate/test_first.py": "assert True\n\nassert 's3-bucket-key'\n",
    "tests/gate/cases/s3/bucket_key.toml": "# s3-bucket-keys are others\n",
    "tests/iam/validate/cases/EMPTY_SID.toml": "",
    "src/revet/iam/sids.py": "def empty_sid() -> None:\n    'x'\n",
}


def test_lines_arrows_and_circles() -> None:
    found = figures(HOUSE)
    assert found["source lines"] == sum((2, 1, 2, 1, 2))
    assert found["test lines"] == len(("one", "two"))
    assert found["  gate: files"] == len(("init", "first", "second", "control"))
    assert found["files under 40 lines"] == len(("first", "second", "third", "control", "sids"))
    assert found["arrows between rooms"] == 1
    assert found["circles of modules"] == 1
    assert found["imports inside of functions"] == 1


def test_files_that_name_a_thing() -> None:
    found = figures(HOUSE)
    assert found["files that name one control, median"] == 1
    assert found["files that name one finding code, median"] == 1
