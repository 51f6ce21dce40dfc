"""AWS Lambda.

`lambda` is a word of Python, so that the module carries the underscore that PEP 8 asks for then,
as users of AWS CDK know it (`import aws_cdk.aws_lambda as lambda_`).
"""

from revet.constructs.lambda_.archive import write_archive
from revet.constructs.lambda_.function import Function

__all__ = ["Function", "write_archive"]
