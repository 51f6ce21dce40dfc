# CloudTrail with its bucket and log group.
data "aws_partition" "current" {}
variable "account_id" { default = "111122223333" }
variable "trails" { default = { main = true, extra = true } }
locals {
  prefix = "trail"
  arns   = { for name, on in var.trails : name => "arn:${data.aws_partition.current.partition}:cloudtrail:us-east-1:${var.account_id}:trail/${name}" if on }
}
resource "aws_kms_key" "trail" {
  enable_key_rotation = true
  policy = templatefile("${path.module}/key.json.tftpl", {
    account = var.account_id
    trails  = values(local.arns)
    roles   = [aws_iam_role.reader.arn]
  })
}
resource "aws_kms_alias" "trail" {
  name          = "alias/${local.prefix}"
  target_key_id = aws_kms_key.trail.key_id
}
resource "aws_iam_role" "reader" {
  name_prefix        = "reader-"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::${var.account_id}:root" }, Action = "sts:AssumeRole" }] })
}
resource "aws_s3_bucket" "trail" { force_destroy = true }
resource "aws_s3_bucket_public_access_block" "trail" {
  bucket                  = aws_s3_bucket.trail.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket_policy" "trail" {
  bucket = aws_s3_bucket.trail.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = flatten([
      {
        Sid       = "Acl"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:GetBucketAcl"
        Resource  = aws_s3_bucket.trail.arn
        Condition = { StringEquals = { "aws:SourceArn" = values(local.arns) } }
      },
      [for name, arn in local.arns : {
        Sid       = "Write${title(name)}"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = format("%s/%s/AWSLogs/%s/*", aws_s3_bucket.trail.arn, name, var.account_id)
        Condition = { StringEquals = { "aws:SourceArn" = arn, "s3:x-amz-acl" = "bucket-owner-full-control" } }
      }],
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [for path in ["", "/*"] : "${aws_s3_bucket.trail.arn}${path}"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ])
  })
}
resource "aws_cloudtrail" "this" {
  for_each                   = local.arns
  name                       = each.key
  s3_bucket_name             = aws_s3_bucket.trail.id
  s3_key_prefix              = each.key
  kms_key_id                 = aws_kms_key.trail.arn
  is_multi_region_trail      = true
  enable_log_file_validation = true
  depends_on                 = [aws_s3_bucket_policy.trail]
}
resource "aws_cloudtrail" "bad_local" {
  name           = "bad"
  s3_bucket_name = aws_s3_bucket.trail.bucket
}
