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

variable "create" { default = false }
variable "names" { default = ["a", "b"] }
variable "key_arn" {
  type    = string
  default = null
}

# Nothing with `count = 0` is a candidate.
resource "aws_s3_bucket" "none" { count = var.create ? 1 : 0 }
resource "aws_kms_key" "none" {
  for_each            = toset(var.create ? ["x"] : [])
  enable_key_rotation = true
}
resource "aws_s3_bucket" "data" {}
resource "aws_s3_bucket" "alone" {}
resource "aws_kms_key" "data" { enable_key_rotation = true }

resource "aws_s3_bucket_versioning" "data" {
  bucket = var.create ? aws_s3_bucket.none[0].id : aws_s3_bucket.data.id
  versioning_configuration { status = "Enabled" }
}

resource "aws_s3_bucket_public_access_block" "data" {
  bucket                  = try(aws_s3_bucket.none[0].id, aws_s3_bucket.data.id)
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = coalesce(one(aws_s3_bucket.none[*].id), aws_s3_bucket.data.id)
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = try(aws_kms_key.none["x"].arn, aws_kms_key.data.arn)
    }
  }
}

resource "aws_cloudwatch_log_group" "key" {
  name       = "key"
  kms_key_id = concat(values(aws_kms_key.none)[*].arn, [aws_kms_key.data.arn])[0]
}

# A module that is left out, and one that is not.
module "left_out" {
  source = "./store"
  count  = var.create ? 1 : 0
}
module "store" { source = "./store" }

resource "aws_s3_bucket_lifecycle_configuration" "store" {
  bucket = try(module.left_out[0].bucket, module.store.bucket)
  rule {
    id     = "x"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload { days_after_initiation = 7 }
  }
}

# An argument that resolves to null is not set.
resource "aws_cloudwatch_log_group" "null" {
  name       = "null"
  kms_key_id = var.key_arn
}

module "outer" {
  source = "./outer"
}

# For a set, `each.value` is `each.key`.
resource "aws_s3_bucket" "each" {
  for_each = toset(var.names)
  bucket   = "corp-${each.value}-7"
}

resource "aws_s3_bucket" "later" { for_each = toset(var.names) }

resource "aws_s3_bucket_versioning" "later" {
  for_each = toset(var.names)
  bucket   = aws_s3_bucket.later[each.value].id
  versioning_configuration { status = each.value == "b" ? "Suspended" : "Enabled" }
}

resource "aws_sqs_queue" "later" { for_each = toset(keys(aws_s3_bucket.later)) }

# Lists of ids, as everybody writes them.
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "b" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.2.0/24"
}
resource "aws_subnet" "public" {
  count                   = 2
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.${count.index + 10}.0/24"
  map_public_ip_on_launch = true
}
resource "aws_subnet" "p" {
  count      = 2
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.${count.index + 20}.0/24"
}
resource "aws_subnet" "old" {
  for_each   = toset(var.names)
  vpc_id     = "vpc-0123456789abcdef0"
  cidr_block = "10.1.${each.key == "a" ? 1 : 2}.0/24"
}
resource "aws_route_table" "old" { vpc_id = "vpc-0123456789abcdef0" }
resource "aws_route_table_association" "old" {
  for_each       = aws_subnet.old
  subnet_id      = each.value.id
  route_table_id = aws_route_table.old.id
}

resource "aws_db_subnet_group" "listed" { subnet_ids = [aws_subnet.a.id, aws_subnet.b.id] }
resource "aws_db_subnet_group" "splat" { subnet_ids = aws_subnet.p[*].id }
resource "aws_db_subnet_group" "indexed" { subnet_ids = [aws_subnet.p[0].id, aws_subnet.p[1].id] }
resource "aws_db_subnet_group" "concat" { subnet_ids = concat(aws_subnet.p[*].id, [aws_subnet.a.id]) }
resource "aws_db_subnet_group" "for" { subnet_ids = [for subnet in aws_subnet.p : subnet.id] }
resource "aws_db_subnet_group" "public" { subnet_ids = [aws_subnet.a.id, aws_subnet.public[0].id] }
resource "aws_db_subnet_group" "all_public" { subnet_ids = length(var.names) > 5 ? [aws_subnet.public[0].id] : [aws_subnet.public[1].id] }
resource "aws_db_subnet_group" "either" {
  subnet_ids = length(var.names) > 5 ? aws_subnet.public[*].id : [aws_subnet.a.id, aws_subnet.b.id]
}
resource "aws_db_subnet_group" "neither" {
  subnet_ids = length(var.names) > 5 ? aws_subnet.p[*].id : [aws_subnet.a.id, aws_subnet.b.id]
}
resource "aws_db_subnet_group" "single" { subnet_ids = [aws_subnet.a.id] }
resource "aws_db_subnet_group" "old" { subnet_ids = [aws_subnet.old["a"].id, aws_subnet.old["b"].id] }


