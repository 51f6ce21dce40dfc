"""The certificate authority of one run.

The authority's private key lives in this process only. Python's `ssl` reads a server's key from a
file, so the key of the host certificates passes through one: encrypted with a password that is
kept in memory, mode 0600, and removed at once.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import ssl
import tempfile
import threading
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from revet.files import replace_file

_VALID = dt.timedelta(days=30)
_SKEW = dt.timedelta(hours=1)
_COMMON_NAME_LIMIT = 64  # RFC 5280, ub-common-name-length


class Authority:
    """Signs one certificate for each host that is asked for.

    Args:
        directory: the private folder of the run; only `ca.pem` stays there.
    """

    def __init__(self, directory: Path) -> None:
        self.certificate_path = directory / "ca.pem"
        self._directory = directory
        self._lock = threading.Lock()
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._host_key = ec.generate_private_key(ec.SECP256R1())
        self._certificate = self._sign_authority()
        replace_file(
            self.certificate_path, self._certificate.public_bytes(serialization.Encoding.PEM)
        )

    def context(self, host: str) -> ssl.SSLContext:
        """The TLS context that answers for a host; made at the first call, then reused.

        Args:
            host: name without port.
        """
        with self._lock:
            if host not in self._contexts:
                self._contexts[host] = self._make_context(host)
            return self._contexts[host]

    def _sign_authority(self) -> x509.Certificate:
        name = _name("revet embedded AWS, authority of one run")
        return (
            _builder(name, name, self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_signing_usage(), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False
            )
            .sign(self._key, hashes.SHA256())
        )

    def _make_context(self, host: str) -> ssl.SSLContext:
        certificate = (
            _builder(
                _name(host[:_COMMON_NAME_LIMIT]),
                self._certificate.subject,
                self._host_key.public_key(),
            )
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
            .sign(self._key, hashes.SHA256())
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        password = secrets.token_hex(16)
        pem = self._host_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(password.encode()),
        ) + certificate.public_bytes(serialization.Encoding.PEM)
        descriptor, path = tempfile.mkstemp(dir=self._directory, prefix="host-", suffix=".pem")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(pem)
            context.load_cert_chain(path, password=password)
        finally:
            Path(path).unlink()
        return context


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + _VALID)
    )


def _signing_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
