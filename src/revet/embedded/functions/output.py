"""What Lambda writes around a function's output, and what it hands back of it.

Source: AWS Lambda Developer Guide, "Working with Lambda function logs", "View logs".
"""

from __future__ import annotations

import base64
import datetime as dt
import math

_TAIL = 4096


def start_line(request_id: str, version: str) -> str:
    """The first line of an invocation."""
    return f"START RequestId: {request_id} Version: {version}\n"


def end_lines(
    request_id: str,
    *,
    seconds: float,
    memory: int,
    used: int,
    initialized: float | None,
    status: str = "",
) -> str:
    """The last lines of an invocation.

    Args:
        request_id: of it.
        seconds: that it took.
        memory: MiB that the function has.
        used: MiB at most.
        initialized: seconds that the process took to be ready; none for one that was.
        status: `timeout`, or `error` with its type; empty when all went well.
    """
    report = (
        f"REPORT RequestId: {request_id}\tDuration: {seconds * 1000:.2f} ms\t"
        f"Billed Duration: {math.ceil(seconds * 1000)} ms\tMemory Size: {memory} MB\t"
        f"Max Memory Used: {used} MB\t"
    )
    if initialized is not None:
        report += f"Init Duration: {initialized * 1000:.2f} ms\t"
    if status:
        report += f"Status: {status}\t"
    return f"END RequestId: {request_id}\n{report}\n"


def timed_out(request_id: str, timeout: int) -> str:
    """The line for an invocation that took too long."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f"{now} {request_id} Task timed out after {timeout:.2f} seconds\n\n"


def tail(log: str) -> str:
    """The end of a log as `X-Amz-Log-Result` carries it: 4 KiB in base64."""
    return base64.b64encode(log.encode()[-_TAIL:]).decode()