resource "aws_db_instance" "listed" {
  instance_class       = "db.t3.micro"
  engine               = "postgres"
  allocated_storage    = 20
  db_subnet_group_name = aws_db_subnet_group.listed.name
}

resource "aws_db_instance" "splat" {
  instance_class       = "db.t3.micro"
  engine               = "postgres"
  allocated_storage    = 20
  db_subnet_group_name = aws_db_subnet_group.splat.name
}

resource "aws_db_instance" "indexed" {
  instance_class       = "db.t3.micro"
  engine               = "postgres"
  allocated_storage    = 20
  db_subnet_group_name = aws_db_subnet_group.indexed.name
}

resource "aws_db_instance" "concat" {
  instance_class       = "db.t3.micro"
  engine               = "postgres"
  allocated_storage    = 20
  db_subnet_group_name = aws_db_subnet_group.concat.name
}

resource "aws_db_instance" "for" {
  instance_class       = "db.t3.micro"
  engine               = "postgres"
  allocated_storage    = 20
  db_subnet_group_name = aws_db_subnet_group.for.name
}

resource "aws_db_instance" "public" {
  instance_class       = "db.t3.micro"
  engine               = "postgres"
  allocated_storage    = 20
  db_subnet_group_name = aws_db_subnet_group.public.name
}

resource "aws_db_instance" "all_public" {
  instance_class       = "db.t3.micro"
  engine               = "postgres"
  allocated_storage    = 20
  db_subnet_group_name = aws_db_subnet_group.all_public.name
}

resource "aws_db_instance" "either" {
  instance_class       = "db.t3.micro"
  engine               = "postgres"
  allocated_storage    = 20
  db_subnet_group_name = aws_db_subnet_group.either.name
}

resource "aws_db_instance" "neither" {
  instance_class       = "db.t3.micro"
  engine               = "postgres"
  allocated_storage    = 20
  db_subnet_group_name = aws_db_subnet_group.neither.name
}

resource "aws_db_instance" "single" {
  instance_class       = "db.t3.micro"
  engine               = "postgres"
  allocated_storage    = 20
  db_subnet_group_name = aws_db_subnet_group.single.name
}

resource "aws_db_instance" "old" {
  instance_class       = "db.t3.micro"
  engine               = "postgres"
  allocated_storage    = 20
  db_subnet_group_name = aws_db_subnet_group.old.name
}

# Whichever it is, the answer is the same; or it is not.
resource "aws_kms_key" "other" { enable_key_rotation = true }

resource "aws_cloudwatch_log_group" "either_key" {
  name       = "either-key"
  kms_key_id = length(var.names) > 5 ? aws_kms_key.data.arn : aws_kms_key.other.arn
}
resource "aws_cloudwatch_log_group" "key_or_nothing" {
  name       = "key-or-nothing"
  kms_key_id = aws_kms_key.data.key_id == "x" ? aws_kms_key.data.arn : null
}
resource "aws_cloudwatch_log_group" "key_or_topic" {
  name       = "key-or-topic"
  kms_key_id = length(var.names) > 5 ? aws_kms_key.data.arn : aws_sns_topic.other.arn
}
resource "aws_sns_topic" "other" {}
resource "aws_flow_log" "either" {
  vpc_id          = aws_vpc.main.id
  traffic_type    = "ALL"
  log_destination = length(var.names) > 5 ? aws_cloudwatch_log_group.null.arn : aws_cloudwatch_log_group.key.arn
}
resource "aws_flow_log" "wrong" {
  vpc_id          = aws_vpc.main.id
  traffic_type    = "ALL"
  log_destination = length(var.names) > 5 ? aws_cloudwatch_log_group.null.arn : aws_sns_topic.other.arn
}

# The provider decides where null is given.
resource "aws_db_instance" "null" {
  instance_class       = "db.t3.micro"
  engine               = "postgres"
  allocated_storage    = 20
  storage_encrypted    = true
  kms_key_id           = var.key_arn
  db_subnet_group_name = aws_db_subnet_group.listed.name
}

# An element that is not this instance's own is not taken for it.
resource "aws_s3_bucket" "two" { count = 2 }
resource "aws_s3_bucket_versioning" "two" {
  count  = 3
  bucket = element(aws_s3_bucket.two[*].id, count.index)
  versioning_configuration { status = "Enabled" }
}

# Of a map, `each.value` is the value.
resource "aws_s3_bucket" "mapped" { for_each = toset(["x", "y"]) }
variable "crossed" { default = { x = "y" } }
resource "aws_s3_bucket_lifecycle_configuration" "mapped" {
  for_each = var.crossed
  bucket   = aws_s3_bucket.mapped[each.value].id
  rule {
    id     = "x"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload { days_after_initiation = 7 }
  }
}
