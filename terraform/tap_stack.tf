# Stack `ZeroTrustStack`, as `revet export hcl` wrote it. Change the program
# that defines it and export again: what is changed here is lost then.
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
    key          = "dev/ZeroTrustStack.tfstate"
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
# Variables
# ------------------------------------------------------------------------------

variable "allowed_cidr_blocks" {
  description = "IPv4 ranges outside the VPC that may reach its endpoints, on port 443."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = (
      alltrue([for range in var.allowed_cidr_blocks : can(cidrnetmask(range)) && !endswith(range, "/0")])
      && length(distinct(var.allowed_cidr_blocks)) == length(var.allowed_cidr_blocks)
      && length(var.allowed_cidr_blocks) <= 6
    )
    error_message = "Write at most 6 different IPv4 ranges that you own, such as 172.20.0.0/16."
  }
}

variable "environment" {
  description = "The environment: the end of every name, and the tag Environment."
  type        = string
  default     = "dev"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$", var.environment))
    error_message = "Use 1 to 20 of a-z, 0-9 and inner hyphens."
  }
}

variable "owner" {
  description = "Who answers for the stack: the tag Owner."
  type        = string
  default     = "platform-security"
  nullable    = false

  validation {
    condition     = length(trimspace(var.owner)) > 0 && length(var.owner) <= 256
    error_message = "Name a person or a team, in at most 256 characters."
  }
}

# ------------------------------------------------------------------------------
# Values used throughout
# ------------------------------------------------------------------------------

locals {
  common_tags = {
    Environment = var.environment
    Owner       = var.owner
    Purpose     = "zero-trust"
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

data "aws_ec2_managed_prefix_list" "s3_addresses" {
  name = "com.amazonaws.us-west-2.s3"
}

# ------------------------------------------------------------------------------
# Encryption keys
# ------------------------------------------------------------------------------

resource "aws_kms_key" "data" {
  description              = "Encrypts application data"
  customer_master_key_spec = "SYMMETRIC_DEFAULT"
  deletion_window_in_days  = 30
  enable_key_rotation      = true
  key_usage                = "ENCRYPT_DECRYPT"
  rotation_period_in_days  = 90
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountManages"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action = [
          "kms:CancelKeyDeletion",
          "kms:CreateAlias",
          "kms:DeleteAlias",
          "kms:DescribeKey",
          "kms:DisableKey",
          "kms:DisableKeyRotation",
          "kms:EnableKey",
          "kms:EnableKeyRotation",
          "kms:GetKeyPolicy",
          "kms:GetKeyRotationStatus",
          "kms:ListAliases",
          "kms:ListGrants",
          "kms:ListKeyPolicies",
          "kms:ListKeyRotations",
          "kms:ListResourceTags",
          "kms:PutKeyPolicy",
          "kms:RevokeGrant",
          "kms:RotateKeyOnDemand",
          "kms:ScheduleKeyDeletion",
          "kms:TagResource",
          "kms:UntagResource",
          "kms:UpdateAlias",
          "kms:UpdateKeyDescription",
        ]
        Resource = "*"
      },
      {
        Sid    = "RolesUse"
        Effect = "Allow"
        Principal = {
          AWS = [aws_iam_role.application.arn]
        }
        Action   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        Resource = "*"
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "zt-data-key-${var.environment}" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "data" {
  name          = "alias/zt-data-key-${var.environment}"
  target_key_id = aws_kms_key.data.key_id
}

resource "aws_kms_key" "logs" {
  description              = "Encrypts logs and what AWS Config delivers"
  customer_master_key_spec = "SYMMETRIC_DEFAULT"
  deletion_window_in_days  = 30
  enable_key_rotation      = true
  key_usage                = "ENCRYPT_DECRYPT"
  rotation_period_in_days  = 90
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountManages"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action = [
          "kms:CancelKeyDeletion",
          "kms:CreateAlias",
          "kms:DeleteAlias",
          "kms:DescribeKey",
          "kms:DisableKey",
          "kms:DisableKeyRotation",
          "kms:EnableKey",
          "kms:EnableKeyRotation",
          "kms:GetKeyPolicy",
          "kms:GetKeyRotationStatus",
          "kms:ListAliases",
          "kms:ListGrants",
          "kms:ListKeyPolicies",
          "kms:ListKeyRotations",
          "kms:ListResourceTags",
          "kms:PutKeyPolicy",
          "kms:RevokeGrant",
          "kms:RotateKeyOnDemand",
          "kms:ScheduleKeyDeletion",
          "kms:TagResource",
          "kms:UntagResource",
          "kms:UpdateAlias",
          "kms:UpdateKeyDescription",
        ]
        Resource = "*"
      },
      {
        Sid    = "RolesUse"
        Effect = "Allow"
        Principal = {
          AWS = [aws_iam_role.auditor.arn]
        }
        Action   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        Resource = "*"
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
              join("", [
                "arn:aws:logs:us-west-2:${data.aws_caller_identity.current.account_id}:log-group:zt-flow-logs-",
                "${var.environment}",
              ]),
              join("", [
                "arn:aws:logs:us-west-2:${data.aws_caller_identity.current.account_id}:log-group:zt-application-log-",
                "${var.environment}",
              ]),
            ]
          }
        }
      },
      {
        Sid       = "ConfigDelivers"
        Effect    = "Allow"
        Principal = { Service = "config.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "zt-logs-key-${var.environment}" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "logs" {
  name          = "alias/zt-logs-key-${var.environment}"
  target_key_id = aws_kms_key.logs.key_id
}

# ------------------------------------------------------------------------------
# Identity and access
# ------------------------------------------------------------------------------

resource "aws_iam_policy" "boundary" {
  name        = "zt-boundary-${var.environment}"
  description = "The most that roles of this stack can be granted"
  path        = "/boundary/"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Ceiling"
        Effect   = "Allow"
        Action   = ["config:*", "ec2messages:*", "kms:*", "logs:*", "s3:*", "ssm:*", "ssmmessages:*"]
        Resource = "*"
      },
      {
        Sid    = "NoAdministrationOfAccess"
        Effect = "Deny"
        Action = [
          "account:*",
          "iam:*",
          "identitystore:*",
          "organizations:*",
          "rolesanywhere:*",
          "sso:*",
          "sso-directory:*",
          "sts:AssumeRoot",
        ]
        Resource = "*"
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "zt-boundary-${var.environment}" })
}

