"""Nothing leaves the process of the embedded AWS."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from revet.embedded import Daemon
from revet.embedded.environment import daemon_environment

Client = Callable[..., Any]


class Listener:
    """Counts who connects to it."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, address = self._socket.accept()
            except OSError:
                return
            self.seen.append(address)
            connection.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


def sns(client: Client, url: str) -> None:
    topic = client("sns").create_topic(Name="outward")["TopicArn"]
    client("sns").subscribe(TopicArn=topic, Protocol="http", Endpoint=url)
    assert client("sns").publish(TopicArn=topic, Message="hello")["MessageId"]


def firehose(client: Client, url: str) -> None:
    client("s3").create_bucket(Bucket="outward-backup")
    client("firehose").create_delivery_stream(
        DeliveryStreamName="outward",
        HttpEndpointDestinationConfiguration={
            "EndpointConfiguration": {"Url": url},
            "S3Configuration": {
                "RoleARN": "arn:aws:iam::123456789012:role/firehose",
                "BucketARN": "arn:aws:s3:::outward-backup",
            },
        },
    )
    record = {"Data": b"hello"}
    assert client("firehose").put_record(DeliveryStreamName="outward", Record=record)["RecordId"]


def events(client: Client, url: str) -> None:
    bridge = client("events")
    key = {"ApiKeyName": "x", "ApiKeyValue": "y"}
    connection = bridge.create_connection(
        Name="outward", AuthorizationType="API_KEY", AuthParameters={"ApiKeyAuthParameters": key}
    )["ConnectionArn"]
    destination = bridge.create_api_destination(
        Name="outward", ConnectionArn=connection, InvocationEndpoint=url, HttpMethod="POST"
    )["ApiDestinationArn"]
    bridge.put_rule(Name="outward", EventPattern=json.dumps({"source": ["test"]}))
    bridge.put_targets(Rule="outward", Targets=[{"Id": "1", "Arn": destination}])
    entry = {"Source": "test", "DetailType": "x", "Detail": "{}"}
    assert bridge.put_events(Entries=[entry])["FailedEntryCount"] == 0


@pytest.mark.parametrize("deliver", [sns, firehose, events], ids=lambda item: item.__name__)
def test_deliveries_to_endpoints_are_not_made_and_are_known(
    deliver: Callable[[Client, str], None], client: Client, daemon: Daemon, listener: Listener
) -> None:
    url = f"http://127.0.0.1:{listener.port}/in"
    deliver(client, url)
    assert listener.seen == []
    lines = [fault["message"] for fault in daemon.not_delivered()]
    assert any(f"{deliver.__name__} wanted to send POST `{url}`" in line for line in lines)


def test_a_state_machine_reaches_nobody(client: Client, listener: Listener) -> None:
    machine = {
        "StartAt": "Call",
        "States": {
            "Call": {
                "Type": "Task",
                "Resource": "arn:aws:states:::apigateway:invoke",
                "Parameters": {"ApiEndpoint": f"127.0.0.1:{listener.port}", "Method": "GET"},
                "End": True,
            }
        },
    }
    functions = client("stepfunctions")
    arn = functions.create_state_machine(
        name="outward",
        definition=json.dumps(machine),
        roleArn="arn:aws:iam::123456789012:role/states",
    )["stateMachineArn"]
    functions.start_execution(stateMachineArn=arn)
    assert listener.seen == []


def test_functions_and_jobs_do_not_reach_docker(client: Client, listener: Listener) -> None:
    with pytest.raises(ClientError):
        client("lambda").invoke(FunctionName="absent")
    assert listener.seen == []


ATTEMPTS = {
    "destination": "__import__('revet.embedded.services.deliveries', fromlist=['x'])"
    ".Undelivered('events').request('POST', 'http://127.0.0.1:{port}/') or 1 / 0",
    "connect": "socket.create_connection(('127.0.0.1', {port}))",
    "connect_ex": "socket.socket().connect_ex(('127.0.0.1', {port}))",
    "datagram": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {port}))",
    "look-up": "socket.getaddrinfo('example.com', 80)",
    "urllib": "__import__('urllib.request').request.urlopen('http://127.0.0.1:{port}/')",
    "requests": "__import__('requests').post('http://127.0.0.1:{port}/')",
    "program": "__import__('subprocess').run(['true'])",
    "shell": "__import__('os').system('true')",
    "unix": "socket.socket(socket.AF_UNIX).connect('/var/run/docker.sock')",
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_every_way_out_is_shut(name: str, listener: Listener) -> None:
    attempt = ATTEMPTS[name].format(port=listener.port)
    code = (
        "import socket\n"
        "from revet.embedded import egress\n"
        "lines = []\n"
        "egress.shut(lines.append)\n"
        f"try:\n    {attempt}\nexcept Exception as error:\n    print(type(error).__name__)\n"
        "else:\n    print('got through')\n"
        "print(len(lines))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    said, count = done.stdout.split("\n")[:2]
    assert said != "got through", done.stdout
    assert int(count) >= 1
    assert listener.seen == []


def test_the_environment_has_nothing_of_the_users() -> None:
    given = {
        "PATH": "/bin",
        "HOME": "/home/ann",
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "aws_profile": "x",
        "HTTPS_PROXY": "http://proxy",
        "GITHUB_TOKEN": "x",
        "PYTHONPATH": "/evil",
        "PYTHONSTARTUP": "/evil.py",
        "MOTO_ACCOUNT_ID": "1",
        "REVET_STATE_DIR": "/state",
        "LD_PRELOAD": "/evil.so",
    }
    assert daemon_environment(given) == {
        "PATH": "/bin",
        "HOME": "/home/ann",
        "REVET_STATE_DIR": "/state",
        "PYTHONSAFEPATH": "1",
        "PYTHONNOUSERSITE": "1",
    }


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux's /proc")
def test_the_daemon_runs_without_the_users_environment(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert os.environ.get("PYTEST_CURRENT_TEST")
    text = Path(f"/proc/{daemon.pid}/environ").read_text()
    names = {line.partition("=")[0] for line in text.split("\0") if line}
    assert names <= set(daemon_environment(dict.fromkeys(names, "")))
    assert "PYTEST_CURRENT_TEST" not in names
