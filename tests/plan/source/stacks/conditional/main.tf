# Modules that make things, or not.
module "on" {
  source     = "./modules/bucket"
  versioning = true
  kms        = true
}
module "named" {
  source         = "./modules/bucket"
  create         = true
  name           = "corp-conditional"
  versioning     = true
  lifecycle_days = 7
}
module "off" {
  source = "./modules/bucket"
  create = false
}
module "bad_plain" {
  source = "./modules/bucket"
  block  = false
}
module "counted" {
  source     = "./modules/bucket"
  count      = 2
  versioning = count.index == 0
  kms        = true
}
variable "queue" { default = true }
resource "aws_sqs_queue" "q" {
  count       = var.queue ? 1 : 0
  name_prefix = "q-"
}
resource "aws_sqs_queue" "none" {
  count       = var.queue ? 0 : 1
  name_prefix = "none-"
}
resource "aws_sqs_queue_policy" "q" {
  count     = var.queue ? 1 : 0
  queue_url = aws_sqs_queue.q[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "Own"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::111122223333:root" }
        Action    = "sqs:SendMessage"
        Resource  = one(aws_sqs_queue.q[*].arn)
      }],
      length(aws_sqs_queue.none) > 0 ? [{ Sid = "Never", Effect = "Allow", Principal = { AWS = "*" }, Action = "sqs:*", Resource = "*" }] : [],
    )
  })
}
resource "aws_iam_policy" "q" {
  name_prefix = "q-"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "sqs:ReceiveMessage"
      Resource = compact([
        try(aws_sqs_queue.q[0].arn, ""),
        try(aws_sqs_queue.none[0].arn, ""),
        join("", aws_sqs_queue.q.*.arn),
        element(concat(aws_sqs_queue.q[*].arn, [""]), 0),
      ])
    }]
  })
}
resource "aws_iam_policy" "modules" {
  name_prefix = "m-"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = [for arn in concat([module.on.arn, module.named.arn], module.counted[*].arn) : "${arn}/*"]
    }]
  })
}
