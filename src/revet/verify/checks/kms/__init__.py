"""Live checks of KMS."""
