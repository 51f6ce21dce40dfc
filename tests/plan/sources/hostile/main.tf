terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                      = "us-west-2"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}


variable "switch" { default = true }
variable "keys" { default = ["a\"].b", "ü", "a$${b}", "%%{c}", "tab\t", "[0]"] }

# Keys that an address has to escape.
resource "aws_s3_bucket" "odd" {
  for_each      = toset(var.keys)
  bucket_prefix = "odd-"
}

resource "aws_s3_bucket_versioning" "chained" {
  for_each = aws_s3_bucket.odd
  bucket   = each.value.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "looked_up" {
  for_each = toset(var.keys)
  bucket   = aws_s3_bucket.odd[each.key].id
}

# A condition that is known is no part of the value.
resource "aws_kms_key" "main" { enable_key_rotation = true }

resource "aws_cloudwatch_log_group" "switched" {
  name       = "switched"
  kms_key_id = var.switch ? aws_kms_key.main.arn : null
  tags       = { "example.com/owner.team" = "platform" }
}

# One more condition, which is not known.
resource "aws_cloudwatch_log_group" "later" {
  name       = "later"
  kms_key_id = var.switch && aws_kms_key.main.key_id != "" ? aws_kms_key.main.arn : null
}

# A plan shows of these lists what they refer to, and not the literal beside it.
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }

resource "aws_subnet" "one" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_db_subnet_group" "mixed" {
  name       = "mixed"
  subnet_ids = [aws_subnet.one.id, "subnet-0123456789abcdef0"]
}

resource "aws_db_instance" "mixed" {
  instance_class              = "db.t3.micro"
  allocated_storage           = 10
  engine                      = "postgres"
  username                    = "admin"
  manage_master_user_password = true
  db_subnet_group_name        = aws_db_subnet_group.mixed.name
}

# Through a sub-resource that names two buckets.
resource "aws_s3_bucket" "logs" { bucket_prefix = "logs-" }

resource "aws_s3_bucket_logging" "odd" {
  bucket        = aws_s3_bucket.odd["[0]"].id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "odd/"
}

resource "aws_s3_bucket_versioning" "target" {
  bucket = aws_s3_bucket_logging.odd.target_bucket
  versioning_configuration {
    status = "Enabled"
  }
}

# A list that holds more than is shown, and what is shown is public.
resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}

resource "aws_db_subnet_group" "public" {
  name       = "public"
  subnet_ids = [aws_subnet.public.id, "subnet-0123456789abcdef0"]
}

resource "aws_db_instance" "public" {
  instance_class              = "db.t3.micro"
  allocated_storage           = 10
  engine                      = "postgres"
  username                    = "admin"
  manage_master_user_password = true
  db_subnet_group_name        = aws_db_subnet_group.public.name
}
