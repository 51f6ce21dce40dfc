# Dynamic blocks with values that only apply makes known.
variable "rules" {
  default = [
    { port = 443, description = "https" },
    { port = 8443, description = "admin" },
  ]
}
variable "key" { default = true }
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_security_group" "lb" {
  name_prefix = "lb-"
  description = "load balancer"
}
resource "aws_security_group" "app" {
  name_prefix = "app-"
  description = "application"
  dynamic "ingress" {
    for_each = var.rules
    content {
      description     = ingress.value.description
      from_port       = ingress.value.port
      to_port         = ingress.value["port"]
      protocol        = "tcp"
      security_groups = [aws_security_group.lb.id]
    }
  }
}
resource "aws_security_group" "bad_open" {
  name_prefix = "open-"
  description = "open"
  dynamic "ingress" {
    for_each = { for rule in var.rules : rule.port => rule }
    iterator = it
    content {
      description     = it.value.description
      from_port       = it.key
      to_port         = it.key
      protocol        = "tcp"
      cidr_blocks     = ["0.0.0.0/0"]
      security_groups = [aws_security_group.lb.id]
    }
  }
}
resource "aws_kms_key" "k" { enable_key_rotation = true }
resource "aws_kms_alias" "k" {
  name          = "alias/dynamic"
  target_key_id = aws_kms_key.k.id
}
resource "aws_s3_bucket" "b" {}
resource "aws_s3_bucket_server_side_encryption_configuration" "b" {
  bucket = aws_s3_bucket.b.id
  dynamic "rule" {
    for_each = [{ algorithm = "aws:kms", key = aws_kms_key.k.arn }]
    content {
      bucket_key_enabled = true
      apply_server_side_encryption_by_default {
        sse_algorithm     = rule.value.algorithm
        kms_master_key_id = rule.value.key
      }
    }
  }
}
resource "aws_s3_bucket_lifecycle_configuration" "b" {
  bucket = aws_s3_bucket.b.id
  dynamic "rule" {
    for_each = toset(["tmp/", "up/"])
    content {
      id     = rule.key
      status = "Enabled"
      filter {
        prefix = rule.value
      }
      dynamic "abort_incomplete_multipart_upload" {
        for_each = var.key ? [7] : []
        content {
          days_after_initiation = abort_incomplete_multipart_upload.value
        }
      }
    }
  }
  rule {
    id     = "all"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload { days_after_initiation = 7 }
  }
}
data "aws_iam_policy_document" "statements" {
  dynamic "statement" {
    for_each = {
      Read  = { actions = ["s3:GetObject"], resources = ["${aws_s3_bucket.b.arn}/*"] }
      List  = { actions = ["s3:ListBucket"], resources = [aws_s3_bucket.b.arn] }
      Crypt = { actions = ["kms:Decrypt"], resources = [aws_kms_key.k.arn] }
    }
    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = statement.value.resources
      dynamic "condition" {
        for_each = statement.key == "Read" ? [aws_vpc.v.id] : []
        content {
          test     = "StringEquals"
          variable = "aws:SourceVpc"
          values   = [condition.value]
        }
      }
    }
  }
}
resource "aws_iam_policy" "statements" {
  name_prefix = "s-"
  policy      = data.aws_iam_policy_document.statements.json
}
data "aws_iam_policy_document" "bad_dynamic" {
  statement {
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.k.arn]
  }
  dynamic "statement" {
    for_each = [aws_s3_bucket.b.arn]
    content {
      actions   = ["s3:GetAnything"]
      resources = [statement.value]
    }
  }
}
resource "aws_iam_policy" "bad_dynamic" {
  name_prefix = "bad-"
  policy      = data.aws_iam_policy_document.bad_dynamic.json
}
resource "aws_dynamodb_table" "t" {
  name         = "t"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  attribute {
    name = "id"
    type = "S"
  }
  dynamic "server_side_encryption" {
    for_each = var.key ? [aws_kms_key.k.arn] : []
    content {
      enabled     = true
      kms_key_arn = server_side_encryption.value
    }
  }
}