resource "aws_iam_role" "application" {
  name                 = "zt-application-${var.environment}"
  description          = "Instances of the application: its data, its log and Systems Manager"
  max_session_duration = 3600
  permissions_boundary = aws_iam_policy.boundary.arn
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "InstancesAssume"
        Effect    = "Allow"
        Principal = { Service = "ec2.amazonaws.com" }
        Action    = "sts:AssumeRole"
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "zt-application-${var.environment}" })
}

resource "aws_iam_instance_profile" "application" {
  name = "zt-application-${var.environment}"
  role = aws_iam_role.application.name

  tags = merge(local.common_tags, { Name = "zt-application-${var.environment}" })
}

resource "aws_iam_role_policy" "application_data_read" {
  name = "zt-data-read-${var.environment}"
  role = aws_iam_role.application.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ListBucket"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = aws_s3_bucket.data.arn
      },
      {
        Sid      = "ReadObjects"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion"]
        Resource = "${aws_s3_bucket.data.arn}/*"
      },
    ]
  })
}

resource "aws_iam_role_policy" "application_data_key_decrypt" {
  name = "zt-data-key-decrypt-${var.environment}"
  role = aws_iam_role.application.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Decrypt"
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = aws_kms_key.data.arn
      },
    ]
  })
}

resource "aws_iam_role_policy" "application_data_put" {
  name = "zt-data-put-${var.environment}"
  role = aws_iam_role.application.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "PutObjects"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:PutObject"]
        Resource = "${aws_s3_bucket.data.arn}/*"
      },
    ]
  })
}

resource "aws_iam_role_policy" "application_data_key_generate_data_key" {
  name = "zt-data-key-generate-data-key-${var.environment}"
  role = aws_iam_role.application.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "GenerateDataKey"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = aws_kms_key.data.arn
      },
    ]
  })
}

resource "aws_iam_role_policy" "application_log_write" {
  name = "zt-application-log-write-${var.environment}"
  role = aws_iam_role.application.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "WriteLogEvents"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = [aws_cloudwatch_log_group.application_log.arn, "${aws_cloudwatch_log_group.application_log.arn}:*"]
      },
    ]
  })
}

resource "aws_iam_role_policy" "application_systems_manager" {
  name = "zt-systems-manager-${var.environment}"
  role = aws_iam_role.application.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "RegisterInstance"
        Effect   = "Allow"
        Action   = "ssm:UpdateInstanceInformation"
        Resource = "arn:aws:ec2:us-west-2:${data.aws_caller_identity.current.account_id}:instance/*"
      },
      {
        Sid    = "OpenChannels"
        Effect = "Allow"
        Action = [
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ]
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_role" "auditor" {
  name                 = "zt-auditor-${var.environment}"
  description          = "People who read audit logs and the findings of AWS Config"
  max_session_duration = 3600
  permissions_boundary = aws_iam_policy.boundary.arn
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "PeopleAssumeWithMfa"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "sts:AssumeRole"
        Condition = {
          Bool            = { "aws:MultiFactorAuthPresent" = "true" }
          NumericLessThan = { "aws:MultiFactorAuthAge" = "3600" }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "zt-auditor-${var.environment}" })
}

resource "aws_iam_role_policy" "auditor_audit_read" {
  name = "zt-audit-read-${var.environment}"
  role = aws_iam_role.auditor.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ListBucket"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = aws_s3_bucket.audit.arn
      },
      {
        Sid      = "ReadObjects"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion"]
        Resource = "${aws_s3_bucket.audit.arn}/*"
      },
    ]
  })
}

