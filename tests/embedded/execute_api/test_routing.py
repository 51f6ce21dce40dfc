"""The resource that a path is of: what is written out first, then names, then the rest."""

from __future__ import annotations

import pytest

from revet.embedded.execute_api.deployed import Resource
from revet.embedded.execute_api.routing import find_route

PATHS = (
    "/",
    "/pets",
    "/pets/{id}",
    "/pets/mine",
    "/pets/{id}/toys",
    "/pets/{id}/{toy}",
    "/files/{path+}",
    "/files/index",
    "/a/{x}/c",
    "/a/b/{rest+}",
)
RESOURCES = [
    Resource(
        path, path, {"GET": {"m": "GET"}, "ANY": {"m": "ANY"}} if path == "/pets" else {"GET": {}}
    )
    for path in PATHS
]


@pytest.mark.parametrize(
    ("asked", "path", "parameters"),
    [
        ("", "/", {}),
        ("/", "/", {}),
        ("/pets", "/pets", {}),
        ("/pets/", "/pets", {}),
        ("/pets/7", "/pets/{id}", {"id": "7"}),
        ("/pets/mine", "/pets/mine", {}),
        ("/pets/a%2Fb", "/pets/{id}", {"id": "a/b"}),
        ("/pets/a%20b", "/pets/{id}", {"id": "a b"}),
        ("/pets/7/toys", "/pets/{id}/toys", {"id": "7"}),
        ("/pets/7/ball", "/pets/{id}/{toy}", {"id": "7", "toy": "ball"}),
        ("/pets/mine/toys", "/pets/{id}/toys", {"id": "mine"}),
        ("/files/a", "/files/{path+}", {"path": "a"}),
        ("/files/a/b/c", "/files/{path+}", {"path": "a/b/c"}),
        ("/files/index", "/files/index", {}),
        ("/a/b/c", "/a/b/{rest+}", {"rest": "c"}),
        ("/a/z/c", "/a/{x}/c", {"x": "z"}),
    ],
)
def test_a_path_has_its_resource(asked: str, path: str, parameters: dict[str, str]) -> None:
    for resources in (RESOURCES, RESOURCES[::-1]):
        found = find_route(resources, asked, "GET")
        assert found is not None
        assert (found.resource.path, found.parameters) == (path, parameters)


@pytest.mark.parametrize(
    "asked", ["/other", "/pets/7/toys/x", "/files", "/pets//", "//pets", "/a", "/PETS"]
)
def test_a_path_without_a_resource_has_none(asked: str) -> None:
    assert find_route(RESOURCES, asked, "GET") is None


@pytest.mark.parametrize(
    ("path", "method", "found"),
    [("/pets", "GET", {"m": "GET"}), ("/pets", "POST", {"m": "ANY"}), ("/pets/7", "POST", None)],
)
def test_a_method_goes_before_any(path: str, method: str, found: object) -> None:
    route = find_route(RESOURCES, path, method)
    assert route is not None
    assert route.method == found
