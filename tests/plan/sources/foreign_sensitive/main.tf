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

variable "partner" {
  default   = "999988887777"
  sensitive = true
}

locals {
  tls = {
    Version = "2012-10-17"
    Statement = [{
      Sid       = "SecretTlsSid"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::corp-secret-good", "arn:aws:s3:::corp-secret-good/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  }
}

resource "aws_s3_bucket" "good" { bucket = "corp-secret-good" }
resource "aws_s3_bucket" "bad" { bucket = "corp-secret-bad" }

resource "aws_s3_bucket_policy" "good" {
  bucket = aws_s3_bucket.good.bucket
  policy = sensitive(jsonencode(local.tls))
}

resource "aws_s3_bucket_policy" "bad" {
  bucket = aws_s3_bucket.bad.bucket
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${var.partner}:root" }
      Action    = "s3:GetObjekt"
      Resource  = "arn:aws:s3:::corp-secret-bad/*"
    }]
  })
}

resource "aws_iam_policy" "good" {
  policy = sensitive(jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:us-west-2:999988887777:SecretQueue" }]
  }))
}

resource "aws_iam_role" "bad" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::${var.partner}:root" }, Action = "sts:AsumeRole" }]
  })
}

resource "aws_sqs_queue" "none" {
  policy = sensitive("{\"SecretNoPolicy\": 1}")
}

# One that is sensitive, handed on by another resource.
resource "aws_kms_key" "handed" {
  enable_key_rotation = true
  policy              = aws_secretsmanager_secret.handed.policy
}

resource "aws_secretsmanager_secret" "handed" {
  policy = sensitive(jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::999988887777:root" }, Action = "kms:SecretAktion", Resource = "*" }]
  }))
}
