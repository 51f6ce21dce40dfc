"""Live checks of CloudWatch Logs."""
