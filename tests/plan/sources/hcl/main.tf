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

provider "aws" {
  alias                       = "west"
  region                      = var.second_region
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variable "second_region" { default = "us-west-1" }
variable "own_key" { default = true }
variable "password" {
  default   = "only a test"
  sensitive = true
}

locals { key = aws_kms_key.main.arn }

resource "aws_kms_key" "main" { enable_key_rotation = true }

resource "aws_s3_bucket" "named" {
  bucket = "named"
  tags   = { Owner = "team" }
}

resource "aws_s3_bucket" "logs" {
  count         = 2
  bucket_prefix = "logs-"
}

resource "aws_s3_bucket" "last" { bucket_prefix = "last-" }

resource "aws_s3_bucket" "alone" { bucket_prefix = "alone-" }

# Joined by an equal known name.
resource "aws_s3_bucket_server_side_encryption_configuration" "named" {
  bucket = "named"
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.main.arn
    }
  }
}

# A conditional: not to be told.
resource "aws_s3_bucket_server_side_encryption_configuration" "last" {
  bucket = aws_s3_bucket.last.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.own_key ? aws_kms_key.main.arn : null
    }
  }
}

# Which of the two buckets it belongs to cannot be told.
resource "aws_s3_bucket_versioning" "either" {
  bucket = aws_kms_key.main.id == "x" ? aws_s3_bucket.alone.id : aws_s3_bucket.last.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "logs" {
  count             = 2
  bucket            = aws_s3_bucket.logs[count.index].id
  block_public_acls = true
}

resource "aws_cloudwatch_log_group" "local" {
  name       = "local"
  kms_key_id = local.key
}

resource "aws_cloudwatch_log_group" "plain" { name = "plain" }

# Inline JSON in HCL syntax: the plan keeps no text.
resource "aws_s3_bucket_policy" "named" {
  bucket = aws_s3_bucket.named.bucket
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:*", Resource = aws_s3_bucket.named.arn }]
  })
}

resource "aws_subnet" "private" {
  count      = 2
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.${count.index}.0/24"
}

resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }

resource "aws_db_subnet_group" "main" {
  name       = "main"
  subnet_ids = aws_subnet.private[*].id
}

resource "aws_db_instance" "main" {
  instance_class       = "db.t3.micro"
  allocated_storage    = 10
  engine               = "postgres"
  username             = "admin"
  password             = var.password
  db_subnet_group_name = aws_db_subnet_group.main.name
}

resource "aws_sns_topic" "west" {
  provider = aws.west
  name     = "west"
}

module "storage" {
  source    = "./storage"
  bucket_id = aws_s3_bucket.last.id
  key_arn   = aws_kms_key.main.arn
  names     = ["a", "b"]
}

module "each" {
  source    = "./storage"
  for_each  = { x = aws_kms_key.main.arn, y = aws_kms_key.main.arn }
  bucket_id = aws_s3_bucket.logs[0].id
  key_arn   = each.value
  names     = [each.key]
}

resource "aws_s3_bucket_versioning" "output" {
  bucket = module.storage.first_id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_logging" "chained" {
  for_each      = module.storage.ids
  bucket        = each.value
  target_bucket = aws_s3_bucket.last.id
  target_prefix = "x"
}

resource "aws_iam_policy" "output" { policy = module.each["x"].policy_json }

# Carried values may be anything.
resource "terraform_data" "carrier" { input = aws_s3_bucket.alone.id }

resource "aws_s3_bucket_public_access_block" "carried" {
  bucket = terraform_data.carrier.output
}

# An alias stands for its key.
resource "aws_kms_alias" "main" {
  name          = "alias/main"
  target_key_id = aws_kms_key.main.key_id
}

resource "aws_cloudwatch_log_group" "alias" {
  name       = "alias"
  kms_key_id = aws_kms_alias.main.target_key_arn
}

resource "aws_sns_topic" "alias" {
  name              = "alias"
  kms_master_key_id = "alias/main"
}

output "bucket_arn" { value = aws_s3_bucket.named.arn }
output "bucket_name" { value = aws_s3_bucket.named.bucket }
output "password" {
  value     = var.password
  sensitive = true
}
