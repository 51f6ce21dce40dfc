"""REST APIs of API Gateway that answer: what is deployed, as it was deployed.

`ExecuteApi.answer` takes a request for `https://{api}.execute-api.{region}.amazonaws.com/{stage}/…`
through what API Gateway does with it, in this order: the stage, the resource and method, the
firewall, the resource policy, who may call (an authorizer, IAM), API key and usage plan, limits,
validation, and what answers (a function, or API Gateway itself); then it writes the logs of the
stage. What of an API is not run is refused by name, and nothing goes out.

Not run: integrations other than `AWS_PROXY` with a function and `MOCK`; authorizers of Cognito;
templates with Velocity's directives; caches of stages; compression; canaries; mutual TLS; rules of
a web ACL other than IP sets and rates (`firewall`).

Sources: Amazon API Gateway Developer Guide; each file names its part.
"""
