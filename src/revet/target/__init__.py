"""Where a stack lands, and the only room that starts Terraform.

`terraform` drives the binary, `embedded` and `aws` are the two targets, `deployment_floor` says how
long a deployment takes at least.
"""
