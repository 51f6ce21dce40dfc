from __future__ import annotations

from typing import Any

import pytest

from revet.synth.lossy_dictionaries import lost_keys


def struct(**data: Any) -> dict[str, Any]:  # noqa: ANN401 - a wire value
    return {"$jsii.struct": {"fqn": "x", "data": data}}


def table(**data: Any) -> dict[str, Any]:  # noqa: ANN401 - a wire value
    return {"$jsii.map": data}


CASES: dict[str, tuple[list[Any], list[tuple[str, list[str]]]]] = {
    "a dictionary in a list": (
        [None, "id", struct(eventSelector=[table(read_write_type="All")])],
        [("eventSelector[0]", ["read_write_type"])],
    ),
    "only the second one": (
        [struct(rule=[struct(x=1), table(a_b=1, c=2)])],
        [("rule[1]", ["a_b"])],
    ),
    "inside an object inside a list": (
        [struct(rule=[struct(filter=[table(object_size=1)])])],
        [("rule[0].filter[0]", ["object_size"])],
    ),
    "a dictionary inside a dictionary inside a list": (
        [struct(rule=[table(name="x", filter=table(object_size=1))])],
        [("rule[0].filter", ["object_size"])],
    ),
    "free-form tags inside a dictionary inside a list": (
        [struct(spec=[table(name="x", tags=table(cost_center="1"))])],
        [],
    ),
    "one word survives": ([struct(filter=[table(name="a", values=["b"])])], []),
    "free-form tags survive": ([struct(tags=table(cost_center="1"))], []),
    "a dictionary outside a list is checked by jsii": ([struct(rule=table(a_b=1))], []),
    "a list of free-form maps": ([struct(resourceTags=[table(cost_center="1")])], []),
    "lists of texts": ([struct(names=["a_b"])], []),
    "nothing": ([None], []),
}


@pytest.mark.parametrize("case", CASES)
def test_lost_keys(case: str) -> None:
    sent, expected = CASES[case]
    found = [found for argument in sent for found in lost_keys(argument)]
    assert found == expected


def test_exemptions_are_the_provider_s_lists_of_maps() -> None:
    import pathlib  # noqa: PLC0415 - only here
    import re  # noqa: PLC0415 - only here

    import cdktn_provider_aws  # noqa: PLC0415 - starts Node

    from revet.synth.lossy_dictionaries import _MAPS_IN_LISTS  # noqa: PLC0415 - goes with the above

    pattern = re.compile(
        r"^        (\w+): .*Sequence\[typing\.Mapping\[builtins\.str", re.MULTILINE
    )
    found = set()
    for path in pathlib.Path(cdktn_provider_aws.__path__[0]).glob("*/__init__.py"):
        text = path.read_text()
        if "Sequence[typing.Mapping[builtins.str" in text:
            found.update(pattern.findall(text))
    camel = {re.sub(r"_(\w)", lambda m: m[1].upper(), name) for name in found}
    assert camel - {"value"} == _MAPS_IN_LISTS
