"""AWS WAF."""

from revet.constructs.wafv2.web_acl import WebAcl

__all__ = ["WebAcl"]
