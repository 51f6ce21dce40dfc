from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest

from revet.synth import new_app, synth

sys.path.insert(0, str(Path(__file__).parents[3]))  # `lib` and `scripts` lie beside `src`


class MakeTap(Protocol):
    def __call__(self, **arguments: Any) -> Mapping[str, Any]: ...  # noqa: ANN401 - as TapStack


@pytest.fixture
def make_tap(tmp_path: Path) -> MakeTap:
    from lib.tap_stack import TapStack  # noqa: PLC0415 - needs the path

    def make(**arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as TapStack
        app = new_app(tmp_path)
        TapStack(app, "TapStack", **arguments)
        return synth(app).stacks["TapStack"].json

    return make
