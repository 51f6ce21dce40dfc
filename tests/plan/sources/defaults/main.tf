# Blocks and resources that say as little as the provider takes: what it plans for the rest.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                      = "us-west-2"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

resource "aws_api_gateway_usage_plan" "rate" {
  name = "rate"
  throttle_settings {
    rate_limit = 10
  }
}

resource "aws_api_gateway_usage_plan" "burst" {
  name = "burst"
  throttle_settings {
    burst_limit = 10
  }
  quota_settings {
    limit  = 10
    period = "DAY"
  }
}

resource "aws_cloudtrail" "a" {
  name           = "trail"
  s3_bucket_name = "b"
  event_selector {
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
  insight_selector {
    insight_type = "ApiCallRateInsight"
  }
}

resource "aws_cognito_user_pool" "a" {
  name = "a"
  password_policy {
    minimum_length = 12
  }
  admin_create_user_config {}
  schema {
    name                = "x"
    attribute_data_type = "String"
  }
  user_pool_add_ons {
    advanced_security_mode = "OFF"
  }
}

resource "aws_config_configuration_recorder" "a" {
  role_arn = "arn:aws:iam::111111111111:role/a"
  recording_group {
    exclusion_by_resource_types {
      resource_types = ["AWS::EC2::Instance"]
    }
    recording_strategy {}
  }
}

resource "aws_config_configuration_recorder" "b" {
  role_arn = "arn:aws:iam::111111111111:role/a"
  recording_mode {
    recording_frequency = "DAILY"
    recording_mode_override {
      recording_frequency = "DAILY"
      resource_types      = ["AWS::EC2::Instance"]
    }
  }
}

resource "aws_config_conformance_pack" "a" {
  name            = "a"
  template_s3_uri = "s3://b/c"
}

resource "aws_config_delivery_channel" "a" {
  s3_bucket_name = "b"
  snapshot_delivery_properties {}
}

resource "aws_config_remediation_configuration" "a" {
  config_rule_name = "a"
  target_id        = "AWS-DisablePublicAccessForSecurityGroup"
  target_type      = "SSM_DOCUMENT"
  parameter {
    name           = "a"
    resource_value = "RESOURCE_ID"
  }
}

resource "aws_db_snapshot_copy" "a" {
  source_db_snapshot_identifier = "arn:aws:rds:us-west-2:111111111111:snapshot:a"
  target_db_snapshot_identifier = "b-1"
}

resource "aws_flow_log" "a" {
  vpc_id          = "vpc-1"
  traffic_type    = "ALL"
  log_destination = "arn:aws:logs:us-west-2:111111111111:log-group:a"
  iam_role_arn    = "arn:aws:iam::111111111111:role/a"
  destination_options {}
}

resource "aws_iam_role" "a" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
  inline_policy {}
}

resource "aws_kinesis_firehose_delivery_stream" "a" {
  name        = "a"
  destination = "extended_s3"
  extended_s3_configuration {
    bucket_arn = "arn:aws:s3:::b"
    role_arn   = "arn:aws:iam::111111111111:role/a"
    cloudwatch_logging_options {}
    dynamic_partitioning_configuration {}
    processing_configuration {}
  }
  server_side_encryption {}
}

resource "aws_kinesis_stream" "a" {
  name        = "a"
  shard_count = 1
}

resource "aws_kms_replica_key" "a" {
  primary_key_arn = "arn:aws:kms:us-east-1:111111111111:key/mrk-1"
}

resource "aws_lambda_function" "image" {
  function_name = "image"
  package_type  = "Image"
  image_uri     = "111111111111.dkr.ecr.us-west-2.amazonaws.com/a:1"
  role          = "arn:aws:iam::111111111111:role/a"
  dead_letter_config {
    target_arn = "arn:aws:sqs:us-west-2:111111111111:a"
  }
  environment {}
  tracing_config {
    mode = "Active"
  }
  image_config {}
}

resource "aws_lb" "a" {
  name    = "a"
  subnets = ["subnet-1", "subnet-2"]
  access_logs {
    bucket = "b"
  }
  connection_logs {
    bucket = "b"
  }
}

