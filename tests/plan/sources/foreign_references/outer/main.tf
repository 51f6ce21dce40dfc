variable "key_arn" {
  type    = string
  default = null
}
variable "create_key" { default = true }

locals {
  key  = var.key_arn != null ? var.key_arn : aws_kms_key.this[0].arn
  role = aws_iam_role.this.name
}

resource "aws_kms_key" "this" {
  count               = var.create_key ? 1 : 0
  enable_key_rotation = true
}
resource "aws_cloudwatch_log_group" "this" {
  name       = "outer"
  kms_key_id = local.key
}
resource "aws_cloudwatch_log_group" "given" {
  name       = "given"
  kms_key_id = var.key_arn
}
resource "aws_iam_role" "this" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}
resource "aws_iam_role_policy" "this" {
  role   = local.role
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" }] })
}
