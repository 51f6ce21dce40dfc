"""Live checks of what Terraform itself says: outputs."""
