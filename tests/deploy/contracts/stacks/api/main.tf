terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

variable "step" {
  type    = number
  default = 1
}

provider "aws" {
  region = "us-east-1"
}

data "aws_caller_identity" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  step    = "step ${var.step}"
  origin  = "https://step${var.step}.example.com"
}

resource "aws_kms_key" "main" {
  description             = local.step
  enable_key_rotation     = true
  deletion_window_in_days = 7
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Account", Effect = "Allow", Principal = { AWS = "arn:aws:iam::${local.account}:root" }, Action = "kms:*", Resource = "*" },
      { Sid = "Logs", Effect = "Allow", Principal = { Service = "logs.us-east-1.amazonaws.com" }, Action = ["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*", "kms:Describe*"], Resource = "*" },
    ]
  })
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = { Step = local.step }
}

resource "aws_subnet" "private" {
  count      = 2
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet("10.0.0.0/16", 8, count.index)
  tags       = { Step = local.step }
}

resource "aws_security_group" "functions" {
  name        = "contract-functions"
  description = "functions"
  vpc_id      = aws_vpc.main.id
  tags        = { Step = local.step }
}

resource "aws_iam_role" "logs" {
  name        = "contract-api-logs"
  description = local.step
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "apigateway.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role" "other_logs" {
  name        = "contract-api-logs-2"
  description = local.step
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "apigateway.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role" "function" {
  name        = "contract-function"
  description = local.step
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_sqs_queue" "failed" {
  name                      = "contract-failed"
  kms_master_key_id         = aws_kms_key.main.id
  message_retention_seconds = 86400 * var.step
}

resource "aws_sqs_queue_policy" "failed" {
  queue_url = aws_sqs_queue.failed.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Sid = "Step${var.step}", Effect = "Allow", Principal = { AWS = "arn:aws:iam::${local.account}:root" }, Action = "sqs:SendMessage", Resource = aws_sqs_queue.failed.arn }]
  })
}

resource "aws_cloudwatch_log_group" "function" {
  name              = "contract-function"
  retention_in_days = var.step == 1 ? 30 : 60
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_cloudwatch_log_group" "other" {
  name              = "contract-function-2"
  retention_in_days = var.step == 1 ? 30 : 60
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_lambda_function" "orders" {
  function_name                  = "contract-orders"
  description                    = local.step
  role                           = aws_iam_role.function.arn
  runtime                        = var.step == 1 ? "python3.12" : "python3.13"
  architectures                  = ["arm64"]
  handler                        = "index.handler"
  filename                       = "function.zip"
  source_code_hash               = filebase64sha256("function.zip")
  timeout                        = 10 + var.step
  memory_size                    = 256 * var.step
  kms_key_arn                    = aws_kms_key.main.arn
  reserved_concurrent_executions = 10 * var.step
  environment {
    variables = { STEP = var.step }
  }
  vpc_config {
    subnet_ids         = aws_subnet.private[*].id
    security_group_ids = [aws_security_group.functions.id]
  }
  dead_letter_config {
    target_arn = aws_sqs_queue.failed.arn
  }
  tracing_config {
    mode = var.step == 1 ? "PassThrough" : "Active"
  }
  ephemeral_storage {
    size = 512 * var.step
  }
  logging_config {
    log_format            = "JSON"
    log_group             = var.step == 1 ? aws_cloudwatch_log_group.function.name : aws_cloudwatch_log_group.other.name
    application_log_level = var.step == 1 ? "INFO" : "WARN"
    system_log_level      = "WARN"
  }
  tags = { Step = local.step }
}

# Everything by default, and at the second step what the other has from the first.
resource "aws_lambda_function" "plain" {
  function_name    = "contract-plain"
  tags             = { Step = local.step }
  role             = aws_iam_role.function.arn
  runtime          = "python3.13"
  architectures    = ["arm64"]
  handler          = "index.handler"
  filename         = "function.zip"
  source_code_hash = filebase64sha256("function.zip")
  publish          = true
  kms_key_arn      = var.step == 1 ? null : aws_kms_key.main.arn
  dynamic "environment" {
    for_each = var.step == 1 ? [] : [1]
    content {
      variables = { STEP = var.step }
    }
  }
  dynamic "dead_letter_config" {
    for_each = var.step == 1 ? [] : [1]
    content {
      target_arn = aws_sqs_queue.failed.arn
    }
  }
  dynamic "vpc_config" {
    for_each = var.step == 1 ? [] : [1]
    content {
      subnet_ids         = aws_subnet.private[*].id
      security_group_ids = [aws_security_group.functions.id]
    }
  }
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = local.step
  function_name    = aws_lambda_function.plain.function_name
  function_version = "1"
}

