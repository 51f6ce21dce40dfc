"""What a limit to regions must leave out: services that answer in one region for all of them.

A denial of every request outside of a few regions that does not leave these out denies IAM, STS and
Route 53 wherever the home region is another one than theirs.
"""

from __future__ import annotations

# Services whose requests carry the region of their one endpoint (us-east-1, or us-west-2 for Global
# Accelerator and Network Manager), and of S3 and EC2 what is asked before a region is known.
# STS has a global endpoint beside those of the regions.
# Source: IAM user guide, "Denies access to AWS based on the requested Region"; Control Tower user
# guide, the control that denies access by region; of both what a role of a workload can meet.
GLOBAL_ACTIONS = (
    "account:*",
    "budgets:*",
    "ce:*",
    "cloudfront:*",
    "cur:*",
    "ec2:DescribeRegions",
    "globalaccelerator:*",
    "health:*",
    "iam:*",
    "networkmanager:*",
    "organizations:*",
    "pricing:*",
    "route53:*",
    "route53domains:*",
    "s3:GetAccountPublicAccessBlock",
    "s3:GetBucketLocation",
    "s3:ListAllMyBuckets",
    "shield:*",
    "sts:*",
    "support:*",
    "tag:GetResources",
    "trustedadvisor:*",
    "waf:*",
)
