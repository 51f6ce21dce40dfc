# Objects with optional members, and settings that are merged.
variable "services" {
  type = map(object({
    port     = number
    queue    = optional(bool, false)
    logs     = optional(object({ days = optional(number, 30), key = optional(bool, true) }), {})
    policies = optional(map(list(string)), {})
  }))
  default = {
    api = { port = 443, queue = true, policies = { read = ["s3:GetObject"] } }
    etl = { port = 8443, logs = { days = 400 } }
  }
}
locals {
  defaults = { encrypted = true, versioned = true }
  buckets  = { for name in keys(var.services) : name => merge(local.defaults, name == "etl" ? { extra = true } : {}) }
  grants = flatten([
    for name, service in var.services : [
      for kind, actions in service.policies : { id = "${name}-${kind}", name = name, actions = actions }
    ]
  ])
}
resource "aws_kms_key" "k" { enable_key_rotation = true }
resource "aws_kms_alias" "k" {
  name          = "alias/optional"
  target_key_id = aws_kms_key.k.id
}
resource "aws_cloudwatch_log_group" "s" {
  for_each          = var.services
  name              = "/s/${each.key}"
  retention_in_days = each.value.logs.days
  kms_key_id        = each.value.logs.key ? aws_kms_key.k.arn : null
}
resource "aws_s3_bucket" "s" { for_each = local.buckets }
resource "aws_s3_bucket_versioning" "s" {
  for_each = { for name, bucket in local.buckets : name => bucket if bucket.versioned }
  bucket   = aws_s3_bucket.s[each.key].id
  versioning_configuration { status = each.value.versioned ? "Enabled" : "Suspended" }
}
resource "aws_s3_bucket_server_side_encryption_configuration" "s" {
  for_each = { for name, bucket in local.buckets : name => bucket if try(bucket.encrypted, false) }
  bucket   = aws_s3_bucket.s[each.key].id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = try(each.value.key, aws_kms_key.k.arn)
    }
  }
}
resource "aws_iam_policy" "grant" {
  for_each    = { for grant in local.grants : grant.id => grant }
  name_prefix = each.key
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = each.value.actions, Resource = "${aws_s3_bucket.s[each.value.name].arn}/*" }]
  })
}
resource "aws_sqs_queue" "q" {
  for_each    = toset([for name, service in var.services : name if service.queue])
  name_prefix = each.key
}
resource "aws_sqs_queue_policy" "q" {
  for_each  = aws_sqs_queue.q
  queue_url = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for action in ["SendMessage", "ReceiveMessage"] : {
      Sid       = action
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "sqs:${action}"
      Resource  = each.value.arn
    }]
  })
}
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_flow_log" "v" {
  vpc_id               = aws_vpc.v.id
  traffic_type         = "ALL"
  log_destination_type = "s3"
  log_destination      = aws_s3_bucket.s["etl"].arn
}
resource "aws_security_group" "s" {
  for_each    = var.services
  name_prefix = each.key
  description = "service ${each.key}"
  vpc_id      = aws_vpc.v.id
}
resource "aws_vpc_security_group_ingress_rule" "s" {
  for_each                     = { for pair in setproduct(keys(var.services), keys(var.services)) : join("-", pair) => pair if pair[0] != pair[1] }
  security_group_id            = aws_security_group.s[each.value[0]].id
  referenced_security_group_id = aws_security_group.s[each.value[1]].id
  ip_protocol                  = "tcp"
  from_port                    = var.services[each.value[0]].port
  to_port                      = var.services[each.value[0]].port
  description                  = "from ${each.value[1]}"
}
