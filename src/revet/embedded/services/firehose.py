"""Firehose: records wait in their stream until they are delivered as its role may.

moto writes each call's records into the bucket at once, as the deploying account, without prefix
expressions, processors, compression or key; PutRecord fails where that does. (See
`log_delivery.firehose`; Firehose API reference, `PutRecordBatch`: `Encrypted`.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from moto.firehose.models import FirehoseBackend

from revet.embedded.call import Moto
from revet.embedded.log_delivery.buffers import forget, put_records
from revet.embedded.patching import replace
from revet.embedded.wire_error import AwsError


def install() -> None:
    """Put the changes in place."""
    replace(FirehoseBackend, "put_s3_records", lambda _: _keep)
    replace(FirehoseBackend, "put_record_batch", _put)
    replace(FirehoseBackend, "put_record", lambda _: _put_one)
    replace(FirehoseBackend, "delete_delivery_stream", _delete)


def _keep(
    self: Moto,
    delivery_stream_name: str,
    version_id: str,  # noqa: ARG001 - moto's signature
    s3_destination: Mapping[str, Any],  # noqa: ARG001 - likewise
    records: Sequence[Mapping[str, bytes]],
) -> list[dict[str, str]]:
    stream = self.delivery_streams[delivery_stream_name]
    return put_records(self, stream, [record["Data"] for record in records])


def _put(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def put_record_batch(
        self: Moto, delivery_stream_name: str, records: Sequence[Mapping[str, bytes]]
    ) -> dict[str, Any]:
        stream = self.delivery_streams.get(delivery_stream_name)
        if stream is not None and stream.delivery_stream_type != "DirectPut":
            raise AwsError(
                "InvalidArgumentException",
                "This operation is not permitted on KinesisStreamAsSource delivery stream type.",
            )
        answer: dict[str, Any] = original(self, delivery_stream_name, records)
        return {**answer, "Encrypted": _encrypted(stream)}

    return put_record_batch


def _put_one(self: Moto, delivery_stream_name: str, record: Mapping[str, bytes]) -> dict[str, Any]:
    answer = self.put_record_batch(delivery_stream_name, [record])
    return {
        "RecordId": answer["RequestResponses"][0]["RecordId"],
        "Encrypted": answer["Encrypted"],
    }


def _encrypted(stream: Moto) -> bool:
    configured = stream.delivery_stream_encryption_configuration or {}
    return bool(configured) and configured.get("Status", "ENABLED") == "ENABLED"


def _delete(original: Callable[..., None]) -> Callable[..., None]:
    def delete_delivery_stream(self: Moto, delivery_stream_name: str) -> None:
        original(self, delivery_stream_name)
        forget(self, delivery_stream_name)

    return delete_delivery_stream
