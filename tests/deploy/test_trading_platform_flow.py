"""The deployed trading platform at work: many posts, and the embedded AWS killed among them."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.deploy.spoiled import Deployed, deployed_blueprint

from revet.cli.stack import blueprints
from revet.model.finding import Status
from revet.model.flow import FlowRun, FlowStep
from revet.rehearsal.flow.read import read_flow
from revet.rehearsal.flow.run import run_flow
from revet.rehearsal.flow.world import EmbeddedWorld

pytestmark = [pytest.mark.embedded, pytest.mark.slow]

NAME, REGION = "trading-platform", "us-east-1"
POSTS = "market data is posted"
ONCE = "every trade that was accepted has its analytics once"
MANY = 500
KILLED_AFTER = 200
TOGETHER = 2
"""Posts at once, as the flow has it."""


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with deployed_blueprint(NAME, REGION, tmp_path_factory.mktemp("flow")) as found:
        yield found


@pytest.fixture
def emptied(deployed: Deployed) -> Deployed:
    """The platform without what an earlier flow has left in its buckets and queue."""
    deployed.target.start()
    s3 = deployed.client("s3")
    for bucket in ("ingestion_bucket_name", "analytics_bucket_name"):
        name = deployed.of[bucket]
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=name)
        for key in [one["Key"] for page in pages for one in page.get("Contents", ())]:
            s3.delete_object(Bucket=name, Key=key)
    deployed.client("sqs").purge_queue(QueueUrl=deployed.of["dead_letters_url"])
    return deployed


def kill(pid: int) -> None:
    """End a process at once, and wait until it is gone."""
    process = os.pidfd_open(pid)
    os.kill(pid, signal.SIGKILL)
    assert select.select([process], [], [], 30)[0]
    os.close(process)


def send(it: Deployed, killed_after: int = 0) -> FlowRun:
    def restart(step: str, number: int) -> None:
        if step == POSTS and number == killed_after:
            before = it.target.daemon.pid
            kill(before)
            it.target.start()
            assert it.target.daemon.pid != before

    flow = read_flow(Path(blueprints()[NAME]) / "flow.toml")
    known = {f"output.{name}": value for name, value in it.of.items()}
    known |= {"account_id": it.target.account(), "region": REGION}
    world = EmbeddedWorld(it.target, REGION)
    return run_flow(flow, world, known, counts={POSTS: MANY}, sent=restart)


def by_name(run: FlowRun) -> Mapping[str, FlowStep]:
    failed = [f"{step.name}: {step.detail}" for step in run.steps if step.status is Status.FAIL]
    assert failed == []
    assert {step.status for step in run.steps} == {Status.PASS}
    return {step.name: step for step in run.steps}


def test_every_trade_of_many_that_was_accepted_comes_to_analytics_once(emptied: Deployed) -> None:
    steps = by_name(send(emptied))
    accepted = steps[POSTS].answers["202"]
    assert accepted >= 0.95 * MANY
    assert steps[ONCE].detail == f"each of {accepted} has its one object"


def test_so_it_does_when_the_embedded_aws_is_killed_in_the_middle(emptied: Deployed) -> None:
    steps = by_name(send(emptied, KILLED_AFTER))
    posts = steps[POSTS]
    accepted = posts.answers["202"]
    assert accepted >= 0.95 * MANY
    assert posts.answers.get("none", 0) <= TOGETHER, "only what was under way then has no answer"
    assert steps[ONCE].detail == f"each of {accepted} has its one object"
