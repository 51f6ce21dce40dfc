# Stack `TradingPlatformStack`, as `revet export hcl` wrote it. Change the
# program that defines it and export again: what is changed here is lost then.
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
    key          = "dev/TradingPlatformStack.tfstate"
    region       = "us-east-1"
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
  region = "us-east-1"

  default_tags {
    tags = local.common_tags
  }
}

# ------------------------------------------------------------------------------
# Values used throughout
# ------------------------------------------------------------------------------

locals {
  common_tags = {
    Compliance         = "PCI-DSS"
    CostCenter         = "unassigned"
    DataClassification = "restricted"
    Environment        = "dev"
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
      condition     = length(self.names) >= 3
      error_message = "The region offers this account fewer than 3 zones. Take another region, or fewer zones."
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_ec2_managed_prefix_list" "dynamodb_addresses" {
  name = "com.amazonaws.us-east-1.dynamodb"
}

data "aws_ec2_managed_prefix_list" "s3_addresses" {
  name = "com.amazonaws.us-east-1.s3"
}

# ------------------------------------------------------------------------------
# Encryption keys
# ------------------------------------------------------------------------------

resource "aws_kms_key" "database" {
  description              = "Encrypts the database and its backups"
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

  tags = merge(local.common_tags, { Name = "ta-database-key-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "database" {
  name          = "alias/ta-database-key-dev"
  target_key_id = aws_kms_key.database.key_id
}

resource "aws_kms_key" "s3" {
  description              = "Encrypts market data, analytics, the archive and what Config delivers"
  customer_master_key_spec = "SYMMETRIC_DEFAULT"
  deletion_window_in_days  = 30
  enable_key_rotation      = true
  key_usage                = "ENCRYPT_DECRYPT"
  rotation_period_in_days  = 365
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
        Sid       = "ConfigDelivers"
        Effect    = "Allow"
        Principal = { Service = "config.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        }
      },
      {
        Sid       = "NamedRolesUse"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        Resource  = "*"
        Condition = {
          ArnEquals = {
            "aws:PrincipalArn" = [
              "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/ta-ingest-fn-role-dev",
              "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/ta-processor-fn-role-dev",
              "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/ta-reader-fn-role-dev",
              "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/ta-logs-stream-delivery-dev",
              "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/ta-critical-stream-delivery-dev",
            ]
          }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "ta-s3-key-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "s3" {
  name          = "alias/ta-s3-key-dev"
  target_key_id = aws_kms_key.s3.key_id
}

resource "aws_kms_key" "lambda" {
  description              = "Encrypts environments, logs and dead letters of functions"
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
        Principal = { Service = "logs.us-east-1.amazonaws.com" }
        Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
        Resource  = "*"
        Condition = {
          ArnEquals = {
            "kms:EncryptionContext:aws:logs:arn" = [
              join("", [
                "arn:aws:logs:us-east-1:${data.aws_caller_identity.current.account_id}:log-group:",
                "ta-authorizer-fn-log-dev",
              ]),
              "arn:aws:logs:us-east-1:${data.aws_caller_identity.current.account_id}:log-group:ta-ingest-fn-log-dev",
              "arn:aws:logs:us-east-1:${data.aws_caller_identity.current.account_id}:log-group:ta-processor-fn-log-dev",
              "arn:aws:logs:us-east-1:${data.aws_caller_identity.current.account_id}:log-group:ta-reader-fn-log-dev",
            ]
          }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "ta-lambda-key-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "lambda" {
  name          = "alias/ta-lambda-key-dev"
  target_key_id = aws_kms_key.lambda.key_id
}

resource "aws_kms_key" "dynamodb" {
  description              = "Encrypts sessions and hashes of API keys"
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

  tags = merge(local.common_tags, { Name = "ta-dynamodb-key-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "dynamodb" {
  name          = "alias/ta-dynamodb-key-dev"
  target_key_id = aws_kms_key.dynamodb.key_id
}

resource "aws_kms_key" "secrets" {
  description              = "Encrypts the secret of the database's master user"
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

  tags = merge(local.common_tags, { Name = "ta-secrets-key-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "secrets" {
  name          = "alias/ta-secrets-key-dev"
  target_key_id = aws_kms_key.secrets.key_id
}

resource "aws_kms_key" "logs" {
  description              = "Encrypts logs, their way into the archive, and alarms"
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
        Principal = { Service = "logs.us-east-1.amazonaws.com" }
        Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
        Resource  = "*"
        Condition = {
          ArnEquals = {
            "kms:EncryptionContext:aws:logs:arn" = [
              "arn:aws:logs:us-east-1:${data.aws_caller_identity.current.account_id}:log-group:ta-flow-logs-dev",
              join("", [
                "arn:aws:logs:us-east-1:${data.aws_caller_identity.current.account_id}:log-group:",
                "ta-market-api-access-dev",
              ]),
              join("", [
                "arn:aws:logs:us-east-1:${data.aws_caller_identity.current.account_id}:log-group:",
                "aws-waf-logs-ta-api-acl-dev",
              ]),
              join("", [
                "arn:aws:logs:us-east-1:${data.aws_caller_identity.current.account_id}:log-group:/aws/rds/cluster/",
                "ta-ledger-db-dev/postgresql",
              ]),
              "arn:aws:logs:us-east-1:${data.aws_caller_identity.current.account_id}:log-group:ta-delivery-log-dev",
            ]
          }
        }
      },
      {
        Sid       = "ApiGatewayExecutionLogs"
        Effect    = "Allow"
        Principal = { Service = "logs.us-east-1.amazonaws.com" }
        Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
        Resource  = "*"
        Condition = {
          ArnLike = {
            "kms:EncryptionContext:aws:logs:arn" = [
              join("", [
                "arn:aws:logs:us-east-1:${data.aws_caller_identity.current.account_id}:log-group:",
                "API-Gateway-Execution-Logs_*/v1",
              ]),
            ]
          }
        }
      },
      {
        Sid       = "AlarmsPublish"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
          ArnLike = {
            "aws:SourceArn" = "arn:aws:cloudwatch:us-east-1:${data.aws_caller_identity.current.account_id}:alarm:*"
          }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "ta-logs-key-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "logs" {
  name          = "alias/ta-logs-key-dev"
  target_key_id = aws_kms_key.logs.key_id
}

# ------------------------------------------------------------------------------
# Identity and access
# ------------------------------------------------------------------------------

resource "aws_iam_role" "auditor" {
  name                 = "ta-auditor-role-dev"
  description          = "People who read the archive of logs and the findings of AWS Config"
  max_session_duration = 3600
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

  tags = merge(local.common_tags, { Name = "ta-auditor-role-dev" })
}

resource "aws_iam_role_policy" "auditor_region_guard" {
  name = "ta-region-guard-dev"
  role = aws_iam_role.auditor.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "OtherRegions"
        Effect = "Deny"
        NotAction = [
          "account:*",
          "budgets:*",
          "ce:*",
          "cloudfront:*",
          "cur:*",
          "ec2:DescribeRegions",
          "globalaccelerator:*",
          "health:*",
          "iam:*",
          "networkmanager:*",
          "organizations:*",
          "pricing:*",
          "route53:*",
          "route53domains:*",
          "s3:GetAccountPublicAccessBlock",
          "s3:GetBucketLocation",
          "s3:ListAllMyBuckets",
          "shield:*",
          "sts:*",
          "support:*",
          "tag:GetResources",
          "trustedadvisor:*",
          "waf:*",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "aws:RequestedRegion" = ["us-east-1"]
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "auditor_archive_bucket_read" {
  name = "ta-archive-bucket-read-dev"
  role = aws_iam_role.auditor.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ListBucket"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = aws_s3_bucket.archive.arn
      },
      {
        Sid      = "ReadObjects"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion"]
        Resource = "${aws_s3_bucket.archive.arn}/*"
      },
    ]
  })
}

resource "aws_iam_role_policy" "auditor_s3_key_decrypt" {
  name = "ta-s3-key-decrypt-dev"
  role = aws_iam_role.auditor.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Decrypt"
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = aws_kms_key.s3.arn
      },
    ]
  })
}

resource "aws_iam_role_policy" "auditor_config_read" {
  name = "ta-config-read-policy-dev"
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

resource "aws_iam_role" "key_issuer" {
  name                 = "ta-key-issuer-role-dev"
  description          = "People who enter the hashes of API keys, and take them out"
  max_session_duration = 3600
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

  tags = merge(local.common_tags, { Name = "ta-key-issuer-role-dev" })
}

resource "aws_iam_role_policy" "key_issuer_region_guard" {
  name = "ta-region-guard-dev"
  role = aws_iam_role.key_issuer.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "OtherRegions"
        Effect = "Deny"
        NotAction = [
          "account:*",
          "budgets:*",
          "ce:*",
          "cloudfront:*",
          "cur:*",
          "ec2:DescribeRegions",
          "globalaccelerator:*",
          "health:*",
          "iam:*",
          "networkmanager:*",
          "organizations:*",
          "pricing:*",
          "route53:*",
          "route53domains:*",
          "s3:GetAccountPublicAccessBlock",
          "s3:GetBucketLocation",
          "s3:ListAllMyBuckets",
          "shield:*",
          "sts:*",
          "support:*",
          "tag:GetResources",
          "trustedadvisor:*",
          "waf:*",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "aws:RequestedRegion" = ["us-east-1"]
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "key_issuer_api_keys_table_items" {
  name = "ta-api-keys-table-items-dev"
  role = aws_iam_role.key_issuer.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "WorkOnItems"
        Effect   = "Allow"
        Action   = ["dynamodb:DeleteItem", "dynamodb:PutItem"]
        Resource = [aws_dynamodb_table.api_keys.arn]
      },
      {
        Sid      = "KeyOfTheTable"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        Resource = aws_kms_key.dynamodb.arn
        Condition = {
          StringEquals = { "kms:ViaService" = "dynamodb.us-east-1.amazonaws.com" }
        }
      },
    ]
  })
}

resource "aws_iam_role" "flow_logs" {
  name                 = "ta-flow-logs-role-dev"
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
            "aws:SourceArn" = "arn:aws:ec2:us-east-1:${data.aws_caller_identity.current.account_id}:vpc-flow-log/*"
          }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "ta-flow-logs-role-dev" })
}

resource "aws_iam_role_policy" "flow_logs_region_guard" {
  name = "ta-region-guard-dev"
  role = aws_iam_role.flow_logs.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "OtherRegions"
        Effect = "Deny"
        NotAction = [
          "account:*",
          "budgets:*",
          "ce:*",
          "cloudfront:*",
          "cur:*",
          "ec2:DescribeRegions",
          "globalaccelerator:*",
          "health:*",
          "iam:*",
          "networkmanager:*",
          "organizations:*",
          "pricing:*",
          "route53:*",
          "route53domains:*",
          "s3:GetAccountPublicAccessBlock",
          "s3:GetBucketLocation",
          "s3:ListAllMyBuckets",
          "shield:*",
          "sts:*",
          "support:*",
          "tag:GetResources",
          "trustedadvisor:*",
          "waf:*",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "aws:RequestedRegion" = ["us-east-1"]
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "flow_logs_write" {
  name = "ta-flow-logs-write-dev"
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

resource "aws_iam_role" "ledger_db_monitoring" {
  name                 = "ta-ledger-db-monitoring-dev"
  description          = "RDS writes metrics of ta-ledger-db-dev into CloudWatch Logs"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "ServiceAssumesForThisAccount"
        Effect    = "Allow"
        Principal = { Service = "monitoring.rds.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
          ArnLike = {
            "aws:SourceArn" = (
              "arn:aws:rds:us-east-1:${data.aws_caller_identity.current.account_id}:db:ta-ledger-db-*-dev"
            )
          }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "ta-ledger-db-monitoring-dev" })
}

resource "aws_iam_role_policy" "ledger_db_monitoring_region_guard" {
  name = "ta-region-guard-dev"
  role = aws_iam_role.ledger_db_monitoring.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "OtherRegions"
        Effect = "Deny"
        NotAction = [
          "account:*",
          "budgets:*",
          "ce:*",
          "cloudfront:*",
          "cur:*",
          "ec2:DescribeRegions",
          "globalaccelerator:*",
          "health:*",
          "iam:*",
          "networkmanager:*",
          "organizations:*",
          "pricing:*",
          "route53:*",
          "route53domains:*",
          "s3:GetAccountPublicAccessBlock",
          "s3:GetBucketLocation",
          "s3:ListAllMyBuckets",
          "shield:*",
          "sts:*",
          "support:*",
          "tag:GetResources",
          "trustedadvisor:*",
          "waf:*",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "aws:RequestedRegion" = ["us-east-1"]
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "ledger_db_monitoring_write" {
  name = "ta-ledger-db-monitoring-write-dev"
  role = aws_iam_role.ledger_db_monitoring.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "LogGroupOfMetrics"
        Effect   = "Allow"
        Action   = ["logs:CreateLogGroup", "logs:PutRetentionPolicy"]
        Resource = "arn:aws:logs:us-east-1:${data.aws_caller_identity.current.account_id}:log-group:RDS*"
      },
      {
        Sid      = "WriteMetrics"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:PutLogEvents"]
        Resource = "arn:aws:logs:us-east-1:${data.aws_caller_identity.current.account_id}:log-group:RDS*:log-stream:*"
      },
    ]
  })
}

resource "aws_iam_role" "authorizer_fn" {
  name                 = "ta-authorizer-fn-role-dev"
  description          = "Function ta-authorizer-fn-dev"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "FunctionsAssumeForThisAccount"
        Effect    = "Allow"
        Principal = { Service = "lambda.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "ta-authorizer-fn-role-dev" })
}

resource "aws_iam_role_policy" "authorizer_fn_region_guard" {
  name = "ta-region-guard-dev"
  role = aws_iam_role.authorizer_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "OtherRegions"
        Effect = "Deny"
        NotAction = [
          "account:*",
          "budgets:*",
          "ce:*",
          "cloudfront:*",
          "cur:*",
          "ec2:DescribeRegions",
          "globalaccelerator:*",
          "health:*",
          "iam:*",
          "networkmanager:*",
          "organizations:*",
          "pricing:*",
          "route53:*",
          "route53domains:*",
          "s3:GetAccountPublicAccessBlock",
          "s3:GetBucketLocation",
          "s3:ListAllMyBuckets",
          "shield:*",
          "sts:*",
          "support:*",
          "tag:GetResources",
          "trustedadvisor:*",
          "waf:*",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "aws:RequestedRegion" = ["us-east-1"]
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "authorizer_fn_log_write" {
  name = "ta-authorizer-fn-log-write-dev"
  role = aws_iam_role.authorizer_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "WriteLogEvents"
        Effect = "Allow"
        Action = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = [
          aws_cloudwatch_log_group.authorizer_fn_log.arn,
          "${aws_cloudwatch_log_group.authorizer_fn_log.arn}:*",
        ]
      },
    ]
  })
}