resource "aws_lambda_function_event_invoke_config" "orders" {
  function_name                = aws_lambda_function.orders.function_name
  maximum_event_age_in_seconds = 60 * var.step
  maximum_retry_attempts       = 1
  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }
}

resource "aws_lambda_event_source_mapping" "failed" {
  event_source_arn        = aws_sqs_queue.failed.arn
  function_name           = aws_lambda_function.plain.arn
  batch_size              = 5 * var.step
  function_response_types = ["ReportBatchItemFailures"]
  scaling_config {
    maximum_concurrency = 5
  }
}

resource "aws_lambda_permission" "orders" {
  statement_id  = "orders"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.main.execution_arn}/v1/POST/orders"
}

resource "aws_lambda_permission" "authorizer" {
  statement_id   = "authorizer"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.plain.function_name
  principal      = "apigateway.amazonaws.com"
  source_arn     = "${aws_api_gateway_rest_api.main.execution_arn}/authorizers/${aws_api_gateway_authorizer.main.id}"
  source_account = local.account
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.logs.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}

resource "aws_api_gateway_account" "main" {
  cloudwatch_role_arn = var.step == 1 ? aws_iam_role.logs.arn : aws_iam_role.other_logs.arn
  depends_on          = [aws_iam_role_policy_attachment.logs]
}

resource "aws_api_gateway_rest_api" "main" {
  name                         = "contract"
  description                  = local.step
  api_key_source               = "HEADER"
  disable_execute_api_endpoint = var.step == 2
  minimum_compression_size     = 1024 * var.step
  endpoint_configuration {
    types = ["REGIONAL"]
  }
  tags = { Step = local.step }
}

resource "aws_api_gateway_rest_api_policy" "main" {
  rest_api_id = aws_api_gateway_rest_api.main.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Step${var.step}"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${local.account}:root" }
      Action    = "execute-api:Invoke"
      Resource  = "${aws_api_gateway_rest_api.main.execution_arn}/*"
      Condition = { StringEquals = { "aws:PrincipalTag/Team" = "a \"quoted\" \\ team" } }
    }]
  })
}

resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.main.id
  parent_id   = aws_api_gateway_rest_api.main.root_resource_id
  path_part   = var.step == 1 ? "orders" : "requests"
}

resource "aws_api_gateway_model" "order" {
  rest_api_id  = aws_api_gateway_rest_api.main.id
  name         = "Order"
  description  = local.step
  content_type = "application/json"
  schema = jsonencode({
    "$schema"  = "http://json-schema.org/draft-04/schema#"
    type       = "object"
    required   = ["symbol"]
    properties = { symbol = { type = "string", maxLength = 8 * var.step } }
  })
}

resource "aws_api_gateway_request_validator" "main" {
  rest_api_id                 = aws_api_gateway_rest_api.main.id
  name                        = "body-and-parameters"
  validate_request_body       = true
  validate_request_parameters = var.step == 1
}

resource "aws_api_gateway_authorizer" "main" {
  rest_api_id                      = aws_api_gateway_rest_api.main.id
  name                             = "step-${var.step}"
  type                             = "REQUEST"
  authorizer_uri                   = aws_lambda_function.plain.invoke_arn
  identity_source                  = "method.request.header.Authorization"
  authorizer_result_ttl_in_seconds = 30 * (var.step - 1)
}

resource "aws_api_gateway_method" "post" {
  rest_api_id          = aws_api_gateway_rest_api.main.id
  resource_id          = aws_api_gateway_resource.orders.id
  http_method          = "POST"
  authorization        = "CUSTOM"
  authorizer_id        = aws_api_gateway_authorizer.main.id
  api_key_required     = var.step == 1
  request_models       = { "application/json" = aws_api_gateway_model.order.name }
  request_validator_id = aws_api_gateway_request_validator.main.id
  request_parameters   = { "method.request.header.X-Trace" = var.step == 1 }
}

resource "aws_api_gateway_method" "get" {
  rest_api_id      = aws_api_gateway_rest_api.main.id
  resource_id      = aws_api_gateway_resource.orders.id
  http_method      = "GET"
  authorization    = var.step == 1 ? "AWS_IAM" : "CUSTOM"
  authorizer_id    = var.step == 1 ? null : aws_api_gateway_authorizer.main.id
  api_key_required = true
}

