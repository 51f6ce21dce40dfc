# Stack `TapStack`, as `revet export hcl` wrote it. Change the program that
# defines it and export again: what is changed here is lost then.
#
# It plans what the synthesized JSON plans, under other addresses. So it needs a
# state of its own: on the state of the JSON it would replace everything.

# ------------------------------------------------------------------------------
# Terraform and provider
# ------------------------------------------------------------------------------

terraform {
  backend "s3" {
    bucket       = "iac-rlhf-tf-states"
    encrypt      = true
    key          = "dev/TapStack.tfstate"
    region       = "us-west-2"
    use_lockfile = true
  }

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

provider "aws" {
  region = "us-west-2"

  default_tags {
    tags = local.common_tags
  }
}

# ------------------------------------------------------------------------------
# Values used throughout
# ------------------------------------------------------------------------------

locals {
  common_tags = {
    Environment = "dev"
    Owner       = "platform-security"
    Purpose     = "secure-application"
  }
}

# ------------------------------------------------------------------------------
# What is looked up
# ------------------------------------------------------------------------------

data "aws_availability_zones" "vpc" {
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }

  lifecycle {
    postcondition {
      condition     = length(self.names) >= 2
      error_message = "The region offers this account fewer than 2 zones. Take another region, or fewer zones."
    }
  }
}

data "aws_caller_identity" "current" {}

# ------------------------------------------------------------------------------
# Encryption keys
# ------------------------------------------------------------------------------

resource "aws_kms_key" "data" {
  description              = "Encrypts application data"
  customer_master_key_spec = "SYMMETRIC_DEFAULT"
  deletion_window_in_days  = 30
  enable_key_rotation      = true
  key_usage                = "ENCRYPT_DECRYPT"
  rotation_period_in_days  = 365
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountAdministersThroughIam"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "tap-data-key-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "data" {
  name          = "alias/tap-data-key-dev"
  target_key_id = aws_kms_key.data.key_id
}

resource "aws_kms_key" "secrets" {
  description              = "Encrypts secrets"
  customer_master_key_spec = "SYMMETRIC_DEFAULT"
  deletion_window_in_days  = 30
  enable_key_rotation      = true
  key_usage                = "ENCRYPT_DECRYPT"
  rotation_period_in_days  = 365
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountAdministersThroughIam"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "tap-secrets-key-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "secrets" {
  name          = "alias/tap-secrets-key-dev"
  target_key_id = aws_kms_key.secrets.key_id
}

resource "aws_kms_key" "logs" {
  description              = "Encrypts logs and the audit trail"
  customer_master_key_spec = "SYMMETRIC_DEFAULT"
  deletion_window_in_days  = 30
  enable_key_rotation      = true
  key_usage                = "ENCRYPT_DECRYPT"
  rotation_period_in_days  = 365
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountAdministersThroughIam"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "CloudWatchLogs"
        Effect    = "Allow"
        Principal = { Service = "logs.us-west-2.amazonaws.com" }
        Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
        Resource  = "*"
        Condition = {
          ArnEquals = {
            "kms:EncryptionContext:aws:logs:arn" = [
              "arn:aws:logs:us-west-2:${data.aws_caller_identity.current.account_id}:log-group:tap-flow-logs-dev",
            ]
          }
        }
      },
      {
        Sid       = "CloudTrailEncrypt"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "kms:GenerateDataKey*"
        Resource  = "*"
        Condition = {
          StringEquals = {
            "aws:SourceArn" = (
              "arn:aws:cloudtrail:us-west-2:${data.aws_caller_identity.current.account_id}:trail/tap-trail-dev"
            )
          }
          StringLike = {
            "kms:EncryptionContext:aws:cloudtrail:arn" = (
              "arn:aws:cloudtrail:*:${data.aws_caller_identity.current.account_id}:trail/*"
            )
          }
        }
      },
      {
        Sid       = "CloudTrailBucketKey"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "kms:Decrypt"
        Resource  = "*"
        Condition = {
          StringEquals = {
            "aws:SourceArn" = (
              "arn:aws:cloudtrail:us-west-2:${data.aws_caller_identity.current.account_id}:trail/tap-trail-dev"
            )
          }
        }
      },
      {
        Sid       = "CloudTrailDescribe"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "kms:DescribeKey"
        Resource  = "*"
        Condition = {
          StringEquals = {
            "aws:SourceArn" = (
              "arn:aws:cloudtrail:us-west-2:${data.aws_caller_identity.current.account_id}:trail/tap-trail-dev"
            )
          }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "tap-logs-key-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "logs" {
  name          = "alias/tap-logs-key-dev"
  target_key_id = aws_kms_key.logs.key_id
}

# ------------------------------------------------------------------------------
# Identity and access
# ------------------------------------------------------------------------------

resource "aws_iam_role" "flow_logs" {
  name                 = "tap-flow-logs-role-dev"
  description          = "VPC flow logs write into their log group"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "ServiceAssumesForThisAccount"
        Effect    = "Allow"
        Principal = { Service = "vpc-flow-logs.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
          ArnLike = {
            "aws:SourceArn" = "arn:aws:ec2:us-west-2:${data.aws_caller_identity.current.account_id}:vpc-flow-log/*"
          }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "tap-flow-logs-role-dev" })
}

resource "aws_iam_role_policy" "flow_logs_write" {
  name = "tap-flow-logs-write-dev"
  role = aws_iam_role.flow_logs.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "WriteLogEvents"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = [aws_cloudwatch_log_group.flow_logs.arn, "${aws_cloudwatch_log_group.flow_logs.arn}:*"]
      },
    ]
  })
}

