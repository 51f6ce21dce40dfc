from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest

from lib.tap_stack import TapStack
from revet.synth import new_app, synth


class MakeTap(Protocol):
    def __call__(self, **arguments: Any) -> Mapping[str, Any]: ...  # noqa: ANN401 - as TapStack


@pytest.fixture
def make_tap(tmp_path: Path) -> MakeTap:
    def make(**arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as TapStack
        app = new_app(tmp_path)
        TapStack(app, "TapStack", **arguments)
        return synth(app).stacks["TapStack"].json

    return make
