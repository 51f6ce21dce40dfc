"""How long a function on the embedded AWS takes to answer: cold, warm, and many at once.

Beside it a bare Python process that imports boto3, which is what a function costs at least where
every invocation starts one. Run `python benchmarks/functions.py`.
"""

from __future__ import annotations

import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from revet.embedded import Daemon, start_daemon, stop_daemon

TIMES = 10
AT_ONCE = 50
CODE = "import boto3\ndef handler(event, context): return event\n"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


def main() -> None:
    """Measure, and print medians in milliseconds."""
    rows = {"a bare process that imports boto3": median(bare)}
    with tempfile.TemporaryDirectory() as folder:
        daemon = start_daemon(Path(folder) / "state")
        try:
            rows |= of_functions(daemon)
        finally:
            stop_daemon(daemon.state_dir)
    for name, seconds in rows.items():
        print(f"{seconds * 1000:8.0f} ms  {name}")


def bare() -> None:
    """Start Python and import boto3."""
    subprocess.run([sys.executable, "-c", "import boto3"], check=True)


def of_functions(daemon: Daemon) -> dict[str, float]:
    """Medians of a function that imports boto3, in seconds."""
    client = of(daemon, "lambda")
    made = of(daemon, "iam").create_role(
        RoleName="function", AssumeRolePolicyDocument=json.dumps(TRUST)
    )
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("index.py", CODE)
    names = [f"function-{place}" for place in range(TIMES)]
    for name in names:
        client.create_function(
            FunctionName=name,
            Role=made["Role"]["Arn"],
            Runtime="python3.12",
            Handler="index.handler",
            Code={"ZipFile": package.getvalue()},
            Timeout=60,
        )
    first = timed(lambda: client.invoke(FunctionName=names[0]))
    cold = statistics.median(
        timed(lambda name=name: client.invoke(FunctionName=name)) for name in names[1:]
    )
    warm = median(lambda: client.invoke(FunctionName=names[0]))

    def many() -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda _: client.invoke(FunctionName=names[0]), range(AT_ONCE)))

    return {
        "the first function of a daemon, cold": first,
        "a function, cold": cold,
        "a function, warm": warm,
        f"{AT_ONCE} calls of a function at once": timed(many),
    }


def of(daemon: Daemon, service: str) -> Any:  # noqa: ANN401 - boto3's clients
    """A client of an embedded AWS."""
    return boto3.Session().client(
        service,
        region_name=daemon.region,
        verify=str(daemon.ca_path),
        aws_access_key_id=daemon.access_key,
        aws_secret_access_key=daemon.secret_key,
        config=Config(
            proxies={"https": daemon.url},
            retries={"max_attempts": 0},
            max_pool_connections=AT_ONCE,
            read_timeout=120,
        ),
    )


def timed(run: Callable[[], object]) -> float:
    """Seconds that something takes."""
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def median(run: Callable[[], object]) -> float:
    """Median of the seconds that something takes."""
    return statistics.median(timed(run) for _ in range(TIMES))


if __name__ == "__main__":
    main()
