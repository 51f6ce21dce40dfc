"""The zero-trust stack: requirements ZT-01 to ZT-12."""

from revet.blueprints.zero_trust.stack import ZeroTrustStack

__all__ = ["ZeroTrustStack"]
