"""What Firehose does to records before it delivers them: processors, delimiters, compression.

Source: Amazon Data Firehose Developer Guide, "Decompress CloudWatch Logs", "Extract messages after
decompression of CloudWatch Logs"; API reference, `Processor`, `CompressionFormat`.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from revet.embedded.log_delivery.buffers import Record


class NotRunError(Exception):
    """A configuration that the embedded AWS does not run; the text says which."""


class Processed(NamedTuple):
    """Records after their processors.

    Args:
        data: of those that go to the bucket.
        failed: those that do not, as lines of JSON for the error prefix.
    """

    data: list[bytes]
    failed: list[bytes]


def processors_of(destination: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The processors of a destination, in their order.

    Args:
        destination: of S3, as DescribeDeliveryStream shows it.

    Raises:
        NotRunError: something of it is not run here.
    """
    for member in ("DataFormatConversionConfiguration", "DynamicPartitioningConfiguration"):
        if (destination.get(member) or {}).get("Enabled"):
            raise NotRunError(f"the embedded AWS does not run Firehose's {member}")
    configured = destination.get("ProcessingConfiguration") or {}
    processors = list(configured.get("Processors") or ()) if configured.get("Enabled") else []
    for processor in processors:
        if processor["Type"] not in _RUN:
            raise NotRunError(f"the embedded AWS does not run Firehose's {processor['Type']}")
    return processors


def process(records: Sequence[Record], processors: Sequence[Mapping[str, Any]]) -> Processed:
    """Run records through processors.

    Args:
        records: as they waited.
        processors: as of `processors_of`.
    """
    done = Processed([], [])
    for record in records:
        pieces = [record.data]
        try:
            for processor in processors:
                parameters = {
                    one["ParameterName"]: one["ParameterValue"]
                    for one in processor.get("Parameters") or ()
                }
                run = _RUN[processor["Type"]]
                pieces = [made for piece in pieces for made in run(piece, parameters)]
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            done.failed.append(_failure(record, error))
        else:
            done.data.extend(pieces)
    return done


def _failure(record: Record, error: Exception) -> bytes:
    line = {
        "attemptsMade": 1,
        "arrivalTimestamp": record.arrived,
        "errorCode": "DecompressionFailed",
        "errorMessage": f"{type(error).__name__}: {error}",
        "attemptEndingTimestamp": record.arrived,
        "rawData": base64.b64encode(record.data).decode(),
    }
    return json.dumps(line).encode() + b"\n"


def _decompress(data: bytes, _parameters: Mapping[str, str]) -> list[bytes]:
    opened = gzip.decompress(data)
    if "messageType" not in json.loads(opened):
        raise ValueError("the record is not one of CloudWatch Logs")
    return [opened]


def _extract(data: bytes, parameters: Mapping[str, str]) -> list[bytes]:
    if parameters.get("DataMessageExtraction", "true").lower() != "true":
        return [data]
    return [event["message"].encode() + b"\n" for event in json.loads(data)["logEvents"]]


def _delimit(data: bytes, parameters: Mapping[str, str]) -> list[bytes]:
    return [data + parameters.get("Delimiter", "\\n").replace("\\n", "\n").encode()]


_RUN: Mapping[str, Callable[[bytes, Mapping[str, str]], list[bytes]]] = {
    "Decompression": _decompress,
    "CloudWatchLogProcessing": _extract,
    "AppendDelimiterToRecord": _delimit,
}


def compressed(data: bytes, style: str) -> tuple[bytes, str]:
    """An object's content and the end of its name.

    Args:
        data: of the object.
        style: `UNCOMPRESSED`, `GZIP` or `ZIP`.

    Raises:
        NotRunError: it is another one.
    """
    if style == "UNCOMPRESSED":
        return data, ""
    if style == "GZIP":
        return gzip.compress(data, mtime=0), ".gz"
    if style == "ZIP":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("data", data)
        return packed.getvalue(), ".zip"
    raise NotRunError(f"the embedded AWS does not compress with {style}")
