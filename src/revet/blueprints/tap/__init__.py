"""The secure application stack: requirements TAP-01 to TAP-15."""

from revet.blueprints.tap.stack import SecureApplicationStack

__all__ = ["SecureApplicationStack"]
