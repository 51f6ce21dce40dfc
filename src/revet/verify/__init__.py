"""Live checks: what is deployed is read through the AWS API and judged, and nothing is changed.

A check re-judges in the account what a control judged in the plan, under the same id. The
engine (`run.verify_live`) iterates over what the Terraform state says was deployed; a check
judges one subject through a `Reader`.
"""
