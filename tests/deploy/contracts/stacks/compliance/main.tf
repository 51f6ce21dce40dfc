# AWS Config from the recorder to the remediation, and settings of the account.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "step" {
  type    = number
  default = 1
}

provider "aws" {
  region = "us-east-1"
  default_tags {
    tags = { Environment = "test", Owner = "contracts", Purpose = "step-${var.step}" }
  }
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

resource "aws_s3_bucket" "main" {
  bucket        = "compliance-${data.aws_caller_identity.current.account_id}"
  force_destroy = true
}

resource "aws_sns_topic" "main" { name = "config" }

resource "aws_iam_service_linked_role" "config" { aws_service_name = "config.amazonaws.com" }

# --- recorder, channel, status, rules -------------------------------------------------------
resource "aws_config_configuration_recorder" "main" {
  name     = "default"
  role_arn = aws_iam_service_linked_role.config.arn
  recording_group {
    all_supported                 = var.step == 1
    include_global_resource_types = var.step == 1
    resource_types                = var.step == 1 ? null : ["AWS::S3::Bucket", "AWS::IAM::User"]
    recording_strategy {
      use_only = var.step == 1 ? "ALL_SUPPORTED_RESOURCE_TYPES" : "INCLUSION_BY_RESOURCE_TYPES"
    }
  }
  recording_mode {
    recording_frequency = var.step == 1 ? "CONTINUOUS" : "DAILY"
  }
}

resource "aws_config_delivery_channel" "main" {
  name           = "default"
  s3_bucket_name = aws_s3_bucket.main.bucket
  sns_topic_arn  = aws_sns_topic.main.arn
  snapshot_delivery_properties {
    delivery_frequency = var.step == 1 ? "Six_Hours" : "One_Hour"
  }
  depends_on = [aws_config_configuration_recorder.main]
}

resource "aws_config_configuration_recorder_status" "main" {
  name       = aws_config_configuration_recorder.main.name
  is_enabled = true
  depends_on = [aws_config_delivery_channel.main]
}

resource "aws_config_retention_configuration" "main" { retention_period_in_days = 2555 + var.step }

locals {
  rules = {
    s3-encryption = { id = "S3_DEFAULT_ENCRYPTION_KMS", parameters = null, types = ["AWS::S3::Bucket"], frequency = null }
    passwords     = { id = "IAM_PASSWORD_POLICY", parameters = { MinimumPasswordLength = "14" }, types = null, frequency = "TwentyFour_Hours" }
    access-keys   = { id = "ACCESS_KEYS_ROTATED", parameters = { maxAccessKeyAge = "90" }, types = null, frequency = "TwentyFour_Hours" }
  }
}

resource "aws_config_config_rule" "managed" {
  for_each                    = local.rules
  name                        = each.key
  description                 = "Step ${var.step}"
  input_parameters            = each.value.parameters == null ? null : jsonencode(each.value.parameters)
  maximum_execution_frequency = each.value.frequency
  source {
    owner             = "AWS"
    source_identifier = each.value.id
  }
  dynamic "scope" {
    for_each = each.value.types == null ? [] : [each.value.types]
    content { compliance_resource_types = scope.value }
  }
  depends_on = [aws_config_configuration_recorder_status.main]
}

resource "aws_config_config_rule" "guard" {
  name = "guard"
  source {
    owner = "CUSTOM_POLICY"
    source_detail { message_type = "ConfigurationItemChangeNotification" }
    custom_policy_details {
      policy_runtime            = "guard-2.x.x"
      policy_text               = "rule named when resourceType == \"AWS::S3::Bucket\" { configuration.name exists }"
      enable_debug_log_delivery = var.step == 2
    }
  }
  depends_on = [aws_config_configuration_recorder_status.main]
}

resource "aws_config_organization_managed_rule" "main" {
  name            = "everywhere"
  description     = "Step ${var.step}"
  rule_identifier = "IAM_PASSWORD_POLICY"
  depends_on      = [aws_config_configuration_recorder_status.main, aws_organizations_organization.main]
}

resource "aws_organizations_organization" "main" {
  aws_service_access_principals = slice(["config-multiaccountsetup.amazonaws.com", "config.amazonaws.com"], 0, var.step)
}

# --- remediation ----------------------------------------------------------------------------
resource "aws_iam_role" "remediate" {
  name = "remediate"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "ssm.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_ssm_document" "encrypt" {
  name            = "EncryptBucket"
  document_type   = "Automation"
  document_format = "YAML"
  content         = <<-YAML
    schemaVersion: '0.3'
    description: step ${var.step}
    assumeRole: '{{ AutomationAssumeRole }}'
    parameters:
      AutomationAssumeRole: { type: String }
      BucketName: { type: String }
    mainSteps:
      - name: encrypt
        action: aws:executeAwsApi
        inputs:
          Service: s3
          Api: PutBucketEncryption
          Bucket: '{{ BucketName }}'
          ServerSideEncryptionConfiguration:
            Rules:
              - ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' }
  YAML
}

resource "aws_config_remediation_configuration" "main" {
  config_rule_name           = aws_config_config_rule.managed["s3-encryption"].name
  resource_type              = "AWS::S3::Bucket"
  target_type                = "SSM_DOCUMENT"
  target_id                  = aws_ssm_document.encrypt.name
  target_version             = "1"
  automatic                  = true
  maximum_automatic_attempts = 3 + var.step
  retry_attempt_seconds      = 60
  parameter {
    name         = "AutomationAssumeRole"
    static_value = aws_iam_role.remediate.arn
  }
  parameter {
    name           = "BucketName"
    resource_value = "RESOURCE_ID"
  }
  execution_controls {
    ssm_controls {
      concurrent_execution_rate_percentage = 25
      error_percentage                     = 20
    }
  }
}

# --- settings of the account ----------------------------------------------------------------
resource "aws_iam_account_password_policy" "main" {
  minimum_password_length        = 14 + var.step
  require_lowercase_characters   = true
  require_numbers                = true
  require_symbols                = true
  require_uppercase_characters   = true
  allow_users_to_change_password = true
  max_password_age               = 90
  password_reuse_prevention      = 24
}

resource "aws_ssm_service_setting" "sharing" {
  setting_id    = "arn:${data.aws_partition.current.partition}:ssm:us-east-1:${data.aws_caller_identity.current.account_id}:servicesetting/ssm/documents/console/public-sharing-permission"
  setting_value = var.step == 1 ? "Disable" : "Enable"
}

resource "aws_ebs_encryption_by_default" "main" { enabled = true }

resource "aws_s3_account_public_access_block" "main" {
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = var.step == 2
}
