"""Controls of Amazon S3."""
