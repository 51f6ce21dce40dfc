"""An account made through the API in this process, read by the readers, judged by the controls."""

from __future__ import annotations

import importlib.util
import json
import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest
from filelock import FileLock
from moto import mock_aws

from revet.gate.baseline import Baseline
from revet.gate.catalog import load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import Selected, select
from revet.model.errors import RevetError
from revet.model.finding import Finding, Origin, Status
from revet.plan.inventory import Inventory
from revet.plan.observed import Observed
from revet.verify.api import Api
from revet.verify.boto import BotoReader
from revet.verify.observe import AccountReading, observe
from revet.verify.operations import iam_action
from revet.verify.read_only import ReadDeniedError, Reader
from revet.verify.readers import TypeReader, load_readers

Boto = Any  # a session or client; boto3's types know services only as literals

REGION = "us-west-2"
ACCOUNT = "123456789012"
SETUPS = sorted((Path(__file__).parent / "setups").glob("*.py"))
"""Each makes something of every type of one service: `make(session)`. Where moto answers otherwise
than AWS does, `CORRECTED` has `{(service, operation): f(send, parameters)}`."""
_ON_REQUEST = tuple(name for name, control in load_catalog().items() if control.on_request)
_BASELINE = Baseline(
    "tests",
    controls=("*", *_ON_REQUEST),
    without=("terraform-outputs", "terraform-state-backend"),
    settings={
        "apigateway-cors": {"origins": ("https://app.example.com",)},
        "config-rule-remediation": {"identifiers": ("S3_DEFAULT_ENCRYPTION_KMS",)},
        "config-rules": {
            "identifiers": ("S3_DEFAULT_ENCRYPTION_KMS", "IAM_PASSWORD_POLICY"),
            "must_comply": ("S3_DEFAULT_ENCRYPTION_KMS",),
        },
        "ec2-vpc-zones": {"zones": 2},
        "kms-key-one-service": {"services": ("dynamodb", "lambda", "rds", "s3")},
        "iam-role-region-guard": {"regions": (REGION,)},
        "lambda-function-architecture": {"architecture": "arm64"},
        "rds-instance-encryption": {"customer_managed_key": True},
        "s3-bucket-encryption": {"customer_managed_key": True},
        "tags-required": {"keys": ("Owner",)},
    },
)


@dataclass
class Recording:
    """Keeps what an account answers, to be read again when it is gone."""

    reader: Reader | None
    answers: dict[str, dict[str, Any] | Exception] = field(default_factory=dict)
    sent: set[tuple[str, str]] = field(default_factory=set)
    corrected: dict[tuple[str, str], Callable[..., dict[str, Any]]] = field(default_factory=dict)

    def call(
        self, service: str, operation: str, *, region: str, **parameters: Boto
    ) -> dict[str, Any]:
        self.sent.add((service, operation))
        where = {} if service == "s3" else {"region": region}  # names of buckets are global
        key = json.dumps([service, operation, where, parameters], sort_keys=True)
        if key not in self.answers:
            assert self.reader is not None, f"a call that was not made before: {key}"
            send = partial(self.reader.call, service, operation, region=region, **parameters)
            correct = self.corrected.get((service, operation))
            try:
                self.answers[key] = correct(send, parameters) if correct else send()
            except RevetError as error:
                self.answers[key] = error
        found = self.answers[key]
        if isinstance(found, Exception):
            raise found
        return found


@dataclass
class Denying:
    """Denies one action."""

    reader: Reader
    action: str
    denied: int = 0

    def call(self, service: str, operation: str, **parameters: Boto) -> dict[str, Any]:
        action = iam_action(service, operation)
        if action == self.action.lower():
            self.denied += 1
            raise ReadDeniedError(action, where=f"{service}.{operation}", got="AccessDenied")
        return self.reader.call(service, operation, **parameters)


@dataclass
class Answering:
    """Answers some operations with what a test says: `{("s3", "get_bucket_acl"): {…}}`."""

    reader: Reader
    answers: Mapping[tuple[str, str], dict[str, Any] | Exception] = field(default_factory=dict)

    def call(self, service: str, operation: str, **parameters: Boto) -> dict[str, Any]:
        found = self.answers.get((service, operation))
        if isinstance(found, Exception):
            raise found
        if found is not None:
            return found
        return self.reader.call(service, operation, **parameters)


@cache
def chosen_controls() -> tuple[Selected, ...]:
    return select(load_catalog(), _BASELINE, None)