resource "aws_api_gateway_integration" "post" {
  rest_api_id             = aws_api_gateway_rest_api.main.id
  resource_id             = aws_api_gateway_resource.orders.id
  http_method             = aws_api_gateway_method.post.http_method
  integration_http_method = "POST"
  type                    = "AWS_PROXY"
  uri                     = aws_lambda_function.orders.invoke_arn
  timeout_milliseconds    = 10000 + var.step
}

resource "aws_api_gateway_integration" "get" {
  rest_api_id             = aws_api_gateway_rest_api.main.id
  resource_id             = aws_api_gateway_resource.orders.id
  http_method             = aws_api_gateway_method.get.http_method
  integration_http_method = "POST"
  type                    = "AWS_PROXY"
  uri                     = aws_lambda_function.orders.invoke_arn
}

resource "aws_api_gateway_method" "options" {
  rest_api_id   = aws_api_gateway_rest_api.main.id
  resource_id   = aws_api_gateway_resource.orders.id
  http_method   = "OPTIONS"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "options" {
  rest_api_id       = aws_api_gateway_rest_api.main.id
  resource_id       = aws_api_gateway_resource.orders.id
  http_method       = aws_api_gateway_method.options.http_method
  type              = "MOCK"
  request_templates = { "application/json" = "{\"statusCode\": 204}" }
}

resource "aws_api_gateway_method_response" "options" {
  rest_api_id = aws_api_gateway_rest_api.main.id
  resource_id = aws_api_gateway_resource.orders.id
  http_method = aws_api_gateway_method.options.http_method
  status_code = "204"
  response_parameters = {
    "method.response.header.Access-Control-Allow-Headers" = var.step == 1
    "method.response.header.Access-Control-Allow-Methods" = true
    "method.response.header.Access-Control-Allow-Origin"  = true
  }
}

resource "aws_api_gateway_integration_response" "options" {
  rest_api_id = aws_api_gateway_rest_api.main.id
  resource_id = aws_api_gateway_resource.orders.id
  http_method = aws_api_gateway_method.options.http_method
  status_code = aws_api_gateway_method_response.options.status_code
  response_parameters = {
    "method.response.header.Access-Control-Allow-Headers" = "'Content-Type,X-Api-Key'"
    "method.response.header.Access-Control-Allow-Methods" = "'POST,OPTIONS'"
    "method.response.header.Access-Control-Allow-Origin"  = "'${local.origin}'"
  }
  depends_on = [aws_api_gateway_integration.options]
}

resource "aws_api_gateway_gateway_response" "refused" {
  rest_api_id         = aws_api_gateway_rest_api.main.id
  response_type       = "DEFAULT_4XX"
  response_templates  = { "application/json" = "{\"message\":$context.error.messageString}" }
  response_parameters = { "gatewayresponse.header.Access-Control-Allow-Origin" = "'${local.origin}'" }
}

resource "aws_api_gateway_deployment" "main" {
  rest_api_id = aws_api_gateway_rest_api.main.id
  description = local.step
  triggers    = { everything = sha1(jsonencode([aws_api_gateway_model.order.name, aws_api_gateway_request_validator.main.name])) }
  depends_on = [
    aws_api_gateway_integration.get,
    aws_api_gateway_integration.post,
    aws_api_gateway_integration_response.options,
    aws_api_gateway_rest_api_policy.main,
  ]
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "access" {
  name              = "contract-api-access"
  retention_in_days = var.step == 1 ? 30 : 60
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_cloudwatch_log_group" "execution" {
  name              = "API-Gateway-Execution-Logs_${aws_api_gateway_rest_api.main.id}/v1"
  retention_in_days = var.step == 1 ? 30 : 60
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_api_gateway_client_certificate" "main" {
  description = local.step
  tags        = { Step = local.step }
}

resource "aws_api_gateway_stage" "main" {
  rest_api_id           = aws_api_gateway_rest_api.main.id
  deployment_id         = aws_api_gateway_deployment.main.id
  stage_name            = "v1"
  description           = local.step
  xray_tracing_enabled  = var.step == 2
  client_certificate_id = aws_api_gateway_client_certificate.main.id
  variables             = { step = var.step }
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format          = jsonencode({ id = "$context.requestId", extended = "$context.extendedRequestId", step = var.step })
  }
  tags       = { Step = local.step }
  depends_on = [aws_api_gateway_account.main, aws_cloudwatch_log_group.execution]
}

resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.main.id
  stage_name  = aws_api_gateway_stage.main.stage_name
  method_path = "*/*"
  settings {
    metrics_enabled        = true
    logging_level          = var.step == 1 ? "INFO" : "ERROR"
    data_trace_enabled     = false
    throttling_rate_limit  = 1000
    throttling_burst_limit = 2000 * var.step
  }
}