resource "aws_iam_role_policy" "authorizer_fn_run" {
  name = "ta-authorizer-fn-run-dev"
  role = aws_iam_role.authorizer_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "DecryptEnvironment"
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = aws_kms_key.lambda.arn
      },
      {
        Sid    = "NetworkInterfaces"
        Effect = "Allow"
        Action = [
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:UnassignPrivateIpAddresses",
        ]
        Resource = "arn:aws:ec2:us-east-1:${data.aws_caller_identity.current.account_id}:*/*"
      },
      {
        Sid      = "SeeNetworkInterfaces"
        Effect   = "Allow"
        Action   = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
        Resource = "*"
      },
      {
        Sid    = "NoNetworkInterfacesByItsCode"
        Effect = "Deny"
        Action = [
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:UnassignPrivateIpAddresses",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
        ]
        Resource = "*"
        Condition = {
          ArnEquals = {
            "lambda:SourceFunctionArn" = (
              "arn:aws:lambda:us-east-1:${data.aws_caller_identity.current.account_id}:function:ta-authorizer-fn-dev"
            )
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "authorizer_fn_api_keys_table_items" {
  name = "ta-api-keys-table-items-dev"
  role = aws_iam_role.authorizer_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "WorkOnItems"
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem"]
        Resource = [aws_dynamodb_table.api_keys.arn]
      },
      {
        Sid      = "KeyOfTheTable"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:DescribeKey"]
        Resource = aws_kms_key.dynamodb.arn
        Condition = {
          StringEquals = { "kms:ViaService" = "dynamodb.us-east-1.amazonaws.com" }
        }
      },
    ]
  })
}

resource "aws_iam_role" "ingest_fn" {
  name                 = "ta-ingest-fn-role-dev"
  description          = "Function ta-ingest-fn-dev"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "FunctionsAssumeForThisAccount"
        Effect    = "Allow"
        Principal = { Service = "lambda.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "ta-ingest-fn-role-dev" })
}

resource "aws_iam_role_policy" "ingest_fn_region_guard" {
  name = "ta-region-guard-dev"
  role = aws_iam_role.ingest_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "OtherRegions"
        Effect = "Deny"
        NotAction = [
          "account:*",
          "budgets:*",
          "ce:*",
          "cloudfront:*",
          "cur:*",
          "ec2:DescribeRegions",
          "globalaccelerator:*",
          "health:*",
          "iam:*",
          "networkmanager:*",
          "organizations:*",
          "pricing:*",
          "route53:*",
          "route53domains:*",
          "s3:GetAccountPublicAccessBlock",
          "s3:GetBucketLocation",
          "s3:ListAllMyBuckets",
          "shield:*",
          "sts:*",
          "support:*",
          "tag:GetResources",
          "trustedadvisor:*",
          "waf:*",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "aws:RequestedRegion" = ["us-east-1"]
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "ingest_fn_log_write" {
  name = "ta-ingest-fn-log-write-dev"
  role = aws_iam_role.ingest_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "WriteLogEvents"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = [aws_cloudwatch_log_group.ingest_fn_log.arn, "${aws_cloudwatch_log_group.ingest_fn_log.arn}:*"]
      },
    ]
  })
}

resource "aws_iam_role_policy" "ingest_fn_run" {
  name = "ta-ingest-fn-run-dev"
  role = aws_iam_role.ingest_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "DecryptEnvironment"
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = aws_kms_key.lambda.arn
      },
      {
        Sid    = "NetworkInterfaces"
        Effect = "Allow"
        Action = [
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:UnassignPrivateIpAddresses",
        ]
        Resource = "arn:aws:ec2:us-east-1:${data.aws_caller_identity.current.account_id}:*/*"
      },
      {
        Sid      = "SeeNetworkInterfaces"
        Effect   = "Allow"
        Action   = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
        Resource = "*"
      },
      {
        Sid    = "NoNetworkInterfacesByItsCode"
        Effect = "Deny"
        Action = [
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:UnassignPrivateIpAddresses",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
        ]
        Resource = "*"
        Condition = {
          ArnEquals = {
            "lambda:SourceFunctionArn" = (
              "arn:aws:lambda:us-east-1:${data.aws_caller_identity.current.account_id}:function:ta-ingest-fn-dev"
            )
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "ingest_fn_sessions_table_items" {
  name = "ta-sessions-table-items-dev"
  role = aws_iam_role.ingest_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "WorkOnItems"
        Effect   = "Allow"
        Action   = ["dynamodb:UpdateItem"]
        Resource = [aws_dynamodb_table.sessions.arn]
      },
      {
        Sid      = "KeyOfTheTable"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        Resource = aws_kms_key.dynamodb.arn
        Condition = {
          StringEquals = { "kms:ViaService" = "dynamodb.us-east-1.amazonaws.com" }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "ingest_fn_ingestion_bucket_put" {
  name = "ta-ingestion-bucket-put-dev"
  role = aws_iam_role.ingest_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "PutObjects"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:PutObject"]
        Resource = "${aws_s3_bucket.ingestion.arn}/*"
      },
    ]
  })
}

resource "aws_iam_role_policy" "ingest_fn_s3_key_generate_data_key" {
  name = "ta-s3-key-generate-data-key-dev"
  role = aws_iam_role.ingest_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "GenerateDataKey"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = aws_kms_key.s3.arn
      },
    ]
  })
}

resource "aws_iam_role" "processor_fn" {
  name                 = "ta-processor-fn-role-dev"
  description          = "Function ta-processor-fn-dev"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "FunctionsAssumeForThisAccount"
        Effect    = "Allow"
        Principal = { Service = "lambda.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "ta-processor-fn-role-dev" })
}

resource "aws_iam_role_policy" "processor_fn_region_guard" {
  name = "ta-region-guard-dev"
  role = aws_iam_role.processor_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "OtherRegions"
        Effect = "Deny"
        NotAction = [
          "account:*",
          "budgets:*",
          "ce:*",
          "cloudfront:*",
          "cur:*",
          "ec2:DescribeRegions",
          "globalaccelerator:*",
          "health:*",
          "iam:*",
          "networkmanager:*",
          "organizations:*",
          "pricing:*",
          "route53:*",
          "route53domains:*",
          "s3:GetAccountPublicAccessBlock",
          "s3:GetBucketLocation",
          "s3:ListAllMyBuckets",
          "shield:*",
          "sts:*",
          "support:*",
          "tag:GetResources",
          "trustedadvisor:*",
          "waf:*",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "aws:RequestedRegion" = ["us-east-1"]
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "processor_fn_log_write" {
  name = "ta-processor-fn-log-write-dev"
  role = aws_iam_role.processor_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "WriteLogEvents"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = [aws_cloudwatch_log_group.processor_fn_log.arn, "${aws_cloudwatch_log_group.processor_fn_log.arn}:*"]
      },
    ]
  })
}

resource "aws_iam_role_policy" "processor_fn_run" {
  name = "ta-processor-fn-run-dev"
  role = aws_iam_role.processor_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "DecryptEnvironment"
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = aws_kms_key.lambda.arn
      },
      {
        Sid    = "NetworkInterfaces"
        Effect = "Allow"
        Action = [
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:UnassignPrivateIpAddresses",
        ]
        Resource = "arn:aws:ec2:us-east-1:${data.aws_caller_identity.current.account_id}:*/*"
      },
      {
        Sid      = "SeeNetworkInterfaces"
        Effect   = "Allow"
        Action   = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
        Resource = "*"
      },
      {
        Sid    = "NoNetworkInterfacesByItsCode"
        Effect = "Deny"
        Action = [
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:UnassignPrivateIpAddresses",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
        ]
        Resource = "*"
        Condition = {
          ArnEquals = {
            "lambda:SourceFunctionArn" = (
              "arn:aws:lambda:us-east-1:${data.aws_caller_identity.current.account_id}:function:ta-processor-fn-dev"
            )
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "processor_fn_dead_letters" {
  name = "ta-processor-fn-dead-letters-dev"
  role = aws_iam_role.processor_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "SendDeadLetters"
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = aws_sqs_queue.dead_letters.arn
      },
    ]
  })
}

resource "aws_iam_role_policy" "processor_fn_ingestion_bucket_read" {
  name = "ta-ingestion-bucket-read-dev"
  role = aws_iam_role.processor_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ListBucket"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = aws_s3_bucket.ingestion.arn
      },
      {
        Sid      = "ReadObjects"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion"]
        Resource = "${aws_s3_bucket.ingestion.arn}/*"
      },
    ]
  })
}

resource "aws_iam_role_policy" "processor_fn_s3_key_decrypt" {
  name = "ta-s3-key-decrypt-dev"
  role = aws_iam_role.processor_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Decrypt"
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = aws_kms_key.s3.arn
      },
    ]
  })
}

resource "aws_iam_role_policy" "processor_fn_analytics_bucket_put" {
  name = "ta-analytics-bucket-put-dev"
  role = aws_iam_role.processor_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "PutObjects"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:PutObject"]
        Resource = "${aws_s3_bucket.analytics.arn}/*"
      },
    ]
  })
}

resource "aws_iam_role_policy" "processor_fn_s3_key_generate_data_key" {
  name = "ta-s3-key-generate-data-key-dev"
  role = aws_iam_role.processor_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "GenerateDataKey"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = aws_kms_key.s3.arn
      },
    ]
  })
}

resource "aws_iam_role_policy" "processor_fn_dead_letters_key" {
  name = "ta-dead-letters-key-dev"
  role = aws_iam_role.processor_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "KeyOfTheQueue"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = aws_kms_key.lambda.arn
        Condition = {
          StringEquals = { "kms:ViaService" = "sqs.us-east-1.amazonaws.com" }
        }
      },
    ]
  })
}

resource "aws_iam_role" "reader_fn" {
  name                 = "ta-reader-fn-role-dev"
  description          = "Function ta-reader-fn-dev"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "FunctionsAssumeForThisAccount"
        Effect    = "Allow"
        Principal = { Service = "lambda.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "ta-reader-fn-role-dev" })
}

resource "aws_iam_role_policy" "reader_fn_region_guard" {
  name = "ta-region-guard-dev"
  role = aws_iam_role.reader_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "OtherRegions"
        Effect = "Deny"
        NotAction = [
          "account:*",
          "budgets:*",
          "ce:*",
          "cloudfront:*",
          "cur:*",
          "ec2:DescribeRegions",
          "globalaccelerator:*",
          "health:*",
          "iam:*",
          "networkmanager:*",
          "organizations:*",
          "pricing:*",
          "route53:*",
          "route53domains:*",
          "s3:GetAccountPublicAccessBlock",
          "s3:GetBucketLocation",
          "s3:ListAllMyBuckets",
          "shield:*",
          "sts:*",
          "support:*",
          "tag:GetResources",
          "trustedadvisor:*",
          "waf:*",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "aws:RequestedRegion" = ["us-east-1"]
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "reader_fn_log_write" {
  name = "ta-reader-fn-log-write-dev"
  role = aws_iam_role.reader_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "WriteLogEvents"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = [aws_cloudwatch_log_group.reader_fn_log.arn, "${aws_cloudwatch_log_group.reader_fn_log.arn}:*"]
      },
    ]
  })
}

resource "aws_iam_role_policy" "reader_fn_run" {
  name = "ta-reader-fn-run-dev"
  role = aws_iam_role.reader_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "DecryptEnvironment"
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = aws_kms_key.lambda.arn
      },
      {
        Sid    = "NetworkInterfaces"
        Effect = "Allow"
        Action = [
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:UnassignPrivateIpAddresses",
        ]
        Resource = "arn:aws:ec2:us-east-1:${data.aws_caller_identity.current.account_id}:*/*"
      },
      {
        Sid      = "SeeNetworkInterfaces"
        Effect   = "Allow"
        Action   = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
        Resource = "*"
      },
      {
        Sid    = "NoNetworkInterfacesByItsCode"
        Effect = "Deny"
        Action = [
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:UnassignPrivateIpAddresses",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
        ]
        Resource = "*"
        Condition = {
          ArnEquals = {
            "lambda:SourceFunctionArn" = (
              "arn:aws:lambda:us-east-1:${data.aws_caller_identity.current.account_id}:function:ta-reader-fn-dev"
            )
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "reader_fn_sessions_table_items" {
  name = "ta-sessions-table-items-dev"
  role = aws_iam_role.reader_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "WorkOnItems"
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem"]
        Resource = [aws_dynamodb_table.sessions.arn]
      },
      {
        Sid      = "KeyOfTheTable"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:DescribeKey"]
        Resource = aws_kms_key.dynamodb.arn
        Condition = {
          StringEquals = { "kms:ViaService" = "dynamodb.us-east-1.amazonaws.com" }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "reader_fn_analytics_bucket_read" {
  name = "ta-analytics-bucket-read-dev"
  role = aws_iam_role.reader_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ListBucket"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = aws_s3_bucket.analytics.arn
      },
      {
        Sid      = "ReadObjects"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion"]
        Resource = "${aws_s3_bucket.analytics.arn}/*"
      },
    ]
  })
}

resource "aws_iam_role_policy" "reader_fn_s3_key_decrypt" {
  name = "ta-s3-key-decrypt-dev"
  role = aws_iam_role.reader_fn.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Decrypt"
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = aws_kms_key.s3.arn
      },
    ]
  })
}

resource "aws_iam_role" "api_account" {
  name                 = "ta-api-account-role-dev"
  description          = "API Gateway writes the logs of stages"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "ApiGatewayAssumes"
        Effect    = "Allow"
        Principal = { Service = "apigateway.amazonaws.com" }
        Action    = "sts:AssumeRole"
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "ta-api-account-role-dev" })
}

