"""Invoke: what it takes, answers and refuses, and where functions write their output."""

import base64
import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.embedded.functions.deployed import ACCOUNT, ECHO, LOGS, Deployed, zipped

WHICH = """
import os
def handler(event, context):
    return [os.environ["AWS_LAMBDA_FUNCTION_VERSION"], context.function_version,
            context.invoked_function_arn, os.environ.get("WORD")]
"""
REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "no-function": ({"FunctionName": "no-such"}, "ResourceNotFoundException", "function:no-such$"),
    "no-alias": ({"Qualifier": "live"}, "ResourceNotFoundException", ":live$"),
    "no-version": ({"Qualifier": "7"}, "ResourceNotFoundException", ":7$"),
    "not-json": ({"Payload": b"{"}, "InvalidRequestContentException", "Could not parse request"),
    "too-large": (
        {"Payload": b'"' + b"x" * 6_300_000 + b'"'},
        "RequestTooLargeException",
        "6291456",
    ),
    "too-large-later": (
        {"Payload": b'"' + b"x" * 1_100_000 + b'"', "InvocationType": "Event"},
        "RequestTooLargeException",
        "1048576",
    ),
    "context": ({"ClientContext": "!"}, "InvalidRequestContentException", "Base64-encoded JSON"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=list(REFUSED))
def test_what_is_wrong_with_an_invocation_is_named(
    case: tuple[dict[str, Any], str, str], deployed: Deployed
) -> None:
    asked, code, message = case
    name = deployed.function("f", ECHO)
    with pytest.raises(ClientError, match=message) as caught:
        deployed.functions.invoke(**{"FunctionName": name, **asked})
    assert caught.value.response["Error"]["Code"] == code


@pytest.mark.parametrize("named", ["name", "arn", "short"])
def test_a_function_is_found_by_each_of_its_names(named: str, deployed: Deployed) -> None:
    name = deployed.function("f", WHICH)
    names = {"name": name, "arn": deployed.arn("f"), "short": f"{ACCOUNT}:function:{name}"}
    version = deployed.functions.publish_version(FunctionName=name)["Version"]
    deployed.functions.create_alias(FunctionName=name, Name="live", FunctionVersion=version)
    deployed.functions.update_function_configuration(
        FunctionName=name, Environment={"Variables": {"WORD": "new"}}
    )
    arn = deployed.arn("f")
    latest = ["$LATEST", "$LATEST", arn, "new"]
    assert deployed.call(names[named]) == (latest, "")
    assert deployed.call(f"{names[named]}:live")[0] == [version, version, f"{arn}:live", None]
    assert deployed.call(name, Qualifier=version)[0] == [version, version, f"{arn}:{version}", None]


def test_a_dry_run_runs_nothing(deployed: Deployed) -> None:
    name = deployed.function("f", ECHO)
    answer = deployed.functions.invoke(FunctionName=name, InvocationType="DryRun")
    assert answer["StatusCode"] == 204
    assert deployed.printed("f") == []


def test_nothing_runs_where_no_concurrency_is_left(deployed: Deployed) -> None:
    name = deployed.function("f", ECHO)
    deployed.functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    with pytest.raises(ClientError) as caught:
        deployed.call(name)
    assert caught.value.response["Error"]["Code"] == "TooManyRequestsException"
    shown = deployed.functions.get_function(FunctionName=name)["Concurrency"]
    assert shown == {"ReservedConcurrentExecutions": 0}
    deployed.functions.delete_function_concurrency(FunctionName=name)
    assert deployed.call(name, {"a": 1}) == ({"a": 1}, "")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"Runtime": "nodejs20.x"},
            "functions in Python only, and .* has the runtime `nodejs20.x`",
        ),
        ({"Runtime": "provided.al2023"}, "has the runtime `provided.al2023`"),
        ({"Runtime": "java21"}, "has the runtime `java21`"),
    ],
    ids=["node", "own", "java"],
)
def test_what_cannot_be_run_is_named(
    settings: dict[str, str], message: str, deployed: Deployed
) -> None:
    name = deployed.function("f", ECHO, **settings)
    for kind in ("RequestResponse", "Event"):
        with pytest.raises(ClientError, match=message) as caught:
            deployed.functions.invoke(FunctionName=name, InvocationType=kind)
        assert caught.value.response["Error"]["Code"] == "EmbeddedAwsNotImplemented"


def test_a_role_that_lambda_cannot_assume_is_named(deployed: Deployed) -> None:
    role = deployed.role("other", service="ec2.amazonaws.com")
    name = deployed.function("f", ECHO, Role=role)
    with pytest.raises(ClientError, match="cannot be assumed by Lambda"):
        deployed.call(name)


def test_calls_of_a_function_are_decided_by_its_role(deployed: Deployed) -> None:
    code = "import boto3\ndef handler(event, context):\n"
    code += "    return len(boto3.client('s3').list_buckets()['Buckets']) >= 0\n"
    name = deployed.function("f", code)
    answer, error = deployed.call(name)
    assert error == "Unhandled"
    assert "not authorized to perform: s3:ListAllMyBuckets" in answer["errorMessage"]
    deployed.allow("f", "s3:ListAllMyBuckets", *LOGS)
    assert deployed.call(name) == (True, "")


