"""What a user reads of a program that fails: what is wrong, where, and what was meant."""

from __future__ import annotations

import runpy
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from revet.model import errors
from revet.synth import new_app
from revet.synth.diagnosis import describe

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "cases.toml").read_text("utf-8")
)["case"]
PARTS = ("what", "got", "expected", "do")


@pytest.fixture
def own_modules() -> Iterator[None]:
    """The modules of a case are gone after it."""
    path, known = list(sys.path), set(sys.modules)
    hidden = sys.modules.get("cdktn_provider_aws")
    yield
    sys.path[:] = path
    for name in set(sys.modules) - known:
        if not name.startswith(("cdktn", "constructs", "revet", "jsii", "publication")):
            del sys.modules[name]
    if hidden is not None:
        sys.modules["cdktn_provider_aws"] = hidden


def test_names_of_cases_differ() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.usefixtures("own_modules")
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_is_said_of_a_program(
    case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    for name, text in case.get("files", {}).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    program = tmp_path / "app.py"
    program.write_text(case["program"].removeprefix("\n"), encoding="utf-8")
    import cdktn  # noqa: PLC0415 - starts Node

    app = new_app(tmp_path / "out")
    names = {"APP": app, "STACK": cdktn.TerraformStack(app, "case")}
    if any(name.startswith("cdktn_provider") for name in case.get("files", {})):
        monkeypatch.delitem(sys.modules, "cdktn_provider_aws", raising=False)
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - whatever a program may raise
        runpy.run_path(str(program), init_globals=names, run_name="__main__")
    said = describe(caught.value, str(program))
    where = case.get("where") or f"app.py:{case['line']}"
    assert said["where"].endswith(str(tmp_path / where)), said
    for part in PARTS:
        assert case.get(part, "") in said[part], said
    kind = getattr(errors, said["class"])
    assert kind.__name__ == case.get("class", "ProgramError")
    assert kind.exit_code == 3
    text = "\n".join(said.values())
    assert "Traceback" not in text
    assert "\n    at " not in text