resource "aws_iam_role_policy" "api_account_region_guard" {
  name = "ta-region-guard-dev"
  role = aws_iam_role.api_account.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "OtherRegions"
        Effect = "Deny"
        NotAction = [
          "account:*",
          "budgets:*",
          "ce:*",
          "cloudfront:*",
          "cur:*",
          "ec2:DescribeRegions",
          "globalaccelerator:*",
          "health:*",
          "iam:*",
          "networkmanager:*",
          "organizations:*",
          "pricing:*",
          "route53:*",
          "route53domains:*",
          "s3:GetAccountPublicAccessBlock",
          "s3:GetBucketLocation",
          "s3:ListAllMyBuckets",
          "shield:*",
          "sts:*",
          "support:*",
          "tag:GetResources",
          "trustedadvisor:*",
          "waf:*",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "aws:RequestedRegion" = ["us-east-1"]
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "api_account_push" {
  name = "ta-api-account-push-dev"
  role = aws_iam_role.api_account.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "PushLogs"
        Effect = "Allow"
        Action = [
          "logs:CreateLogGroup",
          "logs:CreateLogStream",
          "logs:DescribeLogGroups",
          "logs:DescribeLogStreams",
          "logs:FilterLogEvents",
          "logs:GetLogEvents",
          "logs:PutLogEvents",
        ]
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_role" "logs_stream_delivery" {
  name                 = "ta-logs-stream-delivery-dev"
  description          = "Firehose delivers events into their bucket"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "ServiceAssumesForThisAccount"
        Effect    = "Allow"
        Principal = { Service = "firehose.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
          ArnLike = {
            "aws:SourceArn" = join("", [
              "arn:aws:firehose:us-east-1:${data.aws_caller_identity.current.account_id}:deliverystream/",
              "ta-logs-stream-dev",
            ])
          }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "ta-logs-stream-delivery-dev" })
}

resource "aws_iam_role_policy" "logs_stream_delivery_region_guard" {
  name = "ta-region-guard-dev"
  role = aws_iam_role.logs_stream_delivery.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "OtherRegions"
        Effect = "Deny"
        NotAction = [
          "account:*",
          "budgets:*",
          "ce:*",
          "cloudfront:*",
          "cur:*",
          "ec2:DescribeRegions",
          "globalaccelerator:*",
          "health:*",
          "iam:*",
          "networkmanager:*",
          "organizations:*",
          "pricing:*",
          "route53:*",
          "route53domains:*",
          "s3:GetAccountPublicAccessBlock",
          "s3:GetBucketLocation",
          "s3:ListAllMyBuckets",
          "shield:*",
          "sts:*",
          "support:*",
          "tag:GetResources",
          "trustedadvisor:*",
          "waf:*",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "aws:RequestedRegion" = ["us-east-1"]
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "logs_stream_delivery_logs_stream_deliver" {
  name = "ta-logs-stream-deliver-dev"
  role = aws_iam_role.logs_stream_delivery.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "FindBucket"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
        Resource = aws_s3_bucket.archive.arn
      },
      {
        Sid      = "PutObjects"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
        Resource = ["${aws_s3_bucket.archive.arn}/logs/*", "${aws_s3_bucket.archive.arn}/logs-failed/*"]
      },
      {
        Sid      = "EncryptObjects"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = aws_kms_key.s3.arn
      },
      {
        Sid    = "WriteErrors"
        Effect = "Allow"
        Action = "logs:PutLogEvents"
        Resource = (
          "${aws_cloudwatch_log_group.delivery_log.arn}:log-stream:${aws_cloudwatch_log_stream.logs_errors.name}"
        )
      },
    ]
  })
}

resource "aws_iam_role" "logs_stream_logs" {
  name                 = "ta-logs-stream-logs-dev"
  description          = "CloudWatch Logs puts events into their delivery stream"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "ServiceAssumesForThisAccount"
        Effect    = "Allow"
        Principal = { Service = "logs.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
          ArnLike      = { "aws:SourceArn" = "arn:aws:logs:us-east-1:${data.aws_caller_identity.current.account_id}:*" }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "ta-logs-stream-logs-dev" })
}

resource "aws_iam_role_policy" "logs_stream_logs_region_guard" {
  name = "ta-region-guard-dev"
  role = aws_iam_role.logs_stream_logs.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "OtherRegions"
        Effect = "Deny"
        NotAction = [
          "account:*",
          "budgets:*",
          "ce:*",
          "cloudfront:*",
          "cur:*",
          "ec2:DescribeRegions",
          "globalaccelerator:*",
          "health:*",
          "iam:*",
          "networkmanager:*",
          "organizations:*",
          "pricing:*",
          "route53:*",
          "route53domains:*",
          "s3:GetAccountPublicAccessBlock",
          "s3:GetBucketLocation",
          "s3:ListAllMyBuckets",
          "shield:*",
          "sts:*",
          "support:*",
          "tag:GetResources",
          "trustedadvisor:*",
          "waf:*",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "aws:RequestedRegion" = ["us-east-1"]
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "logs_stream_logs_logs_stream_put" {
  name = "ta-logs-stream-put-dev"
  role = aws_iam_role.logs_stream_logs.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "PutRecords"
        Effect   = "Allow"
        Action   = ["firehose:PutRecord", "firehose:PutRecordBatch"]
        Resource = aws_kinesis_firehose_delivery_stream.logs.arn
      },
    ]
  })
}

resource "aws_iam_role" "critical_stream_delivery" {
  name                 = "ta-critical-stream-delivery-dev"
  description          = "Firehose delivers events into their bucket"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "ServiceAssumesForThisAccount"
        Effect    = "Allow"
        Principal = { Service = "firehose.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
          ArnLike = {
            "aws:SourceArn" = join("", [
              "arn:aws:firehose:us-east-1:${data.aws_caller_identity.current.account_id}:deliverystream/",
              "ta-critical-stream-dev",
            ])
          }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "ta-critical-stream-delivery-dev" })
}

resource "aws_iam_role_policy" "critical_stream_delivery_region_guard" {
  name = "ta-region-guard-dev"
  role = aws_iam_role.critical_stream_delivery.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "OtherRegions"
        Effect = "Deny"
        NotAction = [
          "account:*",
          "budgets:*",
          "ce:*",
          "cloudfront:*",
          "cur:*",
          "ec2:DescribeRegions",
          "globalaccelerator:*",
          "health:*",
          "iam:*",
          "networkmanager:*",
          "organizations:*",
          "pricing:*",
          "route53:*",
          "route53domains:*",
          "s3:GetAccountPublicAccessBlock",
          "s3:GetBucketLocation",
          "s3:ListAllMyBuckets",
          "shield:*",
          "sts:*",
          "support:*",
          "tag:GetResources",
          "trustedadvisor:*",
          "waf:*",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "aws:RequestedRegion" = ["us-east-1"]
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "critical_stream_delivery_critical_stream_deliver" {
  name = "ta-critical-stream-deliver-dev"
  role = aws_iam_role.critical_stream_delivery.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "FindBucket"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
        Resource = aws_s3_bucket.archive.arn
      },
      {
        Sid      = "PutObjects"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
        Resource = ["${aws_s3_bucket.archive.arn}/critical/*", "${aws_s3_bucket.archive.arn}/critical-failed/*"]
      },
      {
        Sid      = "EncryptObjects"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = aws_kms_key.s3.arn
      },
      {
        Sid    = "WriteErrors"
        Effect = "Allow"
        Action = "logs:PutLogEvents"
        Resource = (
          "${aws_cloudwatch_log_group.delivery_log.arn}:log-stream:${aws_cloudwatch_log_stream.critical_errors.name}"
        )
      },
    ]
  })
}

resource "aws_iam_role" "critical_stream_logs" {
  name                 = "ta-critical-stream-logs-dev"
  description          = "CloudWatch Logs puts events into their delivery stream"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "ServiceAssumesForThisAccount"
        Effect    = "Allow"
        Principal = { Service = "logs.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
          ArnLike      = { "aws:SourceArn" = "arn:aws:logs:us-east-1:${data.aws_caller_identity.current.account_id}:*" }
        }
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "ta-critical-stream-logs-dev" })
}

resource "aws_iam_role_policy" "critical_stream_logs_region_guard" {
  name = "ta-region-guard-dev"
  role = aws_iam_role.critical_stream_logs.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "OtherRegions"
        Effect = "Deny"
        NotAction = [
          "account:*",
          "budgets:*",
          "ce:*",
          "cloudfront:*",
          "cur:*",
          "ec2:DescribeRegions",
          "globalaccelerator:*",
          "health:*",
          "iam:*",
          "networkmanager:*",
          "organizations:*",
          "pricing:*",
          "route53:*",
          "route53domains:*",
          "s3:GetAccountPublicAccessBlock",
          "s3:GetBucketLocation",
          "s3:ListAllMyBuckets",
          "shield:*",
          "sts:*",
          "support:*",
          "tag:GetResources",
          "trustedadvisor:*",
          "waf:*",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "aws:RequestedRegion" = ["us-east-1"]
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "critical_stream_logs_critical_stream_put" {
  name = "ta-critical-stream-put-dev"
  role = aws_iam_role.critical_stream_logs.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "PutRecords"
        Effect   = "Allow"
        Action   = ["firehose:PutRecord", "firehose:PutRecordBatch"]
        Resource = aws_kinesis_firehose_delivery_stream.critical.arn
      },
    ]
  })
}

resource "aws_iam_service_linked_role" "config" {
  aws_service_name = "config.amazonaws.com"

  tags = merge(local.common_tags, { Name = "ta-config-recorder-dev" })
}

# ------------------------------------------------------------------------------
# Network
# ------------------------------------------------------------------------------

resource "aws_vpc" "main" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
  enable_dns_support   = true

  tags = merge(local.common_tags, { Name = "ta-vpc-dev" })
}

resource "aws_default_security_group" "vpc" {
  vpc_id = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "ta-vpc-default-dev" })
}

resource "aws_route_table" "vpc_private_0" {
  vpc_id = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "ta-vpc-private-0-dev" })
}

resource "aws_route_table" "vpc_private_1" {
  vpc_id = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "ta-vpc-private-1-dev" })
}

resource "aws_route_table" "vpc_private_2" {
  vpc_id = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "ta-vpc-private-2-dev" })
}

resource "aws_subnet" "vpc_private_0" {
  availability_zone       = element(data.aws_availability_zones.vpc.names, 0)
  cidr_block              = "10.0.0.0/20"
  map_public_ip_on_launch = false
  vpc_id                  = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "ta-vpc-private-0-dev" })
}

resource "aws_subnet" "vpc_private_1" {
  availability_zone       = element(data.aws_availability_zones.vpc.names, 1)
  cidr_block              = "10.0.16.0/20"
  map_public_ip_on_launch = false
  vpc_id                  = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "ta-vpc-private-1-dev" })
}

resource "aws_subnet" "vpc_private_2" {
  availability_zone       = element(data.aws_availability_zones.vpc.names, 2)
  cidr_block              = "10.0.32.0/20"
  map_public_ip_on_launch = false
  vpc_id                  = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "ta-vpc-private-2-dev" })
}

resource "aws_route_table_association" "vpc_private_0" {
  route_table_id = aws_route_table.vpc_private_0.id
  subnet_id      = aws_subnet.vpc_private_0.id
}

resource "aws_route_table_association" "vpc_private_1" {
  route_table_id = aws_route_table.vpc_private_1.id
  subnet_id      = aws_subnet.vpc_private_1.id
}

resource "aws_route_table_association" "vpc_private_2" {
  route_table_id = aws_route_table.vpc_private_2.id
  subnet_id      = aws_subnet.vpc_private_2.id
}

resource "aws_internet_gateway" "vpc" {
  vpc_id = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "ta-vpc-internet-gateway-dev" })
}

resource "aws_route_table" "vpc_public" {
  vpc_id = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "ta-vpc-public-dev" })
}

resource "aws_route" "vpc_public" {
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.vpc.id
  route_table_id         = aws_route_table.vpc_public.id
}

resource "aws_subnet" "vpc_public_0" {
  availability_zone       = element(data.aws_availability_zones.vpc.names, 0)
  cidr_block              = "10.0.128.0/20"
  map_public_ip_on_launch = false
  vpc_id                  = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "ta-vpc-public-0-dev" })
}

resource "aws_route_table_association" "vpc_public_0" {
  route_table_id = aws_route_table.vpc_public.id
  subnet_id      = aws_subnet.vpc_public_0.id
}

resource "aws_eip" "vpc_nat_address_0" {
  domain = "vpc"

  tags = merge(local.common_tags, { Name = "ta-vpc-nat-0-dev" })

  depends_on = [aws_internet_gateway.vpc]
}

resource "aws_nat_gateway" "vpc_0" {
  allocation_id     = aws_eip.vpc_nat_address_0.id
  connectivity_type = "public"
  subnet_id         = aws_subnet.vpc_public_0.id

  tags = merge(local.common_tags, { Name = "ta-vpc-nat-0-dev" })

  depends_on = [aws_internet_gateway.vpc]
}

resource "aws_subnet" "vpc_public_1" {
  availability_zone       = element(data.aws_availability_zones.vpc.names, 1)
  cidr_block              = "10.0.144.0/20"
  map_public_ip_on_launch = false
  vpc_id                  = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "ta-vpc-public-1-dev" })
}

resource "aws_route_table_association" "vpc_public_1" {
  route_table_id = aws_route_table.vpc_public.id
  subnet_id      = aws_subnet.vpc_public_1.id
}

resource "aws_eip" "vpc_nat_address_1" {
  domain = "vpc"

  tags = merge(local.common_tags, { Name = "ta-vpc-nat-1-dev" })

  depends_on = [aws_internet_gateway.vpc]
}

resource "aws_nat_gateway" "vpc_1" {
  allocation_id     = aws_eip.vpc_nat_address_1.id
  connectivity_type = "public"
  subnet_id         = aws_subnet.vpc_public_1.id

  tags = merge(local.common_tags, { Name = "ta-vpc-nat-1-dev" })

  depends_on = [aws_internet_gateway.vpc]
}

resource "aws_subnet" "vpc_public_2" {
  availability_zone       = element(data.aws_availability_zones.vpc.names, 2)
  cidr_block              = "10.0.160.0/20"
  map_public_ip_on_launch = false
  vpc_id                  = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "ta-vpc-public-2-dev" })
}

