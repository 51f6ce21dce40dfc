"""Bad arguments fail before anything is made; the message says which, and what is allowed."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.constructs.every import classes

from revet.blueprints.state_backend import StateBackendStack
from revet.blueprints.tap import SecureApplicationStack
from revet.blueprints.zero_trust import ZeroTrustStack
from revet.constructs import (
    apigateway,
    cloudtrail,
    cloudwatch,
    config,
    dynamodb,
    ec2,
    firehose,
    iam,
    kms,
    lambda_,
    logs,
    rds,
    s3,
    sns,
    sqs,
    ssm,
    wafv2,
)
from revet.constructs.context import Context
from revet.constructs.outputs import Outputs
from revet.constructs.region_guard import RegionGuard
from revet.constructs.state_backend import StateBackend
from revet.model.errors import ArgumentError
from revet.synth import new_app

import cdktn  # isort: skip - after the choice of Node
from constructs import Construct, IConstruct  # isort: skip

TABLE = tomllib.loads((Path(__file__).parent / "bad_arguments.toml").read_text())
EVERYWHERE = TABLE.pop("everywhere")["bad"]
STACKS: tuple[type[Construct], ...] = (
    SecureApplicationStack,
    StateBackendStack,
    ZeroTrustStack,
)
CONSTRUCTS: dict[str, type[Construct]] = {
    "kms.Key": kms.Key,
    "logs.LogGroup": logs.LogGroup,
    "firehose.SubscriptionFilter": firehose.SubscriptionFilter,
    "logs.MetricFilter": logs.MetricFilter,
    "firehose.DeliveryStream": firehose.DeliveryStream,
    "sns.Topic": sns.Topic,
    "sqs.Queue": sqs.Queue,
    "s3.Notification": s3.Notification,
    "cloudwatch.Alarm": cloudwatch.Alarm,
    "s3.Bucket": s3.Bucket,
    "ec2.Vpc": ec2.Vpc,
    "ec2.SecurityGroup": ec2.SecurityGroup,
    "ec2.GatewayEndpoint": ec2.GatewayEndpoint,
    "ec2.InterfaceEndpoint": ec2.InterfaceEndpoint,
    "ec2.NetworkAcl": ec2.NetworkAcl,
    "config.Recorder": config.Recorder,
    "config.ManagedRule": config.ManagedRule,
    "config.Remediation": config.Remediation,
    "ssm.Automation": ssm.Automation,
    "iam.Boundary": iam.Boundary,
    "cloudtrail.Trail": cloudtrail.Trail,
    "rds.Cluster": rds.Cluster,
    "rds.Instance": rds.Instance,
    "iam.Role": iam.Role,
    "iam.Group": iam.Group,
    "iam.MfaGuard": iam.MfaGuard,
    "dynamodb.Table": dynamodb.Table,
    "lambda_.Function": lambda_.Function,
    "wafv2.WebAcl": wafv2.WebAcl,
    "apigateway.Account": apigateway.Account,
    "apigateway.RestApi": apigateway.RestApi,
    "revet.StateBackend": StateBackend,
    "revet.Outputs": Outputs,
    "revet.Context": Context,
    "tap.SecureApplicationStack": SecureApplicationStack,
    "state_backend.StateBackendStack": StateBackendStack,
    "zero_trust.ZeroTrustStack": ZeroTrustStack,
}
METHODS = {
    "allow_from": "closed",
    "allow_from_each": "closed",
    "allow_to": "closed",
    "attach_to": "guard",
    "grant": "table",
    "grant_connect": "cluster",
    "allow_invoke_from": "function",
}


@dataclass(frozen=True)
class Case:
    name: str
    argument: str
    value: object
    good: Mapping[str, Any]
    expected: str
    do: str
    where: str

    @property
    def id(self) -> str:
        return f"{self.name}: {self.argument} = {self.value!r}"


def read(name: str, good: Mapping[str, Any], bad: Mapping[str, Any]) -> Case:
    argument = bad["argument"]
    where = bad.get("where", argument)
    return Case(name, argument, bad["value"], good, bad["expected"], bad["do"], where)


CASES = [read(name, entry["good"], bad) for name, entry in TABLE.items() for bad in entry["bad"]]
CASES += [
    read(name, TABLE[name]["good"], bad)
    for name, kind in CONSTRUCTS.items()
    if kind is not Context and kind not in STACKS
    for bad in EVERYWHERE
]


FUNCTION = Path(__file__).parent / "programs" / "function"


def folders(root: Path) -> dict[str, Path]:
    empty, linked = root / "empty", root / "linked"
    empty.mkdir(parents=True)
    linked.mkdir()
    (linked / "index.py").symlink_to(FUNCTION / "index.py")
    return {
        "folder": FUNCTION,
        "no folder": root / "none",
        "empty folder": empty,
        "folder with a link": linked,
    }


def make_methods(here: lambda_.Function, there: lambda_.Function) -> dict[str, Any]:
    """Declarations of an API, good and bad."""
    method, authorizer, model = apigateway.Method, apigateway.Authorizer, apigateway.Model
    broken: Any = "yes"
    return {
        "method": method("/a/{id}", "GET", here, authorizer("A", here), model("M", {"type": "x"})),
        "method of the same words": method("/a/id", "PUT", here),
        "method with another name": method("/a/{name}", "GET", here),
        "method with an authorizer": method("/b", "GET", here, authorizer("A", here)),
        "method with another authorizer": method("/c", "GET", here, authorizer("A", here, ttl=9)),
        "method without slash": method("a", "GET", here),
        "method that is none": method("/a", "FETCH", here),
        "method elsewhere": method("/a", "GET", there),
        "method with a bad parameter": method("/a", "GET", here, required=["path.id"]),
        "method with a bad body": method("/a", "GET", here, body=broken),
        "method with an empty model": method("/a", "GET", here, body=model("M", {})),
        "method with no authorizer": method("/a", "GET", here, authorizer=broken),
        "method with an eternal answer": method("/a", "GET", here, authorizer("A", here, ttl=9999)),
        "everybody's pages": apigateway.Cors("*"),
        "domain without certificate": apigateway.Domain("api.example.com", ""),
    }


def make_objects(app: cdktn.App, name: str) -> dict[str, Any]:
    stack = cdktn.TerraformStack(app, name)
    Context(
        stack, prefix="app", environment_suffix="dev", region="us-west-2", tags={"Owner": "tests"}
    )
    key = kms.Key(stack, "key", description="x")
    group = logs.LogGroup(stack, "group", key=key)
    vpc = ec2.Vpc(stack, "vpc", flow_log_group=group)
    guard = iam.MfaGuard(stack, "guard")
    service = iam.ServicePrincipal("ec2.amazonaws.com", "arn:aws:ec2:us-west-2:123456789012:*")
    bucket = s3.Bucket(stack, "bucket", key=key)
    closed = ec2.SecurityGroup(stack, "closed", vpc=vpc, description="x")
    recorder = config.Recorder(stack, "recorder", bucket=bucket)
    step = ssm.ApiCall("Look", "s3", "HeadBucket")
    function = lambda_.Function(
        stack, "function", description="x", source=FUNCTION, security_group=closed, key=key
    )
    stream = firehose.DeliveryStream(stack, "stream", bucket=bucket, key=key, log_group=group)
    full = logs.LogGroup(stack, "full", key=key)
    for number in (1, 2):
        firehose.SubscriptionFilter(stack, f"filter-{number}", log_group=full, stream=stream)
    return {
        "function": function,
        "account": apigateway.Account(stack, "account"),
        "plan": apigateway.Plan("trial", ["trial-client"], 1, 1),
        "plan of the same client": apigateway.Plan("trial", ["client"], 1, 1),
        "plan without a name": apigateway.Plan("", ["trial-client"], 1, 1),
        "plan without clients": apigateway.Plan("trial", [], 1, 1),
        "plan without requests": apigateway.Plan("trial", ["trial-client"], 0, 1),
        "firewall": wafv2.WebAcl(stack, "firewall", key=key),
        "stream": stream,
        "full group": full,
        "topic": sns.Topic(stack, "topic", key=key),
        "metric": cloudwatch.Metric("AWS/Lambda", "Errors"),
        "metric without name": cloudwatch.Metric("AWS/Lambda", ""),
        "metric without namespace": cloudwatch.Metric("", "Errors"),
        "metric of a number": cloudwatch.Metric("AWS/Lambda", "Errors", {"FunctionName": 5}),  # type: ignore[dict-item]  # what a program may write
        "guard of nowhere": RegionGuard(more_regions=["eu-west-9"]),
        "guard of all": RegionGuard(exempt_actions=["*"]),
        "recorder": recorder,
        "rule": config.ManagedRule(stack, "rule", recorder=recorder, identifier="A"),
        "automation": ssm.Automation(
            stack, "automation", description="x", parameters={"Name": "x"}, steps=[step]
        ),
        "step": step,
        "gateway": ec2.GatewayEndpoint(stack, "gateway", vpc=vpc, service="s3"),
        "boundary": iam.Boundary(stack, "boundary", services=["s3"]),
        "unencrypted": s3.Bucket(stack, "unencrypted", sse_s3="a test needs it"),
        "prefix list": ec2.PrefixList("pl-12345678"),
        "index": dynamodb.Index("by-user", hash_key="User"),
        "index without name": dynamodb.Index("", hash_key="User"),
        "table": dynamodb.Table(stack, "table", key=key, hash_key="Id"),
        "cluster": rds.Cluster(stack, "cluster", vpc=vpc, key=key, secret_key=key, log_key=key),
        "stack": stack,
        "key": key,
        "group": group,
        "bucket": bucket,
        "vpc": vpc,
        "closed": closed,
        "other": ec2.SecurityGroup(stack, "other", vpc=vpc, description="x"),
        "guard": guard,
        "people": iam.Group(stack, "people", mfa_guard=guard),
        "service": service,
        "service without source": iam.ServicePrincipal("ec2.amazonaws.com", ""),
        "service without name": iam.ServicePrincipal("", "arn:aws:ec2:us-west-2:123456789012:*"),
        "role": iam.Role(stack, "role", description="x", assumed_by=service),
    }


class World:
    """An app with two stacks, each with one of everything."""

    def __init__(self, folder: Path) -> None:
        self.app = new_app(folder)
        self.objects = make_objects(self.app, "here")
        self.objects |= {
            f"foreign {name}": value for name, value in make_objects(self.app, "there").items()
        }
        self.objects |= make_methods(self.objects["function"], self.objects["foreign function"])
        self.objects |= folders(folder / "folders")
        self.objects["none"] = None
        self.bare = cdktn.TerraformStack(self.app, "bare")

    def value(self, given: object) -> Any:  # noqa: ANN401 - whatever a case says
        if isinstance(given, list):
            return [self.value(item) for item in given]
        named = isinstance(given, str) and given.startswith("@")
        return self.objects[str(given)[1:]] if named else given

    def call(self, name: str, arguments: Mapping[str, Any], construct_id: str = "thing") -> None:
        values = {key: self.value(value) for key, value in arguments.items()}
        name = name.split(" ", maxsplit=1)[0]
        kind, method = CONSTRUCTS.get(name), name.rpartition(".")[2]
        if kind is None:
            target = self.objects[METHODS[method]]
            getattr(target, method)(**values)
        elif kind is Context:
            Context(values.pop("stack", self.bare), **values)
        else:
            scope = self.app if kind in STACKS else self.objects["stack"]
            place = {"scope": scope, "construct_id": construct_id, **values}
            made: Callable[..., object] = kind
            made(place.pop("scope"), place.pop("construct_id"), **place)

    def nodes(self) -> int:
        root: IConstruct = self.app
        return len(root.node.find_all())


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_bad_argument_is_refused_and_leaves_nothing_behind(world: World, case: Case) -> None:
    before = world.nodes()
    with pytest.raises(ArgumentError) as caught:
        world.call(case.name, {**case.good, case.argument: case.value})
    error = caught.value
    assert f"`{case.where}" in error.where
    assert error.got
    assert case.expected in error.expected
    assert case.do in error.do
    assert world.nodes() == before


def test_the_table_has_every_construct_and_every_argument() -> None:
    assert {kind.__name__ for kind in CONSTRUCTS.values() if kind not in STACKS} == set(classes())
    for name, kind in CONSTRUCTS.items():
        parameters = set(inspect.signature(kind.__init__).parameters) - {"self", "unknown"}
        tried = {case.argument for case in CASES if case.name.split(" ")[0] == name}
        assert parameters <= tried, name


def test_what_is_called_good_is_accepted(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.objects["guard"] = iam.MfaGuard(world.objects["stack"], "second-guard")
    for number, (name, entry) in enumerate(TABLE.items()):
        before = world.nodes()
        world.call(name, entry["good"], f"thing-{number}")
        assert world.nodes() > before, name
