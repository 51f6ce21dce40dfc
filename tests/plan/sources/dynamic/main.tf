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

resource "aws_kms_key" "main" {}
resource "aws_s3_bucket" "main" { bucket_prefix = "main-" }

resource "aws_dynamodb_table" "known" {
  name         = "known"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "a"
  attribute {
    name = "a"
    type = "S"
  }
  dynamic "server_side_encryption" {
    for_each = [1]
    content {
      enabled     = true
      kms_key_arn = aws_kms_key.main.arn
    }
  }
}

# Sets are planned in another order than they are written.
resource "aws_security_group" "set" {
  name = "set"
  ingress {
    from_port       = 443
    to_port         = 443
    protocol        = "tcp"
    security_groups = [aws_security_group.other.id]
  }
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}

resource "aws_security_group" "other" { name = "other" }

data "aws_iam_policy_document" "unknown_blocks" {
  dynamic "statement" {
    for_each = toset(split(",", aws_kms_key.main.id))
    content {
      actions   = ["s3:GetObject"]
      resources = ["*"]
    }
  }
}

data "aws_iam_policy_document" "mixed_blocks" {
  statement {
    actions   = ["kms:*"]
    resources = [aws_kms_key.main.arn]
  }
  dynamic "statement" {
    for_each = ["x", "y"]
    content {
      sid       = statement.value
      actions   = ["s3:GetObject"]
      resources = ["${aws_s3_bucket.main.arn}/${statement.value}/*"]
    }
  }
}

data "aws_iam_policy_document" "two_references" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = [aws_s3_bucket.main.arn, "${aws_s3_bucket.main.arn}/*", aws_kms_key.main.arn]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}

data "aws_iam_policy_document" "merged" {
  source_policy_documents = [
    data.aws_iam_policy_document.two_references.json,
    jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "Own", Effect = "Deny", Action = "s3:*", Resource = "*" }] }),
  ]
  override_policy_documents = [data.aws_iam_policy_document.override.json]
}

data "aws_iam_policy_document" "override" {
  statement {
    sid         = "Own"
    effect      = "Deny"
    not_actions = ["s3:GetObject"]
    resources   = [aws_kms_key.main.arn]
  }
}

data "aws_iam_policy_document" "known" {
  statement {
    actions   = ["kms:*"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "unknown_blocks" { policy = data.aws_iam_policy_document.unknown_blocks.json }
resource "aws_iam_policy" "mixed_blocks" { policy = data.aws_iam_policy_document.mixed_blocks.json }
resource "aws_iam_policy" "two_references" { policy = data.aws_iam_policy_document.two_references.json }
resource "aws_iam_policy" "merged" { policy = data.aws_iam_policy_document.merged.json }
resource "aws_iam_policy" "known" { policy = data.aws_iam_policy_document.known.json }
