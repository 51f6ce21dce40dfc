"""Reading a whole account, beside a bare loop over the same calls: `python benchmarks/audit.py`.

An embedded AWS of its own gets 200 buckets, 200 roles, 50 keys, 50 groups and 20 databases. The
calls that an audit makes are recorded once; the loop sends the same calls again and throws the
answers away, with the number of workers at which it is fastest. The budget is a ratio of the two;
what an audit takes before its first call is printed beside it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from revet.gate.catalog import load_catalog
from revet.model.errors import RevetError
from revet.model.finding import Origin
from revet.target.embedded import EmbeddedTarget
from revet.verify.api import Api
from revet.verify.audit import AuditInput, audit
from revet.verify.boto import BotoReader
from revet.verify.reader import Reader
from revet.verify.readers import load_readers

REGION = "us-west-2"
WORKERS = (1, 2, 4, 8, 16)
SIZES = {"buckets": 200, "roles": 200, "keys": 50, "groups": 50, "databases": 20}
AT_MOST = 1.3
ROUNDS = 3
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


def fill(session: Any) -> None:  # noqa: ANN401 - boto3 makes its classes at run time
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
        jobs = [(kind, number) for kind, size in SIZES.items() for number in range(size)]
        list(pool.map(lambda job: one(*job), jobs))


def replay(reader: Reader, asked: list[Any], workers: int) -> float:
    """Seconds that the same calls take when nobody looks at the answers."""

    def send(call: tuple[str, str, str, tuple[str, ...], dict[str, Any]]) -> None:
        service, operation, region, absent, parameters = call
        with contextlib.suppress(RevetError):  # the audit had the same answer
            reader.call(service, operation, region=region, absent=absent, **parameters)

    began = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(send, asked))
    return time.perf_counter() - began


def main() -> int:
    """Measure, and say whether the budget is kept."""
    with tempfile.TemporaryDirectory() as folder:
        target = EmbeddedTarget(Path(folder))
        target.start()
        try:
            session = target.session(REGION)
            fill(session)
            began = time.perf_counter()
            readers, catalog = load_readers(), load_catalog()
            start = time.perf_counter() - began
            account = target.account()
            against = AuditInput(catalog, today=dt.datetime.now(dt.UTC).date())
            recording = Recording(BotoReader(session))
            took, judged, findings = [], [], 0
            for _ in range(ROUNDS):
                recording.asked.clear()
                api = Api(recording, account, REGION, 4)
                verdict = audit(
                    api, against, readers=readers, regions=(REGION,), origin=Origin.EMULATED
                )
                took.append(verdict.provenance.seconds["read"])
                judged.append(verdict.provenance.seconds["judge"])
                findings = len(verdict.findings)
            asked = list(recording.asked)
            loops = {
                workers: min(replay(recording.reader, asked, workers) for _ in range(ROUNDS))
                for workers in WORKERS
            }
        finally:
            target.stop()
    best = min(loops, key=lambda workers: loops[workers])
    ratio = min(took) / loops[best]
    print(f"calls of an audit                  {len(asked):>8}")
    print(f"audit, reading                     {min(took):>8.2f} s (4 workers)")
    print(f"audit, judging, {findings} findings    {min(judged):>8.2f} s")
    for workers, seconds in loops.items():
        print(f"the same calls, {workers:>2} workers         {seconds:>8.2f} s")
    print(f"fixed start                        {start:>8.2f} s")
    kept = "kept" if ratio <= AT_MOST else "MISSED"
    print(f"audit over the bare loop           {ratio:>8.2f}, at most {AT_MOST}: {kept}")
    return 0 if ratio <= AT_MOST else 1


if __name__ == "__main__":
    sys.exit(main())
