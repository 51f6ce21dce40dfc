"""Reading a whole account, beside a bare loop over the same calls: `python benchmarks/audit.py`.

An embedded AWS of its own gets 200 buckets, 200 roles, 50 keys, 50 groups and 20 databases. The
calls that an audit makes are recorded once; the loop sends the same calls again and throws the
answers away, with the number of workers at which it is fastest. Audit and loop take turns, so that
what else the machine does meets both. The budget is the median of their ratios, judging included;
what an audit takes before its first call is printed beside it, and so is the ratio of the CPU time
that both take in this process, which hardly depends on what else runs.

`python benchmarks/audit.py [ROUNDS] [SHARE]`: SHARE is that of the account that is made, for a
quick look; the budget is for all of it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from revet.cli.audited_accounts import ON_EMBEDDED
from revet.gate.catalog import load_catalog
from revet.model.errors import RevetError
from revet.model.finding import Origin
from revet.model.verdict import Verdict
from revet.target.embedded import EmbeddedTarget
from revet.verify.api import Api
from revet.verify.audit import AuditInput, audit
from revet.verify.boto import BotoReader
from revet.verify.read_only import Reader
from revet.verify.readers import load_readers

REGION = "us-west-2"
WORKERS = (1, 2, 4, 8, 16)
OURS = ON_EMBEDDED
SIZES = {"buckets": 200, "roles": 200, "keys": 50, "groups": 50, "databases": 20}
AT_MOST = 1.3
ROUNDS = 5
START = (
    "import revet.cli.app, revet.verify.boto; "
    "from revet.verify.readers import load_readers; from revet.gate.catalog import load_catalog; "
    "load_readers(); load_catalog()"
)
"""What a call of `revet audit` does before it reaches AWS."""
TRUST = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
"Principal": {"Service": "ec2.amazonaws.com"}}]}"""


@dataclass
class Recording:
    """A reader that remembers what it was asked."""

    reader: Reader
    asked: list[tuple[str, str, str, tuple[str, ...], dict[str, Any]]] = field(default_factory=list)
    lock: Any = field(default_factory=Lock)

    def call(
        self,
        service: str,
        operation: str,
        *,
        region: str,
        absent: tuple[str, ...] = (),
        **parameters: Any,  # noqa: ANN401 - the API's own
    ) -> dict[str, Any]:
        """Remember a call, and send it."""
        with self.lock:
            self.asked.append((service, operation, region, absent, parameters))
        return self.reader.call(service, operation, region=region, absent=absent, **parameters)


def fill(session: Any, share: float) -> None:  # noqa: ANN401 - boto3 makes its classes at run time
    """Make what the account is to hold."""
    made = {name: session.client(name) for name in ("s3", "iam", "kms", "ec2", "rds")}
    place = {"LocationConstraint": REGION}
    vpc = made["ec2"].create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    def one(kind: str, number: int) -> None:
        name = f"bench-{kind}-{number}"
        match kind:
            case "buckets":
                made["s3"].create_bucket(Bucket=name, CreateBucketConfiguration=place)
            case "roles":
                made["iam"].create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
            case "keys":
                made["kms"].create_key(Description=name)
            case "groups":
                made["ec2"].create_security_group(GroupName=name, Description=name, VpcId=vpc)
            case _:
                made["rds"].create_db_instance(
                    DBInstanceIdentifier=name, Engine="postgres", DBInstanceClass="db.t4g.micro",
                    AllocatedStorage=20, MasterUsername="admin1", ManageMasterUserPassword=True,
                )  # fmt: skip

    with ThreadPoolExecutor(4) as pool:
        jobs = [
            (kind, number) for kind, size in SIZES.items() for number in range(round(size * share))
        ]
        list(pool.map(lambda job: one(*job), jobs))


@dataclass(frozen=True)
class Taken:
    """What one run took.

    Args:
        wall: seconds.
        cpu: seconds that this process worked.
    """

    wall: float
    cpu: float


@contextlib.contextmanager
def taken(into: list[Taken]) -> Iterator[None]:
    """Measure what is done inside."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    into.append(Taken(time.perf_counter() - wall, time.process_time() - cpu))


def replay(reader: Reader, asked: list[Any], workers: int) -> None:
    """Send the same calls, and look at no answer."""

    def send(call: tuple[str, str, str, tuple[str, ...], dict[str, Any]]) -> None:
        service, operation, region, absent, parameters = call
        with contextlib.suppress(RevetError):  # the audit had the same answer
            reader.call(service, operation, region=region, absent=absent, **parameters)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(send, asked))


def measure(session: Any, account: str, rounds: int) -> bool:  # noqa: ANN401 - boto3 makes its classes at run time
    """Measure over an account, and say whether the budget is kept."""
    start: list[Taken] = []
    with taken(start):
        subprocess.run([sys.executable, "-c", START], check=True)
    readers, catalog = load_readers(), load_catalog()
    against = AuditInput(catalog, today=dt.datetime.now(dt.UTC).date())
    recording = Recording(BotoReader(session))

    def read(reader: Reader) -> Verdict:
        api = Api(reader, account, REGION, OURS)
        return audit(api, against, readers=readers, regions=(REGION,), origin=Origin.EMULATED)

    first: list[Taken] = []
    with taken(first):
        verdict = read(recording)
    asked = recording.asked
    print(f"calls of an audit                  {len(asked):>8}")
    print(f"first audit, clients made          {first[0].wall:>8.2f} s ({OURS} workers)")
    loops: dict[int, list[Taken]] = {workers: [] for workers in WORKERS}
    for workers, found in loops.items():
        with taken(found):
            replay(recording.reader, asked, workers)
        print(f"the same calls, {workers:>2} workers         {found[0].wall:>8.2f} s", flush=True)
    best = min(WORKERS, key=lambda workers: loops[workers][0].wall)
    ours: list[Taken] = []
    bare: list[Taken] = []
    for _ in range(rounds):
        with taken(ours):
            verdict = read(recording.reader)
        with taken(bare):
            replay(recording.reader, asked, best)
        judging = verdict.provenance.seconds["judge"]
        print(
            f"audit {ours[-1].wall:.2f} s, of it judging {judging:.2f} s"
            f"; loop, {best} workers {bare[-1].wall:.2f} s",
            flush=True,
        )
    ratio = statistics.median(a.wall / b.wall for a, b in zip(ours, bare, strict=True))
    cpu = statistics.median(a.cpu / b.cpu for a, b in zip(ours, bare, strict=True))
    print(f"findings                           {len(verdict.findings):>8}")
    print(f"fixed start                        {start[0].wall:>8.2f} s")
    print(f"CPU time over the bare loop's      {cpu:>8.2f}")
    kept = ratio <= AT_MOST
    print(
        f"audit over the bare loop           {ratio:>8.2f}, at most {AT_MOST}: "
        f"{'kept' if kept else 'MISSED'}"
    )
    return kept


def main(rounds: int = ROUNDS, share: float = 1.0) -> int:
    """Make the account, and measure."""
    with tempfile.TemporaryDirectory() as folder:
        target = EmbeddedTarget(Path(folder))
        target.start()
        try:
            session = target.session(REGION)
            fill(session, share)
            return 0 if measure(session, target.account(), rounds) else 1
        finally:
            target.stop()


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(main(int(given[0]) if given else ROUNDS, float(given[1]) if len(given) > 1 else 1.0))
