# What the corruptions of tests/verify/corruptions.toml need, under the names that they use, without
# the database and the bucket lifecycle: those two alone would take three minutes.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

provider "aws" {
  region = "us-west-2"
  default_tags {
    tags = { Environment = "dev", Owner = "security", Purpose = "tests" }
  }
}

locals {
  account = "123456789012"
  trail   = "arn:aws:cloudtrail:us-west-2:123456789012:trail/tap-trail-dev"
}

resource "aws_kms_key" "data" {
  enable_key_rotation     = true
  deletion_window_in_days = 7
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${local.account}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Effect    = "Allow"
        Principal = { Service = ["cloudtrail.amazonaws.com", "logs.us-west-2.amazonaws.com"] }
        Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
    ]
  })
}

resource "aws_kms_alias" "data" {
  name          = "alias/tap-data-dev"
  target_key_id = aws_kms_key.data.key_id
}

resource "aws_s3_bucket" "data" {
  bucket = "tap-data-dev"
}

resource "aws_s3_bucket" "trail" {
  bucket        = "tap-trail-dev"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "all" {
  for_each = { data = aws_s3_bucket.data.id, trail = aws_s3_bucket.trail.id }
  bucket   = each.value
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "all" {
  for_each = { data = aws_s3_bucket.data.id, trail = aws_s3_bucket.trail.id }
  bucket   = each.value
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.data.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "all" {
  for_each                = { data = aws_s3_bucket.data.id, trail = aws_s3_bucket.trail.id }
  bucket                  = each.value
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::tap-data-dev", "arn:aws:s3:::tap-data-dev/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_s3_bucket_policy" "trail" {
  bucket = aws_s3_bucket.trail.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::tap-trail-dev", "arn:aws:s3:::tap-trail-dev/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:GetBucketAcl"
        Resource  = "arn:aws:s3:::tap-trail-dev"
        Condition = { StringEquals = { "aws:SourceArn" = local.trail } }
      },
      {
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::tap-trail-dev/AWSLogs/${local.account}/*"
        Condition = {
          StringEquals = {
            "aws:SourceArn" = local.trail
            "s3:x-amz-acl"  = "bucket-owner-full-control"
          }
        }
      },
    ]
  })
}

resource "aws_cloudtrail" "trail" {
  name                       = "tap-trail-dev"
  s3_bucket_name             = aws_s3_bucket.trail.id
  is_multi_region_trail      = true
  enable_log_file_validation = true
  kms_key_id                 = aws_kms_key.data.arn
  depends_on                 = [aws_s3_bucket_policy.trail]
}

resource "aws_cloudwatch_log_group" "app" {
  name              = "/tap/app-dev"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.data.arn
}

resource "aws_cloudwatch_log_group" "flow" {
  name              = "/tap/flow-dev"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.data.arn
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  count             = 2
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.${count.index}.0/24"
  availability_zone = ["us-west-2a", "us-west-2b"][count.index]
}

resource "aws_network_acl" "private" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = aws_subnet.private[*].id
}

resource "aws_default_network_acl" "main" {
  default_network_acl_id = aws_vpc.main.default_network_acl_id
}

resource "aws_default_security_group" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.main.id
  service_name = "com.amazonaws.us-west-2.s3"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "*"
      Resource  = "*"
      Condition = {
        StringEquals = {
          "aws:PrincipalAccount" = local.account
          "aws:ResourceAccount"  = local.account
        }
      }
    }]
  })
}

resource "aws_iam_role" "flow" {
  name = "tap-flow-dev"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "vpc-flow-logs.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "flow" {
  name = "write"
  role = aws_iam_role.flow.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "arn:aws:logs:us-west-2:${local.account}:log-group:/tap/flow-dev:*"
    }]
  })
}

resource "aws_flow_log" "main" {
  vpc_id          = aws_vpc.main.id
  traffic_type    = "ALL"
  log_destination = aws_cloudwatch_log_group.flow.arn
  iam_role_arn    = aws_iam_role.flow.arn
}

resource "aws_security_group" "db" {
  name        = "tap-db-dev"
  description = "the database"
  vpc_id      = aws_vpc.main.id
}

output "bucket_name" { value = aws_s3_bucket.data.bucket }
output "key_arn" { value = aws_kms_key.data.arn }
output "log_group" { value = aws_cloudwatch_log_group.app.name }
output "security_group_id" { value = aws_security_group.db.id }
output "subnet_ids" { value = aws_subnet.private[*].id }
output "trail_arn" { value = aws_cloudtrail.trail.arn }
output "vpc_id" { value = aws_vpc.main.id }
