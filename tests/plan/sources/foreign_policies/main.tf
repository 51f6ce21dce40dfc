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


variable "names" { default = ["one", "two"] }
variable "trusted" { default = ["arn:aws:iam::111122223333:root"] }
variable "strict" { default = true }

locals {
  archive = aws_s3_bucket.archive.arn
  owners  = [aws_iam_role.writer.arn, aws_iam_role.reader.arn]
}

resource "aws_s3_bucket" "data" {}
resource "aws_s3_bucket" "archive" {}
resource "aws_s3_bucket" "each" { for_each = toset(var.names) }
resource "aws_sns_topic" "alarms" {}
resource "aws_sqs_queue" "jobs" {}
resource "aws_sqs_queue" "dead" {}

resource "aws_iam_role" "reader" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role" "writer" {
  assume_role_policy = data.aws_iam_policy_document.chained.json
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "chained" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.reader.arn]
    }
  }
}

# Resources of statements in every form that modules use.
data "aws_iam_policy_document" "resources" {
  statement {
    sid       = "Listed"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.data.arn, aws_s3_bucket.archive.arn]
  }
  statement {
    sid       = "Pair"
    actions   = ["s3:ListBucket", "s3:GetObject"]
    resources = [aws_s3_bucket.data.arn, "${aws_s3_bucket.data.arn}/*"]
  }
  statement {
    sid       = "For"
    actions   = ["s3:GetObject"]
    resources = [for bucket in aws_s3_bucket.each : "${bucket.arn}/*"]
  }
  statement {
    sid       = "Splat"
    actions   = ["s3:ListBucket"]
    resources = values(aws_s3_bucket.each)[*].arn
  }
  statement {
    sid       = "Concat"
    actions   = ["sqs:SendMessage"]
    resources = concat([aws_sqs_queue.jobs.arn], [aws_sqs_queue.dead.arn])
  }
  statement {
    sid       = "Conditional"
    actions   = ["sns:Publish"]
    resources = [length(var.names) > 1 ? aws_sns_topic.alarms.arn : aws_sqs_queue.jobs.arn]
  }
  statement {
    sid       = "Local"
    actions   = ["s3:GetObject"]
    resources = ["${local.archive}/*", local.archive]
  }
  statement {
    sid       = "Literal"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.dead.arn, "arn:aws:sqs:us-west-2:111122223333:other"]
  }
  statement {
    sid       = "Output"
    actions   = ["sqs:ReceiveMessage"]
    resources = [module.queue.arn, module.queue.arns["x"]]
  }
  statement {
    sid       = "Format"
    actions   = ["s3:PutObject"]
    resources = [format("%s/%s", aws_s3_bucket.data.arn, "in/*"), join("/", [aws_s3_bucket.archive.arn, "*"])]
  }
}

resource "aws_iam_policy" "resources" {
  policy = data.aws_iam_policy_document.resources.json
}

module "queue" { source = "./queue" }

# Principals and condition values.
data "aws_iam_policy_document" "key" {
  statement {
    sid       = "Root"
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = concat(var.trusted, [aws_iam_role.writer.arn])
    }
  }
  statement {
    sid       = "One"
    actions   = ["kms:Decrypt"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.reader.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "kms:EncryptionContext:aws:s3:arn"
      values   = [aws_s3_bucket.data.arn, aws_s3_bucket.archive.arn]
    }
  }
  statement {
    sid       = "Two"
    actions   = ["kms:Encrypt", "kms:GenerateDataKey*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.reader.arn, aws_iam_role.writer.arn]
    }
  }
  statement {
    sid       = "Local"
    actions   = ["kms:DescribeKey"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = local.owners
    }
  }
}

resource "aws_kms_key" "data" {
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.key.json
}

data "aws_iam_policy_document" "queue" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.jobs.arn]
    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.alarms.arn]
    }
  }
}

resource "aws_sqs_queue_policy" "jobs" {
  queue_url = aws_sqs_queue.jobs.id
  policy    = data.aws_iam_policy_document.queue.json
}

data "aws_iam_policy_document" "topic" {
  for_each = { data = aws_s3_bucket.data, archive = aws_s3_bucket.archive }
  statement {
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms.arn]
    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = [each.value.arn]
    }
  }
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = data.aws_iam_policy_document.topic["data"].json
}

data "aws_iam_policy_document" "secret" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = [var.strict ? aws_iam_role.reader.arn : "*"]
    }
  }
}

resource "aws_secretsmanager_secret" "token" {}

resource "aws_secretsmanager_secret_policy" "token" {
  secret_arn = aws_secretsmanager_secret.token.arn
  policy     = data.aws_iam_policy_document.secret.json
}

# What is wrong stays wrong beside references, and a list that is not known at all may hold anything.
data "aws_iam_policy_document" "wrong" {
  statement {
    actions   = ["s3:GetObjekt"]
    resources = [aws_s3_bucket.data.arn, aws_s3_bucket.archive.arn]
  }
}

resource "aws_iam_policy" "wrong" {
  policy = data.aws_iam_policy_document.wrong.json
}

data "aws_iam_policy_document" "hidden" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = aws_sqs_queue.jobs.url == "x" ? ["*"] : [aws_sqs_queue.jobs.arn, aws_sqs_queue.dead.arn]
  }
}

resource "aws_iam_policy" "hidden" {
  policy = data.aws_iam_policy_document.hidden.json
}

data "aws_iam_policy_document" "tls" {
  for_each = aws_s3_bucket.each
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [each.value.arn, "${each.value.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "each" {
  for_each = aws_s3_bucket.each
  bucket   = each.value.id
  policy   = data.aws_iam_policy_document.tls[each.key].json
}

# Denies for another bucket's ARN say nothing of this one.
data "aws_iam_policy_document" "elsewhere" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.archive.arn, "${aws_s3_bucket.archive.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = data.aws_iam_policy_document.elsewhere.json
}
