# Everything goes through local values.
locals {
  name      = "locals"
  kms_arn   = aws_kms_key.main.arn
  bucket_id = aws_s3_bucket.main.id
  buckets   = { main = aws_s3_bucket.main, logs = aws_s3_bucket.logs }
  arns      = [for b in values(local.buckets) : b.arn]
  objects   = formatlist("%s/*", local.arns)
  group_key = coalesce(var.kms_key_arn, local.kms_arn)
  retention = lookup({ dev = 30, prod = 365 }, var.env, 7)
  statements = {
    read  = { Effect = "Allow", Action = ["s3:GetObject"], Resource = local.objects }
    list  = { Effect = "Allow", Action = ["s3:ListBucket"], Resource = local.arns }
    queue = { Effect = "Allow", Action = ["sqs:SendMessage"], Resource = [local.queue.arn] }
  }
  queue   = one([aws_sqs_queue.jobs])
  network = { vpc = aws_vpc.main.id, groups = [aws_security_group.app.id] }
}
variable "kms_key_arn" { default = null }
variable "env" { default = "prod" }

resource "aws_kms_key" "main" { enable_key_rotation = true }
resource "aws_kms_alias" "main" {
  name          = "alias/${local.name}"
  target_key_id = local.kms_arn
}
resource "aws_s3_bucket" "main" {}
resource "aws_s3_bucket" "logs" {}
resource "aws_sqs_queue" "jobs" {
  name_prefix       = "jobs-"
  kms_master_key_id = local.kms_arn
}
resource "aws_s3_bucket_versioning" "main" {
  bucket = local.bucket_id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_versioning" "logs" {
  bucket = local.buckets.logs.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_server_side_encryption_configuration" "each" {
  for_each = local.buckets
  bucket   = each.value.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = local.retention > 7 ? "aws:kms" : "AES256"
      kms_master_key_id = local.group_key
    }
  }
}
resource "aws_cloudwatch_log_group" "app" {
  name              = "/app/${local.name}"
  retention_in_days = local.retention
  kms_key_id        = local.group_key
}
resource "aws_cloudwatch_log_group" "direct" {
  name              = "/direct/${local.name}"
  retention_in_days = local.retention
  kms_key_id        = local.kms_arn
}
resource "aws_iam_policy" "all" {
  name_prefix = "all-"
  policy      = jsonencode({ Version = "2012-10-17", Statement = values(local.statements) })
}
resource "aws_iam_policy" "some" {
  name_prefix = "some-"
  policy      = jsonencode({ Version = "2012-10-17", Statement = [for k, s in local.statements : merge(s, { Sid = title(k) }) if k != "queue"] })
}
data "aws_iam_policy_document" "doc" {
  statement {
    actions   = ["s3:GetObject"]
    resources = local.objects
  }
  statement {
    actions   = ["kms:Decrypt"]
    resources = [local.kms_arn]
  }
}
resource "aws_iam_policy" "doc" {
  name_prefix = "doc-"
  policy      = data.aws_iam_policy_document.doc.json
}
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_flow_log" "main" {
  vpc_id               = local.network.vpc
  traffic_type         = "ALL"
  log_destination_type = "s3"
  log_destination      = local.buckets["logs"].arn
}
resource "aws_security_group" "app" {
  name_prefix = "app-"
  description = "the application"
  vpc_id      = aws_vpc.main.id
}
resource "aws_vpc_security_group_ingress_rule" "self" {
  security_group_id            = local.network.groups[0]
  referenced_security_group_id = local.network.groups[0]
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  description                  = "among themselves"
}
resource "aws_iam_policy" "bad_local" {
  name_prefix = "bad-"
  policy      = jsonencode({ Version = "2012-10-17", Statement = [merge(local.statements.read, { Action = ["s3:ReadObject"] })] })
}
