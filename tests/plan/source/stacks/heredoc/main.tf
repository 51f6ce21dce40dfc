# Policies in heredocs, templates and files.
resource "aws_s3_bucket" "h" {}
resource "aws_s3_bucket" "flush" {}
resource "aws_s3_bucket" "template" {}
resource "aws_s3_bucket" "file" { bucket = "corp-heredoc-file" }
resource "aws_s3_bucket" "looped" {}
resource "aws_sqs_queue" "q" { name_prefix = "h-" }
resource "aws_sns_topic" "t" { name_prefix = "h-" }

variable "readers" { default = ["a", "b"] }
variable "strict" { default = true }

resource "aws_s3_bucket_policy" "h" {
  bucket = aws_s3_bucket.h.id
  policy = <<EOT
{
  "Version": "2012-10-17",
  "Statement": [{
    "Sid": "TlsOnly",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["${aws_s3_bucket.h.arn}", "${aws_s3_bucket.h.arn}/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}}
  }]
}
EOT
}

resource "aws_s3_bucket_policy" "flush" {
  bucket = aws_s3_bucket.flush.id
  policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "TlsOnly",
          "Effect": "${var.strict ? "Deny" : "Allow"}",
          "Principal": "*",
          "Action": "s3:*",
          "Resource": ${jsonencode([aws_s3_bucket.flush.arn, "${aws_s3_bucket.flush.arn}/*"])},
          "Condition": {"Bool": {"aws:SecureTransport": "${!var.strict}"}}
        }
      ]
    }
  POLICY
}

resource "aws_s3_bucket_policy" "template" {
  bucket = aws_s3_bucket.template.id
  policy = templatefile("${path.module}/tls.json.tftpl", { bucket = aws_s3_bucket.template.arn, suffixes = ["", "/*"] })
}

resource "aws_s3_bucket_policy" "file" {
  bucket = aws_s3_bucket.file.id
  policy = file("${path.module}/file.json")
}

resource "aws_s3_bucket_policy" "looped" {
  bucket = aws_s3_bucket.looped.id
  policy = <<-EOT
  {
    "Version": "2012-10-17",
    "Statement": [{
      "Sid": "TlsOnly",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:*",
      "Resource": [
        %{ for i, path in ["", "/*"] ~}
        %{ if i > 0 },%{ endif }"${aws_s3_bucket.looped.arn}${path}"
        %{ endfor ~}
      ],
      "Condition": {"Bool": {"aws:SecureTransport": "false"}}
    }]
  }
  EOT
}

resource "aws_sqs_queue_policy" "q" {
  queue_url = aws_sqs_queue.q.url
  policy    = <<EOF
{"Version":"2012-10-17","Statement":[{"Sid":"S","Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"${aws_sqs_queue.q.arn}","Condition":{"ArnLike":{"aws:SourceArn":"${aws_sns_topic.t.arn}"}}}]}
EOF
}

resource "aws_iam_policy" "variables" {
  name_prefix = "v-"
  policy      = <<-EOT
    {"Version": "2012-10-17", "Statement": [{
      "Effect": "Allow", "Action": "s3:GetObject",
      "Resource": "${aws_s3_bucket.h.arn}/home/$${aws:username}/*"
    }]}
  EOT
}

resource "aws_iam_policy" "bad_heredoc" {
  name_prefix = "v-"
  policy      = <<-EOT
    {"Version": "2012-10-17", "Statement": [{
      "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObjekt"], "Resource": "${aws_s3_bucket.h.arn}/*"
    }]}
  EOT
}

resource "aws_s3_bucket_public_access_block" "all" {
  for_each                = { for name, bucket in { h = aws_s3_bucket.h, flush = aws_s3_bucket.flush, template = aws_s3_bucket.template, looped = aws_s3_bucket.looped } : name => bucket }
  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
