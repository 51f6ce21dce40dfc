# Policies written with `jsonencode`, as most modules have them.
data "aws_partition" "current" {}
data "aws_region" "current" {}

resource "aws_s3_bucket" "plain" {}
resource "aws_s3_bucket" "merged" {}
resource "aws_s3_bucket" "listed" {}
resource "aws_s3_bucket" "bad_public" {}
resource "aws_sqs_queue" "q" { name_prefix = "jobs-" }
resource "aws_sqs_queue" "dead" { name_prefix = "dead-" }
resource "aws_sns_topic" "t" { name_prefix = "events-" }
resource "aws_kms_key" "k" {
  enable_key_rotation = true
  policy              = jsonencode(local.key_policy)
}
resource "aws_kms_alias" "k" {
  name          = "alias/jsonencode"
  target_key_id = aws_kms_key.k.key_id
}
resource "aws_secretsmanager_secret" "s" { name_prefix = "s-" }

locals {
  account = "111122223333"
  root    = "arn:${data.aws_partition.current.partition}:iam::${local.account}:root"
  key_policy = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Admin"
        Effect    = "Allow"
        Principal = { AWS = local.root }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "Use"
        Effect    = "Allow"
        Principal = { AWS = aws_iam_role.worker.arn }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
      },
    ]
  }
  tls_only = {
    Sid       = "TlsOnly"
    Effect    = "Deny"
    Principal = "*"
    Action    = "s3:*"
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }
}

# Straight.
resource "aws_s3_bucket_policy" "plain" {
  bucket = aws_s3_bucket.plain.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.plain.arn, "${aws_s3_bucket.plain.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# A statement of a local value, completed by `merge`.
resource "aws_s3_bucket_policy" "merged" {
  bucket = aws_s3_bucket.merged.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [merge(local.tls_only, { Resource = [aws_s3_bucket.merged.arn, "${aws_s3_bucket.merged.arn}/*"] })]
  })
}

# Statements of several lists.
resource "aws_s3_bucket_policy" "listed" {
  bucket = aws_s3_bucket.listed.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [for arn in [aws_s3_bucket.listed.arn, "${aws_s3_bucket.listed.arn}/*"] : merge(local.tls_only, { Sid = "Tls${length(arn) > 0 ? "" : "X"}", Resource = arn }) if false],
      [merge(local.tls_only, { Resource = [for suffix in ["", "/*"] : "${aws_s3_bucket.listed.arn}${suffix}"] })],
    )
  })
}

# What must be found.
resource "aws_s3_bucket_policy" "bad_public" {
  bucket = aws_s3_bucket.bad_public.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObjekt"
      Resource  = "${aws_s3_bucket.bad_public.arn}/*"
    }]
  })
}

resource "aws_sqs_queue_policy" "q" {
  queue_url = aws_sqs_queue.q.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = {
      Sid       = "Topic"
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.q.arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.t.arn } }
    }
  })
}

resource "aws_sns_topic_policy" "t" {
  arn = aws_sns_topic.t.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Account"
      Effect    = "Allow"
      Principal = { AWS = [local.root, aws_iam_role.worker.arn] }
      Action    = ["sns:Publish", "sns:Subscribe"]
      Resource  = aws_sns_topic.t.arn
    }]
  })
}

resource "aws_secretsmanager_secret_policy" "s" {
  secret_arn = aws_secretsmanager_secret.s.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Read"
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.worker.arn }
      Action    = "secretsmanager:GetSecretValue"
      Resource  = "*"
    }]
  })
}

resource "aws_iam_role" "worker" {
  name_prefix = "worker-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "worker" {
  role = aws_iam_role.worker.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["sqs:ReceiveMessage", "sqs:DeleteMessage"], Resource = [aws_sqs_queue.q.arn, aws_sqs_queue.dead.arn] },
      { Effect = "Allow", Action = "sns:Publish", Resource = aws_sns_topic.t.arn },
      { Effect = "Allow", Action = ["kms:Decrypt"], Resource = [aws_kms_key.k.arn] },
    ]
  })
}

resource "aws_iam_policy" "format" {
  name_prefix = "format-"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = [format("%s/*", aws_s3_bucket.plain.arn), join("/", [aws_s3_bucket.merged.arn, "x", "*"])]
    }]
  })
}

resource "aws_iam_policy" "bad_action" {
  name_prefix = "bad-"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["sqs:SendMesage"], Resource = aws_sqs_queue.q.arn }]
  })
}

resource "aws_iam_policy" "bad_pass" {
  name_prefix = "bad-"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:PassRole", Resource = "*" },
      { Effect = "Allow", Action = "sns:Publish", Resource = aws_sns_topic.t.arn },
    ]
  })
}

resource "aws_s3_bucket_public_access_block" "all" {
  for_each                = { plain = aws_s3_bucket.plain.id, merged = aws_s3_bucket.merged.id, listed = aws_s3_bucket.listed.id, bad = aws_s3_bucket.bad_public.id }
  bucket                  = each.value
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
