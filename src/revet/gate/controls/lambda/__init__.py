"""Controls of Lambda."""
