"""ACM: certificates that are validated by DNS, the only way that moto answers.

Source: ACM API reference, RequestCertificate.
"""

from __future__ import annotations

from collections.abc import Callable

from moto.acm.responses import AWSCertificateManagerResponse

from revet.embedded.call import Moto
from revet.embedded.patching import replace

_BY_DNS = "DNS"


def install() -> None:
    """Put the change in place."""
    replace(AWSCertificateManagerResponse, "request_certificate", _requesting)


def _requesting(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def request_certificate(self: Moto) -> Moto:
        method = self._get_param("ValidationMethod") or _BY_DNS
        if method != _BY_DNS:
            raise NotImplementedError(f"a certificate that is validated by `{method}`")
        return original(self)

    return request_certificate