resource "aws_route_table_association" "vpc_public_2" {
  route_table_id = aws_route_table.vpc_public.id
  subnet_id      = aws_subnet.vpc_public_2.id
}

resource "aws_eip" "vpc_nat_address_2" {
  domain = "vpc"

  tags = merge(local.common_tags, { Name = "ta-vpc-nat-2-dev" })

  depends_on = [aws_internet_gateway.vpc]
}

resource "aws_nat_gateway" "vpc_2" {
  allocation_id     = aws_eip.vpc_nat_address_2.id
  connectivity_type = "public"
  subnet_id         = aws_subnet.vpc_public_2.id

  tags = merge(local.common_tags, { Name = "ta-vpc-nat-2-dev" })

  depends_on = [aws_internet_gateway.vpc]
}

resource "aws_route" "vpc_private_0" {
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.vpc_0.id
  route_table_id         = aws_route_table.vpc_private_0.id
}

resource "aws_route" "vpc_private_1" {
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.vpc_1.id
  route_table_id         = aws_route_table.vpc_private_1.id
}

resource "aws_route" "vpc_private_2" {
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.vpc_2.id
  route_table_id         = aws_route_table.vpc_private_2.id
}

resource "aws_flow_log" "vpc" {
  iam_role_arn             = aws_iam_role.flow_logs.arn
  log_destination          = aws_cloudwatch_log_group.flow_logs.arn
  log_destination_type     = "cloud-watch-logs"
  max_aggregation_interval = 60
  traffic_type             = "ALL"
  vpc_id                   = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "ta-vpc-flow-log-dev" })

  depends_on = [aws_iam_role_policy.flow_logs_write]
}

resource "aws_default_network_acl" "private" {
  default_network_acl_id = aws_vpc.main.default_network_acl_id

  tags = merge(local.common_tags, { Name = "ta-private-acl-default-dev" })
}

resource "aws_network_acl" "private" {
  subnet_ids = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id, aws_subnet.vpc_private_2.id]
  vpc_id     = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "ta-private-acl-dev" })
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

resource "aws_network_acl_rule" "private_dynamodb_https_out" {
  count = length(sort([for entry in data.aws_ec2_managed_prefix_list.dynamodb_addresses.entries : entry.cidr]))

  egress         = true
  from_port      = 443
  network_acl_id = aws_network_acl.private.id
  protocol       = "tcp"
  rule_action    = "allow"
  rule_number    = 1000 + count.index
  to_port        = 443
  cidr_block = sort(
    [for entry in data.aws_ec2_managed_prefix_list.dynamodb_addresses.entries : entry.cidr]
  )[count.index]
}

resource "aws_network_acl_rule" "private_dynamodb_replies_in" {
  count = length(sort([for entry in data.aws_ec2_managed_prefix_list.dynamodb_addresses.entries : entry.cidr]))

  egress         = false
  from_port      = 1024
  network_acl_id = aws_network_acl.private.id
  protocol       = "tcp"
  rule_action    = "allow"
  rule_number    = 1000 + count.index
  to_port        = 65535
  cidr_block = sort(
    [for entry in data.aws_ec2_managed_prefix_list.dynamodb_addresses.entries : entry.cidr]
  )[count.index]
}

resource "aws_network_acl_rule" "private_s3_https_out" {
  count = length(sort([for entry in data.aws_ec2_managed_prefix_list.s3_addresses.entries : entry.cidr]))

  cidr_block     = sort([for entry in data.aws_ec2_managed_prefix_list.s3_addresses.entries : entry.cidr])[count.index]
  egress         = true
  from_port      = 443
  network_acl_id = aws_network_acl.private.id
  protocol       = "tcp"
  rule_action    = "allow"
  rule_number    = 2000 + count.index
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
  rule_number    = 2000 + count.index
  to_port        = 65535
}

resource "aws_network_acl_rule" "private_internet_https_out" {
  cidr_block     = "0.0.0.0/0"
  egress         = true
  from_port      = 443
  network_acl_id = aws_network_acl.private.id
  protocol       = "tcp"
  rule_action    = "allow"
  rule_number    = 200
  to_port        = 443
}

resource "aws_network_acl_rule" "private_internet_replies_in" {
  cidr_block     = "0.0.0.0/0"
  egress         = false
  from_port      = 1024
  network_acl_id = aws_network_acl.private.id
  protocol       = "tcp"
  rule_action    = "allow"
  rule_number    = 200
  to_port        = 65535
}

resource "aws_network_acl" "private_public" {
  subnet_ids = [aws_subnet.vpc_public_0.id, aws_subnet.vpc_public_1.id, aws_subnet.vpc_public_2.id]
  vpc_id     = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "ta-private-acl-public-dev" })
}

resource "aws_network_acl_rule" "private_public_https_in" {
  cidr_block     = "10.0.0.0/16"
  egress         = false
  from_port      = 443
  network_acl_id = aws_network_acl.private_public.id
  protocol       = "tcp"
  rule_action    = "allow"
  rule_number    = 100
  to_port        = 443
}

resource "aws_network_acl_rule" "private_public_replies_in" {
  cidr_block     = "0.0.0.0/0"
  egress         = false
  from_port      = 1024
  network_acl_id = aws_network_acl.private_public.id
  protocol       = "tcp"
  rule_action    = "allow"
  rule_number    = 110
  to_port        = 65535
}

resource "aws_network_acl_rule" "private_public_https_out" {
  cidr_block     = "0.0.0.0/0"
  egress         = true
  from_port      = 443
  network_acl_id = aws_network_acl.private_public.id
  protocol       = "tcp"
  rule_action    = "allow"
  rule_number    = 100
  to_port        = 443
}

resource "aws_network_acl_rule" "private_public_replies_out" {
  cidr_block     = "10.0.0.0/16"
  egress         = true
  from_port      = 1024
  network_acl_id = aws_network_acl.private_public.id
  protocol       = "tcp"
  rule_action    = "allow"
  rule_number    = 110
  to_port        = 65535
}

# ------------------------------------------------------------------------------
# Security groups
# ------------------------------------------------------------------------------

resource "aws_security_group" "function_sg" {
  name        = "ta-function-sg-dev"
  description = "Functions of the platform"
  vpc_id      = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "ta-function-sg-dev" })
}

resource "aws_vpc_security_group_egress_rule" "function_sg_to_dynamodb_endpoint_443" {
  description       = "HTTPS from functions to tables and buckets"
  from_port         = 443
  ip_protocol       = "tcp"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.dynamodb_addresses.id
  security_group_id = aws_security_group.function_sg.id
  to_port           = 443

  tags = merge(local.common_tags, { Name = "ta-function-sg-to-dynamodb-endpoint-443-dev" })
}

resource "aws_vpc_security_group_egress_rule" "function_sg_to_s3_endpoint_443" {
  description       = "HTTPS from functions to tables and buckets"
  from_port         = 443
  ip_protocol       = "tcp"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.s3_addresses.id
  security_group_id = aws_security_group.function_sg.id
  to_port           = 443

  tags = merge(local.common_tags, { Name = "ta-function-sg-to-s3-endpoint-443-dev" })
}

resource "aws_security_group" "ledger_db_access" {
  name        = "ta-ledger-db-access-dev"
  description = "Database ta-ledger-db-dev: closed until a group is allowed in"
  vpc_id      = aws_vpc.main.id

  tags = merge(local.common_tags, { Name = "ta-ledger-db-access-dev" })
}

# ------------------------------------------------------------------------------
# VPC endpoints
# ------------------------------------------------------------------------------

resource "aws_vpc_endpoint" "dynamodb" {
  service_name      = "com.amazonaws.us-east-1.dynamodb"
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
    ]
  })
  route_table_ids = [
    aws_route_table.vpc_private_0.id,
    aws_route_table.vpc_private_1.id,
    aws_route_table.vpc_private_2.id,
  ]

  tags = merge(local.common_tags, { Name = "ta-dynamodb-endpoint-dev" })
}

resource "aws_vpc_endpoint" "s3" {
  service_name      = "com.amazonaws.us-east-1.s3"
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
          "arn:aws:s3:::aws-ssm-us-east-1/*",
          "arn:aws:s3:::amazon-ssm-us-east-1/*",
          "arn:aws:s3:::amazon-ssm-packages-us-east-1/*",
          "arn:aws:s3:::patch-baseline-snapshot-us-east-1/*",
          "arn:aws:s3:::aws-ssm-document-attachments-us-east-1/*",
          "arn:aws:s3:::amazoncloudwatch-agent-us-east-1/*",
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
        Resource  = ["arn:aws:s3:::al2023-repos-us-east-1-de612dc2/*", "arn:aws:s3:::amazonlinux-2-repos-us-east-1/*"]
      },
    ]
  })
  route_table_ids = [
    aws_route_table.vpc_private_0.id,
    aws_route_table.vpc_private_1.id,
    aws_route_table.vpc_private_2.id,
  ]

  tags = merge(local.common_tags, { Name = "ta-s3-endpoint-dev" })
}

# ------------------------------------------------------------------------------
# Storage
# ------------------------------------------------------------------------------

resource "aws_s3_bucket" "access" {
  bucket        = "ta-access-bucket-dev-${data.aws_caller_identity.current.account_id}-us-east-1"
  force_destroy = false

  tags = merge(local.common_tags, {
    Name = "ta-access-bucket-dev-${data.aws_caller_identity.current.account_id}-us-east-1"
  })

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
            "aws:SourceArn" = "arn:aws:s3:::ta-*-dev-${data.aws_caller_identity.current.account_id}-us-east-1"
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
    id     = "archive"
    status = "Enabled"

    filter {
      prefix = ""
    }

    transition {
      days          = 90
      storage_class = "GLACIER_IR"
    }
  }

  rule {
    id     = "retention"
    status = "Enabled"

    expiration {
      days = 400
    }

    filter {
      prefix = ""
    }
  }

  depends_on = [aws_s3_bucket_versioning.access]
}

