"""The PCI trading platform."""

from revet.blueprints.trading_platform.stack import TradingPlatformStack

__all__ = ["TradingPlatformStack"]
