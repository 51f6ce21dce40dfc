"""Requests that are not what they say, and clients that take their time."""

import socket
import ssl
from collections.abc import Callable
from typing import Any

import pytest
from tests.embedded.wire import FORM, parsed, raw, signed_headers

from revet.embedded import Daemon

Client = Callable[..., Any]
STS = "sts.us-east-1.amazonaws.com"
WHO = b"Action=GetCallerIdentity&Version=2011-06-15"

LENGTHS = {
    "negative": "Content-Length: -1",
    "not a number": "Content-Length: many",
    "signed": "Content-Length: +5",
    "underscore": "Content-Length: 1_0",
    "hexadecimal": "Content-Length: 0x10",
    "a list": "Content-Length: 5, 5",
    "two": "Content-Length: 5\r\nContent-Length: 6",
    "huge": "Content-Length: 99999999999999999999",
    "with chunks": "Content-Length: 5\r\nTransfer-Encoding: chunked",
    "two codings": "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    "another coding": "Transfer-Encoding: gzip, chunked",
    "not quite chunked": "Transfer-Encoding: xchunked",
    "a blank before the colon": "Content-Length : 5",
    "no colon": "Content-Length 5\r\nX: y",
    "two hosts": f"Host: {STS}",
    "too many headers": "\r\n".join(f"X-{number}: 1" for number in range(200)),
    "too long a header": "X: " + "a" * 70_000,
}


@pytest.mark.parametrize("case", LENGTHS)
def test_a_request_that_is_not_framed_is_answered_and_the_connection_ends(
    case: str, daemon: Daemon
) -> None:
    smuggled = b"POST / HTTP/1.1\r\nHost: " + STS.encode() + b"\r\nContent-Length: 0\r\n\r\n"
    status, text = raw(daemon, STS, f"POST / HTTP/1.1\r\n{LENGTHS[case]}", smuggled)
    assert status in (400, 431)
    assert "Connection: close" in text
    assert "HTTP/1.1" not in text, "only one answer"


CHUNKS = {
    "not a size": b"zz\r\n",
    "negative": b"-5\r\nhello\r\n0\r\n\r\n",
    "a prefix": b"0x5\r\nhello\r\n0\r\n\r\n",
    "huge": b"fffffffffffffff\r\nhello",
    "overflow": b"1" + b"0" * 40 + b"\r\n",
    "longer than it says": b"2\r\nhello\r\n0\r\n\r\n",
    "no end of line": b"5" * 9000,
}


@pytest.mark.parametrize("case", CHUNKS)
def test_broken_chunks_are_refused(case: str, daemon: Daemon) -> None:
    head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked"
    status, text = raw(daemon, STS, head, CHUNKS[case])
    assert status == 400
    assert "EmbeddedAwsMalformedRequest" in text or "EntityTooLarge" in text


def test_a_body_over_the_bound_is_refused_before_it_is_sent(daemon: Daemon) -> None:
    for host in ("s3.us-east-1.amazonaws.com", STS):
        head = f"PUT /b/k HTTP/1.1\r\nContent-Length: {300 * 1024 * 1024}\r\nExpect: 100-continue"
        status, text = raw(daemon, host, head)
        assert status == 400
        assert "EntityTooLarge" in text


TARGETS = [
    "http://motoapi.amazonaws.com/moto-api/reset",
    "https://motoapi.amazonaws.com/moto-api/reset",
    "//motoapi.amazonaws.com/moto-api/reset",
    "*",
    "moto-api/reset",
    "/a#b",
    "/ü",
]


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_inside_a_tunnel_is_a_path(target: str, daemon: Daemon, client: Client) -> None:
    client("sqs").create_queue(QueueName="kept-by-targets")
    status, text = raw(daemon, STS, f"POST {target} HTTP/1.1\r\nContent-Length: 0")
    assert status in (400, 403)
    assert "moto" not in text
    assert client("sqs").get_queue_url(QueueName="kept-by-targets")


