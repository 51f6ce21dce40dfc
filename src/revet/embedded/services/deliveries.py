"""Deliveries to HTTP endpoints are not made: SNS, Firehose and EventBridge.

moto posts them from its own process. Here each is written down as not made, and the call that
caused it succeeds, as it does where AWS delivers later. Everything else that would lead out is
refused by `egress`.
"""

from __future__ import annotations

import sys

from moto import settings
from moto.events import models as events
from moto.firehose import models as firehose
from moto.sns import models as sns

from revet.embedded.call import Moto
from revet.embedded.egress import NOT_DELIVERED
from revet.model.errors import EmbeddedError


def install() -> None:
    """Put the changes in place."""
    for module in (sns, firehose, events):
        if not hasattr(module, "requests"):
            raise EmbeddedError(
                "moto is not the version that the embedded AWS was written for",
                where=f"{module.__name__}.requests",
                expected="the library that deliveries are made with",
                do="install the moto version that revet's extra `embedded` pins",
            )
        vars(module)["requests"] = Undelivered(module.__name__.split(".")[1])
    settings.events_invoke_http = lambda: True  # so that what is not delivered is known


class Undelivered:
    """Takes the place of the library `requests`.

    Args:
        service: that delivers.
    """

    def __init__(self, service: str) -> None:
        self._service = service

    def request(self, method: str, url: str, **_: Moto) -> None:
        """Write a delivery down that is not made."""
        sys.audit(NOT_DELIVERED, self._service, method, url)

    def post(self, url: str, *_: Moto, **__: Moto) -> None:
        """The same for POST."""
        self.request("POST", url)
