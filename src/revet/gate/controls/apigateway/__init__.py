"""Controls of API Gateway."""
