"""What a large upload costs."""

import tempfile
import tracemalloc
from pathlib import Path
from typing import BinaryIO

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from revet.embedded.credentials import RootKey
from revet.embedded.dispatch import Dispatcher
from revet.embedded.faults import Faults
from revet.embedded.recorder import Recorder
from revet.embedded.services import s3

HOST = "s3.us-east-1.amazonaws.com"
MIB = 1024 * 1024
SIZE = 96 * MIB


def test_a_large_upload_is_held_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "unused")  # moto insists that there are some
    s3.install()
    root = RootKey("AKIA" + "A" * 16, "secret")
    recorder = Recorder(tmp_path)
    dispatcher = Dispatcher(recorder, Faults(tmp_path), lambda: None, root)

    def put(target: str, body: BinaryIO) -> int:
        request = AWSRequest("PUT", f"https://{HOST}{target}", {}, data=body)
        S3SigV4Auth(Credentials(root.access_key, root.secret), "s3", "us-east-1").add_auth(request)
        headers = [("Host", HOST), *((str(n), str(t)) for n, t in request.headers.items())]
        return dispatcher.answer("PUT", HOST, target, headers, body).status

    with tempfile.TemporaryFile() as empty, tempfile.TemporaryFile() as large:
        large.truncate(SIZE)
        assert put("/held-once", empty) == 200
        tracemalloc.start()
        try:
            assert put("/held-once/k", large) == 200
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
            recorder.close()
    assert SIZE <= peak < SIZE + 40 * MIB  # moto reads pieces of 16 MiB for the checksum