resource "aws_iam_policy" "mfa_guard" {
  name        = "tap-mfa-guard-dev"
  description = "Denies all but MFA self-service unless MFA is present"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "SeeWhatIsAsked"
        Effect   = "Allow"
        Action   = ["iam:GetAccountPasswordPolicy", "iam:ListVirtualMFADevices"]
        Resource = "*"
      },
      {
        Sid      = "OwnPassword"
        Effect   = "Allow"
        Action   = ["iam:ChangePassword", "iam:GetUser"]
        Resource = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:user/$${aws:username}"
      },
      {
        Sid      = "OwnDevices"
        Effect   = "Allow"
        Action   = ["iam:EnableMFADevice", "iam:GetMFADevice", "iam:ListMFADevices", "iam:ResyncMFADevice"]
        Resource = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:user/$${aws:username}"
      },
      {
        Sid      = "NewDevice"
        Effect   = "Allow"
        Action   = "iam:CreateVirtualMFADevice"
        Resource = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:mfa/*"
      },
      {
        Sid      = "RemoveOwnDevice"
        Effect   = "Allow"
        Action   = "iam:DeactivateMFADevice"
        Resource = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:user/$${aws:username}"
        Condition = {
          Bool = { "aws:MultiFactorAuthPresent" = "true" }
        }
      },
      {
        Sid    = "DenyAllButSelfServiceWithoutMfa"
        Effect = "Deny"
        NotAction = [
          "iam:ChangePassword",
          "iam:CreateVirtualMFADevice",
          "iam:EnableMFADevice",
          "iam:GetAccountPasswordPolicy",
          "iam:GetMFADevice",
          "iam:GetUser",
          "iam:ListMFADevices",
          "iam:ListVirtualMFADevices",
          "iam:ResyncMFADevice",
          "sts:GetSessionToken",
        ]
        Resource = "*"
        Condition = {
          BoolIfExists = {
            "aws:MultiFactorAuthPresent" = "false"
            "aws:ViaAWSService"          = "false"
          }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "tap-mfa-guard-dev" })
}

resource "aws_iam_group_policy_attachment" "mfa_guard_guards_people" {
  group      = aws_iam_group.people.name
  policy_arn = aws_iam_policy.mfa_guard.arn
}

resource "aws_iam_group" "people" {
  name = "tap-people-dev"
}

# ------------------------------------------------------------------------------
# Network
# ------------------------------------------------------------------------------

resource "aws_vpc" "main" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
  enable_dns_support   = true

  tags = merge(local.common_tags, { Name = "tap-vpc-dev" })
}

resource "aws_default_security_group" "vpc" {
  vpc_id = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "tap-vpc-default-dev" })
}

resource "aws_route_table" "vpc_private" {
  vpc_id = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "tap-vpc-private-dev" })
}

resource "aws_subnet" "vpc_private_0" {
  availability_zone       = element(data.aws_availability_zones.vpc.names, 0)
  cidr_block              = "10.0.0.0/20"
  map_public_ip_on_launch = false
  vpc_id                  = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "tap-vpc-private-0-dev" })
}

resource "aws_subnet" "vpc_private_1" {
  availability_zone       = element(data.aws_availability_zones.vpc.names, 1)
  cidr_block              = "10.0.16.0/20"
  map_public_ip_on_launch = false
  vpc_id                  = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "tap-vpc-private-1-dev" })
}

resource "aws_route_table_association" "vpc_private_0" {
  route_table_id = aws_route_table.vpc_private.id
  subnet_id      = aws_subnet.vpc_private_0.id
}

resource "aws_route_table_association" "vpc_private_1" {
  route_table_id = aws_route_table.vpc_private.id
  subnet_id      = aws_subnet.vpc_private_1.id
}

resource "aws_flow_log" "vpc" {
  iam_role_arn             = aws_iam_role.flow_logs.arn
  log_destination          = aws_cloudwatch_log_group.flow_logs.arn
  log_destination_type     = "cloud-watch-logs"
  max_aggregation_interval = 60
  traffic_type             = "ALL"
  vpc_id                   = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "tap-vpc-flow-log-dev" })

  depends_on = [aws_iam_role_policy.flow_logs_write]
}

# ------------------------------------------------------------------------------
# Security groups
# ------------------------------------------------------------------------------

resource "aws_security_group" "database_access" {
  name        = "tap-database-access-dev"
  description = "Database tap-database-dev: closed until a group is allowed in"
  vpc_id      = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "tap-database-access-dev" })
}

resource "aws_vpc_security_group_ingress_rule" "database_access_from_application_5432" {
  description                  = "PostgreSQL from the application to its database"
  from_port                    = 5432
  ip_protocol                  = "tcp"
  referenced_security_group_id = aws_security_group.application.id
  security_group_id            = aws_security_group.database_access.id
  to_port                      = 5432

  tags = merge(local.common_tags, { Name = "tap-application-to-database-access-5432-dev" })
}

resource "aws_security_group" "application" {
  name        = "tap-application-dev"
  description = "Members of the application"
  vpc_id      = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "tap-application-dev" })
}

resource "aws_vpc_security_group_egress_rule" "application_to_database_access_5432" {
  description                  = "PostgreSQL from the application to its database"
  from_port                    = 5432
  ip_protocol                  = "tcp"
  referenced_security_group_id = aws_security_group.database_access.id
  security_group_id            = aws_security_group.application.id
  to_port                      = 5432

  tags = merge(local.common_tags, { Name = "tap-application-to-database-access-5432-dev" })
}

# ------------------------------------------------------------------------------
# Storage
# ------------------------------------------------------------------------------

resource "aws_s3_bucket" "access" {
  bucket        = "tap-access-dev-${data.aws_caller_identity.current.account_id}-us-west-2"
  force_destroy = false

  tags = merge(local.common_tags, { Name = "tap-access-dev-${data.aws_caller_identity.current.account_id}-us-west-2" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_ownership_controls" "access" {
  bucket = aws_s3_bucket.access.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "access" {
  bucket                  = aws_s3_bucket.access.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "access" {
  bucket = aws_s3_bucket.access.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "access" {
  bucket = aws_s3_bucket.access.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_policy" "access" {
  bucket = aws_s3_bucket.access.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "ServerAccessLogs"
        Effect    = "Allow"
        Principal = { Service = "logging.s3.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.access.arn}/*"
        Condition = {
          ArnLike = {
            "aws:SourceArn" = "arn:aws:s3:::tap-*-dev-${data.aws_caller_identity.current.account_id}-us-west-2"
          }
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        }
      },
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.access.arn, "${aws_s3_bucket.access.arn}/*"]
        Condition = {
          Bool = { "aws:SecureTransport" = "false" }
        }
      },
      {
        Sid       = "TlsVersion"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.access.arn, "${aws_s3_bucket.access.arn}/*"]
        Condition = {
          NumericLessThan = { "s3:TlsVersion" = "1.2" }
          Bool            = { "aws:PrincipalIsAWSService" = "false" }
        }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.access]
}

resource "aws_s3_bucket_lifecycle_configuration" "access" {
  bucket = aws_s3_bucket.access.id

  rule {
    id     = "old-versions-and-broken-uploads"
    status = "Enabled"

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }

    filter {
      prefix = ""
    }

    noncurrent_version_expiration {
      noncurrent_days = 365
    }
  }

  rule {
    id     = "retention"
    status = "Enabled"

    expiration {
      days = 365
    }

    filter {
      prefix = ""
    }
  }

  depends_on = [aws_s3_bucket_versioning.access]
}

resource "aws_s3_bucket" "data" {
  bucket        = "tap-data-dev-${data.aws_caller_identity.current.account_id}-us-west-2"
  force_destroy = false

  tags = merge(local.common_tags, { Name = "tap-data-dev-${data.aws_caller_identity.current.account_id}-us-west-2" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_ownership_controls" "data" {
  bucket = aws_s3_bucket.data.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "data" {
  bucket                  = aws_s3_bucket.data.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_key.data.arn
      sse_algorithm     = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.data.arn, "${aws_s3_bucket.data.arn}/*"]
        Condition = {
          Bool = { "aws:SecureTransport" = "false" }
        }
      },
      {
        Sid       = "TlsVersion"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.data.arn, "${aws_s3_bucket.data.arn}/*"]
        Condition = {
          NumericLessThan = { "s3:TlsVersion" = "1.2" }
          Bool            = { "aws:PrincipalIsAWSService" = "false" }
        }
      },
      {
        Sid       = "OtherKey"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.data.arn}/*"
        Condition = {
          StringNotEqualsIfExists = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = aws_kms_key.data.arn }
          Null                    = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "false" }
        }
      },
      {
        Sid       = "OtherEncryption"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.data.arn}/*"
        Condition = {
          StringNotEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" }
          Null            = { "s3:x-amz-server-side-encryption" = "false" }
        }
      },
      {
        Sid       = "KeyOfS3"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.data.arn}/*"
        Condition = {
          StringEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" }
          Null         = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "true" }
        }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.data]
}

resource "aws_s3_bucket_lifecycle_configuration" "data" {
  bucket = aws_s3_bucket.data.id

  rule {
    id     = "old-versions-and-broken-uploads"
    status = "Enabled"

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }

    filter {
      prefix = ""
    }

    noncurrent_version_expiration {
      noncurrent_days = 365
    }
  }

  depends_on = [aws_s3_bucket_versioning.data]
}

resource "aws_s3_bucket_logging" "data" {
  bucket        = aws_s3_bucket.data.id
  target_bucket = aws_s3_bucket.access.id
  target_prefix = "data/"

  depends_on = [aws_s3_bucket_policy.access]
}

resource "aws_s3_bucket" "trail_log" {
  bucket        = "tap-trail-log-dev-${data.aws_caller_identity.current.account_id}-us-west-2"
  force_destroy = false

  tags = merge(local.common_tags, {
    Name = "tap-trail-log-dev-${data.aws_caller_identity.current.account_id}-us-west-2"
  })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_ownership_controls" "trail_log" {
  bucket = aws_s3_bucket.trail_log.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "trail_log" {
  bucket                  = aws_s3_bucket.trail_log.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "trail_log" {
  bucket = aws_s3_bucket.trail_log.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "trail_log" {
  bucket = aws_s3_bucket.trail_log.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_key.logs.arn
      sse_algorithm     = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_policy" "trail_log" {
  bucket = aws_s3_bucket.trail_log.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "CloudTrailReadsAcl"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:GetBucketAcl"
        Resource  = aws_s3_bucket.trail_log.arn
        Condition = {
          StringEquals = {
            "aws:SourceArn" = (
              "arn:aws:cloudtrail:us-west-2:${data.aws_caller_identity.current.account_id}:trail/tap-trail-dev"
            )
          }
        }
      },
      {
        Sid       = "CloudTrailPutsLogs"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.trail_log.arn}/AWSLogs/${data.aws_caller_identity.current.account_id}/*"
        Condition = {
          StringEquals = {
            "aws:SourceArn" = (
              "arn:aws:cloudtrail:us-west-2:${data.aws_caller_identity.current.account_id}:trail/tap-trail-dev"
            )
            "s3:x-amz-acl" = "bucket-owner-full-control"
          }
        }
      },
      {
        Sid       = "OnlyCloudTrailPuts"
        Effect    = "Deny"
        Principal = "*"
        Action    = ["s3:PutObject", "s3:ReplicateObject"]
        Resource  = "${aws_s3_bucket.trail_log.arn}/*"
        Condition = {
          StringNotEqualsIfExists = { "aws:PrincipalServiceName" = "cloudtrail.amazonaws.com" }
        }
      },
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.trail_log.arn, "${aws_s3_bucket.trail_log.arn}/*"]
        Condition = {
          Bool = { "aws:SecureTransport" = "false" }
        }
      },
      {
        Sid       = "TlsVersion"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.trail_log.arn, "${aws_s3_bucket.trail_log.arn}/*"]
        Condition = {
          NumericLessThan = { "s3:TlsVersion" = "1.2" }
          Bool            = { "aws:PrincipalIsAWSService" = "false" }
        }
      },
      {
        Sid       = "OtherKey"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.trail_log.arn}/*"
        Condition = {
          StringNotEqualsIfExists = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = aws_kms_key.logs.arn }
          Null                    = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "false" }
        }
      },
      {
        Sid       = "OtherEncryption"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.trail_log.arn}/*"
        Condition = {
          StringNotEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" }
          Null            = { "s3:x-amz-server-side-encryption" = "false" }
        }
      },
      {
        Sid       = "KeyOfS3"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.trail_log.arn}/*"
        Condition = {
          StringEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" }
          Null         = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "true" }
        }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.trail_log]
}

resource "aws_s3_bucket_lifecycle_configuration" "trail_log" {
  bucket = aws_s3_bucket.trail_log.id

  rule {
    id     = "old-versions-and-broken-uploads"
    status = "Enabled"

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }

    filter {
      prefix = ""
    }

    noncurrent_version_expiration {
      noncurrent_days = 365
    }
  }

  rule {
    id     = "retention"
    status = "Enabled"

    expiration {
      days = 3653
    }

    filter {
      prefix = ""
    }
  }

  depends_on = [aws_s3_bucket_versioning.trail_log]
}

resource "aws_s3_bucket_logging" "trail_log" {
  bucket        = aws_s3_bucket.trail_log.id
  target_bucket = aws_s3_bucket.access.id
  target_prefix = "trail-log/"

  depends_on = [aws_s3_bucket_policy.access]
}

# ------------------------------------------------------------------------------
# Databases
# ------------------------------------------------------------------------------

resource "aws_db_instance" "database" {
  identifier                          = "tap-database-dev"
  allocated_storage                   = 20
  auto_minor_version_upgrade          = true
  backup_retention_period             = 7
  copy_tags_to_snapshot               = true
  db_name                             = "app"
  db_subnet_group_name                = aws_db_subnet_group.database.name
  delete_automated_backups            = false
  deletion_protection                 = true
  engine                              = "postgres"
  engine_version                      = "17"
  final_snapshot_identifier           = "tap-database-final-dev"
  iam_database_authentication_enabled = true
  instance_class                      = "db.t4g.micro"
  kms_key_id                          = aws_kms_key.data.arn
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = aws_kms_key.secrets.arn
  multi_az                            = false
  parameter_group_name                = aws_db_parameter_group.database.name
  publicly_accessible                 = false
  skip_final_snapshot                 = false
  storage_encrypted                   = true
  storage_type                        = "gp3"
  username                            = "app_owner"
  vpc_security_group_ids              = [aws_security_group.database_access.id]

  tags = merge(local.common_tags, { Name = "tap-database-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_db_subnet_group" "database" {
  name        = "tap-database-dev"
  description = "Private subnets of tap-database-dev"
  subnet_ids  = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id]

  tags = merge(local.common_tags, { Name = "tap-database-dev" })
}

resource "aws_db_parameter_group" "database" {
  name        = "tap-database-dev"
  description = "Forces TLS on tap-database-dev"
  family      = "postgres17"

  tags = merge(local.common_tags, { Name = "tap-database-dev" })

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

# ------------------------------------------------------------------------------
# Logs
# ------------------------------------------------------------------------------

resource "aws_cloudwatch_log_group" "flow_logs" {
  name              = "tap-flow-logs-dev"
  kms_key_id        = aws_kms_key.logs.arn
  retention_in_days = 90

  tags = merge(local.common_tags, { Name = "tap-flow-logs-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

# ------------------------------------------------------------------------------
# Audit trail
# ------------------------------------------------------------------------------

resource "aws_cloudtrail" "trail" {
  name                          = "tap-trail-dev"
  enable_log_file_validation    = true
  enable_logging                = true
  include_global_service_events = true
  is_multi_region_trail         = true
  kms_key_id                    = aws_kms_key.logs.arn
  s3_bucket_name                = aws_s3_bucket.trail_log.id

  tags = merge(local.common_tags, { Name = "tap-trail-dev" })

  depends_on = [aws_s3_bucket_policy.trail_log]
}

# ------------------------------------------------------------------------------
# Outputs
# ------------------------------------------------------------------------------

output "access_log_bucket_name" {
  value = aws_s3_bucket.access.id
}

output "account_id" {
  value = data.aws_caller_identity.current.account_id
}

output "application_security_group_id" {
  value = aws_security_group.application.id
}

output "data_bucket_arn" {
  value = aws_s3_bucket.data.arn
}

output "data_bucket_name" {
  value = aws_s3_bucket.data.id
}

output "data_key_alias" {
  value = aws_kms_alias.data.name
}

output "data_key_arn" {
  value = aws_kms_key.data.arn
}

output "database_arn" {
  value = aws_db_instance.database.arn
}

output "database_endpoint" {
  value = aws_db_instance.database.endpoint
}

output "database_identifier" {
  value = aws_db_instance.database.identifier
}

output "database_name" {
  value = aws_db_instance.database.db_name
}

output "database_port" {
  value = aws_db_instance.database.port
}

output "database_secret_arn" {
  value = aws_db_instance.database.master_user_secret[0].secret_arn
}

output "database_security_group_id" {
  value = aws_security_group.database_access.id
}

output "environment_suffix" {
  value = "dev"
}

output "flow_log_group_arn" {
  value = aws_cloudwatch_log_group.flow_logs.arn
}

output "flow_log_group_name" {
  value = aws_cloudwatch_log_group.flow_logs.name
}

output "flow_log_id" {
  value = aws_flow_log.vpc.id
}

output "flow_log_role_arn" {
  value = aws_iam_role.flow_logs.arn
}

output "logs_key_alias" {
  value = aws_kms_alias.logs.name
}

output "logs_key_arn" {
  value = aws_kms_key.logs.arn
}

output "mfa_guard_policy_arn" {
  value = aws_iam_policy.mfa_guard.arn
}

output "people_group_arn" {
  value = aws_iam_group.people.arn
}

output "people_group_name" {
  value = aws_iam_group.people.name
}

output "private_subnet_ids" {
  value = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id]
}

output "region" {
  value = "us-west-2"
}

output "secrets_key_alias" {
  value = aws_kms_alias.secrets.name
}

output "secrets_key_arn" {
  value = aws_kms_key.secrets.arn
}

output "trail_arn" {
  value = aws_cloudtrail.trail.arn
}

output "trail_bucket_name" {
  value = aws_s3_bucket.trail_log.id
}

output "trail_name" {
  value = aws_cloudtrail.trail.name
}

output "vpc_id" {
  value = aws_vpc.main.id
}
