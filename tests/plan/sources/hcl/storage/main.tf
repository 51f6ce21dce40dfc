variable "bucket_id" { type = string }
variable "key_arn" { type = string }
variable "names" { type = list(string) }
variable "team" { default = "blue" }

resource "aws_s3_bucket_versioning" "given" {
  bucket = var.bucket_id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket" "inner" {
  for_each      = toset(var.names)
  bucket_prefix = "inner-${each.key}-"
}

resource "aws_s3_bucket_versioning" "inner" {
  for_each = toset(var.names)
  bucket   = aws_s3_bucket.inner[each.key].id
  versioning_configuration {
    status = "Enabled"
  }
}

data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["kms:Decrypt"]
    resources = [var.key_arn]
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalTag/team"
      values   = [var.team]
    }
  }
}

resource "aws_iam_policy" "read" { policy = data.aws_iam_policy_document.read.json }

output "first_id" { value = aws_s3_bucket.inner[var.names[0]].id }
output "ids" { value = { for key, bucket in aws_s3_bucket.inner : key => bucket.id } }
output "policy_json" { value = data.aws_iam_policy_document.read.json }
