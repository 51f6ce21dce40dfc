"""What functions see of the machine: their package, Lambda's variables, and the gateway."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.embedded.functions.deployed import ECHO, Deployed

from revet.embedded import start_daemon, stop_daemon

LAMBDAS = {
    *("_HANDLER", "_X_AMZN_TRACE_ID", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_REGION"),
    *("AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME"),
    *("AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_SESSION_TOKEN"),
    *("AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_SECRET_ACCESS_KEY"),
    *("LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "LANG", "PATH", "TZ"),
}
WAY_TO_THE_GATEWAY = {
    *("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy", "NO_PROXY", "no_proxy"),
    *("AWS_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "AWS_EC2_METADATA_DISABLED"),
    *("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "TMPDIR", "HOME"),
}


def test_the_environment_is_lambdas_and_the_functions_own(deployed: Deployed) -> None:
    code = "import os\ndef handler(event, context): return dict(os.environ)\n"
    own = {"WORD": "x", "HOME_OF": "{port}"}
    name = deployed.function("f", code, Environment={"Variables": own})
    found, _ = deployed.call(name)
    assert set(found) == LAMBDAS | WAY_TO_THE_GATEWAY | set(own)
    assert {key: found[key] for key in own} == own
    assert found["AWS_ACCESS_KEY_ID"] != deployed.daemon.access_key
    assert os.environ["PATH"] != found["PATH"]


@pytest.mark.parametrize(
    "code",
    [
        "import socket\ndef reach(host, port): socket.create_connection((host, port), 3)\n",
        (
            "import socket\ndef reach(host, port):\n"
            "    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', (host, port))\n"
            "    if host == '127.0.0.1': raise OSError('a datagram to nobody')\n"
        ),
        (
            "import ctypes, socket, struct\ndef reach(host, port):\n"
            "    made = struct.pack('=HH4s8x', 2, socket.htons(port), socket.inet_aton(host))\n"
            "    library = ctypes.CDLL(None, use_errno=True)\n"
            "    if library.connect(library.socket(2, 1, 0), made, 16): raise OSError\n"
        ),
        (
            "import subprocess, sys\ndef reach(host, port):\n"
            "    code = f'import socket; socket.create_connection(({host!r}, {port}), 3)'\n"
            "    if subprocess.run([sys.executable, '-c', code], capture_output=True).returncode:\n"
            "        raise OSError\n"
        ),
    ],
    ids=["connection", "datagram", "native", "program"],
)
def test_functions_reach_nothing_but_the_gateway(code: str, deployed: Deployed) -> None:
    if not deployed.daemon.health()["functions"]["network"]:
        pytest.skip("this system does not let a user make a network")
    code += """
def handler(event, context):
    reached = []
    for host, port in event["places"]:
        try:
            reach(host, port)
        except OSError:
            continue
        reached.append([host, port])
    return reached
"""
    name = deployed.function("f", code)
    places = [["192.0.2.1", 80], ["127.0.0.1", deployed.daemon.port], ["8.8.8.8", 53]]
    assert deployed.call(name, {"places": places}) == ([], "")


HOOKED = """
import socket, subprocess
from revet.embedded.functions.isolation import only_gateway
nowhere = ("127.0.0.1", 0)
with socket.create_server(nowhere) as gateway, socket.create_server(nowhere) as other:
    port = gateway.getsockname()[1]
    only_gateway(port)
    socket.create_connection(("127.0.0.1", port)).close()
    for reach in (
        lambda: socket.create_connection(other.getsockname()),
        lambda: socket.create_connection(("192.0.2.1", 80)),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)),
        lambda: subprocess.run(["true"]),
    ):
        try:
            reach()
        except (ConnectionRefusedError, PermissionError) as error:
            assert "embedded AWS" in str(error)
        else:
            raise AssertionError(reach)
"""


def test_where_there_is_no_network_of_their_own_a_hook_refuses() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HOOKED], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_hosts_that_are_not_aws_are_refused_by_the_gateway(deployed: Deployed) -> None:
    code = """
import urllib.request
def handler(event, context):
    try:
        urllib.request.urlopen("https://example.com", timeout=5)
    except OSError as error:
        return str(error)
"""
    answer, _ = deployed.call(deployed.function("f", code))
    assert "403" in answer


def test_the_state_and_its_secrets_are_out_of_sight(deployed: Deployed) -> None:
    code = "import os\ndef handler(event, context): return os.listdir(event['folder'])\n"
    name = deployed.function("f", code)
    folder = deployed.daemon.state_dir
    assert (folder / "daemon.json").exists()
    assert deployed.call(name, {"folder": str(folder)}) == ([], "")


@pytest.fixture
def own(state: Path, client_for: Callable[..., Any]) -> Iterator[Deployed]:
    def client(service: str, **settings: Any) -> Any:  # noqa: ANN401 - boto3's clients
        return client_for(made.daemon, service, **settings)

    made = Deployed(start_daemon(state), client, "own")
    yield made
    stop_daemon(state)


def _end_of(process: int) -> None:
    """Wait until a process has ended."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return
    try:
        ready, _, _ = select.select([descriptor], [], [], 30)
        assert ready, f"process {process} is still there"
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("how", ["killed", "stopped"])
def test_functions_end_with_the_daemon(how: str, own: Deployed) -> None:
    code = "import os\ndef handler(event, context): return [os.getpid(), os.getcwd()]\n"
    (process, folder), _ = own.call(own.function("f", code))
    assert Path(f"/proc/{process}").exists()
    if how == "killed":
        os.kill(own.daemon.pid, signal.SIGKILL)
        _end_of(own.daemon.pid)
    else:
        stop_daemon(own.daemon.state_dir)
    _end_of(process)
    assert how == "killed" or not Path(folder).exists()


def test_echo_still_runs_after_a_restart(own: Deployed) -> None:
    name = own.function("f", ECHO)
    own.daemon.snapshot()
    stop_daemon(own.daemon.state_dir)
    own.daemon = start_daemon(own.daemon.state_dir)
    own.clients.clear()
    assert own.call(name, {"a": 1}) == ({"a": 1}, "")