resource "aws_iam_role_policy" "auditor_logs_key_decrypt" {
  name = "zt-logs-key-decrypt-${var.environment}"
  role = aws_iam_role.auditor.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Decrypt"
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = aws_kms_key.logs.arn
      },
    ]
  })
}

resource "aws_iam_role_policy" "auditor_config_read" {
  name = "zt-config-read-${var.environment}"
  role = aws_iam_role.auditor.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "ReadConfig"
        Effect = "Allow"
        Action = [
          "config:DescribeComplianceByConfigRule",
          "config:DescribeConfigRules",
          "config:DescribeConfigurationRecorderStatus",
          "config:GetComplianceDetailsByConfigRule",
          "config:GetResourceConfigHistory",
        ]
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_role" "flow_logs" {
  name                 = "zt-flow-logs-role-${var.environment}"
  description          = "VPC flow logs write into their log group"
  max_session_duration = 3600
  permissions_boundary = aws_iam_policy.boundary.arn
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

  tags = merge(local.common_tags, { Name = "zt-flow-logs-role-${var.environment}" })
}

resource "aws_iam_role_policy" "flow_logs_write" {
  name = "zt-flow-logs-write-${var.environment}"
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

resource "aws_iam_service_linked_role" "recorder" {
  aws_service_name = "config.amazonaws.com"

  tags = merge(local.common_tags, { Name = "zt-recorder-${var.environment}" })
}

resource "aws_iam_role" "remediation" {
  name                 = "zt-remediation-${var.environment}"
  description          = "Systems Manager gives buckets their default encryption"
  max_session_duration = 3600
  permissions_boundary = aws_iam_policy.boundary.arn
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "ServiceAssumesForThisAccount"
        Effect    = "Allow"
        Principal = { Service = "ssm.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
          ArnLike = {
            "aws:SourceArn" = (
              "arn:aws:ssm:us-west-2:${data.aws_caller_identity.current.account_id}:automation-execution/*"
            )
          }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "zt-remediation-${var.environment}" })
}

resource "aws_iam_role_policy" "remediation_bucket_encryption" {
  name = "zt-bucket-encryption-${var.environment}"
  role = aws_iam_role.remediation.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "SetDefaultEncryption"
        Effect   = "Allow"
        Action   = "s3:PutEncryptionConfiguration"
        Resource = "arn:aws:s3:::zt-data-${var.environment}-${data.aws_caller_identity.current.account_id}-us-west-2"
        Condition = {
          StringEquals = { "aws:ResourceAccount" = data.aws_caller_identity.current.account_id }
        }
      },
    ]
  })
}

# ------------------------------------------------------------------------------
# Network
# ------------------------------------------------------------------------------

resource "aws_vpc" "main" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
  enable_dns_support   = true

  tags = merge(local.common_tags, { Name = "zt-vpc-${var.environment}" })
}

resource "aws_default_security_group" "vpc" {
  vpc_id = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "zt-vpc-default-${var.environment}" })
}

resource "aws_route_table" "vpc_private" {
  vpc_id = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "zt-vpc-private-${var.environment}" })
}

resource "aws_subnet" "vpc_private_0" {
  availability_zone       = element(data.aws_availability_zones.vpc.names, 0)
  cidr_block              = "10.0.0.0/20"
  map_public_ip_on_launch = false
  vpc_id                  = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "zt-vpc-private-0-${var.environment}" })
}

resource "aws_subnet" "vpc_private_1" {
  availability_zone       = element(data.aws_availability_zones.vpc.names, 1)
  cidr_block              = "10.0.16.0/20"
  map_public_ip_on_launch = false
  vpc_id                  = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "zt-vpc-private-1-${var.environment}" })
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

  tags = merge(local.common_tags, { Name = "zt-vpc-flow-log-${var.environment}" })

  depends_on = [aws_iam_role_policy.flow_logs_write]
}

resource "aws_default_network_acl" "private" {
  default_network_acl_id = aws_vpc.main.default_network_acl_id

  tags = merge(local.common_tags, { Name = "zt-private-default-${var.environment}" })
}

resource "aws_network_acl" "private" {
  subnet_ids = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id]
  vpc_id     = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "zt-private-${var.environment}" })
}

resource "aws_network_acl_rule" "private_https_in" {
  cidr_block     = "10.0.0.0/16"
  egress         = false
  from_port      = 443
  network_acl_id = aws_network_acl.private.id
  protocol       = "tcp"
  rule_action    = "allow"
  rule_number    = 100
  to_port        = 443
}

resource "aws_network_acl_rule" "private_replies_in" {
  cidr_block     = "10.0.0.0/16"
  egress         = false
  from_port      = 1024
  network_acl_id = aws_network_acl.private.id
  protocol       = "tcp"
  rule_action    = "allow"
  rule_number    = 110
  to_port        = 65535
}

