# Logs that leave their group: into a bucket through a delivery stream, and as alarms.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "step" {
  type    = number
  default = 1
}

locals {
  tags      = { Environment = "test", Owner = "contracts", Purpose = "step-${var.step}" }
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
}

provider "aws" {
  region = "us-east-1"
  default_tags { tags = local.tags }
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

resource "aws_kms_key" "main" {
  description             = "contract"
  enable_key_rotation     = true
  deletion_window_in_days = 7
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Account"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "Logs"
        Effect    = "Allow"
        Principal = { Service = "logs.us-east-1.amazonaws.com" }
        Action    = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*", "kms:Describe*"]
        Resource  = "*"
        Condition = {
          ArnLike = {
            "kms:EncryptionContext:aws:logs:arn" = "arn:${local.partition}:logs:us-east-1:${local.account}:log-group:*"
          }
        }
      },
    ]
  })
}

# --- the archive ----------------------------------------------------------------------------
resource "aws_s3_bucket" "archive" {
  bucket        = "contract-archive-${local.account}"
  force_destroy = true
}

resource "aws_s3_bucket" "locked" {
  bucket              = "contract-locked-${local.account}"
  force_destroy       = true
  object_lock_enabled = true
}

resource "aws_s3_bucket_object_lock_configuration" "locked" {
  bucket = aws_s3_bucket.locked.id
  rule {
    default_retention {
      mode = "GOVERNANCE"
      days = var.step
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "archive" {
  bucket = aws_s3_bucket.archive.id
  rule {
    id     = "archive"
    status = "Enabled"
    filter { prefix = "" }
    transition {
      days          = 90
      storage_class = "GLACIER_IR"
    }
  }
  rule {
    id     = "retention"
    status = "Enabled"
    filter { prefix = "" }
    expiration { days = 399 + var.step }
  }
}

resource "aws_iam_role" "main" {
  for_each = {
    delivery = { service = "firehose.amazonaws.com", source = "arn:${local.partition}:firehose:us-east-1:${local.account}:deliverystream/*" }
    logs     = { service = "logs.amazonaws.com", source = "arn:${local.partition}:logs:us-east-1:${local.account}:*" }
  }
  name = "contract-${each.key}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = each.value.service }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnLike      = { "aws:SourceArn" = each.value.source }
      }
    }]
  })
}

resource "aws_iam_role_policy" "delivery" {
  name = "deliver"
  role = aws_iam_role.main["delivery"].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Deliver${var.step}"
        Effect   = "Allow"
        Action   = ["s3:PutObject", "s3:AbortMultipartUpload"]
        Resource = "${aws_s3_bucket.archive.arn}/*"
      },
      {
        Sid      = "Encrypt"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = aws_kms_key.main.arn
      },
    ]
  })
}

resource "aws_iam_role_policy" "logs" {
  name = "put"
  role = aws_iam_role.main["logs"].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["firehose:PutRecord", "firehose:PutRecordBatch"]
      Resource = aws_kinesis_firehose_delivery_stream.main.arn
    }]
  })
}

resource "aws_cloudwatch_log_group" "main" {
  for_each          = toset(["application", "delivery"])
  name              = "contract-${each.key}"
  retention_in_days = 30 * var.step
  kms_key_id        = aws_kms_key.main.arn
  log_group_class   = "STANDARD"
}

resource "aws_cloudwatch_log_stream" "delivery" {
  name           = "delivery"
  log_group_name = aws_cloudwatch_log_group.main["delivery"].name
}

resource "aws_kinesis_firehose_delivery_stream" "main" {
  name        = "contract"
  destination = "extended_s3"
  server_side_encryption {
    enabled  = true
    key_type = "CUSTOMER_MANAGED_CMK"
    key_arn  = aws_kms_key.main.arn
  }
  extended_s3_configuration {
    role_arn            = aws_iam_role.main["delivery"].arn
    bucket_arn          = aws_s3_bucket.archive.arn
    kms_key_arn         = aws_kms_key.main.arn
    prefix              = "logs/!{timestamp:yyyy/MM/dd}/"
    error_output_prefix = "errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/"
    buffering_size      = 5 * var.step
    buffering_interval  = 300
    compression_format  = "GZIP"
    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = aws_cloudwatch_log_group.main["delivery"].name
      log_stream_name = aws_cloudwatch_log_stream.delivery.name
    }
    processing_configuration {
      enabled = true
      processors {
        type = "Decompression"
        parameters {
          parameter_name  = "CompressionFormat"
          parameter_value = "GZIP"
        }
      }
    }
  }
  depends_on = [aws_iam_role_policy.delivery]
}

resource "aws_cloudwatch_log_subscription_filter" "main" {
  for_each        = { all = "", critical = "?ERROR ?CRITICAL" }
  name            = each.key
  log_group_name  = aws_cloudwatch_log_group.main["application"].name
  filter_pattern  = each.key == "all" ? "" : var.step == 1 ? each.value : "ERROR"
  destination_arn = aws_kinesis_firehose_delivery_stream.main.arn
  role_arn        = aws_iam_role.main["logs"].arn
  depends_on      = [aws_iam_role_policy.logs]
}

# --- alarms ---------------------------------------------------------------------------------
resource "aws_cloudwatch_log_metric_filter" "critical" {
  name           = "critical"
  log_group_name = aws_cloudwatch_log_group.main["application"].name
  pattern        = var.step == 1 ? "?ERROR ?CRITICAL" : "CRITICAL"
  metric_transformation {
    name          = "critical"
    namespace     = "contract"
    value         = "1"
    default_value = "0"
    unit          = "Count"
  }
}

resource "aws_sns_topic" "alarms" {
  name              = "contract-alarms"
  display_name      = "step-${var.step}"
  kms_master_key_id = aws_kms_key.main.arn
}

resource "aws_sns_topic_policy" "alarms" {
  arn = aws_sns_topic.alarms.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Alarms${var.step}"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.alarms.arn
        Condition = {
          StringEquals = { "aws:SourceAccount" = local.account }
          ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:cloudwatch:us-east-1:${local.account}:alarm:*" }
        }
      },
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.alarms.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "critical" {
  alarm_name          = "critical"
  alarm_description   = "Look into the log"
  namespace           = "contract"
  metric_name         = "critical"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = var.step
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  depends_on          = [aws_sns_topic_policy.alarms]
}