def test_a_process_keeps_what_its_modules_hold_and_is_left_when_the_function_changes(
    deployed: Deployed,
) -> None:
    code = "calls = []\ndef handler(event, context):\n    calls.append(1)\n    return len(calls)\n"
    name = deployed.function("f", code)
    assert [deployed.call(name)[0] for _ in range(3)] == [1, 2, 3]
    deployed.functions.update_function_configuration(FunctionName=name, Timeout=20)
    assert deployed.call(name)[0] == 1
    deployed.functions.update_function_code(
        FunctionName=name, ZipFile=zipped({"index.py": "def handler(event, context): return 'new'"})
    )
    assert deployed.call(name)[0] == "new"


def test_the_log_has_lambdas_lines_and_what_was_printed(deployed: Deployed) -> None:
    code = """
import logging, os, subprocess, sys
def handler(event, context):
    print("printed")
    print("error", file=sys.stderr)
    os.write(1, b"written\\n")
    logging.warning("warned")
    logging.info("not shown")
    print("no line end", end="")
    return context.aws_request_id
"""
    name = deployed.function("f", code)
    answer = deployed.functions.invoke(FunctionName=name, LogType="Tail")
    request = json.loads(answer["Payload"].read())
    lines = deployed.logged("f")
    assert lines[0] == f"START RequestId: {request} Version: $LATEST"
    assert lines[1:4] == ["printed", "error", "written"]
    assert re.fullmatch(rf"\[WARNING\]\t[0-9T:.-]+Z\t{request}\twarned", lines[4])
    assert lines[5] == "no line end"
    assert lines[6] == f"END RequestId: {request}"
    assert re.fullmatch(
        rf"REPORT RequestId: {request}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\t"
        r"Memory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\t",
        lines[7],
    )
    tail = base64.b64decode(answer["LogResult"]).decode()
    assert [line for line in tail.split("\n") if line] == lines


def test_the_tail_of_a_log_is_its_last_four_kibibytes(deployed: Deployed) -> None:
    name = deployed.function("f", "def handler(event, context): print('x' * 10_000)")
    answer = deployed.functions.invoke(FunctionName=name, LogType="Tail")
    tail = base64.b64decode(answer["LogResult"]).decode()
    assert len(tail) == 4096
    assert tail.startswith("xxx")
    assert "LogResult" not in deployed.functions.invoke(FunctionName=name)


@pytest.mark.parametrize("missing", LOGS)
def test_a_log_is_written_only_as_the_role_may(missing: str, deployed: Deployed) -> None:
    role = deployed.role("r", *(action for action in LOGS if action != missing))
    name = deployed.function("f", ECHO, Role=role)
    assert deployed.call(name, {"a": 1}) == ({"a": 1}, "")
    assert deployed.logged("f") == []
    kinds = [kind for kind, message in deployed.notes("f") if missing in message]
    assert kinds == ["logs not written"]


def test_a_log_group_that_was_deleted_is_made_again(deployed: Deployed) -> None:
    name = deployed.function("f", ECHO)
    deployed.call(name, {"a": 1})
    deployed.logs.delete_log_group(logGroupName=f"/aws/lambda/{name}")
    deployed.call(name, {"a": 2})
    assert deployed.printed("f") == ['{"a": 2}']


def test_a_function_writes_into_the_log_group_that_it_names(deployed: Deployed) -> None:
    group = f"/own/{deployed.prefix}"
    name = deployed.function("f", ECHO, LoggingConfig={"LogFormat": "Text", "LogGroup": group})
    deployed.call(name, {"a": 1})
    assert '{"a": 1}' in deployed.logged("f", group)
    assert deployed.logged("f") == []


def test_layers_and_own_copies_of_libraries_come_before_what_lambda_has(
    deployed: Deployed,
) -> None:
    layer = deployed.functions.publish_layer_version(
        LayerName=deployed.name("layer"),
        Content={"ZipFile": zipped({"python/shared.py": "WORD = 'layer'"})},
    )
    code = "import shared, jmespath, s3transfer\ndef handler(event, context):\n"
    code += "    return [shared.WORD, jmespath.OWN, s3transfer.__name__]\n"
    files = {"index.py": code, "jmespath/__init__.py": "OWN = 'package'"}
    name = deployed.function("f", files, Layers=[layer["LayerVersionArn"]])
    assert deployed.call(name) == (["layer", "package", "s3transfer"], "")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (b"not a zip", "Could not unzip uploaded file"),
        (zipped({"../outside.py": "x"}), "the package holds `../outside.py`"),
        (zipped({"/etc/outside.py": "x"}), "the package holds `/etc/outside.py`"),
    ],
    ids=["not-zip", "above", "absolute"],
)
def test_a_package_that_cannot_be_unpacked_is_named(
    files: bytes, message: str, deployed: Deployed
) -> None:
    name = deployed.function("f", ECHO, Code={"ZipFile": files})
    with pytest.raises(ClientError, match=re.escape(message)):
        deployed.call(name)


def test_the_context_is_that_of_lambda(deployed: Deployed) -> None:
    code = """
def handler(event, context):
    left = context.get_remaining_time_in_millis()
    return [context.function_name, context.memory_limit_in_mb, 0 < left <= 30_000,
            context.log_group_name, context.client_context.custom["a"]]
"""
    name = deployed.function("f", code, MemorySize=256)
    context = base64.b64encode(json.dumps({"custom": {"a": 1}}).encode()).decode()
    answer, error = deployed.call(name, ClientContext=context)
    assert (answer, error) == ([name, "256", True, f"/aws/lambda/{name}", 1], "")
