"""Amazon API Gateway."""

from revet.constructs.apigateway.account import Account
from revet.constructs.apigateway.declaration import Authorizer, Cors, Domain, Method, Model, Plan
from revet.constructs.apigateway.rest_api import RestApi

__all__ = ["Account", "Authorizer", "Cors", "Domain", "Method", "Model", "Plan", "RestApi"]
