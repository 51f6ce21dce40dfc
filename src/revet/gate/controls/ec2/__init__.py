"""Controls of Amazon EC2 and VPC."""
