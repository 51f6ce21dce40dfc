"""Controls of the Terraform configuration itself."""
