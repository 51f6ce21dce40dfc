"""Controls of AWS KMS."""
