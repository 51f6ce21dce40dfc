"""The way of market data: API, functions, buckets and tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from revet.constructs import s3, sqs
from revet.constructs.apigateway import Account, Authorizer, Cors, Domain, Method, Plan, RestApi
from revet.constructs.lambda_ import Function
from revet.constructs.wafv2 import WebAcl

if TYPE_CHECKING:
    from revet.blueprints.trading_platform.stack import TradingPlatformStack

_SOURCES = Path(__file__).parent / "functions"
_REQUESTS_PER_SECOND = 1000
_RAW = "raw/"
"""Where the ingest function keeps what it took; what it refused is elsewhere, and told nobody."""


class MarketData:
    """Four functions, the API before three of them, and its firewall.

    Each function has a role of its own, with the operations that its code uses and no others: the
    processor, which S3 invokes for each object that was taken in, reads the ingestion bucket and
    puts into the analytics bucket. What it cannot handle goes to a queue of dead letters. Clients
    on trial have a plan of one request each second.

    Args:
        stack: that they belong to.
        cors: whose pages may call the API.
        domain: a name of one's own for it.
        retention_in_days: of all logs.
    """

    FUNCTIONS: ClassVar = ("authorizer-fn", "ingest-fn", "processor-fn", "reader-fn")
    ROLES: ClassVar = ("ingest-fn-role", "processor-fn-role", "reader-fn-role")
    """Of the functions that work on objects."""
    STAGE: ClassVar = "v1"
    FIREWALL: ClassVar = "api-acl"
    DEAD_LETTERS: ClassVar = "dead-letters"
    LOG_GROUPS: ClassVar = ("market-api-access",)

    def __init__(
        self,
        stack: TradingPlatformStack,
        *,
        cors: Cors,
        domain: Domain | None,
        retention_in_days: int,
    ) -> None:
        self.dead_letters = sqs.Queue(stack, self.DEAD_LETTERS, key=stack.lambda_key)
        self.functions = {
            name: Function(
                stack,
                name,
                description=_DESCRIPTIONS[name],
                source=_SOURCES / name.removesuffix("-fn"),
                security_group=stack.function_security_group,
                key=stack.lambda_key,
                environment={
                    variable: value
                    for variable, value in (
                        ("KEYS_TABLE", stack.keys_table.name),
                        ("SESSIONS_TABLE", stack.sessions_table.name),
                        ("INGESTION_BUCKET", stack.ingestion_bucket.resource.id),
                        ("ANALYTICS_BUCKET", stack.analytics_bucket.resource.id),
                    )
                    if variable in _ENVIRONMENTS[name]
                },
                dead_letter_queue_arn=self.dead_letters.arn if name == _PROCESSOR else "",
                retention_in_days=retention_in_days,
            )
            for name in self.FUNCTIONS
        }
        authorizer, ingest, processor, reader = self.functions.values()
        stack.keys_table.grant(authorizer, operations=["GetItem"])
        stack.sessions_table.grant(ingest, operations=["UpdateItem"])
        stack.sessions_table.grant(reader, operations=["GetItem"])
        stack.ingestion_bucket.grant_put(ingest)
        stack.ingestion_bucket.grant_read(processor)
        stack.analytics_bucket.grant_put(processor)
        stack.analytics_bucket.grant_read(reader)
        self.dead_letters.grant_key(processor)
        self.notification = s3.Notification(
            stack,
            "ingestion-notification",
            bucket=stack.ingestion_bucket,
            function=processor,
            prefix=_RAW,
        )
        self.firewall = WebAcl(
            stack,
            self.FIREWALL,
            key=stack.logs_key,
            requests_per_second=_REQUESTS_PER_SECOND,
            burst=_REQUESTS_PER_SECOND,
            retention_in_days=retention_in_days,
        )
        keys = Authorizer("Keys", authorizer, header="X-Api-Key")
        self.api = RestApi(
            stack,
            "market-api",
            description="Takes market data in and hands analytics out",
            methods=[
                Method("/trades", "POST", ingest, authorizer=keys),
                Method("/trades/{id}", "GET", reader, authorizer=keys),
            ],
            account=Account(stack, "api-account"),
            web_acl=self.firewall,
            key=stack.logs_key,
            stage_name=self.STAGE,
            rate_limit=_REQUESTS_PER_SECOND,
            burst_limit=_REQUESTS_PER_SECOND,
            plans=[Plan("trial", ["trial-client"], rate_limit=1, burst_limit=1)],
            cors=cors,
            domain=domain,
            retention_in_days=retention_in_days,
        )


_PROCESSOR = "processor-fn"
_DESCRIPTIONS = {
    "authorizer-fn": "Lets in whose API key has its hash in the table of keys",
    "ingest-fn": "Checks market data and keeps what was sent",
    "processor-fn": "Turns market data into analytics",
    "reader-fn": "Hands analytics to the client that sent the data",
}
_ENVIRONMENTS = {
    "authorizer-fn": ("KEYS_TABLE",),
    "ingest-fn": ("INGESTION_BUCKET", "SESSIONS_TABLE"),
    "processor-fn": ("ANALYTICS_BUCKET",),
    "reader-fn": ("ANALYTICS_BUCKET", "SESSIONS_TABLE"),
}
