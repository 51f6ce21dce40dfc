"""What keeping the state of the embedded AWS adds to a call: the record that is written before it.

Over a state as the trading platform has it after some hundred posts. Beside it the snapshot, which
is written when the journal has become long. Run `python benchmarks/kept.py`.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from revet.embedded import services
from revet.embedded.backends import note_baselines
from revet.embedded.faults import Faults
from revet.embedded.growing import note_objects
from revet.embedded.inventory import holdings
from revet.embedded.keeping import Keeper
from revet.embedded.lock import StateLock
from revet.embedded.pickling import Memory
from revet.files import make_private_folder

ACCOUNT, REGION = "123456789012", "us-east-1"
OBJECTS = 2_000
EVENTS = 20_000
TIMES = 50


def main() -> None:
    """Measure, and print medians in milliseconds."""
    os.environ |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "unused")
    services.install()
    memory = Memory()
    note_baselines(holdings, memory.stock.note)
    note_objects()
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state"
        make_private_folder(state)
        keeper = Keeper(state, StateLock(), Faults(state), memory)
        changes = fill()
        keeper.commit()
        for name, change in changes.items():
            print(f"{median(keeper, change) * 1000:8.2f} ms  {name}")
        saved = keeper.save()
        print(f"{saved.seconds * 1000:8.0f} ms  a snapshot of {saved.size / 1e6:.1f} MB")


def fill() -> dict[str, Callable[[int], object]]:
    """Fill the services; returns what changes each of them a bit, by name."""
    from moto.dynamodb.models import dynamodb_backends  # noqa: PLC0415 - reads the environment
    from moto.ec2.models import ec2_backends  # noqa: PLC0415 - likewise
    from moto.iam.models import iam_backends  # noqa: PLC0415 - likewise
    from moto.logs.models import logs_backends  # noqa: PLC0415 - likewise
    from moto.s3.models import s3_backends  # noqa: PLC0415 - likewise
    from moto.sqs.models import sqs_backends  # noqa: PLC0415 - likewise

    def s3() -> Any:  # noqa: ANN401 - moto's
        return s3_backends[ACCOUNT]["aws"]

    def logs() -> Any:  # noqa: ANN401 - moto's
        return logs_backends[ACCOUNT][REGION]

    s3().create_bucket("bucket", REGION)
    for number in range(OBJECTS):
        s3().put_object("bucket", f"before/{number}", b"x" * 300)
    logs().create_log_group("g", {})
    group = logs().groups["g"]
    group.create_log_stream("s")
    group.put_log_events("s", [event(number) for number in range(EVENTS)])
    sqs_backends[ACCOUNT][REGION].create_queue("q", {})
    dynamodb_backends[ACCOUNT][REGION].create_table(
        "t",
        schema=[{"AttributeName": "k", "KeyType": "HASH"}],
        attr=[{"AttributeName": "k", "AttributeType": "S"}],
        throughput=None,
        indexes=None,
        global_indexes=None,
        streams=None,
        billing_mode="PAY_PER_REQUEST",
        sse_specification=None,
        tags=[],
        deletion_protection_enabled=False,
        warm_throughput=None,
    )
    ec2_backends[ACCOUNT][REGION].create_vpc("10.0.0.0/16")
    return {
        f"an object, beside {OBJECTS}": lambda n: s3().put_object("bucket", f"k{n}", b"x" * 300),
        f"an event of a log, beside {EVENTS}": lambda n: (
            logs().groups["g"].put_log_events("s", [event(n)])
        ),
        "a message": lambda n: sqs_backends[ACCOUNT][REGION].send_message("q", f"m{n}"),
        "an item": lambda n: dynamodb_backends[ACCOUNT][REGION].put_item(
            "t", {"k": {"S": f"k{n}"}}
        ),
        "a role (with all that shares objects)": lambda n: iam_backends[ACCOUNT]["aws"].create_role(
            f"r{n}", "{}", "/", None, "", [], "3600"
        ),
    }


def event(number: int) -> dict[str, object]:
    """An event of a log."""
    return {"timestamp": 1_769_000_000_000 + number, "message": f"line {number} " + "x" * 60}


def median(keeper: Keeper, change: Callable[[int], object]) -> float:
    """Median of the seconds that keeping one change takes."""
    took = []
    for number in range(TIMES):
        change(number)
        begun = time.perf_counter()
        keeper.commit()
        took.append(time.perf_counter() - begun)
    return statistics.median(took)


if __name__ == "__main__":
    main()