resource "aws_network_acl_rule" "private_https_out" {
  cidr_block     = "10.0.0.0/16"
  egress         = true
  from_port      = 443
  network_acl_id = aws_network_acl.private.id
  protocol       = "tcp"
  rule_action    = "allow"
  rule_number    = 100
  to_port        = 443
}

resource "aws_network_acl_rule" "private_replies_out" {
  cidr_block     = "10.0.0.0/16"
  egress         = true
  from_port      = 1024
  network_acl_id = aws_network_acl.private.id
  protocol       = "tcp"
  rule_action    = "allow"
  rule_number    = 110
  to_port        = 65535
}

resource "aws_network_acl_rule" "private_s3_https_out" {
  count = length(sort([for entry in data.aws_ec2_managed_prefix_list.s3_addresses.entries : entry.cidr]))

  cidr_block     = sort([for entry in data.aws_ec2_managed_prefix_list.s3_addresses.entries : entry.cidr])[count.index]
  egress         = true
  from_port      = 443
  network_acl_id = aws_network_acl.private.id
  protocol       = "tcp"
  rule_action    = "allow"
  rule_number    = 1000 + count.index
  to_port        = 443
}

resource "aws_network_acl_rule" "private_s3_replies_in" {
  count = length(sort([for entry in data.aws_ec2_managed_prefix_list.s3_addresses.entries : entry.cidr]))

  cidr_block     = sort([for entry in data.aws_ec2_managed_prefix_list.s3_addresses.entries : entry.cidr])[count.index]
  egress         = false
  from_port      = 1024
  network_acl_id = aws_network_acl.private.id
  protocol       = "tcp"
  rule_action    = "allow"
  rule_number    = 1000 + count.index
  to_port        = 65535
}

resource "aws_network_acl_rule" "private_allowed_https_in" {
  count = length(var.allowed_cidr_blocks)

  cidr_block     = var.allowed_cidr_blocks[count.index]
  egress         = false
  from_port      = 443
  network_acl_id = aws_network_acl.private.id
  protocol       = "tcp"
  rule_action    = "allow"
  rule_number    = 2000 + count.index
  to_port        = 443
}

resource "aws_network_acl_rule" "private_allowed_replies_out" {
  count = length(var.allowed_cidr_blocks)

  cidr_block     = var.allowed_cidr_blocks[count.index]
  egress         = true
  from_port      = 1024
  network_acl_id = aws_network_acl.private.id
  protocol       = "tcp"
  rule_action    = "allow"
  rule_number    = 2000 + count.index
  to_port        = 65535
}

# ------------------------------------------------------------------------------
# Security groups
# ------------------------------------------------------------------------------

resource "aws_security_group" "endpoints" {
  name        = "zt-endpoints-${var.environment}"
  description = "Endpoints of services of AWS"
  vpc_id      = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "zt-endpoints-${var.environment}" })
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_from_workload_443" {
  description                  = "HTTPS from the application to services of AWS"
  from_port                    = 443
  ip_protocol                  = "tcp"
  referenced_security_group_id = aws_security_group.workload.id
  security_group_id            = aws_security_group.endpoints.id
  to_port                      = 443

  tags = merge(local.common_tags, { Name = "zt-workload-to-endpoints-443-${var.environment}" })
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_from_allowed_443" {
  for_each = toset(var.allowed_cidr_blocks)

  description       = "HTTPS from an allowed range to services of AWS"
  cidr_ipv4         = each.value
  from_port         = 443
  ip_protocol       = "tcp"
  security_group_id = aws_security_group.endpoints.id
  to_port           = 443

  tags = merge(local.common_tags, { Name = "zt-allowed-to-endpoints-443-${var.environment}" })
}

resource "aws_security_group" "workload" {
  name        = "zt-workload-${var.environment}"
  description = "Instances of the application"
  vpc_id      = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "zt-workload-${var.environment}" })
}

resource "aws_vpc_security_group_egress_rule" "workload_to_endpoints_443" {
  description                  = "HTTPS from the application to services of AWS"
  from_port                    = 443
  ip_protocol                  = "tcp"
  referenced_security_group_id = aws_security_group.endpoints.id
  security_group_id            = aws_security_group.workload.id
  to_port                      = 443

  tags = merge(local.common_tags, { Name = "zt-workload-to-endpoints-443-${var.environment}" })
}

resource "aws_vpc_security_group_egress_rule" "workload_to_s3_443" {
  description       = "HTTPS from the application to S3"
  from_port         = 443
  ip_protocol       = "tcp"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.s3_addresses.id
  security_group_id = aws_security_group.workload.id
  to_port           = 443

  tags = merge(local.common_tags, { Name = "zt-workload-to-s3-443-${var.environment}" })
}

# ------------------------------------------------------------------------------
# VPC endpoints
# ------------------------------------------------------------------------------

