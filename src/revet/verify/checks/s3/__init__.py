"""Live checks of S3."""