@pytest.mark.parametrize(
    "other",
    [
        "motoapi.amazonaws.com",
        "kms.us-east-1.amazonaws.com",
        "example.com",
        "",
        f"{STS}.evil.test",
        f"evil@{STS}",
        f"{STS}, motoapi.amazonaws.com",
    ],
)
def test_the_host_is_the_one_that_the_tunnel_leads_to(other: str, daemon: Daemon) -> None:
    head = f"POST / HTTP/1.1\r\nHost: {other}\r\nConnection: close\r\nContent-Length: 0"
    status, _ = raw(daemon, STS, head, add=False)
    assert status == 400


def plain(daemon: Daemon, request: bytes) -> tuple[int, str]:
    """Send bytes to the port itself."""
    with socket.create_connection(("127.0.0.1", daemon.port), 10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(4096):
            answer += piece
    return parsed(answer)


@pytest.mark.parametrize(
    "request_",
    [
        b"GET http://s3.amazonaws.com/ HTTP/1.1\r\nHost: motoapi.amazonaws.com\r\n\r\n",
        b"GET http://motoapi.amazonaws.com/ HTTP/1.1\r\nHost: s3.amazonaws.com\r\n\r\n",
        b"GET http://x@s3.amazonaws.com/ HTTP/1.1\r\nHost: s3.amazonaws.com\r\n\r\n",
        b"GET http://s3.amazonaws.com/ HTTP/1.1\r\n\r\n",
        b"GET ftp://s3.amazonaws.com/ HTTP/1.1\r\nHost: s3.amazonaws.com\r\n\r\n",
        b"CONNECT s3.amazonaws.com@evil.test:443 HTTP/1.1\r\n\r\n",
        b"CONNECT evil.test/.amazonaws.com:443 HTTP/1.1\r\n\r\n",
        b"CONNECT [::1]:443 HTTP/1.1\r\n\r\n",
        b"CONNECT .amazonaws.com:443 HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"NOPE / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n",
    ],
)
def test_odd_requests_to_the_port_are_refused(request_: bytes, daemon: Daemon) -> None:
    status, _ = plain(daemon, request_)
    assert 400 <= status < 600


def test_requests_one_after_the_other_are_answered_in_order(daemon: Daemon) -> None:
    headers = signed_headers(daemon, "sts", STS, body=WHO)
    lines = [f"{name}: {text}" for name, text in headers.items()]
    lines += [f"Host: {STS}", f"Content-Length: {len(WHO)}"]
    request = ("\r\n".join(["POST / HTTP/1.1", *lines]) + "\r\n\r\n").encode() + WHO
    bad = f"POST / HTTP/1.1\r\nHost: {STS}\r\nContent-Length: -1\r\n\r\n".encode()
    context = ssl.create_default_context(cafile=str(daemon.ca_path))
    with socket.create_connection(("127.0.0.1", daemon.port), 10) as opened:
        opened.sendall(f"CONNECT {STS}:443 HTTP/1.1\r\n\r\n".encode())
        assert b" 200 " in opened.recv(4096)
        with context.wrap_socket(opened, server_hostname=STS) as tls:
            tls.sendall(request + request + bad + request)
            answer = b""
            while piece := tls.recv(65536):
                answer += piece
    assert answer.count(b"HTTP/1.1 200") == 2
    assert answer.count(b"HTTP/1.1 400") == 1
    assert answer.count(b"HTTP/1.1 ") == 3


def test_http_1_0_is_answered_and_closed(daemon: Daemon) -> None:
    headers = signed_headers(daemon, "sts", STS, body=WHO, headers={"Content-Type": FORM})
    lines = [f"{name}: {text}" for name, text in headers.items()]
    lines.append(f"Content-Length: {len(WHO)}")
    status, text = raw(daemon, STS, "\r\n".join(["POST / HTTP/1.0", *lines]), WHO)
    assert status == 200
    assert "Connection: close" in text
    status, _ = raw(daemon, STS, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked", b"0\r\n\r\n")
    assert status == 400
