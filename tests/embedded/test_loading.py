"""What is read from disk at the start of the embedded AWS, and what when it is asked for."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import json, sys
if sys.argv[1] == "later":
    from revet.embedded.loading import read_offerings_when_asked, share_service_models
    share_service_models()
    share_service_models()
    read_offerings_when_asked()
    read_offerings_when_asked()
from moto.ec2.models import amis
from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS as offered
import boto3
before = sum(len(regions) for regions in offered.values())
loaders = {id(boto3.Session()._session.get_component("data_loader")) for _ in range(2)}
kinds = ("availability-zone", "availability-zone-id", "region")
answers = {
    f"{kind} {region}": offered[kind].get(region)
    for kind in kinds for region in ("us-east-1", "cn-north-1", "nowhere-1")
}
named = {kind: ["us-west-2" in offered[kind], "nowhere-1" in offered[kind]] for kind in kinds}
try:
    offered["region"]["nowhere-1"]
except KeyError as error:
    missing = str(error)
again = offered["region"]["us-east-1"] is offered["region"]["us-east-1"]
images = len(amis.AMIS)
print(json.dumps([before, len(loaders), [answers, named, missing, again, sorted(offered), images]]))
"""


def said(when: str) -> tuple[int, int, object]:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, when], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    before, loaders, answers = json.loads(ended.stdout)
    return before, loaders, answers


def test_offerings_are_read_when_they_are_asked_for_and_are_the_same() -> None:
    at_once, own_loaders, expected = said("at once")
    later, loaders, answers = said("later")
    assert answers == expected
    assert (at_once > 0, later) == (True, 0)
    assert (own_loaders, loaders) == (2, 1)
