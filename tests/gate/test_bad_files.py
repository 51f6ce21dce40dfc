"""Files that steer the gate: what is misspelt or of the wrong kind never steers it silently."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from revet.cli.project import load_project
from revet.gate.baseline import load_baseline
from revet.gate.requirements import load_requirements
from revet.gate.waivers import load_waivers
from revet.model.errors import ConfigError

READERS: dict[str, Callable[[Path], object]] = {
    "waivers": load_waivers,
    "baseline": load_baseline,
    "requirements": load_requirements,
    "revet": load_project,
}
ROW = '[[requirement]]\nid = "A-1"\ntext = "t"\njudged = ["P"]\n'
WAIVER = '[[waiver]]\ncontrol = "a-b"\naddress = "*"\nreason = "r"\nowner = "o"\n'
WRONG = [
    ("waivers", WAIVER + 'adress = "aws_s3_bucket.a"\n', "did you mean `address`?"),
    ("waivers", WAIVER + 'finger_print = "0123456789abcdef"\n', "did you mean `fingerprint`?"),
    ("waivers", WAIVER + 'fingerprint = ""\n', "cover every finding"),
    ("waivers", WAIVER.replace('"r"', '" "'), "no `reason`"),
    ("waivers", WAIVER.replace('"*"', '["*"]'), "`address = ['*']`"),
    ("waivers", WAIVER + 'address = "b"\n', "Cannot overwrite"),
    ("waivers", '[[wavier]]\ncontrol = "a"\n', "did you mean `waiver`?"),
    ("waivers", "waiver = 1\n", "`waiver = 1`"),
    ("waivers", WAIVER + "expires = 2026-02-30\n", "Invalid"),
    ("baseline", 'controls = ["*"]\nwithot = ["a-b"]\n', "did you mean `without`?"),
    ("baseline", 'controls = "*"\n', "`controls = '*'`"),
    ("baseline", "controls = [1]\n", "[1]"),
    ("baseline", 'controls = ["*"]\nwithout = [""]\n', "['']"),
    ("baseline", 'controls = ["*"]\nsettings = [1]\n', "`settings = [1]`"),
    ("requirements", "requirement = 5\n", "`requirement = 5`"),
    ("requirements", "requirement = [5]\n", "`5`"),
    ("requirements", ROW + 'control = ["a-b"]\n', "did you mean `controls`?"),
    ("requirements", ROW + "controls = [1]\n", "`controls = [1]`"),
    ("requirements", ROW.replace('["P"]', "[[]]"), "`judged = [[]]`"),
    ("requirements", "settings = 3\n" + ROW, "`settings = 3`"),
    ("requirements", ROW.replace('"t"', '"  "'), "no `text`"),
    ("revet", 'fail-on = "low"\n', "did you mean `fail_on`?"),
    ("revet", 'failon = "low"\n', "did you mean `fail_on`?"),
    ("revet", 'fail_on = "hihg"\n', "`fail_on = 'hihg'`"),
    ("revet", "fail_on = true\n", "`fail_on = True`"),
    ("revet", 'fail_on = ["low"]\n', "`fail_on = ['low']`"),
    ("revet", 'account = "١٢٣٤٥٦٧٨٩٠١٢"\n', "twelve digits"),
    ("revet", 'fail_on = "low"\nfail_on = "none"\n', "Cannot overwrite"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "said"), WRONG)
def test_what_is_wrong_is_refused(kind: str, text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / f"{kind}.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        READERS[kind](path)
    error = caught.value
    assert said in f"{error.got} {error.expected} {error.do}"


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize(
    "data",
    [
        b"a = \xff\n",
        "a = 1\n".encode("utf-16"),
        b"\xef\xbb\xbfa = 1\n",
        b"a = " + b"[" * 5000,
        b"a = " + b"7" * 5000 + b"\n",
        b"a = 1\na = 2\n",
        b"a = 2026-13-01\n",
        b"\x00",
    ],
    ids=["latin", "utf-16", "mark", "deep", "long", "twice", "date", "zero"],
)
def test_what_is_not_toml_is_refused(kind: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"{kind}.toml"
    path.write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        READERS[kind](path)
    assert "TOML" in caught.value.what
    assert str(path) in caught.value.where


@pytest.mark.parametrize("date", ["20261231", "2026-W53-4", "2026-1-1", "31.12.2026", "2026-02-30"])
def test_a_date_in_another_form_counts_as_expired(date: str, tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(f'{WAIVER}expires = "{date}"\n', encoding="utf-8")
    assert load_waivers(path)[0].flaw