resource "aws_vpc_endpoint" "s3" {
  route_table_ids   = [aws_route_table.vpc_private.id]
  service_name      = "com.amazonaws.us-west-2.s3"
  vpc_endpoint_type = "Gateway"
  vpc_id            = aws_vpc.main.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OwnPrincipalsOnOwnResources"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          StringEquals = {
            "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id
            "aws:ResourceAccount"  = data.aws_caller_identity.current.account_id
          }
        }
      },
      {
        Sid       = "ServicesOfAws"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          Bool = { "aws:PrincipalIsAWSService" = "true" }
        }
      },
      {
        Sid       = "BucketsOfAws"
        Effect    = "Allow"
        Principal = "*"
        Action    = "s3:GetObject"
        Resource = [
          "arn:aws:s3:::aws-ssm-us-west-2/*",
          "arn:aws:s3:::amazon-ssm-us-west-2/*",
          "arn:aws:s3:::amazon-ssm-packages-us-west-2/*",
          "arn:aws:s3:::patch-baseline-snapshot-us-west-2/*",
          "arn:aws:s3:::aws-ssm-document-attachments-us-west-2/*",
          "arn:aws:s3:::amazoncloudwatch-agent-us-west-2/*",
        ]
        Condition = {
          StringEquals = { "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id }
        }
      },
      {
        Sid       = "PackagesOfAmazonLinux"
        Effect    = "Allow"
        Principal = "*"
        Action    = "s3:GetObject"
        Resource  = ["arn:aws:s3:::al2023-repos-us-west-2-de612dc2/*", "arn:aws:s3:::amazonlinux-2-repos-us-west-2/*"]
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "zt-s3-${var.environment}" })
}

resource "aws_vpc_endpoint" "ec2" {
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.endpoints.id]
  service_name        = "com.amazonaws.us-west-2.ec2"
  subnet_ids          = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id]
  vpc_endpoint_type   = "Interface"
  vpc_id              = aws_vpc.main.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OwnPrincipalsOnOwnResources"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          StringEquals = {
            "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id
            "aws:ResourceAccount"  = data.aws_caller_identity.current.account_id
          }
        }
      },
      {
        Sid       = "ServicesOfAws"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          Bool = { "aws:PrincipalIsAWSService" = "true" }
        }
      },
      {
        Sid       = "ImagesOfAws"
        Effect    = "Allow"
        Principal = "*"
        Action    = ["ec2:RunInstances", "ec2:CreateFleet"]
        Resource  = "arn:aws:ec2:us-west-2::image/*"
        Condition = {
          StringEquals = { "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "zt-ec2-${var.environment}" })
}

resource "aws_vpc_endpoint" "ec2messages" {
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.endpoints.id]
  service_name        = "com.amazonaws.us-west-2.ec2messages"
  subnet_ids          = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id]
  vpc_endpoint_type   = "Interface"
  vpc_id              = aws_vpc.main.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OwnPrincipalsOnOwnResources"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          StringEquals = {
            "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id
            "aws:ResourceAccount"  = data.aws_caller_identity.current.account_id
          }
        }
      },
      {
        Sid       = "ServicesOfAws"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          Bool = { "aws:PrincipalIsAWSService" = "true" }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "zt-ec2messages-${var.environment}" })
}

resource "aws_vpc_endpoint" "kms" {
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.endpoints.id]
  service_name        = "com.amazonaws.us-west-2.kms"
  subnet_ids          = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id]
  vpc_endpoint_type   = "Interface"
  vpc_id              = aws_vpc.main.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OwnPrincipalsOnOwnResources"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          StringEquals = {
            "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id
            "aws:ResourceAccount"  = data.aws_caller_identity.current.account_id
          }
        }
      },
      {
        Sid       = "ServicesOfAws"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          Bool = { "aws:PrincipalIsAWSService" = "true" }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "zt-kms-${var.environment}" })
}

resource "aws_vpc_endpoint" "logs" {
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.endpoints.id]
  service_name        = "com.amazonaws.us-west-2.logs"
  subnet_ids          = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id]
  vpc_endpoint_type   = "Interface"
  vpc_id              = aws_vpc.main.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OwnPrincipalsOnOwnResources"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          StringEquals = {
            "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id
            "aws:ResourceAccount"  = data.aws_caller_identity.current.account_id
          }
        }
      },
      {
        Sid       = "ServicesOfAws"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          Bool = { "aws:PrincipalIsAWSService" = "true" }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "zt-logs-${var.environment}" })
}

resource "aws_vpc_endpoint" "secretsmanager" {
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.endpoints.id]
  service_name        = "com.amazonaws.us-west-2.secretsmanager"
  subnet_ids          = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id]
  vpc_endpoint_type   = "Interface"
  vpc_id              = aws_vpc.main.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OwnPrincipalsOnOwnResources"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          StringEquals = {
            "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id
            "aws:ResourceAccount"  = data.aws_caller_identity.current.account_id
          }
        }
      },
      {
        Sid       = "ServicesOfAws"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          Bool = { "aws:PrincipalIsAWSService" = "true" }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "zt-secretsmanager-${var.environment}" })
}