resource "aws_organizations_policy" "a" {
  name    = "a"
  content = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_rds_cluster" "a" {
  engine = "aurora-postgresql"
  restore_to_point_in_time {
    source_cluster_identifier  = "b"
    use_latest_restorable_time = true
  }
  serverlessv2_scaling_configuration {
    max_capacity = 1
    min_capacity = 0.5
  }
}

resource "aws_rds_cluster" "c" {
  engine = "aurora-postgresql"
  restore_to_point_in_time {
    source_cluster_resource_id = "b"
    restore_to_time            = "2026-01-01T00:00:00Z"
  }
}

resource "aws_rds_cluster" "b" {
  engine = "aurora-postgresql"
  scaling_configuration {}
}

resource "aws_route_table" "a" {
  vpc_id = "vpc-1"
  route {
    cidr_block           = "10.1.0.0/16"
    network_interface_id = "eni-1"
  }
}

resource "aws_default_route_table" "a" {
  default_route_table_id = "rtb-1"
  route {
    cidr_block           = "10.1.0.0/16"
    network_interface_id = "eni-1"
  }
}

resource "aws_route_table_association" "a" {
  gateway_id     = "igw-1"
  route_table_id = "rtb-1"
}

resource "aws_s3_bucket" "a" {
  bucket = "revet-a"
  lifecycle_rule {
    enabled = true
    expiration {}
    noncurrent_version_expiration {}
    noncurrent_version_transition {
      storage_class = "GLACIER"
    }
    transition {
      storage_class = "GLACIER"
    }
  }
  versioning {}
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = "aws:kms"
      }
    }
  }
  logging {
    target_bucket = "b"
  }
  website {
    index_document = "a.html"
  }
}

resource "aws_s3_bucket_acl" "a" {
  bucket = "b"
  access_control_policy {
    grant {
      permission = "READ"
      grantee {
        type = "CanonicalUser"
        id   = "x"
      }
    }
    owner {
      id = "x"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "a" {
  bucket = "b"
  rule {
    id     = "a"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload {}
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "b" {
  bucket = "b"
  rule {
    id     = "a"
    status = "Enabled"
    filter {
      prefix = "x/"
    }
    expiration {
      days = 1
    }
    noncurrent_version_expiration {
      noncurrent_days = 1
    }
    noncurrent_version_transition {
      noncurrent_days = 30
      storage_class   = "GLACIER"
    }
    transition {
      days          = 90
      storage_class = "GLACIER"
    }
  }
}

resource "aws_security_group" "a" {
  vpc_id = "vpc-1"
  ingress {
    from_port = 443
    to_port   = 443
    protocol  = "tcp"
    self      = true
  }
  egress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }
}

resource "aws_security_group" "b" {
  vpc_id = "vpc-1"
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }
  egress {
    from_port = 443
    to_port   = 443
    protocol  = "tcp"
    self      = true
  }
}

resource "aws_default_security_group" "a" {
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }
  egress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }
}

resource "aws_default_subnet" "a" {
  availability_zone = "us-west-2a"
}

resource "aws_vpc_endpoint" "a" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.us-west-2.s3"
  dns_options {}
}

resource "aws_vpc_security_group_ingress_rule" "a" {
  security_group_id = "sg-1"
  cidr_ipv4         = "10.0.0.0/16"
  ip_protocol       = "-1"
}

resource "aws_wafv2_web_acl" "a" {
  name  = "a"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  rule {
    name     = "a"
    priority = 1
    action {
      block {}
    }
    statement {
      rate_based_statement {
        limit = 100
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "a"
      sampled_requests_enabled   = true
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "a"
    sampled_requests_enabled   = true
  }
}

variable "nothing" {
  type    = map(string)
  default = {}
}

resource "aws_lambda_function" "nothing" {
  function_name = "nothing"
  package_type  = "Image"
  image_uri     = "111111111111.dkr.ecr.us-west-2.amazonaws.com/a:1"
  role          = "arn:aws:iam::111111111111:role/a"
  environment {
    variables = var.nothing
  }
}
