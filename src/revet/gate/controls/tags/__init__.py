"""Controls of tags of all services."""