@dataclass
class Audit:
    """What was read, and what the controls say of it."""

    seen: AccountReading
    calls: Mapping[str, int]

    @cached_property
    def inventory(self) -> Inventory:
        return self.seen.inventory(ACCOUNT)

    @cached_property
    def findings(self) -> dict[tuple[str, str], Finding]:
        judged = run_controls(
            self.inventory, chosen_controls(), subject="account", origin=Origin.EMULATED
        )
        assert judged.problems == ()
        return {(finding.control, finding.address): finding for finding in judged.findings}

    def one(self, kind: str, id_: str) -> Observed:
        """The one resource of a type and id."""
        (found,) = [item for item in self.seen.observed if (item.type, item.id) == (kind, id_)]
        return found

    def all(self, kind: str) -> dict[str, Observed]:
        return {item.id: item for item in self.seen.observed if item.type == kind}

    def says(self, control: str, kind: str, id_: str) -> Status:
        """What a control says of a resource."""
        return self.findings[control, self.one(kind, id_).address].status

    def why(self, control: str, kind: str, id_: str) -> str:
        return self.findings[control, self.one(kind, id_).address].implemented


@pytest.fixture
def session() -> Iterator[Boto]:
    """An empty account."""
    with mock_aws():
        yield boto3.session.Session("testing", "testing", region_name=REGION)


@pytest.fixture
def read(session: Boto) -> Callable[..., Audit]:
    def run(
        *types: str, reader: Reader | None = None, regions: tuple[str, ...] = (REGION,)
    ) -> Audit:
        """Read the account with the readers of some types, all by default."""
        return audit(reader or BotoReader(session), readers(*types), regions)

    return run


def audit(reader: Reader, chosen: tuple[TypeReader, ...], regions: tuple[str, ...]) -> Audit:
    api = Api(reader, ACCOUNT, REGION)
    return Audit(observe(api, chosen, regions), api.calls)


def readers(*types: str) -> tuple[TypeReader, ...]:
    return tuple(one for one in load_readers() if not types or one.type in types)


def load_setup(path: Path) -> ModuleType:
    """A setup, by its path: the test folders are no packages."""
    spec = importlib.util.spec_from_file_location(f"revet_tests_setup_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def everything(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Recording:
    """What an account answers that has something of every type with a reader.

    Workers that run side by side record it once, for all of them.
    """
    folder = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        folder = folder.parent
    file = folder / "recorded-account"
    with FileLock(f"{file}.lock"):
        if not file.exists():
            made = file.with_suffix(".new")
            made.write_bytes(pickle.dumps(recorded()))
            made.rename(file)
        found: Recording = pickle.loads(file.read_bytes())  # noqa: S301 - the tests' own folder
    return found


def recorded() -> Recording:
    """Make that account, and have every reader read it."""
    with mock_aws():
        session = boto3.session.Session("testing", "testing", region_name=REGION)
        recording = Recording(BotoReader(session))
        for path in SETUPS:
            setup = load_setup(path)
            setup.make(session)
            recording.corrected.update(getattr(setup, "CORRECTED", {}))
        audit(recording, readers(), (REGION,))
    recording.reader, recording.corrected = None, {}
    return recording


@pytest.fixture(scope="session")
def whole(everything: Recording) -> Audit:
    """That account, read without any denial."""
    return audit(everything, readers(), (REGION,))


@pytest.fixture(scope="session")
def denied(everything: Recording) -> Callable[[str], Audit]:
    """That account, read while one action is denied."""
    known: dict[str, Audit] = {}

    def run(action: str) -> Audit:
        if action not in known:
            known[action] = audit(Denying(everything, action), readers(), (REGION,))
        return known[action]

    return run


@pytest.fixture(scope="session")
def denying() -> Callable[[Reader, str], Reader]:
    """A reader to which one action is denied."""
    return Denying


@pytest.fixture(scope="session")
def read_by(everything: Recording) -> Callable[[TypeReader], Audit]:
    """That account, read by one reader."""
    return lambda reader: audit(everything, (reader,), (REGION,))


@pytest.fixture
def answering(everything: Recording) -> Callable[..., Audit]:
    """That account, where some operations answer what a test says."""

    def run(answers: Mapping[tuple[str, str], Any], *types: str) -> Audit:
        return audit(Answering(everything, answers), readers(*types), (REGION,))

    return run