resource "aws_s3_bucket" "ingestion" {
  bucket        = "ta-ingestion-bucket-dev-${data.aws_caller_identity.current.account_id}-us-east-1"
  force_destroy = false

  tags = merge(local.common_tags, {
    Name = "ta-ingestion-bucket-dev-${data.aws_caller_identity.current.account_id}-us-east-1"
  })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_ownership_controls" "ingestion" {
  bucket = aws_s3_bucket.ingestion.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "ingestion" {
  bucket                  = aws_s3_bucket.ingestion.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "ingestion" {
  bucket = aws_s3_bucket.ingestion.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "ingestion" {
  bucket = aws_s3_bucket.ingestion.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_key.s3.arn
      sse_algorithm     = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_policy" "ingestion" {
  bucket = aws_s3_bucket.ingestion.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.ingestion.arn, "${aws_s3_bucket.ingestion.arn}/*"]
        Condition = {
          Bool = { "aws:SecureTransport" = "false" }
        }
      },
      {
        Sid       = "TlsVersion"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.ingestion.arn, "${aws_s3_bucket.ingestion.arn}/*"]
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
        Resource  = "${aws_s3_bucket.ingestion.arn}/*"
        Condition = {
          StringNotEqualsIfExists = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = aws_kms_key.s3.arn }
          Null                    = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "false" }
        }
      },
      {
        Sid       = "OtherEncryption"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.ingestion.arn}/*"
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
        Resource  = "${aws_s3_bucket.ingestion.arn}/*"
        Condition = {
          StringEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" }
          Null         = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "true" }
        }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.ingestion]
}

resource "aws_s3_bucket_lifecycle_configuration" "ingestion" {
  bucket = aws_s3_bucket.ingestion.id

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
    id     = "archive"
    status = "Enabled"

    filter {
      prefix = ""
    }

    transition {
      days          = 90
      storage_class = "GLACIER_IR"
    }
  }

  depends_on = [aws_s3_bucket_versioning.ingestion]
}

resource "aws_s3_bucket_logging" "ingestion" {
  bucket        = aws_s3_bucket.ingestion.id
  target_bucket = aws_s3_bucket.access.id
  target_prefix = "ingestion-bucket/"

  depends_on = [aws_s3_bucket_policy.access]
}

resource "aws_s3_bucket" "analytics" {
  bucket        = "ta-analytics-bucket-dev-${data.aws_caller_identity.current.account_id}-us-east-1"
  force_destroy = false

  tags = merge(local.common_tags, {
    Name = "ta-analytics-bucket-dev-${data.aws_caller_identity.current.account_id}-us-east-1"
  })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_ownership_controls" "analytics" {
  bucket = aws_s3_bucket.analytics.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "analytics" {
  bucket                  = aws_s3_bucket.analytics.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "analytics" {
  bucket = aws_s3_bucket.analytics.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "analytics" {
  bucket = aws_s3_bucket.analytics.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_key.s3.arn
      sse_algorithm     = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_policy" "analytics" {
  bucket = aws_s3_bucket.analytics.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.analytics.arn, "${aws_s3_bucket.analytics.arn}/*"]
        Condition = {
          Bool = { "aws:SecureTransport" = "false" }
        }
      },
      {
        Sid       = "TlsVersion"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.analytics.arn, "${aws_s3_bucket.analytics.arn}/*"]
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
        Resource  = "${aws_s3_bucket.analytics.arn}/*"
        Condition = {
          StringNotEqualsIfExists = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = aws_kms_key.s3.arn }
          Null                    = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "false" }
        }
      },
      {
        Sid       = "OtherEncryption"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.analytics.arn}/*"
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
        Resource  = "${aws_s3_bucket.analytics.arn}/*"
        Condition = {
          StringEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" }
          Null         = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "true" }
        }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.analytics]
}

resource "aws_s3_bucket_lifecycle_configuration" "analytics" {
  bucket = aws_s3_bucket.analytics.id

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
    id     = "archive"
    status = "Enabled"

    filter {
      prefix = ""
    }

    transition {
      days          = 90
      storage_class = "GLACIER_IR"
    }
  }

  depends_on = [aws_s3_bucket_versioning.analytics]
}

resource "aws_s3_bucket_logging" "analytics" {
  bucket        = aws_s3_bucket.analytics.id
  target_bucket = aws_s3_bucket.access.id
  target_prefix = "analytics-bucket/"

  depends_on = [aws_s3_bucket_policy.access]
}

resource "aws_s3_bucket" "archive" {
  bucket        = "ta-archive-bucket-dev-${data.aws_caller_identity.current.account_id}-us-east-1"
  force_destroy = false

  tags = merge(local.common_tags, {
    Name = "ta-archive-bucket-dev-${data.aws_caller_identity.current.account_id}-us-east-1"
  })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_ownership_controls" "archive" {
  bucket = aws_s3_bucket.archive.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "archive" {
  bucket                  = aws_s3_bucket.archive.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "archive" {
  bucket = aws_s3_bucket.archive.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "archive" {
  bucket = aws_s3_bucket.archive.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_key.s3.arn
      sse_algorithm     = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_policy" "archive" {
  bucket = aws_s3_bucket.archive.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.archive.arn, "${aws_s3_bucket.archive.arn}/*"]
        Condition = {
          Bool = { "aws:SecureTransport" = "false" }
        }
      },
      {
        Sid       = "TlsVersion"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.archive.arn, "${aws_s3_bucket.archive.arn}/*"]
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
        Resource  = "${aws_s3_bucket.archive.arn}/*"
        Condition = {
          StringNotEqualsIfExists = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = aws_kms_key.s3.arn }
          Null                    = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "false" }
        }
      },
      {
        Sid       = "OtherEncryption"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.archive.arn}/*"
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
        Resource  = "${aws_s3_bucket.archive.arn}/*"
        Condition = {
          StringEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" }
          Null         = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "true" }
        }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.archive]
}

resource "aws_s3_bucket_lifecycle_configuration" "archive" {
  bucket = aws_s3_bucket.archive.id

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
    id     = "archive"
    status = "Enabled"

    filter {
      prefix = ""
    }

    transition {
      days          = 90
      storage_class = "GLACIER_IR"
    }
  }

  rule {
    id     = "retention"
    status = "Enabled"

    expiration {
      days = 400
    }

    filter {
      prefix = ""
    }
  }

  depends_on = [aws_s3_bucket_versioning.archive]
}

resource "aws_s3_bucket_logging" "archive" {
  bucket        = aws_s3_bucket.archive.id
  target_bucket = aws_s3_bucket.access.id
  target_prefix = "archive-bucket/"

  depends_on = [aws_s3_bucket_policy.access]
}

resource "aws_s3_bucket" "config" {
  bucket        = "ta-config-bucket-dev-${data.aws_caller_identity.current.account_id}-us-east-1"
  force_destroy = false

  tags = merge(local.common_tags, {
    Name = "ta-config-bucket-dev-${data.aws_caller_identity.current.account_id}-us-east-1"
  })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_ownership_controls" "config" {
  bucket = aws_s3_bucket.config.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "config" {
  bucket                  = aws_s3_bucket.config.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "config" {
  bucket = aws_s3_bucket.config.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "config" {
  bucket = aws_s3_bucket.config.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_key.s3.arn
      sse_algorithm     = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_policy" "config" {
  bucket = aws_s3_bucket.config.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "ConfigFindsBucket"
        Effect    = "Allow"
        Principal = { Service = "config.amazonaws.com" }
        Action    = ["s3:GetBucketAcl", "s3:ListBucket"]
        Resource  = aws_s3_bucket.config.arn
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        }
      },
      {
        Sid       = "ConfigDelivers"
        Effect    = "Allow"
        Principal = { Service = "config.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.config.arn}/AWSLogs/${data.aws_caller_identity.current.account_id}/Config/*"
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
        Resource  = [aws_s3_bucket.config.arn, "${aws_s3_bucket.config.arn}/*"]
        Condition = {
          Bool = { "aws:SecureTransport" = "false" }
        }
      },
      {
        Sid       = "TlsVersion"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.config.arn, "${aws_s3_bucket.config.arn}/*"]
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
        Resource  = "${aws_s3_bucket.config.arn}/*"
        Condition = {
          StringNotEqualsIfExists = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = aws_kms_key.s3.arn }
          Null                    = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "false" }
        }
      },
      {
        Sid       = "OtherEncryption"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.config.arn}/*"
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
        Resource  = "${aws_s3_bucket.config.arn}/*"
        Condition = {
          StringEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" }
          Null         = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "true" }
        }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.config]
}

resource "aws_s3_bucket_lifecycle_configuration" "config" {
  bucket = aws_s3_bucket.config.id

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
    id     = "archive"
    status = "Enabled"

    filter {
      prefix = ""
    }

    transition {
      days          = 90
      storage_class = "GLACIER_IR"
    }
  }

  rule {
    id     = "retention"
    status = "Enabled"

    expiration {
      days = 400
    }

    filter {
      prefix = ""
    }
  }

  depends_on = [aws_s3_bucket_versioning.config]
}

resource "aws_s3_bucket_logging" "config" {
  bucket        = aws_s3_bucket.config.id
  target_bucket = aws_s3_bucket.access.id
  target_prefix = "config-bucket/"

  depends_on = [aws_s3_bucket_policy.access]
}

resource "aws_s3_bucket_notification" "ingestion" {
  bucket = aws_s3_bucket.ingestion.id

  lambda_function {
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "raw/"
    lambda_function_arn = aws_lambda_function.processor_fn.arn
  }

  depends_on = [aws_lambda_permission.processor_fn_from_ingestion_notification]
}

# ------------------------------------------------------------------------------
# Databases
# ------------------------------------------------------------------------------

resource "aws_rds_cluster" "ledger_db" {
  cluster_identifier                  = "ta-ledger-db-dev"
  backup_retention_period             = 35
  copy_tags_to_snapshot               = true
  database_name                       = "ledger"
  db_cluster_parameter_group_name     = aws_rds_cluster_parameter_group.ledger_db.name
  db_subnet_group_name                = aws_db_subnet_group.ledger_db.name
  delete_automated_backups            = false
  deletion_protection                 = true
  enabled_cloudwatch_logs_exports     = ["postgresql"]
  engine                              = "aurora-postgresql"
  engine_mode                         = "provisioned"
  engine_version                      = "16"
  final_snapshot_identifier           = "ta-ledger-db-final-dev"
  iam_database_authentication_enabled = true
  kms_key_id                          = aws_kms_key.database.arn
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = aws_kms_key.secrets.arn
  master_username                     = "app_owner"
  skip_final_snapshot                 = false
  storage_encrypted                   = true
  vpc_security_group_ids              = [aws_security_group.ledger_db_access.id]

  tags = merge(local.common_tags, { Name = "ta-ledger-db-dev" })

  serverlessv2_scaling_configuration {
    max_capacity = 16
    min_capacity = 2
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [aws_cloudwatch_log_group.ledger_db_log]
}

resource "aws_rds_cluster_instance" "ledger_db_1" {
  identifier                            = "ta-ledger-db-1-dev"
  cluster_identifier                    = aws_rds_cluster.ledger_db.id
  auto_minor_version_upgrade            = true
  availability_zone                     = element(data.aws_availability_zones.vpc.names, 0)
  copy_tags_to_snapshot                 = true
  db_subnet_group_name                  = aws_db_subnet_group.ledger_db.name
  engine                                = "aurora-postgresql"
  instance_class                        = "db.serverless"
  monitoring_interval                   = 60
  monitoring_role_arn                   = aws_iam_role.ledger_db_monitoring.arn
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = aws_kms_key.database.arn
  performance_insights_retention_period = 7
  publicly_accessible                   = false

  tags = merge(local.common_tags, { Name = "ta-ledger-db-1-dev" })

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [aws_iam_role_policy.ledger_db_monitoring_write]
}

resource "aws_rds_cluster_instance" "ledger_db_2" {
  identifier                            = "ta-ledger-db-2-dev"
  cluster_identifier                    = aws_rds_cluster.ledger_db.id
  auto_minor_version_upgrade            = true
  availability_zone                     = element(data.aws_availability_zones.vpc.names, 1)
  copy_tags_to_snapshot                 = true
  db_subnet_group_name                  = aws_db_subnet_group.ledger_db.name
  engine                                = "aurora-postgresql"
  instance_class                        = "db.serverless"
  monitoring_interval                   = 60
  monitoring_role_arn                   = aws_iam_role.ledger_db_monitoring.arn
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = aws_kms_key.database.arn
  performance_insights_retention_period = 7
  publicly_accessible                   = false

  tags = merge(local.common_tags, { Name = "ta-ledger-db-2-dev" })

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [aws_iam_role_policy.ledger_db_monitoring_write]
}

resource "aws_db_subnet_group" "ledger_db" {
  name        = "ta-ledger-db-dev"
  description = "Private subnets of ta-ledger-db-dev"
  subnet_ids  = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id, aws_subnet.vpc_private_2.id]

  tags = merge(local.common_tags, { Name = "ta-ledger-db-dev" })
}

resource "aws_rds_cluster_parameter_group" "ledger_db" {
  name        = "ta-ledger-db-dev"
  description = "Forces TLS on ta-ledger-db-dev"
  family      = "aurora-postgresql16"

  tags = merge(local.common_tags, { Name = "ta-ledger-db-dev" })

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_dynamodb_table" "sessions" {
  name                        = "ta-sessions-table-dev"
  billing_mode                = "PAY_PER_REQUEST"
  deletion_protection_enabled = true
  hash_key                    = "client_id"

  tags = merge(local.common_tags, { Name = "ta-sessions-table-dev" })

  attribute {
    name = "client_id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.dynamodb.arn
  }

  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_dynamodb_table" "api_keys" {
  name                        = "ta-api-keys-table-dev"
  billing_mode                = "PAY_PER_REQUEST"
  deletion_protection_enabled = true
  hash_key                    = "key_hash"

  tags = merge(local.common_tags, { Name = "ta-api-keys-table-dev" })

  attribute {
    name = "key_hash"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.dynamodb.arn
  }

  lifecycle {
    prevent_destroy = true
  }
}

# ------------------------------------------------------------------------------
# Compute
# ------------------------------------------------------------------------------

resource "aws_lambda_function" "authorizer_fn" {
  function_name    = "ta-authorizer-fn-dev"
  description      = "Lets in whose API key has its hash in the table of keys"
  architectures    = ["arm64"]
  filename         = "assets/authorizer-fn.zip"
  handler          = "index.handler"
  kms_key_arn      = aws_kms_key.lambda.arn
  memory_size      = 256
  package_type     = "Zip"
  role             = aws_iam_role.authorizer_fn.arn
  runtime          = "python3.13"
  source_code_hash = "033qrmHDfcnHDZwEgDtay0yH7tmRtO3cJg+8voMX7gA="
  timeout          = 30

  tags = merge(local.common_tags, { Name = "ta-authorizer-fn-dev" })

  environment {
    variables = { KEYS_TABLE = "ta-api-keys-table-dev" }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.authorizer_fn_log.name
  }

  tracing_config {
    mode = "PassThrough"
  }

  vpc_config {
    security_group_ids = [aws_security_group.function_sg.id]
    subnet_ids         = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id, aws_subnet.vpc_private_2.id]
  }

  depends_on = [aws_iam_role_policy.authorizer_fn_log_write, aws_iam_role_policy.authorizer_fn_run]
}

resource "aws_lambda_permission" "authorizer_fn_market_api_authorizer_keys" {
  function_name = aws_lambda_function.authorizer_fn.function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  statement_id  = "market-api-authorizer-Keys"
  source_arn = (
    "${aws_api_gateway_rest_api.market.execution_arn}/authorizers/${aws_api_gateway_authorizer.market_keys.id}"
  )
}

resource "aws_lambda_function" "ingest_fn" {
  function_name    = "ta-ingest-fn-dev"
  description      = "Checks market data and keeps what was sent"
  architectures    = ["arm64"]
  filename         = "assets/ingest-fn.zip"
  handler          = "index.handler"
  kms_key_arn      = aws_kms_key.lambda.arn
  memory_size      = 256
  package_type     = "Zip"
  role             = aws_iam_role.ingest_fn.arn
  runtime          = "python3.13"
  source_code_hash = "FQ6t+DiA4xQTMyR99z4kuz1ds8x9l6nJ1k8mwFrdxUE="
  timeout          = 30

  tags = merge(local.common_tags, { Name = "ta-ingest-fn-dev" })

  environment {
    variables = {
      INGESTION_BUCKET = aws_s3_bucket.ingestion.id
      SESSIONS_TABLE   = "ta-sessions-table-dev"
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.ingest_fn_log.name
  }

  tracing_config {
    mode = "PassThrough"
  }

  vpc_config {
    security_group_ids = [aws_security_group.function_sg.id]
    subnet_ids         = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id, aws_subnet.vpc_private_2.id]
  }

  depends_on = [aws_iam_role_policy.ingest_fn_log_write, aws_iam_role_policy.ingest_fn_run]
}

resource "aws_lambda_permission" "ingest_fn_market_api_post_trades" {
  function_name = aws_lambda_function.ingest_fn.function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.market.execution_arn}/v1/POST/trades"
  statement_id  = "market-api-post-trades"
}

resource "aws_lambda_function" "processor_fn" {
  function_name    = "ta-processor-fn-dev"
  description      = "Turns market data into analytics"
  architectures    = ["arm64"]
  filename         = "assets/processor-fn.zip"
  handler          = "index.handler"
  kms_key_arn      = aws_kms_key.lambda.arn
  memory_size      = 256
  package_type     = "Zip"
  role             = aws_iam_role.processor_fn.arn
  runtime          = "python3.13"
  source_code_hash = "1iXVmF5Zu0ATsai3O9dI/Qt5Ie4isiUKgY7TR9+Cme4="
  timeout          = 30

  tags = merge(local.common_tags, { Name = "ta-processor-fn-dev" })

  dead_letter_config {
    target_arn = aws_sqs_queue.dead_letters.arn
  }

  environment {
    variables = { ANALYTICS_BUCKET = aws_s3_bucket.analytics.id }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.processor_fn_log.name
  }

  tracing_config {
    mode = "PassThrough"
  }

  vpc_config {
    security_group_ids = [aws_security_group.function_sg.id]
    subnet_ids         = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id, aws_subnet.vpc_private_2.id]
  }

  depends_on = [
    aws_iam_role_policy.processor_fn_log_write,
    aws_iam_role_policy.processor_fn_run,
    aws_iam_role_policy.processor_fn_dead_letters,
  ]
}

resource "aws_lambda_permission" "processor_fn_from_ingestion_notification" {
  function_name  = aws_lambda_function.processor_fn.function_name
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_account = data.aws_caller_identity.current.account_id
  source_arn     = aws_s3_bucket.ingestion.arn
  statement_id   = "from-ingestion-notification"
}

resource "aws_lambda_function" "reader_fn" {
  function_name    = "ta-reader-fn-dev"
  description      = "Hands analytics to the client that sent the data"
  architectures    = ["arm64"]
  filename         = "assets/reader-fn.zip"
  handler          = "index.handler"
  kms_key_arn      = aws_kms_key.lambda.arn
  memory_size      = 256
  package_type     = "Zip"
  role             = aws_iam_role.reader_fn.arn
  runtime          = "python3.13"
  source_code_hash = "wi0yFuEI1sxef85KZRKwQmAjeAu9wR2oEc6KmEA7kcs="
  timeout          = 30

  tags = merge(local.common_tags, { Name = "ta-reader-fn-dev" })

  environment {
    variables = {
      ANALYTICS_BUCKET = aws_s3_bucket.analytics.id
      SESSIONS_TABLE   = "ta-sessions-table-dev"
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.reader_fn_log.name
  }

  tracing_config {
    mode = "PassThrough"
  }

  vpc_config {
    security_group_ids = [aws_security_group.function_sg.id]
    subnet_ids         = [aws_subnet.vpc_private_0.id, aws_subnet.vpc_private_1.id, aws_subnet.vpc_private_2.id]
  }

  depends_on = [aws_iam_role_policy.reader_fn_log_write, aws_iam_role_policy.reader_fn_run]
}

resource "aws_lambda_permission" "reader_fn_market_api_get_trades_id" {
  function_name = aws_lambda_function.reader_fn.function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.market.execution_arn}/v1/GET/trades/*"
  statement_id  = "market-api-get-trades-id"
}

# ------------------------------------------------------------------------------
# Interfaces
# ------------------------------------------------------------------------------

resource "aws_wafv2_web_acl" "api" {
  name        = "ta-api-acl-dev"
  description = "Rules of AWS, and a limit for each address"
  scope       = "REGIONAL"

  tags = merge(local.common_tags, { Name = "ta-api-acl-dev" })

  default_action {
    allow {}
  }

  rule {
    name     = "AWSManagedRulesAmazonIpReputationList"
    priority = 0

    override_action {
      none {}
    }

    statement {
      managed_rule_group_statement {
        name        = "AWSManagedRulesAmazonIpReputationList"
        vendor_name = "AWS"
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "ta-api-acl-dev-AWSManagedRulesAmazonIpReputationList"
      sampled_requests_enabled   = false
    }
  }

  rule {
    name     = "rate"
    priority = 1

    action {
      block {
        custom_response {
          response_code = 429
        }
      }
    }

    statement {
      rate_based_statement {
        aggregate_key_type    = "IP"
        evaluation_window_sec = 300
        limit                 = 331100
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "ta-api-acl-dev-rate"
      sampled_requests_enabled   = false
    }
  }

  rule {
    name     = "AWSManagedRulesKnownBadInputsRuleSet"
    priority = 2

    override_action {
      none {}
    }

    statement {
      managed_rule_group_statement {
        name        = "AWSManagedRulesKnownBadInputsRuleSet"
        vendor_name = "AWS"
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "ta-api-acl-dev-AWSManagedRulesKnownBadInputsRuleSet"
      sampled_requests_enabled   = false
    }
  }

  rule {
    name     = "AWSManagedRulesCommonRuleSet"
    priority = 3

    override_action {
      none {}
    }

    statement {
      managed_rule_group_statement {
        name        = "AWSManagedRulesCommonRuleSet"
        vendor_name = "AWS"
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "ta-api-acl-dev-AWSManagedRulesCommonRuleSet"
      sampled_requests_enabled   = false
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "ta-api-acl-dev"
    sampled_requests_enabled   = false
  }
}

resource "aws_wafv2_web_acl_logging_configuration" "api" {
  log_destination_configs = [aws_cloudwatch_log_group.api_acl_log.arn]
  resource_arn            = aws_wafv2_web_acl.api.arn

  redacted_fields {
    single_header {
      name = "authorization"
    }
  }

  redacted_fields {
    single_header {
      name = "cookie"
    }
  }

  redacted_fields {
    single_header {
      name = "x-api-key"
    }
  }
}

resource "aws_api_gateway_account" "api" {
  cloudwatch_role_arn = aws_iam_role.api_account.arn

  depends_on = [aws_iam_role_policy.api_account_push]
}

resource "aws_api_gateway_deployment" "market" {
  description = "Replaced when anything that it holds changes"
  rest_api_id = aws_api_gateway_rest_api.market.id
  triggers = {
    everything = sha1(jsonencode([
      for item in[
        aws_api_gateway_request_validator.market,
        aws_api_gateway_authorizer.market_keys,
        aws_api_gateway_resource.market_path_trades,
        aws_api_gateway_method.market_post_trades,
        aws_api_gateway_integration.market_post_trades,
        aws_api_gateway_resource.market_path_trades_id,
        aws_api_gateway_method.market_get_trades_id,
        aws_api_gateway_integration.market_get_trades_id,
        aws_api_gateway_method.market_options_trades,
        aws_api_gateway_integration.market_options_trades,
        aws_api_gateway_method_response.market_options_trades,
        aws_api_gateway_integration_response.market_options_trades_answer,
        aws_api_gateway_method.market_options_trades_id,
        aws_api_gateway_integration.market_options_trades_id,
        aws_api_gateway_method_response.market_options_trades_id,
        aws_api_gateway_integration_response.market_options_trades_id_answer,
        aws_api_gateway_gateway_response.market_default_4xx,
        aws_api_gateway_gateway_response.market_default_5xx,
      ] : { for name, one in item : name => one if one != null && try(length(one), 1) > 0 }
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [
    aws_api_gateway_request_validator.market,
    aws_api_gateway_authorizer.market_keys,
    aws_api_gateway_resource.market_path_trades,
    aws_api_gateway_method.market_post_trades,
    aws_api_gateway_integration.market_post_trades,
    aws_api_gateway_resource.market_path_trades_id,
    aws_api_gateway_method.market_get_trades_id,
    aws_api_gateway_integration.market_get_trades_id,
    aws_api_gateway_method.market_options_trades,
    aws_api_gateway_integration.market_options_trades,
    aws_api_gateway_method_response.market_options_trades,
    aws_api_gateway_integration_response.market_options_trades_answer,
    aws_api_gateway_method.market_options_trades_id,
    aws_api_gateway_integration.market_options_trades_id,
    aws_api_gateway_method_response.market_options_trades_id,
    aws_api_gateway_integration_response.market_options_trades_id_answer,
    aws_api_gateway_gateway_response.market_default_4xx,
    aws_api_gateway_gateway_response.market_default_5xx,
  ]
}

resource "aws_api_gateway_stage" "market" {
  description          = "The stage of ta-market-api-dev"
  deployment_id        = aws_api_gateway_deployment.market.id
  rest_api_id          = aws_api_gateway_rest_api.market.id
  stage_name           = "v1"
  xray_tracing_enabled = false

  tags = merge(local.common_tags, { Name = "ta-market-api-dev" })

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.market_api_access.arn
    format = join("", [
      "{\"requestId\":\"$context.requestId\",\"extendedRequestId\":\"$context.extendedRequestId\",\"time\":",
      "\"$context.requestTime\",\"ip\":\"$context.identity.sourceIp\",\"apiKeyId\":\"$context.identity.apiKeyId\",",
      "\"principal\":\"$context.authorizer.principalId\",\"httpMethod\":\"$context.httpMethod\",\"resourcePath\":",
      "\"$context.resourcePath\",\"protocol\":\"$context.protocol\",\"status\":\"$context.status\",\"error\":",
      "\"$context.error.responseType\",\"waf\":\"$context.wafResponseCode\",\"responseLength\":",
      "\"$context.responseLength\",\"responseLatency\":\"$context.responseLatency\",\"integrationLatency\":",
      "\"$context.integrationLatency\"}",
    ])
  }

  depends_on = [aws_api_gateway_account.api, aws_cloudwatch_log_group.market_api_execution]
}

resource "aws_api_gateway_method_settings" "market" {
  method_path = "*/*"
  rest_api_id = aws_api_gateway_rest_api.market.id
  stage_name  = aws_api_gateway_stage.market.stage_name

  settings {
    data_trace_enabled = false
    logging_level      = "INFO"
    metrics_enabled    = true
  }
}

