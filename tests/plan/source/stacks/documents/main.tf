# `aws_iam_policy_document` in the forms that everybody writes.
resource "aws_s3_bucket" "a" {}
resource "aws_s3_bucket" "b" {}
resource "aws_s3_bucket" "many" { count = 3 }
resource "aws_iam_role" "r" {
  name_prefix        = "r-"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}
resource "aws_iam_role" "other" {
  name_prefix        = "other-"
  assume_role_policy = data.aws_iam_policy_document.assume_role.json
}
resource "aws_kms_key" "k" {
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.key.json
}
resource "aws_kms_alias" "k" {
  name          = "alias/documents"
  target_key_id = aws_kms_key.k.key_id
}
resource "aws_sns_topic" "t" { name_prefix = "t-" }
resource "aws_sqs_queue" "q" { name_prefix = "q-" }

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}
data "aws_iam_policy_document" "assume_role" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.r.arn]
    }
  }
}
data "aws_iam_policy_document" "key" {
  statement {
    sid       = "Admin"
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }
  }
  statement {
    sid       = "Use"
    actions   = ["kms:Decrypt"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.r.arn, aws_iam_role.other.arn]
    }
  }
}
data "aws_iam_policy_document" "two" {
  statement {
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.a.arn, aws_s3_bucket.b.arn]
  }
}
data "aws_iam_policy_document" "loops" {
  statement {
    actions   = ["s3:GetObject"]
    resources = [for bucket in aws_s3_bucket.many : "${bucket.arn}/*"]
  }
  statement {
    actions   = ["s3:ListBucket"]
    resources = concat(aws_s3_bucket.many[*].arn, [aws_s3_bucket.a.arn])
  }
  statement {
    actions   = ["s3:PutObject"]
    resources = formatlist("%s/in/*", aws_s3_bucket.many[*].arn)
  }
}
data "aws_iam_policy_document" "conditions" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.q.arn]
    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.t.arn]
    }
  }
}
data "aws_iam_policy_document" "combined" {
  source_policy_documents   = [data.aws_iam_policy_document.two.json, data.aws_iam_policy_document.loops.json]
  override_policy_documents = compact([data.aws_iam_policy_document.two.json, ""])
}
resource "aws_sqs_queue_policy" "q" {
  queue_url = aws_sqs_queue.q.id
  policy    = data.aws_iam_policy_document.conditions.json
}
resource "aws_iam_policy" "two" {
  name_prefix = "two-"
  policy      = data.aws_iam_policy_document.two.json
}
resource "aws_iam_policy" "loops" {
  name_prefix = "loops-"
  policy      = data.aws_iam_policy_document.loops.json
}
resource "aws_iam_policy" "combined" {
  name_prefix = "combined-"
  policy      = data.aws_iam_policy_document.combined.json
}
resource "aws_iam_user" "u" { name = "u" }
resource "aws_iam_policy" "each" {
  for_each    = { a = aws_s3_bucket.a.arn, b = aws_s3_bucket.b.arn }
  name_prefix = each.key
  policy      = data.aws_iam_policy_document.each[each.key].json
}
data "aws_iam_policy_document" "each" {
  for_each = { a = aws_s3_bucket.a.arn, b = aws_s3_bucket.b.arn }
  statement {
    actions   = each.key == "a" ? ["s3:GetObject"] : ["s3:PutObject"]
    resources = ["${each.value}/*"]
  }
}
data "aws_iam_policy_document" "bad_document" {
  statement {
    actions   = ["s3:GetObject", "s3:Nothing"]
    resources = [aws_s3_bucket.a.arn, aws_s3_bucket.b.arn]
  }
}
resource "aws_iam_policy" "bad_document" {
  name_prefix = "bad-"
  policy      = data.aws_iam_policy_document.bad_document.json
}