resource "aws_vpc_endpoint" "ssm" {
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.endpoints.id]
  service_name        = "com.amazonaws.us-west-2.ssm"
  subnet_ids          = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id]
  vpc_endpoint_type   = "Interface"
  vpc_id              = aws_vpc.main.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OwnPrincipalsOnOwnResources"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          StringEquals = {
            "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id
            "aws:ResourceAccount"  = data.aws_caller_identity.current.account_id
          }
        }
      },
      {
        Sid       = "ServicesOfAws"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          Bool = { "aws:PrincipalIsAWSService" = "true" }
        }
      },
      {
        Sid       = "DocumentsOfAws"
        Effect    = "Allow"
        Principal = "*"
        Action    = ["ssm:DescribeDocument", "ssm:GetDocument", "ssm:GetParameter*"]
        Resource  = ["arn:aws:ssm:us-west-2::document/*", "arn:aws:ssm:us-west-2::parameter/aws/*"]
        Condition = {
          StringEquals = { "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "zt-ssm-${var.environment}" })
}

resource "aws_vpc_endpoint" "ssmmessages" {
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.endpoints.id]
  service_name        = "com.amazonaws.us-west-2.ssmmessages"
  subnet_ids          = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id]
  vpc_endpoint_type   = "Interface"
  vpc_id              = aws_vpc.main.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OwnPrincipalsOnOwnResources"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          StringEquals = {
            "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id
            "aws:ResourceAccount"  = data.aws_caller_identity.current.account_id
          }
        }
      },
      {
        Sid       = "ServicesOfAws"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          Bool = { "aws:PrincipalIsAWSService" = "true" }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "zt-ssmmessages-${var.environment}" })
}

resource "aws_vpc_endpoint" "sts" {
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.endpoints.id]
  service_name        = "com.amazonaws.us-west-2.sts"
  subnet_ids          = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id]
  vpc_endpoint_type   = "Interface"
  vpc_id              = aws_vpc.main.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OwnPrincipalsOnOwnResources"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          StringEquals = {
            "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id
            "aws:ResourceAccount"  = data.aws_caller_identity.current.account_id
          }
        }
      },
      {
        Sid       = "ServicesOfAws"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          Bool = { "aws:PrincipalIsAWSService" = "true" }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "zt-sts-${var.environment}" })
}

resource "aws_vpc_endpoint" "kms_fips" {
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.endpoints.id]
  service_name        = "com.amazonaws.us-west-2.kms-fips"
  subnet_ids          = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id]
  vpc_endpoint_type   = "Interface"
  vpc_id              = aws_vpc.main.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OwnPrincipalsOnOwnResources"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          StringEquals = {
            "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id
            "aws:ResourceAccount"  = data.aws_caller_identity.current.account_id
          }
        }
      },
      {
        Sid       = "ServicesOfAws"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          Bool = { "aws:PrincipalIsAWSService" = "true" }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "zt-kms-fips-${var.environment}" })
}

# ------------------------------------------------------------------------------
# Storage
# ------------------------------------------------------------------------------

resource "aws_s3_bucket" "data" {
  bucket        = "zt-data-${var.environment}-${data.aws_caller_identity.current.account_id}-us-west-2"
  force_destroy = false

  tags = merge(local.common_tags, {
    Name = "zt-data-${var.environment}-${data.aws_caller_identity.current.account_id}-us-west-2"
  })

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

resource "aws_s3_bucket" "audit" {
  bucket        = "zt-audit-${var.environment}-${data.aws_caller_identity.current.account_id}-us-west-2"
  force_destroy = false

  tags = merge(local.common_tags, {
    Name = "zt-audit-${var.environment}-${data.aws_caller_identity.current.account_id}-us-west-2"
  })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_ownership_controls" "audit" {
  bucket = aws_s3_bucket.audit.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "audit" {
  bucket                  = aws_s3_bucket.audit.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "audit" {
  bucket = aws_s3_bucket.audit.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "audit" {
  bucket = aws_s3_bucket.audit.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_key.logs.arn
      sse_algorithm     = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_policy" "audit" {
  bucket = aws_s3_bucket.audit.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "ConfigFindsBucket"
        Effect    = "Allow"
        Principal = { Service = "config.amazonaws.com" }
        Action    = ["s3:GetBucketAcl", "s3:ListBucket"]
        Resource  = aws_s3_bucket.audit.arn
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        }
      },
      {
        Sid       = "ConfigDelivers"
        Effect    = "Allow"
        Principal = { Service = "config.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.audit.arn}/AWSLogs/${data.aws_caller_identity.current.account_id}/Config/*"
        Condition = {
          StringEquals = {
            "aws:SourceAccount" = data.aws_caller_identity.current.account_id
            "s3:x-amz-acl"      = "bucket-owner-full-control"
          }
        }
      },
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.audit.arn, "${aws_s3_bucket.audit.arn}/*"]
        Condition = {
          Bool = { "aws:SecureTransport" = "false" }
        }
      },
      {
        Sid       = "TlsVersion"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.audit.arn, "${aws_s3_bucket.audit.arn}/*"]
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
        Resource  = "${aws_s3_bucket.audit.arn}/*"
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
        Resource  = "${aws_s3_bucket.audit.arn}/*"
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
        Resource  = "${aws_s3_bucket.audit.arn}/*"
        Condition = {
          StringEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" }
          Null         = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "true" }
        }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.audit]
}

