# Maps of objects, and everything made of them.
variable "buckets" {
  type = map(object({
    versioned = bool
    readers   = optional(list(string), [])
    key       = optional(string, "main")
  }))
  default = {
    data = { versioned = true, readers = ["etl"] }
    logs = { versioned = true, key = "logs" }
    bad  = { versioned = false }
  }
}
variable "groups" {
  default = {
    api = { retention = 30, key = "main" }
    etl = { retention = 400, key = "logs" }
  }
}
resource "aws_kms_key" "this" {
  for_each            = toset(["main", "logs"])
  description         = each.value
  enable_key_rotation = true
}
resource "aws_kms_alias" "this" {
  for_each      = aws_kms_key.this
  name          = "alias/each-${each.key}"
  target_key_id = each.value.key_id
}
resource "aws_s3_bucket" "this" {
  for_each = var.buckets
}
resource "aws_s3_bucket_versioning" "this" {
  for_each = { for name, bucket in var.buckets : name => bucket if bucket.versioned }
  bucket   = aws_s3_bucket.this[each.key].id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_public_access_block" "this" {
  for_each                = aws_s3_bucket.this
  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = var.buckets
  bucket   = aws_s3_bucket.this[each.key].bucket
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this[each.value.key].arn
    }
  }
}
resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = toset(keys(var.buckets))
  bucket   = aws_s3_bucket.this[each.value].id
  rule {
    id     = "clear"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload { days_after_initiation = 7 }
  }
}
data "aws_iam_policy_document" "bucket" {
  for_each = var.buckets
  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.this[each.key].arn, "${aws_s3_bucket.this[each.key].arn}/*"]
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
  dynamic "statement" {
    for_each = toset(each.value.readers)
    iterator = reader
    content {
      sid       = title(reader.value)
      actions   = ["s3:GetObject"]
      resources = ["${aws_s3_bucket.this[each.key].arn}/*"]
      principals {
        type        = "AWS"
        identifiers = [aws_iam_role.reader[reader.key].arn]
      }
    }
  }
}
resource "aws_s3_bucket_policy" "this" {
  for_each = data.aws_iam_policy_document.bucket
  bucket   = aws_s3_bucket.this[each.key].id
  policy   = each.value.json
}
resource "aws_iam_role" "reader" {
  for_each    = toset(distinct(flatten([for b in var.buckets : b.readers])))
  name_prefix = each.key
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "glue.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}
resource "aws_iam_role_policy" "reader" {
  for_each = aws_iam_role.reader
  role     = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for name, bucket in var.buckets : {
        Sid      = title(name)
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = ["${aws_s3_bucket.this[name].arn}/*"]
      } if contains(bucket.readers, each.key)
    ]
  })
}
resource "aws_cloudwatch_log_group" "this" {
  for_each          = var.groups
  name              = "/each/${each.key}"
  retention_in_days = each.value.retention
  kms_key_id        = aws_kms_key.this[each.value["key"]].arn
}
resource "aws_cloudwatch_log_group" "zip" {
  for_each          = zipmap(["a", "b"], [aws_kms_key.this["main"].arn, aws_kms_key.this["logs"].arn])
  name              = "/zip/${each.key}"
  retention_in_days = 30
  kms_key_id        = each.value
}
resource "aws_sqs_queue" "this" {
  for_each    = var.groups
  name_prefix = each.key
}
resource "aws_sqs_queue_policy" "this" {
  for_each  = { for name, queue in aws_sqs_queue.this : upper(name) => queue }
  queue_url = each.value.url
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Own", Effect = "Allow", Principal = { AWS = [for r in aws_iam_role.reader : r.arn] }, Action = "sqs:SendMessage", Resource = each.value.arn }]
  })
}
