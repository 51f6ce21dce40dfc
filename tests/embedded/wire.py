"""Requests byte by byte, and signatures for them."""

import socket
import ssl

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from revet.embedded import Daemon

FORM = "application/x-www-form-urlencoded; charset=utf-8"


def signed_headers(
    daemon: Daemon,
    service: str,
    host: str,
    *,
    method: str = "POST",
    target: str = "/",
    body: bytes = b"",
    headers: dict[str, str] | None = None,
) -> dict[str, str]:
    """The headers of a request that the deploying credentials signed, by botocore's signer."""
    given = headers if headers is not None else {"Content-Type": FORM}
    request = AWSRequest(method, f"https://{host}{target}", given, data=body)
    kind = S3SigV4Auth if service == "s3" else SigV4Auth
    credentials = Credentials(daemon.access_key, daemon.secret_key)
    kind(credentials, service, "us-east-1").add_auth(request)
    return {str(name): str(text) for name, text in request.headers.items()}


def raw(
    daemon: Daemon,
    host: str,
    head: str,
    body: bytes = b"",
    *,
    interim: bool = False,
    add: bool = True,
) -> tuple[int, str]:
    """Send bytes through a tunnel; status and rest of the (final) answer."""
    context = ssl.create_default_context(cafile=str(daemon.ca_path))
    with socket.create_connection(("127.0.0.1", daemon.port), 10) as plain:
        plain.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
        assert b" 200 " in plain.recv(4096)
        with context.wrap_socket(plain, server_hostname=host) as tls:
            ending = f"\r\nHost: {host}\r\nConnection: close" if add else ""
            tls.sendall(f"{head}{ending}\r\n\r\n".encode())
            if interim:
                assert tls.recv(4096).startswith(b"HTTP/1.1 100 Continue")
            tls.sendall(body)
            answer = b""
            while piece := tls.recv(4096):
                answer += piece
    return parsed(answer)


def parsed(answer: bytes) -> tuple[int, str]:
    """Status and rest of an answer."""
    first, _, rest = answer.decode("utf-8", "replace").partition("\r\n")
    return int(first.split()[1]), rest