resource "aws_api_gateway_usage_plan" "market" {
  name        = "ta-market-api-dev"
  description = "1000 requests each second for each key"

  tags = merge(local.common_tags, { Name = "ta-market-api-dev" })

  api_stages {
    api_id = aws_api_gateway_rest_api.market.id
    stage  = aws_api_gateway_stage.market.stage_name
  }

  throttle_settings {
    burst_limit = 1000
    rate_limit  = 1000
  }
}

resource "aws_api_gateway_api_key" "market_client" {
  name        = "ta-market-api-client-dev"
  description = "Identifies client; AWS made the value"
  enabled     = true

  tags = merge(local.common_tags, { Name = "ta-market-api-client-dev" })
}

resource "aws_api_gateway_usage_plan_key" "market_client" {
  key_id        = aws_api_gateway_api_key.market_client.id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.market.id
}

resource "aws_api_gateway_usage_plan" "market_of_trial" {
  name        = "ta-market-api-trial-dev"
  description = "1 requests each second for each key"

  tags = merge(local.common_tags, { Name = "ta-market-api-trial-dev" })

  api_stages {
    api_id = aws_api_gateway_rest_api.market.id
    stage  = aws_api_gateway_stage.market.stage_name
  }

  throttle_settings {
    burst_limit = 1
    rate_limit  = 1
  }
}

resource "aws_api_gateway_api_key" "market_trial_client" {
  name        = "ta-market-api-trial-client-dev"
  description = "Identifies trial-client; AWS made the value"
  enabled     = true

  tags = merge(local.common_tags, { Name = "ta-market-api-trial-client-dev" })
}

resource "aws_api_gateway_usage_plan_key" "market_trial_client" {
  key_id        = aws_api_gateway_api_key.market_trial_client.id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.market_of_trial.id
}

resource "aws_api_gateway_rest_api" "market" {
  name                         = "ta-market-api-dev"
  description                  = "Takes market data in and hands analytics out"
  api_key_source               = "HEADER"
  disable_execute_api_endpoint = false

  tags = merge(local.common_tags, { Name = "ta-market-api-dev" })

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_request_validator" "market" {
  name                        = "body-and-parameters"
  rest_api_id                 = aws_api_gateway_rest_api.market.id
  validate_request_body       = true
  validate_request_parameters = true
}

resource "aws_api_gateway_authorizer" "market_keys" {
  name                             = "Keys"
  authorizer_result_ttl_in_seconds = 0
  authorizer_uri                   = aws_lambda_function.authorizer_fn.invoke_arn
  identity_source                  = "method.request.header.X-Api-Key"
  rest_api_id                      = aws_api_gateway_rest_api.market.id
  type                             = "REQUEST"
}

resource "aws_api_gateway_resource" "market_path_trades" {
  parent_id   = aws_api_gateway_rest_api.market.root_resource_id
  path_part   = "trades"
  rest_api_id = aws_api_gateway_rest_api.market.id
}

resource "aws_api_gateway_method" "market_post_trades" {
  api_key_required     = true
  authorization        = "CUSTOM"
  authorizer_id        = aws_api_gateway_authorizer.market_keys.id
  http_method          = "POST"
  request_validator_id = aws_api_gateway_request_validator.market.id
  resource_id          = aws_api_gateway_resource.market_path_trades.id
  rest_api_id          = aws_api_gateway_rest_api.market.id
}

resource "aws_api_gateway_integration" "market_post_trades" {
  http_method             = aws_api_gateway_method.market_post_trades.http_method
  integration_http_method = "POST"
  resource_id             = aws_api_gateway_method.market_post_trades.resource_id
  rest_api_id             = aws_api_gateway_rest_api.market.id
  type                    = "AWS_PROXY"
  uri                     = aws_lambda_function.ingest_fn.invoke_arn

  depends_on = [aws_lambda_permission.ingest_fn_market_api_post_trades]
}

resource "aws_api_gateway_resource" "market_path_trades_id" {
  parent_id   = aws_api_gateway_resource.market_path_trades.id
  path_part   = "{id}"
  rest_api_id = aws_api_gateway_rest_api.market.id
}

resource "aws_api_gateway_method" "market_get_trades_id" {
  api_key_required     = true
  authorization        = "CUSTOM"
  authorizer_id        = aws_api_gateway_authorizer.market_keys.id
  http_method          = "GET"
  request_validator_id = aws_api_gateway_request_validator.market.id
  resource_id          = aws_api_gateway_resource.market_path_trades_id.id
  rest_api_id          = aws_api_gateway_rest_api.market.id
}

resource "aws_api_gateway_integration" "market_get_trades_id" {
  http_method             = aws_api_gateway_method.market_get_trades_id.http_method
  integration_http_method = "POST"
  resource_id             = aws_api_gateway_method.market_get_trades_id.resource_id
  rest_api_id             = aws_api_gateway_rest_api.market.id
  type                    = "AWS_PROXY"
  uri                     = aws_lambda_function.reader_fn.invoke_arn

  depends_on = [aws_lambda_permission.reader_fn_market_api_get_trades_id]
}

resource "aws_api_gateway_method" "market_options_trades" {
  authorization = "NONE"
  http_method   = "OPTIONS"
  resource_id   = aws_api_gateway_resource.market_path_trades.id
  rest_api_id   = aws_api_gateway_rest_api.market.id
}

resource "aws_api_gateway_integration" "market_options_trades" {
  http_method       = aws_api_gateway_method.market_options_trades.http_method
  request_templates = { "application/json" = "{\"statusCode\": 204}" }
  resource_id       = aws_api_gateway_method.market_options_trades.resource_id
  rest_api_id       = aws_api_gateway_rest_api.market.id
  type              = "MOCK"
}

resource "aws_api_gateway_method_response" "market_options_trades" {
  http_method = aws_api_gateway_method.market_options_trades.http_method
  resource_id = aws_api_gateway_method.market_options_trades.resource_id
  rest_api_id = aws_api_gateway_rest_api.market.id
  status_code = "204"
  response_parameters = {
    "method.response.header.Access-Control-Allow-Headers" = true
    "method.response.header.Access-Control-Allow-Methods" = true
    "method.response.header.Access-Control-Allow-Origin"  = true
  }
}

