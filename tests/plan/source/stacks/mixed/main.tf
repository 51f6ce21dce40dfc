# What is left of the forms that people write, good and bad.
variable "rules" {
  default = {
    read  = { actions = ["s3:GetObject", "s3:ListBucket"] }
    write = { actions = ["s3:PutObject"], sid = "Writing" }
  }
}
variable "extra" { default = null }
variable "tags" {
  type    = map(string)
  default = {}
}
variable "subnets" {
  type    = list(object({ cidr = string, public = optional(bool, false) }))
  default = [{ cidr = "10.0.1.0/24" }, { cidr = "10.0.2.0/24" }]
}

resource "aws_s3_bucket" "b" { bucket_prefix = "mixed-" }
resource "aws_s3_bucket" "counted" { count = 2 }

locals {
  legacy = "${aws_s3_bucket.b.arn}"
  oidc   = replace("https://token.example.com", "https://", "")
  all    = concat([aws_s3_bucket.b], aws_s3_bucket.counted)
  by_id  = { for i, b in local.all : "b${i}" => b }
  denies = [
    for suffix in ["", "/*"] : {
      Sid       = suffix == "" ? "Bucket" : "Objects"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "${aws_s3_bucket.b.arn}${suffix}"
      Condition = { Bool = { "aws:SecureTransport" = false } }
    }
  ]
}

resource "aws_s3_bucket_policy" "b" {
  bucket = "${aws_s3_bucket.b.id}"
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.denies, var.extra == null ? [] : [var.extra]) })
}

resource "aws_s3_bucket_policy" "counted" {
  count  = length(aws_s3_bucket.counted)
  bucket = element(aws_s3_bucket.counted.*.id, count.index)
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Tls"
      Effect    = "Deny"
      Principal = { AWS = "*" }
      Action    = ["s3:*"]
      Resource  = formatlist("%s%s", element(aws_s3_bucket.counted.*.arn, count.index), ["", "/*"])
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_s3_bucket_versioning" "all" {
  for_each = local.by_id
  bucket   = lookup(each.value, "id", null)
  versioning_configuration {
    status = lookup(var.tags, "versioning", "Enabled")
  }
}
resource "aws_s3_bucket_public_access_block" "all" {
  count                   = length(local.all)
  bucket                  = local.all[count.index].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket_server_side_encryption_configuration" "all" {
  for_each = { for key, b in local.by_id : key => b.bucket if key != "b1" }
  bucket   = each.value
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = one(module.key[*].arn)
    }
  }
}
resource "aws_s3_bucket_lifecycle_configuration" "all" {
  for_each = local.by_id
  bucket   = try(each.value.id, each.value.bucket)
  dynamic "rule" {
    for_each = [for days in [7, 0] : { id = "d${days}", days = days } if days > 0]
    content {
      id     = rule.value.id
      status = try(rule.value.status, "Enabled")
      filter {}
      abort_incomplete_multipart_upload { days_after_initiation = rule.value.days }
    }
  }
}

module "key" {
  source = "./m"
  count  = 1
  alias  = format("mixed-%02d", count.index)
  users  = [aws_iam_role.app.arn]
}
module "keys" {
  source   = "./m"
  for_each = toset(["a", "b"])
  alias    = each.value
  users    = each.key == "a" ? [aws_iam_role.user.arn] : []
}
module "policies" {
  source     = "./iam"
  statements = { for name, rule in var.rules : name => merge({ sid = title(name) }, rule, { resources = [local.legacy, "${local.legacy}/*"] }) }
  role       = aws_iam_role.app
}

resource "aws_iam_role" "app" {
  name_prefix = "app-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/${local.oidc}" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringEquals = { "${local.oidc}:sub" = "system:serviceaccount:app", "${local.oidc}:aud" = "sts.amazonaws.com" } }
    }]
  })
  inline_policy {
    name = "inline"
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = [for key in module.keys : key.arn] }]
    })
  }
}

resource "aws_iam_role" "user" {
  name_prefix        = "user-"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = ["ec2.amazonaws.com"] }, Action = "sts:AssumeRole" }] })
}
resource "aws_cloudwatch_log_group" "app" {
  for_each          = { for name, key in module.keys : name => key.arn }
  name              = "/mixed/${each.key}"
  retention_in_days = 30
  kms_key_id        = each.value
}
resource "aws_sqs_queue" "q" {
  name_prefix = "mixed-"
  policy      = null
}
resource "aws_sns_topic" "t" {
  name_prefix       = "mixed-"
  kms_master_key_id = module.key[0].id
}
resource "aws_sqs_queue_policy" "q" {
  queue_url = aws_sqs_queue.q.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for name, source in { topic = aws_sns_topic.t.arn, bucket = aws_s3_bucket.b.arn } : {
        Sid       = title(name)
        Effect    = "Allow"
        Principal = { Service = name == "topic" ? "sns.amazonaws.com" : "s3.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.q.arn
        Condition = { ArnLike = { "aws:SourceArn" = source } }
      }
    ]
  })
}
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
  tags       = merge(var.tags, { Name = "mixed" })
}
resource "aws_subnet" "s" {
  count      = length(var.subnets)
  vpc_id     = aws_vpc.v.id
  cidr_block = var.subnets[count.index].cidr
}
resource "aws_flow_log" "v" {
  vpc_id               = coalesce(aws_vpc.v.id, "none")
  traffic_type         = "ALL"
  log_destination_type = "s3"
  log_destination      = "${aws_s3_bucket.b.arn}/flow/"
}
resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.v.id
  service_name = "com.amazonaws.us-east-1.s3"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = aws_iam_role.app.arn }, Action = "s3:GetObject", Resource = [for b in local.all : "${b.arn}/*"] }]
  })
}
resource "aws_security_group" "s" {
  name_prefix = "mixed-"
  description = "mixed"
  vpc_id      = aws_vpc.v.id
  dynamic "ingress" {
    for_each = { for i, s in aws_subnet.s : i => s.cidr_block }
    content {
      description = "from ${ingress.value}"
      from_port   = 443
      to_port     = 443
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
}
resource "aws_db_subnet_group" "d" {
  name       = "mixed"
  subnet_ids = flatten([[for s in aws_subnet.s : s.id], []])
}
resource "aws_db_instance" "d" {
  identifier                  = "mixed"
  engine                      = "postgres"
  instance_class              = "db.t3.micro"
  allocated_storage           = 20
  username                    = "admin_user"
  manage_master_user_password = true
  storage_encrypted           = true
  kms_key_id                  = values(module.keys)[0].arn
  db_subnet_group_name        = aws_db_subnet_group.d.name
}
