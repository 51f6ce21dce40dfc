terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
provider "aws" {
  region                      = "us-west-2"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
variable "n" { default = 2 }
variable "nul" {
  type    = string
  default = null
}
variable "eph" {
  type      = string
  ephemeral = true
  default   = "x"
}
variable "sec" {
  type      = string
  sensitive = true
  default   = "s3cret"
}
resource "terraform_data" "kept" { input = "a" }
resource "terraform_data" "upd" { input = { b = 1, list = [1, "x", null, true] } }
resource "terraform_data" "repl" {
  triggers_replace = ["new"]
  input            = terraform_data.kept.id
}
resource "terraform_data" "cbd" {
  triggers_replace = ["new"]
  lifecycle { create_before_destroy = true }
}
resource "terraform_data" "counted" {
  count = 2
  input = count.index
}
resource "terraform_data" "zero" { count = 0 }
resource "terraform_data" "varcount" { count = var.n }
resource "terraform_data" "each" {
  for_each = toset(["a", "b\"q", "c.d", "é${"$"}{x}"])
}
resource "terraform_data" "emptyeach" { for_each = {} }
resource "terraform_data" "mapeach" { for_each = { k = 1, l = 2 } }
resource "terraform_data" "new" { input = var.sec }
moved {
  from = terraform_data.old
  to   = terraform_data.moved
}
resource "terraform_data" "moved" { input = "a" }
removed {
  from = terraform_data.forgotten
  lifecycle { destroy = false }
}
import {
  to = terraform_data.imported
  id = "abc"
}
resource "terraform_data" "imported" {}
module "m" {
  source = "./m"
  count  = 2
  name   = "x${count.index}"
}
module "z" {
  source = "./m"
  count  = 0
  name   = "z"
}
module "f" {
  source   = "./m"
  for_each = { a = 1 }
  name     = each.key
}
module "plain" {
  source = "./m"
  name   = "p"
}
data "aws_iam_policy_document" "known" {
  statement {
    actions   = ["s3:*"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "later" {
  statement {
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.b.arn, "x"]
  }
}
resource "aws_s3_bucket" "b" {
  bucket = "hello"
  tags   = { a = terraform_data.new.id, b = "x" }
}
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b.id
  policy = data.aws_iam_policy_document.later.json
}
resource "aws_security_group" "sg" {
  ingress {
    from_port   = 1
    to_port     = 2
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0", terraform_data.new.id]
  }
  ingress {
    from_port       = 3
    to_port         = 4
    protocol        = "tcp"
    security_groups = [terraform_data.new.id]
  }
}
resource "aws_s3_bucket_lifecycle_configuration" "l" {
  bucket = aws_s3_bucket.b.id
  rule {
    id     = "x"
    status = "Enabled"
    filter {}
    expiration { days = 3 }
  }
}
resource "aws_s3_bucket_server_side_encryption_configuration" "e" {
  bucket = aws_s3_bucket.b.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = terraform_data.new.id
    }
  }
}
resource "aws_db_instance" "d" {
  instance_class      = "db.t3.micro"
  engine              = "postgres"
  allocated_storage   = 5
  username            = "a"
  password_wo         = "longpassword"
  password_wo_version = 1
  skip_final_snapshot = true
}
resource "aws_cloudfront_distribution" "cf" {
  enabled = true
  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "o"
    viewer_protocol_policy = "https-only"
    forwarded_values {
      query_string = false
      cookies { forward = "none" }
    }
  }
  origin {
    domain_name = "example.com"
    origin_id   = "o"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  restrictions {
    geo_restriction { restriction_type = "none" }
  }
  viewer_certificate { cloudfront_default_certificate = true }
}
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = "{}"
  dynamic "inline_policy" {
    for_each = ["a"]
    content {
      name   = "n"
      policy = "{}"
    }
  }
  tags = { a = null, b = "x" }
}
check "c" {
  assert {
    condition     = var.n > 0
    error_message = "x"
  }
}
output "o" { value = { a = terraform_data.new.id, b = 1 } }
output "s" {
  value     = var.sec
  sensitive = true
}
output "n" { value = var.nul }