resource "aws_api_gateway_integration_response" "market_options_trades_answer" {
  http_method = aws_api_gateway_method.market_options_trades.http_method
  resource_id = aws_api_gateway_method.market_options_trades.resource_id
  rest_api_id = aws_api_gateway_rest_api.market.id
  status_code = aws_api_gateway_method_response.market_options_trades.status_code
  response_parameters = {
    "method.response.header.Access-Control-Allow-Headers" = "'Authorization,Content-Type,X-Api-Key'"
    "method.response.header.Access-Control-Allow-Methods" = "'POST,OPTIONS'"
    "method.response.header.Access-Control-Allow-Origin"  = "'https://trading.example.com'"
  }

  depends_on = [aws_api_gateway_integration.market_options_trades]
}

resource "aws_api_gateway_method" "market_options_trades_id" {
  authorization = "NONE"
  http_method   = "OPTIONS"
  resource_id   = aws_api_gateway_resource.market_path_trades_id.id
  rest_api_id   = aws_api_gateway_rest_api.market.id
}

resource "aws_api_gateway_integration" "market_options_trades_id" {
  http_method       = aws_api_gateway_method.market_options_trades_id.http_method
  request_templates = { "application/json" = "{\"statusCode\": 204}" }
  resource_id       = aws_api_gateway_method.market_options_trades_id.resource_id
  rest_api_id       = aws_api_gateway_rest_api.market.id
  type              = "MOCK"
}

resource "aws_api_gateway_method_response" "market_options_trades_id" {
  http_method = aws_api_gateway_method.market_options_trades_id.http_method
  resource_id = aws_api_gateway_method.market_options_trades_id.resource_id
  rest_api_id = aws_api_gateway_rest_api.market.id
  status_code = "204"
  response_parameters = {
    "method.response.header.Access-Control-Allow-Headers" = true
    "method.response.header.Access-Control-Allow-Methods" = true
    "method.response.header.Access-Control-Allow-Origin"  = true
  }
}

resource "aws_api_gateway_integration_response" "market_options_trades_id_answer" {
  http_method = aws_api_gateway_method.market_options_trades_id.http_method
  resource_id = aws_api_gateway_method.market_options_trades_id.resource_id
  rest_api_id = aws_api_gateway_rest_api.market.id
  status_code = aws_api_gateway_method_response.market_options_trades_id.status_code
  response_parameters = {
    "method.response.header.Access-Control-Allow-Headers" = "'Authorization,Content-Type,X-Api-Key'"
    "method.response.header.Access-Control-Allow-Methods" = "'GET,OPTIONS'"
    "method.response.header.Access-Control-Allow-Origin"  = "'https://trading.example.com'"
  }

  depends_on = [aws_api_gateway_integration.market_options_trades_id]
}

resource "aws_api_gateway_gateway_response" "market_default_4xx" {
  response_parameters = { "gatewayresponse.header.Access-Control-Allow-Origin" = "'https://trading.example.com'" }
  response_templates  = { "application/json" = "{\"message\":$context.error.messageString}" }
  response_type       = "DEFAULT_4XX"
  rest_api_id         = aws_api_gateway_rest_api.market.id
}

resource "aws_api_gateway_gateway_response" "market_default_5xx" {
  response_parameters = { "gatewayresponse.header.Access-Control-Allow-Origin" = "'https://trading.example.com'" }
  response_templates  = { "application/json" = "{\"message\":$context.error.messageString}" }
  response_type       = "DEFAULT_5XX"
  rest_api_id         = aws_api_gateway_rest_api.market.id
}

resource "aws_wafv2_web_acl_association" "market_firewall" {
  resource_arn = aws_api_gateway_stage.market.arn
  web_acl_arn  = aws_wafv2_web_acl.api.arn
}

# ------------------------------------------------------------------------------
# Messages and events
# ------------------------------------------------------------------------------

resource "aws_sqs_queue" "dead_letters" {
  name                              = "ta-dead-letters-dev"
  kms_data_key_reuse_period_seconds = 300
  kms_master_key_id                 = aws_kms_key.lambda.arn
  message_retention_seconds         = 1209600

  tags = merge(local.common_tags, { Name = "ta-dead-letters-dev" })
}

resource "aws_sqs_queue_policy" "dead_letters" {
  queue_url = aws_sqs_queue.dead_letters.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = aws_sqs_queue.dead_letters.arn
        Condition = {
          Bool = { "aws:SecureTransport" = "false" }
        }
      },
    ]
  })
}

resource "aws_kinesis_firehose_delivery_stream" "logs" {
  name        = "ta-logs-stream-dev"
  destination = "extended_s3"

  tags = merge(local.common_tags, { Name = "ta-logs-stream-dev" })

  extended_s3_configuration {
    bucket_arn          = aws_s3_bucket.archive.arn
    buffering_interval  = 300
    buffering_size      = 5
    compression_format  = "GZIP"
    error_output_prefix = "logs-failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/"
    kms_key_arn         = aws_kms_key.s3.arn
    prefix              = "logs/!{timestamp:yyyy/MM/dd}/"
    role_arn            = aws_iam_role.logs_stream_delivery.arn

    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = aws_cloudwatch_log_group.delivery_log.name
      log_stream_name = aws_cloudwatch_log_stream.logs_errors.name
    }

    processing_configuration {
      enabled = true

      processors {
        type = "Decompression"

        parameters {
          parameter_name  = "CompressionFormat"
          parameter_value = "GZIP"
        }
      }
    }
  }

  server_side_encryption {
    enabled  = true
    key_arn  = aws_kms_key.logs.arn
    key_type = "CUSTOMER_MANAGED_CMK"
  }

  depends_on = [aws_iam_role_policy.logs_stream_delivery_logs_stream_deliver]
}

resource "aws_kinesis_firehose_delivery_stream" "critical" {
  name        = "ta-critical-stream-dev"
  destination = "extended_s3"

  tags = merge(local.common_tags, { Name = "ta-critical-stream-dev" })

  extended_s3_configuration {
    bucket_arn          = aws_s3_bucket.archive.arn
    buffering_interval  = 300
    buffering_size      = 5
    compression_format  = "GZIP"
    error_output_prefix = "critical-failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/"
    kms_key_arn         = aws_kms_key.s3.arn
    prefix              = "critical/!{timestamp:yyyy/MM/dd}/"
    role_arn            = aws_iam_role.critical_stream_delivery.arn

    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = aws_cloudwatch_log_group.delivery_log.name
      log_stream_name = aws_cloudwatch_log_stream.critical_errors.name
    }

    processing_configuration {
      enabled = true

      processors {
        type = "Decompression"

        parameters {
          parameter_name  = "CompressionFormat"
          parameter_value = "GZIP"
        }
      }
    }
  }

  server_side_encryption {
    enabled  = true
    key_arn  = aws_kms_key.logs.arn
    key_type = "CUSTOMER_MANAGED_CMK"
  }

  depends_on = [aws_iam_role_policy.critical_stream_delivery_critical_stream_deliver]
}

resource "aws_sns_topic" "critical" {
  name              = "ta-critical-topic-dev"
  kms_master_key_id = aws_kms_key.logs.arn

  tags = merge(local.common_tags, { Name = "ta-critical-topic-dev" })
}

resource "aws_sns_topic_policy" "critical" {
  arn = aws_sns_topic.critical.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AlarmsPublish"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.critical.arn
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
          ArnLike = {
            "aws:SourceArn" = "arn:aws:cloudwatch:us-east-1:${data.aws_caller_identity.current.account_id}:alarm:*"
          }
        }
      },
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.critical.arn
        Condition = {
          Bool = { "aws:SecureTransport" = "false" }
        }
      },
    ]
  })
}

# ------------------------------------------------------------------------------
# Logs
# ------------------------------------------------------------------------------

