"""The picture shows the rooms that the import contract has."""

from __future__ import annotations

from scripts import update_docs_architecture as architecture


def test_the_picture_is_current() -> None:
    assert architecture.PICTURE.read_text() == architecture.draw()


def test_every_room_says_what_it_is() -> None:
    assert {room for line in architecture.layers() for room in line} == set(architecture.SAYS)
