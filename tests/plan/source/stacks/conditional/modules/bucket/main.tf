variable "create" {
  type    = bool
  default = true
}
variable "name" {
  type    = string
  default = null
}
variable "block" { default = true }
variable "versioning" { default = false }
variable "kms" { default = false }
variable "lifecycle_days" {
  type    = number
  default = 0
}

locals {
  id  = try(aws_s3_bucket.this[0].id, "")
  arn = try(aws_s3_bucket.this[0].arn, null)
  key = var.kms ? one(aws_kms_key.this[*].arn) : null
}

resource "aws_s3_bucket" "this" {
  count  = var.create ? 1 : 0
  bucket = var.name
}
resource "aws_s3_bucket_public_access_block" "this" {
  count                   = var.create && var.block ? 1 : 0
  bucket                  = join("", aws_s3_bucket.this[*].id)
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket_versioning" "this" {
  count  = var.create ? 1 : 0
  bucket = local.id
  versioning_configuration {
    status = var.versioning ? "Enabled" : "Suspended"
  }
}
resource "aws_kms_key" "this" {
  count               = var.create && var.kms ? 1 : 0
  enable_key_rotation = true
}
resource "aws_kms_alias" "this" {
  count         = var.create && var.kms ? 1 : 0
  name_prefix   = "alias/bucket-"
  target_key_id = aws_kms_key.this[0].key_id
}
resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  count  = var.create ? 1 : 0
  bucket = coalesce(local.id, "none")
  rule {
    bucket_key_enabled = var.kms
    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms ? "aws:kms" : "AES256"
      kms_master_key_id = local.key
    }
  }
}
resource "aws_s3_bucket_lifecycle_configuration" "this" {
  count  = var.create && var.lifecycle_days > 0 ? 1 : 0
  bucket = element(concat(aws_s3_bucket.this.*.id, [""]), 0)
  rule {
    id     = "clear"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload {
      days_after_initiation = var.lifecycle_days
    }
  }
}
resource "aws_s3_bucket_policy" "this" {
  count  = var.create ? 1 : 0
  bucket = local.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [local.arn, "${local.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
output "id" { value = local.id }
output "arn" { value = local.arn }
