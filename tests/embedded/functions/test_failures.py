"""How failures of functions are told: cases in `cases/function_failures.toml`."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.embedded.functions.deployed import Deployed

CASES = tomllib.loads(
    (Path(__file__).parents[1] / "cases" / "function_failures.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_failure_is_told_as_lambda_tells_it(case: dict[str, Any], deployed: Deployed) -> None:
    settings = {"Timeout": case["timeout"]} if "timeout" in case else {}
    name = deployed.function(
        "f", case["code"], Handler=case.get("handler", "index.handler"), **settings
    )
    answer, error = deployed.call(name)
    assert error == "Unhandled"
    assert answer["errorType"] == case["type"]
    assert re.fullmatch(case["message"], answer["errorMessage"], re.DOTALL)
    log = "\n".join(deployed.logged("f"))
    assert re.search(case["log"], log)
    assert not re.search("revet|site-packages", log)
    assert [line.split()[0] for line in deployed.logged("f")][-2:] == ["END", "REPORT"]


@pytest.mark.parametrize(
    ("code", "last"),
    [("if event: raise ValueError", 3), ("if event: import os; os._exit(1)", 1)],
    ids=["raised", "ended"],
)
def test_a_process_outlives_what_its_handler_raises(
    code: str, last: int, deployed: Deployed
) -> None:
    source = (
        f"count = 0\ndef handler(event, context):\n    global count\n    count += 1\n    {code}\n"
    )
    name = deployed.function("f", source + "    return count\n")
    assert deployed.call(name) == (1, "")
    _, error = deployed.call(name, {"fail": True})
    assert error == "Unhandled"
    assert deployed.call(name) == (last, "")


def test_what_a_function_has_started_ends_with_it(deployed: Deployed) -> None:
    code = """
import os, subprocess, sys, threading
def handler(event, context):
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.write(writer, b"x")
        threading.Event().wait()
    os.read(reader, 1)
    print(os.getpgrp())
    threading.Event().wait()
"""
    name = deployed.function("f", code, Timeout=1)
    answer, _ = deployed.call(name)
    assert answer["errorType"] == "Sandbox.Timedout"
    group = int(deployed.printed("f")[0])
    alive = [
        path.name
        for path in Path("/proc").glob("[0-9]*")
        if path.joinpath("stat").exists() and _group(path) == group
    ]
    assert alive == []


def _group(process: Path) -> int | None:
    try:
        fields = process.joinpath("stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[2])
