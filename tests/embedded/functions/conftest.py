"""Everything that a test of functions deploys."""

import re

import pytest
from tests.embedded.functions.deployed import Client, Deployed

from revet.embedded import Daemon


@pytest.fixture
def deployed(daemon: Daemon, client: Client, request: pytest.FixtureRequest) -> Deployed:
    words = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower().removeprefix("test_"))
    return Deployed(daemon, client, words.strip("-")[-40:].strip("-"))
