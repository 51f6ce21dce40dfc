variable "purpose" { type = string }
variable "key_arn" {
  type    = string
  default = null
}
module "own_key" {
  source = "../encrypted"
  alias  = "nested-${var.purpose}"
}
locals {
  key = var.purpose == "logs" ? module.own_key.key.arn : var.key_arn
}
resource "aws_s3_bucket" "this" {}
resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = local.key
    }
  }
}
resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = data.aws_iam_policy_document.this.json
}
data "aws_iam_policy_document" "this" {
  source_policy_documents = [data.aws_iam_policy_document.tls.json, jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Old", Effect = "Deny", Principal = "*", Action = "s3:PutObject", Resource = "${aws_s3_bucket.this.arn}/*", Condition = { NumericLessThan = { "s3:TlsVersion" = "1.2" } } }]
  })]
}
data "aws_iam_policy_document" "tls" {
  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = concat([aws_s3_bucket.this.arn], ["${aws_s3_bucket.this.arn}/*"])
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
output "id" { value = aws_s3_bucket.this.id }
output "arn" { value = aws_s3_bucket.this.arn }