resource "aws_s3_bucket_lifecycle_configuration" "audit" {
  bucket = aws_s3_bucket.audit.id

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
      days = 2557
    }

    filter {
      prefix = ""
    }
  }

  depends_on = [aws_s3_bucket_versioning.audit]
}

# ------------------------------------------------------------------------------
# Logs
# ------------------------------------------------------------------------------

resource "aws_cloudwatch_log_group" "flow_logs" {
  name              = "zt-flow-logs-${var.environment}"
  kms_key_id        = aws_kms_key.logs.arn
  retention_in_days = 90

  tags = merge(local.common_tags, { Name = "zt-flow-logs-${var.environment}" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "application_log" {
  name              = "zt-application-log-${var.environment}"
  kms_key_id        = aws_kms_key.logs.arn
  retention_in_days = 90

  tags = merge(local.common_tags, { Name = "zt-application-log-${var.environment}" })

  lifecycle {
    prevent_destroy = true
  }
}

# ------------------------------------------------------------------------------
# Configuration and compliance
# ------------------------------------------------------------------------------

resource "aws_config_configuration_recorder" "main" {
  name     = "zt-recorder-${var.environment}"
  role_arn = aws_iam_service_linked_role.recorder.arn

  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }
}

resource "aws_config_delivery_channel" "recorder" {
  name           = "zt-recorder-${var.environment}"
  s3_bucket_name = aws_s3_bucket.audit.id
  s3_kms_key_arn = aws_kms_key.logs.arn

  snapshot_delivery_properties {
    delivery_frequency = "Six_Hours"
  }

  depends_on = [aws_config_configuration_recorder.main, aws_s3_bucket_policy.audit]
}

resource "aws_config_configuration_recorder_status" "recorder" {
  name       = aws_config_configuration_recorder.main.name
  is_enabled = true

  depends_on = [aws_config_delivery_channel.recorder]
}

resource "aws_config_config_rule" "s3_encryption" {
  name = "zt-s3-encryption-${var.environment}"

  tags = merge(local.common_tags, { Name = "zt-s3-encryption-${var.environment}" })

  scope {
    compliance_resource_types = ["AWS::S3::Bucket"]
  }

  source {
    owner             = "AWS"
    source_identifier = "S3_DEFAULT_ENCRYPTION_KMS"
  }

  depends_on = [aws_config_configuration_recorder_status.recorder]
}

resource "aws_config_config_rule" "password_policy" {
  name                        = "zt-password-policy-${var.environment}"
  maximum_execution_frequency = "TwentyFour_Hours"
  input_parameters = join("", [
    "{\"MaxPasswordAge\": \"90\", \"MinimumPasswordLength\": \"14\", \"PasswordReusePrevention\": \"24\", ",
    "\"RequireLowercaseCharacters\": \"true\", \"RequireNumbers\": \"true\", \"RequireSymbols\": \"true\", ",
    "\"RequireUppercaseCharacters\": \"true\"}",
  ])

  tags = merge(local.common_tags, { Name = "zt-password-policy-${var.environment}" })

  source {
    owner             = "AWS"
    source_identifier = "IAM_PASSWORD_POLICY"
  }

  depends_on = [aws_config_configuration_recorder_status.recorder]
}

resource "aws_config_config_rule" "access_keys_rotated" {
  name                        = "zt-access-keys-rotated-${var.environment}"
  input_parameters            = "{\"maxAccessKeyAge\": \"90\"}"
  maximum_execution_frequency = "TwentyFour_Hours"

  tags = merge(local.common_tags, { Name = "zt-access-keys-rotated-${var.environment}" })

  source {
    owner             = "AWS"
    source_identifier = "ACCESS_KEYS_ROTATED"
  }

  depends_on = [aws_config_configuration_recorder_status.recorder]
}

resource "aws_config_remediation_configuration" "encrypt_buckets" {
  automatic                  = true
  config_rule_name           = aws_config_config_rule.s3_encryption.name
  maximum_automatic_attempts = 3
  resource_type              = "AWS::S3::Bucket"
  retry_attempt_seconds      = 60
  target_id                  = aws_ssm_document.bucket_encryption.name
  target_type                = "SSM_DOCUMENT"
  target_version             = "1"

  execution_controls {
    ssm_controls {
      concurrent_execution_rate_percentage = 25
      error_percentage                     = 20
    }
  }

  parameter {
    name         = "AutomationAssumeRole"
    static_value = aws_iam_role.remediation.arn
  }

  parameter {
    name           = "BucketName"
    resource_value = "RESOURCE_ID"
  }

  parameter {
    name         = "KeyArn"
    static_value = aws_kms_key.data.arn
  }
}

# ------------------------------------------------------------------------------
# Automation
# ------------------------------------------------------------------------------

resource "aws_ssm_document" "bucket_encryption" {
  name            = "zt-bucket-encryption-${var.environment}"
  document_format = "JSON"
  document_type   = "Automation"
  content = jsonencode({
    assumeRole  = "{{ AutomationAssumeRole }}"
    description = "Make a customer-managed key the default encryption of a bucket"
    mainSteps = [
      {
        action = "aws:executeAwsApi"
        inputs = {
          Api    = "PutBucketEncryption"
          Bucket = "{{ BucketName }}"
          ServerSideEncryptionConfiguration = {
            Rules = [
              {
                ApplyServerSideEncryptionByDefault = {
                  KMSMasterKeyID = "{{ KeyArn }}"
                  SSEAlgorithm   = "aws:kms"
                }
                BucketKeyEnabled = true
              },
            ]
          }
          Service = "s3"
        }
        name = "SetDefaultEncryption"
      },
    ]
    parameters = {
      AutomationAssumeRole = {
        description = "The role that the steps act as"
        type        = "String"
      }
      BucketName = {
        description = "The bucket"
        type        = "String"
      }
      KeyArn = {
        description = "The key that it gets"
        type        = "String"
      }
    }
    schemaVersion = "0.3"
  })

  tags = merge(local.common_tags, { Name = "zt-bucket-encryption-${var.environment}" })
}

# ------------------------------------------------------------------------------
# Outputs
# ------------------------------------------------------------------------------

output "access_keys_rotated_rule_arn" {
  value = aws_config_config_rule.access_keys_rotated.arn
}

output "account_id" {
  value = data.aws_caller_identity.current.account_id
}

output "application_log_group_name" {
  value = aws_cloudwatch_log_group.application_log.name
}

output "application_role_arn" {
  value = aws_iam_role.application.arn
}

output "application_security_group_id" {
  value = aws_security_group.workload.id
}

output "audit_bucket_arn" {
  value = aws_s3_bucket.audit.arn
}

output "audit_bucket_name" {
  value = aws_s3_bucket.audit.id
}

output "auditor_role_arn" {
  value = aws_iam_role.auditor.arn
}

output "boundary_arn" {
  value = aws_iam_policy.boundary.arn
}

output "config_recorder_name" {
  value = aws_config_configuration_recorder.main.name
}

output "data_bucket_arn" {
  value = aws_s3_bucket.data.arn
}

output "data_bucket_name" {
  value = aws_s3_bucket.data.id
}

output "data_key_arn" {
  value = aws_kms_key.data.arn
}

output "ec2_endpoint_id" {
  value = aws_vpc_endpoint.ec2.id
}

output "ec2messages_endpoint_id" {
  value = aws_vpc_endpoint.ec2messages.id
}

output "endpoint_security_group_id" {
  value = aws_security_group.endpoints.id
}

output "environment" {
  value = var.environment
}

output "flow_log_group_name" {
  value = aws_cloudwatch_log_group.flow_logs.name
}

output "flow_log_role_arn" {
  value = aws_iam_role.flow_logs.arn
}

output "kms_endpoint_id" {
  value = aws_vpc_endpoint.kms.id
}

output "kms_fips_endpoint_id" {
  value = aws_vpc_endpoint.kms_fips.id
}

output "logs_endpoint_id" {
  value = aws_vpc_endpoint.logs.id
}

output "logs_key_arn" {
  value = aws_kms_key.logs.arn
}

output "password_policy_rule_arn" {
  value = aws_config_config_rule.password_policy.arn
}

output "private_subnet_ids" {
  value = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id]
}

output "region" {
  value = "us-west-2"
}

output "remediation_role_arn" {
  value = aws_iam_role.remediation.arn
}

output "s3_encryption_rule_arn" {
  value = aws_config_config_rule.s3_encryption.arn
}

output "s3_endpoint_id" {
  value = aws_vpc_endpoint.s3.id
}

output "secretsmanager_endpoint_id" {
  value = aws_vpc_endpoint.secretsmanager.id
}

output "ssm_endpoint_id" {
  value = aws_vpc_endpoint.ssm.id
}

output "ssmmessages_endpoint_id" {
  value = aws_vpc_endpoint.ssmmessages.id
}

output "sts_endpoint_id" {
  value = aws_vpc_endpoint.sts.id
}

output "vpc_id" {
  value = aws_vpc.main.id
}