resource "aws_cloudwatch_log_group" "flow_logs" {
  name              = "ta-flow-logs-dev"
  kms_key_id        = aws_kms_key.logs.arn
  retention_in_days = 30

  tags = merge(local.common_tags, { Name = "ta-flow-logs-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "ledger_db_log" {
  name              = "/aws/rds/cluster/ta-ledger-db-dev/postgresql"
  kms_key_id        = aws_kms_key.logs.arn
  retention_in_days = 30

  tags = merge(local.common_tags, { Name = "/aws/rds/cluster/ta-ledger-db-dev/postgresql" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "authorizer_fn_log" {
  name              = "ta-authorizer-fn-log-dev"
  kms_key_id        = aws_kms_key.lambda.arn
  retention_in_days = 30

  tags = merge(local.common_tags, { Name = "ta-authorizer-fn-log-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "ingest_fn_log" {
  name              = "ta-ingest-fn-log-dev"
  kms_key_id        = aws_kms_key.lambda.arn
  retention_in_days = 30

  tags = merge(local.common_tags, { Name = "ta-ingest-fn-log-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "processor_fn_log" {
  name              = "ta-processor-fn-log-dev"
  kms_key_id        = aws_kms_key.lambda.arn
  retention_in_days = 30

  tags = merge(local.common_tags, { Name = "ta-processor-fn-log-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "reader_fn_log" {
  name              = "ta-reader-fn-log-dev"
  kms_key_id        = aws_kms_key.lambda.arn
  retention_in_days = 30

  tags = merge(local.common_tags, { Name = "ta-reader-fn-log-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "api_acl_log" {
  name              = "aws-waf-logs-ta-api-acl-dev"
  kms_key_id        = aws_kms_key.logs.arn
  retention_in_days = 30

  tags = merge(local.common_tags, { Name = "aws-waf-logs-ta-api-acl-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "market_api_access" {
  name              = "ta-market-api-access-dev"
  kms_key_id        = aws_kms_key.logs.arn
  retention_in_days = 30

  tags = merge(local.common_tags, { Name = "ta-market-api-access-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "market_api_execution" {
  name              = "API-Gateway-Execution-Logs_${aws_api_gateway_rest_api.market.id}/v1"
  kms_key_id        = aws_kms_key.logs.arn
  retention_in_days = 30

  tags = merge(local.common_tags, { Name = "API-Gateway-Execution-Logs_${aws_api_gateway_rest_api.market.id}/v1" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "delivery_log" {
  name              = "ta-delivery-log-dev"
  kms_key_id        = aws_kms_key.logs.arn
  retention_in_days = 30

  tags = merge(local.common_tags, { Name = "ta-delivery-log-dev" })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_cloudwatch_log_stream" "logs_errors" {
  name           = "ta-logs-stream-dev"
  log_group_name = aws_cloudwatch_log_group.delivery_log.name
}

resource "aws_cloudwatch_log_stream" "critical_errors" {
  name           = "ta-critical-stream-dev"
  log_group_name = aws_cloudwatch_log_group.delivery_log.name
}

resource "aws_cloudwatch_log_subscription_filter" "flow_archive" {
  name            = "ta-flow-archive-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.logs.arn
  filter_pattern  = ""
  log_group_name  = aws_cloudwatch_log_group.flow_logs.name
  role_arn        = aws_iam_role.logs_stream_logs.arn

  depends_on = [aws_iam_role_policy.logs_stream_logs_logs_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "flow_critical" {
  name            = "ta-flow-critical-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.critical.arn
  filter_pattern  = "?CRITICAL ?ERROR ?FATAL ?REJECT"
  log_group_name  = aws_cloudwatch_log_group.flow_logs.name
  role_arn        = aws_iam_role.critical_stream_logs.arn

  depends_on = [aws_iam_role_policy.critical_stream_logs_critical_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "database_archive" {
  name            = "ta-database-archive-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.logs.arn
  filter_pattern  = ""
  log_group_name  = aws_cloudwatch_log_group.ledger_db_log.name
  role_arn        = aws_iam_role.logs_stream_logs.arn

  depends_on = [aws_iam_role_policy.logs_stream_logs_logs_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "database_critical" {
  name            = "ta-database-critical-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.critical.arn
  filter_pattern  = "?CRITICAL ?ERROR ?FATAL ?REJECT"
  log_group_name  = aws_cloudwatch_log_group.ledger_db_log.name
  role_arn        = aws_iam_role.critical_stream_logs.arn

  depends_on = [aws_iam_role_policy.critical_stream_logs_critical_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "firewall_archive" {
  name            = "ta-firewall-archive-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.logs.arn
  filter_pattern  = ""
  log_group_name  = aws_cloudwatch_log_group.api_acl_log.name
  role_arn        = aws_iam_role.logs_stream_logs.arn

  depends_on = [aws_iam_role_policy.logs_stream_logs_logs_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "firewall_critical" {
  name            = "ta-firewall-critical-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.critical.arn
  filter_pattern  = "?CRITICAL ?ERROR ?FATAL ?REJECT"
  log_group_name  = aws_cloudwatch_log_group.api_acl_log.name
  role_arn        = aws_iam_role.critical_stream_logs.arn

  depends_on = [aws_iam_role_policy.critical_stream_logs_critical_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "access_archive" {
  name            = "ta-access-archive-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.logs.arn
  filter_pattern  = ""
  log_group_name  = aws_cloudwatch_log_group.market_api_access.name
  role_arn        = aws_iam_role.logs_stream_logs.arn

  depends_on = [aws_iam_role_policy.logs_stream_logs_logs_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "access_critical" {
  name            = "ta-access-critical-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.critical.arn
  filter_pattern  = "?CRITICAL ?ERROR ?FATAL ?REJECT"
  log_group_name  = aws_cloudwatch_log_group.market_api_access.name
  role_arn        = aws_iam_role.critical_stream_logs.arn

  depends_on = [aws_iam_role_policy.critical_stream_logs_critical_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "execution_archive" {
  name            = "ta-execution-archive-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.logs.arn
  filter_pattern  = ""
  log_group_name  = aws_cloudwatch_log_group.market_api_execution.name
  role_arn        = aws_iam_role.logs_stream_logs.arn

  depends_on = [aws_iam_role_policy.logs_stream_logs_logs_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "execution_critical" {
  name            = "ta-execution-critical-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.critical.arn
  filter_pattern  = "?CRITICAL ?ERROR ?FATAL ?REJECT"
  log_group_name  = aws_cloudwatch_log_group.market_api_execution.name
  role_arn        = aws_iam_role.critical_stream_logs.arn

  depends_on = [aws_iam_role_policy.critical_stream_logs_critical_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "delivery_archive" {
  name            = "ta-delivery-archive-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.logs.arn
  filter_pattern  = ""
  log_group_name  = aws_cloudwatch_log_group.delivery_log.name
  role_arn        = aws_iam_role.logs_stream_logs.arn

  depends_on = [aws_iam_role_policy.logs_stream_logs_logs_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "delivery_critical" {
  name            = "ta-delivery-critical-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.critical.arn
  filter_pattern  = "?CRITICAL ?ERROR ?FATAL ?REJECT"
  log_group_name  = aws_cloudwatch_log_group.delivery_log.name
  role_arn        = aws_iam_role.critical_stream_logs.arn

  depends_on = [aws_iam_role_policy.critical_stream_logs_critical_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "authorizer_archive" {
  name            = "ta-authorizer-archive-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.logs.arn
  filter_pattern  = ""
  log_group_name  = aws_cloudwatch_log_group.authorizer_fn_log.name
  role_arn        = aws_iam_role.logs_stream_logs.arn

  depends_on = [aws_iam_role_policy.logs_stream_logs_logs_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "authorizer_critical" {
  name            = "ta-authorizer-critical-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.critical.arn
  filter_pattern  = "?CRITICAL ?ERROR ?FATAL ?REJECT"
  log_group_name  = aws_cloudwatch_log_group.authorizer_fn_log.name
  role_arn        = aws_iam_role.critical_stream_logs.arn

  depends_on = [aws_iam_role_policy.critical_stream_logs_critical_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "ingest_archive" {
  name            = "ta-ingest-archive-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.logs.arn
  filter_pattern  = ""
  log_group_name  = aws_cloudwatch_log_group.ingest_fn_log.name
  role_arn        = aws_iam_role.logs_stream_logs.arn

  depends_on = [aws_iam_role_policy.logs_stream_logs_logs_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "ingest_critical" {
  name            = "ta-ingest-critical-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.critical.arn
  filter_pattern  = "?CRITICAL ?ERROR ?FATAL ?REJECT"
  log_group_name  = aws_cloudwatch_log_group.ingest_fn_log.name
  role_arn        = aws_iam_role.critical_stream_logs.arn

  depends_on = [aws_iam_role_policy.critical_stream_logs_critical_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "processor_archive" {
  name            = "ta-processor-archive-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.logs.arn
  filter_pattern  = ""
  log_group_name  = aws_cloudwatch_log_group.processor_fn_log.name
  role_arn        = aws_iam_role.logs_stream_logs.arn

  depends_on = [aws_iam_role_policy.logs_stream_logs_logs_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "processor_critical" {
  name            = "ta-processor-critical-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.critical.arn
  filter_pattern  = "?CRITICAL ?ERROR ?FATAL ?REJECT"
  log_group_name  = aws_cloudwatch_log_group.processor_fn_log.name
  role_arn        = aws_iam_role.critical_stream_logs.arn

  depends_on = [aws_iam_role_policy.critical_stream_logs_critical_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "reader_archive" {
  name            = "ta-reader-archive-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.logs.arn
  filter_pattern  = ""
  log_group_name  = aws_cloudwatch_log_group.reader_fn_log.name
  role_arn        = aws_iam_role.logs_stream_logs.arn

  depends_on = [aws_iam_role_policy.logs_stream_logs_logs_stream_put]
}

resource "aws_cloudwatch_log_subscription_filter" "reader_critical" {
  name            = "ta-reader-critical-filter-dev"
  destination_arn = aws_kinesis_firehose_delivery_stream.critical.arn
  filter_pattern  = "?CRITICAL ?ERROR ?FATAL ?REJECT"
  log_group_name  = aws_cloudwatch_log_group.reader_fn_log.name
  role_arn        = aws_iam_role.critical_stream_logs.arn

  depends_on = [aws_iam_role_policy.critical_stream_logs_critical_stream_put]
}

resource "aws_cloudwatch_log_metric_filter" "critical_metric" {
  name           = "ta-critical-metric-dev"
  log_group_name = aws_cloudwatch_log_group.processor_fn_log.name
  pattern        = "?CRITICAL ?ERROR ?FATAL ?REJECT"

  metric_transformation {
    name          = "ta-critical-metric-dev"
    default_value = "0"
    namespace     = "ta-dev"
    unit          = "Count"
    value         = "1"
  }
}

# ------------------------------------------------------------------------------
# Alarms
# ------------------------------------------------------------------------------

resource "aws_cloudwatch_metric_alarm" "critical" {
  alarm_actions       = [aws_sns_topic.critical.arn]
  alarm_description   = "The processor failed: look at `critical/` in the archive"
  alarm_name          = "ta-critical-alarm-dev"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  evaluation_periods  = 1
  metric_name         = "ta-critical-metric-dev"
  namespace           = "ta-dev"
  period              = 60
  statistic           = "Sum"
  threshold           = 1
  treat_missing_data  = "notBreaching"

  tags = merge(local.common_tags, { Name = "ta-critical-alarm-dev" })

  depends_on = [aws_sns_topic_policy.critical]
}

# ------------------------------------------------------------------------------
# Configuration and compliance
# ------------------------------------------------------------------------------

resource "aws_config_configuration_recorder" "config" {
  name     = "ta-config-recorder-dev"
  role_arn = aws_iam_service_linked_role.config.arn

  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }
}

resource "aws_config_delivery_channel" "config" {
  name           = "ta-config-recorder-dev"
  s3_bucket_name = aws_s3_bucket.config.id
  s3_kms_key_arn = aws_kms_key.s3.arn

  snapshot_delivery_properties {
    delivery_frequency = "Six_Hours"
  }

  depends_on = [aws_config_configuration_recorder.config, aws_s3_bucket_policy.config]
}

resource "aws_config_configuration_recorder_status" "config" {
  name       = aws_config_configuration_recorder.config.name
  is_enabled = true

  depends_on = [aws_config_delivery_channel.config]
}

resource "aws_config_config_rule" "database_encryption" {
  name = "ta-database-encryption-rule-dev"

  tags = merge(local.common_tags, { Name = "ta-database-encryption-rule-dev" })

  scope {
    compliance_resource_types = ["AWS::RDS::DBCluster"]
  }

  source {
    owner             = "AWS"
    source_identifier = "RDS_CLUSTER_ENCRYPTED_AT_REST"
  }

  depends_on = [aws_config_configuration_recorder_status.config]
}

resource "aws_config_config_rule" "storage_encryption" {
  name = "ta-storage-encryption-rule-dev"

  tags = merge(local.common_tags, { Name = "ta-storage-encryption-rule-dev" })

  scope {
    compliance_resource_types = ["AWS::RDS::DBInstance"]
  }

  source {
    owner             = "AWS"
    source_identifier = "RDS_STORAGE_ENCRYPTED"
  }

  depends_on = [aws_config_configuration_recorder_status.config]
}

resource "aws_config_config_rule" "volume_encryption" {
  name = "ta-volume-encryption-rule-dev"

  tags = merge(local.common_tags, { Name = "ta-volume-encryption-rule-dev" })

  scope {
    compliance_resource_types = ["AWS::EC2::Volume"]
  }

  source {
    owner             = "AWS"
    source_identifier = "ENCRYPTED_VOLUMES"
  }

  depends_on = [aws_config_configuration_recorder_status.config]
}

resource "aws_config_config_rule" "s3_encryption" {
  name = "ta-s3-encryption-rule-dev"

  tags = merge(local.common_tags, { Name = "ta-s3-encryption-rule-dev" })

  scope {
    compliance_resource_types = ["AWS::S3::Bucket"]
  }

  source {
    owner             = "AWS"
    source_identifier = "S3_DEFAULT_ENCRYPTION_KMS"
  }

  depends_on = [aws_config_configuration_recorder_status.config]
}

resource "aws_config_config_rule" "s3_logging" {
  name = "ta-s3-logging-rule-dev"

  tags = merge(local.common_tags, { Name = "ta-s3-logging-rule-dev" })

  scope {
    compliance_resource_types = ["AWS::S3::Bucket"]
  }

  source {
    owner             = "AWS"
    source_identifier = "S3_BUCKET_LOGGING_ENABLED"
  }

  depends_on = [aws_config_configuration_recorder_status.config]
}

resource "aws_config_config_rule" "s3_public_write" {
  name = "ta-s3-public-write-rule-dev"

  tags = merge(local.common_tags, { Name = "ta-s3-public-write-rule-dev" })

  scope {
    compliance_resource_types = ["AWS::S3::Bucket"]
  }

  source {
    owner             = "AWS"
    source_identifier = "S3_BUCKET_PUBLIC_WRITE_PROHIBITED"
  }

  depends_on = [aws_config_configuration_recorder_status.config]
}

resource "aws_config_config_rule" "flow_logs" {
  name = "ta-flow-logs-rule-dev"

  tags = merge(local.common_tags, { Name = "ta-flow-logs-rule-dev" })

  scope {
    compliance_resource_types = ["AWS::EC2::VPC"]
  }

  source {
    owner             = "AWS"
    source_identifier = "VPC_FLOW_LOGS_ENABLED"
  }

  depends_on = [aws_config_configuration_recorder_status.config]
}

resource "aws_config_config_rule" "log_retention" {
  name                        = "ta-log-retention-rule-dev"
  input_parameters            = "{\"MinRetentionTime\": \"30\"}"
  maximum_execution_frequency = "TwentyFour_Hours"

  tags = merge(local.common_tags, { Name = "ta-log-retention-rule-dev" })

  source {
    owner             = "AWS"
    source_identifier = "CW_LOGGROUP_RETENTION_PERIOD_CHECK"
  }

  depends_on = [aws_config_configuration_recorder_status.config]
}

resource "aws_config_config_rule" "tags" {
  name = "ta-tags-rule-dev"
  input_parameters = join("", [
    "{\"tag1Key\": \"Environment\", \"tag2Key\": \"CostCenter\", \"tag3Key\": \"Compliance\", \"tag4Key\": ",
    "\"DataClassification\"}",
  ])

  tags = merge(local.common_tags, { Name = "ta-tags-rule-dev" })

  scope {
    compliance_resource_types = ["AWS::DynamoDB::Table", "AWS::RDS::DBInstance", "AWS::S3::Bucket"]
  }

  source {
    owner             = "AWS"
    source_identifier = "REQUIRED_TAGS"
  }

  depends_on = [aws_config_configuration_recorder_status.config]
}

# ------------------------------------------------------------------------------
# Outputs
# ------------------------------------------------------------------------------

output "account_id" {
  value = data.aws_caller_identity.current.account_id
}

output "analytics_bucket_arn" {
  value = aws_s3_bucket.analytics.arn
}

output "analytics_bucket_name" {
  value = aws_s3_bucket.analytics.id
}

output "api_keys_table_arn" {
  value = aws_dynamodb_table.api_keys.arn
}

output "api_url" {
  value = aws_api_gateway_stage.market.invoke_url
}

output "archive_bucket_arn" {
  value = aws_s3_bucket.archive.arn
}

output "archive_bucket_name" {
  value = aws_s3_bucket.archive.id
}

output "auditor_role_arn" {
  value = aws_iam_role.auditor.arn
}

output "authorizer_role_arn" {
  value = aws_iam_role.authorizer_fn.arn
}

output "config_bucket_arn" {
  value = aws_s3_bucket.config.arn
}

output "config_bucket_name" {
  value = aws_s3_bucket.config.id
}

output "config_recorder_name" {
  value = aws_config_configuration_recorder.config.name
}

output "critical_alarm_name" {
  value = aws_cloudwatch_metric_alarm.critical.alarm_name
}

output "critical_delivery_role_arn" {
  value = aws_iam_role.critical_stream_delivery.arn
}

output "database_arn" {
  value = aws_rds_cluster.ledger_db.arn
}

output "database_encryption_rule_arn" {
  value = aws_config_config_rule.database_encryption.arn
}

output "database_endpoint" {
  value = aws_rds_cluster.ledger_db.endpoint
}

output "database_key_arn" {
  value = aws_kms_key.database.arn
}

output "database_secret_arn" {
  value = aws_rds_cluster.ledger_db.master_user_secret[0].secret_arn
}

output "dead_letters_url" {
  value = aws_sqs_queue.dead_letters.url
}

output "dynamodb_key_arn" {
  value = aws_kms_key.dynamodb.arn
}

output "environment" {
  value = "dev"
}

output "flow_logs_rule_arn" {
  value = aws_config_config_rule.flow_logs.arn
}

output "ingest_role_arn" {
  value = aws_iam_role.ingest_fn.arn
}

output "ingestion_bucket_arn" {
  value = aws_s3_bucket.ingestion.arn
}

output "ingestion_bucket_name" {
  value = aws_s3_bucket.ingestion.id
}

output "key_issuer_role_arn" {
  value = aws_iam_role.key_issuer.arn
}

output "lambda_key_arn" {
  value = aws_kms_key.lambda.arn
}

output "log_retention_rule_arn" {
  value = aws_config_config_rule.log_retention.arn
}

output "logs_delivery_role_arn" {
  value = aws_iam_role.logs_stream_delivery.arn
}

output "logs_key_arn" {
  value = aws_kms_key.logs.arn
}

output "processor_role_arn" {
  value = aws_iam_role.processor_fn.arn
}

output "reader_role_arn" {
  value = aws_iam_role.reader_fn.arn
}

output "region" {
  value = "us-east-1"
}

output "s3_encryption_rule_arn" {
  value = aws_config_config_rule.s3_encryption.arn
}

output "s3_key_arn" {
  value = aws_kms_key.s3.arn
}

output "s3_logging_rule_arn" {
  value = aws_config_config_rule.s3_logging.arn
}

output "s3_public_write_rule_arn" {
  value = aws_config_config_rule.s3_public_write.arn
}

output "secrets_key_arn" {
  value = aws_kms_key.secrets.arn
}

output "sessions_table_arn" {
  value = aws_dynamodb_table.sessions.arn
}

output "storage_encryption_rule_arn" {
  value = aws_config_config_rule.storage_encryption.arn
}

output "tags_rule_arn" {
  value = aws_config_config_rule.tags.arn
}

output "volume_encryption_rule_arn" {
  value = aws_config_config_rule.volume_encryption.arn
}

output "vpc_id" {
  value = aws_vpc.main.id
}