resource "aws_api_gateway_api_key" "client" {
  name        = "contract-client"
  description = local.step
  enabled     = true
  tags        = { Step = local.step }
}

resource "aws_api_gateway_usage_plan" "main" {
  name        = "contract"
  description = local.step
  api_stages {
    api_id = aws_api_gateway_rest_api.main.id
    stage  = aws_api_gateway_stage.main.stage_name
  }
  throttle_settings {
    rate_limit  = 1000 * var.step
    burst_limit = 2000
  }
  quota_settings {
    limit  = 1000000 * var.step
    period = "DAY"
  }
  tags = { Step = local.step }
}

resource "aws_api_gateway_usage_plan_key" "client" {
  key_id        = aws_api_gateway_api_key.client.id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.main.id
}

resource "aws_acm_certificate" "main" {
  domain_name       = "api.example.com"
  validation_method = "DNS"
  tags              = { Step = local.step }
}

resource "aws_api_gateway_domain_name" "main" {
  domain_name              = "api.example.com"
  regional_certificate_arn = aws_acm_certificate.main.arn
  security_policy          = "TLS_1_2"
  endpoint_configuration {
    types = ["REGIONAL"]
  }
  tags = { Step = local.step }
}

resource "aws_api_gateway_base_path_mapping" "main" {
  api_id      = aws_api_gateway_rest_api.main.id
  stage_name  = aws_api_gateway_stage.main.stage_name
  domain_name = aws_api_gateway_domain_name.main.domain_name
  base_path   = "step${var.step}"
}

resource "aws_wafv2_ip_set" "known" {
  name               = "contract"
  description        = local.step
  scope              = "REGIONAL"
  ip_address_version = "IPV4"
  addresses          = var.step == 1 ? ["198.51.100.0/24"] : ["198.51.100.0/24", "203.0.113.0/24"]
  tags               = { Step = local.step }
}

resource "aws_wafv2_web_acl" "main" {
  name        = "contract"
  description = local.step
  scope       = "REGIONAL"
  default_action {
    allow {}
  }
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        name        = "AWSManagedRulesCommonRuleSet"
        vendor_name = "AWS"
        rule_action_override {
          name = "SizeRestrictions_BODY"
          action_to_use {
            count {}
          }
        }
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "common"
      sampled_requests_enabled   = false
    }
  }
  rule {
    name     = "rate"
    priority = 2
    action {
      block {
        custom_response {
          response_code = 429
        }
      }
    }
    statement {
      rate_based_statement {
        limit                 = 331100 * var.step
        aggregate_key_type    = "IP"
        evaluation_window_sec = 300
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate"
      sampled_requests_enabled   = false
    }
  }
  rule {
    name     = "unknown"
    priority = 3
    action {
      count {}
    }
    statement {
      not_statement {
        statement {
          ip_set_reference_statement {
            arn = aws_wafv2_ip_set.known.arn
          }
        }
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "unknown"
      sampled_requests_enabled   = false
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "contract"
    sampled_requests_enabled   = var.step == 1
  }
  tags = { Step = local.step }
}

resource "aws_wafv2_web_acl_association" "main" {
  resource_arn = aws_api_gateway_stage.main.arn
  web_acl_arn  = aws_wafv2_web_acl.main.arn
}

resource "aws_cloudwatch_log_group" "firewall" {
  name              = "aws-waf-logs-contract"
  retention_in_days = var.step == 1 ? 30 : 60
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_wafv2_web_acl_logging_configuration" "main" {
  resource_arn            = aws_wafv2_web_acl.main.arn
  log_destination_configs = [aws_cloudwatch_log_group.firewall.arn]
  redacted_fields {
    single_header {
      name = var.step == 1 ? "x-api-key" : "authorization"
    }
  }
  logging_filter {
    default_behavior = var.step == 1 ? "DROP" : "KEEP"
    filter {
      behavior    = "KEEP"
      requirement = "MEETS_ANY"
      condition {
        action_condition {
          action = "BLOCK"
        }
      }
    }
  }
}

# Which sites may read what is answered.
resource "aws_apigatewayv2_api" "sites" {
  name          = "contract-sites"
  protocol_type = "HTTP"
  description   = local.step
  tags          = { Step = local.step }
  cors_configuration {
    allow_origins = ["https://${var.step}.example.com"]
    allow_methods = ["GET"]
  }
}

resource "aws_lambda_function_url" "sites" {
  function_name      = aws_lambda_function.orders.function_name
  authorization_type = "AWS_IAM"
  cors {
    allow_origins = ["https://${var.step}.example.com"]
    max_age       = 60 * var.step
  }
}
