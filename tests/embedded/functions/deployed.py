"""Functions, their roles and what they printed, for tests."""

from __future__ import annotations

import contextlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from revet.embedded import Daemon

Client = Callable[..., Any]
ACCOUNT = "123456789012"
LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
ECHO = """
import json
def handler(event, context):
    print(json.dumps(event))
    return event
"""
FAILS = "def handler(event, context):\n    raise ValueError('no')\n"


def zipped(files: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, text in files.items():
            package.writestr(name, text)
    return buffer.getvalue()


def statement(*actions: str, resource: str = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


@dataclass
class Deployed:
    """What a test deploys; its names begin with the test's."""

    daemon: Daemon
    client: Client
    prefix: str
    clients: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, service: str) -> Any:  # noqa: ANN401 - boto3's clients
        name = {"functions": "lambda"}.get(service, service)
        if name not in self.clients:
            self.clients[name] = self.client(name, config={"read_timeout": 120})
        return self.clients[name]

    def name(self, end: str) -> str:
        return f"{self.prefix}-{end}"

    def arn(self, end: str) -> str:
        return f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{self.name(end)}"

    def role(self, end: str, *actions: str, service: str = "lambda.amazonaws.com") -> str:
        """A role that a service may assume, and that may do something, logs apart."""
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        made = self.iam.create_role(RoleName=self.name(end), AssumeRolePolicyDocument=document)
        if actions:
            self.allow(end, *actions)
        return str(made["Role"]["Arn"])

    def allow(self, role: str, *actions: str) -> None:
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement(*actions)]})
        self.iam.put_role_policy(RoleName=self.name(role), PolicyName="own", PolicyDocument=policy)

    def function(
        self, end: str, code: str | Mapping[str, str], *actions: str, **settings: Any
    ) -> str:
        """A function with a role of its own; returns its name."""
        files = {"index.py": code} if isinstance(code, str) else code
        role = settings.pop("Role", None) or self.role(end, *LOGS, *actions)
        settings = {"Runtime": "python3.12", "Handler": "index.handler", "Timeout": 30, **settings}
        settings.setdefault("Code", {"ZipFile": zipped(files)})
        self.functions.create_function(FunctionName=self.name(end), Role=role, **settings)
        return self.name(end)

    def call(self, name: str, event: Any = None, **settings: Any) -> tuple[Any, str]:  # noqa: ANN401 - JSON
        """What a function answers, and its `FunctionError`."""
        answer = self.functions.invoke(
            FunctionName=name, Payload=json.dumps(event or {}), **settings
        )
        return json.loads(answer["Payload"].read()), answer.get("FunctionError", "")

    def start(self, name: str, event: Any = None) -> None:  # noqa: ANN401 - JSON
        answer = self.functions.invoke(
            FunctionName=name, InvocationType="Event", Payload=json.dumps(event or {})
        )
        assert answer["StatusCode"] == 202

    def let(self, end: str, service: str, source: str, **settings: Any) -> None:
        """Let a service invoke a function for something."""
        self.functions.add_permission(
            FunctionName=self.name(end),
            StatementId=re.sub(r"\W", "-", f"{service}-{source}")[-90:],
            Action="lambda:InvokeFunction",
            Principal=service,
            SourceArn=source,
            **settings,
        )

    def printed(self, end: str) -> list[str]:
        """What a function printed, when everything is done; Lambda's own lines left out."""
        self.daemon.wait_until_quiet()
        return [
            line for line in self.logged(end) if not line.startswith(("START", "END", "REPORT"))
        ]

    def logged(self, end: str, group: str = "") -> list[str]:
        place = {"logGroupName": group or f"/aws/lambda/{self.name(end)}"}
        found: list[str] = []
        with contextlib.suppress(self.logs.exceptions.ResourceNotFoundException):
            for stream in self.logs.describe_log_streams(**place)["logStreams"]:
                events = self.logs.get_log_events(
                    **place, logStreamName=stream["logStreamName"], startFromHead=True
                )["events"]
                found += [event["message"] for event in events]
        return found

    def notes(self, end: str) -> list[tuple[str, str]]:
        """Kind and message of what went otherwise than well with a function."""
        self.daemon.wait_until_quiet()
        return [
            (note["kind"], note["message"])
            for note in self.daemon.deliveries()
            if str(note["function"]).startswith(self.arn(end))
        ]

    def queue(self, end: str, **attributes: str) -> tuple[str, str]:
        """URL and ARN of a new queue."""
        url = self.sqs.create_queue(QueueName=self.name(end), Attributes=attributes)["QueueUrl"]
        return str(url), f"arn:aws:sqs:us-east-1:{ACCOUNT}:{self.name(end)}"

    def messages(self, url: str) -> list[dict[str, Any]]:
        """All that a queue holds, when everything is done."""
        self.daemon.wait_until_quiet()
        found: list[dict[str, Any]] = []
        while True:
            more = self.sqs.receive_message(
                QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
            ).get("Messages")
            if not more:
                return found
            found += more
