"""Controls of CloudWatch Logs."""
