"""Start, find, stop; the files that are left; what survives."""

import json
import os
import select
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from revet.embedded import Daemon, find_daemon, start_daemon, stop_daemon
from revet.embedded.sealed import write_state
from revet.files import make_private_folder, replace_file
from revet.model.errors import EmbeddedError, PrerequisiteError

Client = Callable[..., Any]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_started_once_found_and_stopped(state: Path) -> None:
    daemon = start_daemon(state, region="eu-west-1")
    assert start_daemon(state) == daemon == find_daemon(state)
    assert daemon.health()["run_id"] == daemon.run_id
    assert daemon.environment()["AWS_REGION"] == "eu-west-1"
    assert stop_daemon(state) is True
    assert find_daemon(state) is None
    assert stop_daemon(state) is False
    with pytest.raises(EmbeddedError, match="does not answer"):
        daemon.health()


def test_a_record_of_a_dead_daemon_is_not_believed(state: Path) -> None:
    daemon = start_daemon(state)
    record = (state / "daemon.json").read_text()
    stop_daemon(state)
    replace_file(state / "daemon.json", record)
    assert find_daemon(state) is None
    assert start_daemon(state).run_id != daemon.run_id


def test_a_stranger_on_the_port_is_not_taken_for_the_daemon(daemon: Daemon, tmp_path: Path) -> None:
    record = json.loads((daemon.state_dir / "daemon.json").read_text())
    assert find_daemon(daemon.state_dir) == daemon
    replace_file(tmp_path / "daemon.json", json.dumps(record | {"run_id": "another"}))
    assert find_daemon(tmp_path) is None


@pytest.mark.parametrize(
    "record", ["", "{", "[]", "null", '{"pid": 1}', '{"pid": 1e999}', "[" * 100_000]
)
def test_a_broken_record_is_no_daemon(record: str, tmp_path: Path) -> None:
    replace_file(tmp_path / "daemon.json", record)
    assert find_daemon(tmp_path) is None


@pytest.mark.parametrize("planted", ["readable", "linked", "an open folder"])
def test_a_record_that_others_could_have_written_is_refused(
    daemon: Daemon, tmp_path: Path, planted: str
) -> None:
    """It would lead everything that follows to a port of theirs."""
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    content = (daemon.state_dir / "daemon.json").read_text()
    replace_file(folder / "daemon.json", content, mode=0o644 if planted == "readable" else 0o600)
    if planted == "linked":
        (folder / "daemon.json").rename(tmp_path / "record")
        (folder / "daemon.json").symlink_to(tmp_path / "record")
    elif planted == "an open folder":
        folder.chmod(0o777)
    with pytest.raises(PrerequisiteError, match="not private"):
        find_daemon(folder)


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "stopped"])
def test_its_lifeline_ends_with_it(state: Path, *, killed: bool) -> None:
    daemon = start_daemon(state)
    with daemon.lifeline() as alive:
        daemon.health()
        assert select.select([alive], [], [], 0)[0] == []
        if killed:
            os.kill(daemon.pid, signal.SIGKILL)
        else:
            stop_daemon(state)
        assert select.select([alive], [], [], 60)[0] == [alive]
    with pytest.raises(EmbeddedError, match="does not answer"), daemon.lifeline():
        pytest.fail("it has ended")


def test_two_daemons_do_not_share_a_state(daemon: Daemon) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "revet.embedded", "--state", str(daemon.state_dir)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "another embedded AWS already serves this state" in done.stderr


def test_a_taken_port_is_named(state: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EmbeddedError, match=f"127.0.0.1:{port}"):
            start_daemon(state, port=port)
    assert find_daemon(state) is None


def test_the_state_survives_a_stop(state: Path, client_for: Client) -> None:
    daemon = start_daemon(state)
    made = create_one_of_each(client_for, daemon)
    stop_daemon(state)
    assert mode(state) == 0o700
    kept = {path.name: mode(path) for path in state.iterdir() if path.suffix != ".lock"}
    assert kept.pop("ca.pem") & 0o022 == 0
    assert set(kept) == {"snapshot.bin", "calls.jsonl", "daemon.log"}
    assert set(kept.values()) == {0o600}
    daemon = start_daemon(state)
    assert daemon.health()["restored"] is True
    assert found_of_each(client_for, daemon, made) == made
    assert daemon.internal_errors() == []


def test_the_state_survives_a_kill_right_after_the_last_write(
    state: Path, client_for: Client
) -> None:
    daemon = start_daemon(state)
    made = create_one_of_each(client_for, daemon)
    os.kill(daemon.pid, signal.SIGKILL)
    daemon = start_daemon(state)
    assert found_of_each(client_for, daemon, made) == made
    client_for(daemon, "s3").delete_bucket_tagging(Bucket="kept")
    os.kill(daemon.pid, signal.SIGKILL)
    assert found_of_each(client_for, start_daemon(state), made) == made


@pytest.mark.parametrize("content", [b"garbage", b'{"format": 1, "moto": "4.0.0"}\npickle'])
def test_another_versions_snapshot_is_refused(content: bytes, state: Path) -> None:
    make_private_folder(state)
    write_state(state, content)
    before = (state / "snapshot.bin").read_bytes()
    with pytest.raises(EmbeddedError, match="written by other versions") as caught:
        start_daemon(state)
    assert ("4.0.0" if b"4.0.0" in content else "no header of ours") in str(caught.value)
    assert (state / "snapshot.bin").read_bytes() == before


def create_one_of_each(client_for: Client, daemon: Any) -> dict[str, Any]:  # noqa: ANN401 - names
    kms, s3 = client_for(daemon, "kms"), client_for(daemon, "s3")
    queue = client_for(daemon, "sqs").create_queue(QueueName="kept")["QueueUrl"]
    client_for(daemon, "ssm").put_parameter(Name="/kept", Value="1", Type="SecureString")
    key = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    s3.create_bucket(Bucket="kept")
    s3.put_bucket_versioning(Bucket="kept", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="kept", Key="k", Body=b"one")
    s3.put_object(Bucket="kept", Key="k", Body=b"two")
    vpc = client_for(daemon, "ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return {
        "queue": queue,
        "parameter": "1",
        "key": kms.get_public_key(KeyId=key)["PublicKey"].hex(),
        "key_id": key,
        "versions": 2,
        "vpc": [vpc],
        "inventory": daemon.inventory(),
    }


def found_of_each(client_for: Client, daemon: Any, made: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - names
    parameter = client_for(daemon, "ssm").get_parameter(Name="/kept", WithDecryption=True)
    vpcs = client_for(daemon, "ec2").describe_vpcs(VpcIds=made["vpc"])["Vpcs"]
    key = client_for(daemon, "kms").get_public_key(KeyId=made["key_id"])
    return {
        "queue": client_for(daemon, "sqs").get_queue_url(QueueName="kept")["QueueUrl"],
        "parameter": parameter["Parameter"]["Value"],
        "key": key["PublicKey"].hex(),
        "key_id": made["key_id"],
        "versions": len(client_for(daemon, "s3").list_object_versions(Bucket="kept")["Versions"]),
        "vpc": [vpc["VpcId"] for vpc in vpcs],
        "inventory": daemon.inventory(),
    }
