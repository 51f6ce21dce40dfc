# Account-wide services, and the parts of S3, KMS and Secrets Manager that cross regions.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "step" {
  type    = number
  default = 1
}

locals {
  tags = { Environment = "test", Owner = "contracts", Purpose = "step-${var.step}" }
}

provider "aws" {
  region = "us-east-1"
  default_tags { tags = local.tags }
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
  default_tags { tags = local.tags }
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

# --- analysis and standards -----------------------------------------------------------------
resource "aws_accessanalyzer_analyzer" "main" {
  analyzer_name = "contract"
  type          = "ACCOUNT"
}

resource "aws_accessanalyzer_archive_rule" "main" {
  analyzer_name = aws_accessanalyzer_analyzer.main.analyzer_name
  rule_name     = "expected"
  filter {
    criteria = "isPublic"
    eq       = [var.step == 1 ? "false" : "true"]
  }
}

resource "aws_securityhub_account" "main" {
  enable_default_standards = false
  auto_enable_controls     = var.step == 1
}

resource "aws_securityhub_standards_subscription" "main" {
  standards_arn = "arn:${data.aws_partition.current.partition}:securityhub:us-east-1::standards/aws-foundational-security-best-practices/v/1.0.0"
  depends_on    = [aws_securityhub_account.main]
}

# --- roles, users, devices ------------------------------------------------------------------
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["config.amazonaws.com", "s3.amazonaws.com", "lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "main" {
  name               = "contract"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "main" {
  role       = aws_iam_role.main.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWS_ConfigRole"
}

resource "aws_iam_virtual_mfa_device" "main" {
  virtual_mfa_device_name = "contract"
}

# --- Config ---------------------------------------------------------------------------------
resource "aws_s3_bucket" "source" {
  bucket        = "contract-source-${data.aws_caller_identity.current.account_id}"
  force_destroy = true
}

resource "aws_config_configuration_recorder" "main" {
  name     = "contract"
  role_arn = aws_iam_role.main.arn
  recording_group {
    all_supported                 = true
    include_global_resource_types = var.step == 1
  }
}

resource "aws_config_delivery_channel" "main" {
  name           = "contract"
  s3_bucket_name = aws_s3_bucket.source.bucket
  s3_key_prefix  = "step-${var.step}"
  depends_on     = [aws_config_configuration_recorder.main]
}

resource "aws_config_configuration_recorder_status" "main" {
  name       = aws_config_configuration_recorder.main.name
  is_enabled = true
  depends_on = [aws_config_delivery_channel.main]
}

resource "aws_config_conformance_pack" "main" {
  name          = "contract"
  template_body = <<-YAML
    Parameters:
      Days:
        Type: String
    Resources:
      Rule:
        Type: AWS::Config::ConfigRule
        Properties:
          ConfigRuleName: iam-password-policy
          Source: { Owner: AWS, SourceIdentifier: IAM_PASSWORD_POLICY }
  YAML
  input_parameter {
    parameter_name  = "Days"
    parameter_value = tostring(90 * var.step)
  }
  depends_on = [aws_config_configuration_recorder_status.main]
}

# --- replication ----------------------------------------------------------------------------
resource "aws_kms_key" "primary" {
  description             = "primary"
  multi_region            = true
  deletion_window_in_days = 7
}

resource "aws_kms_replica_key" "west" {
  provider                = aws.west
  description             = "replica, step ${var.step}"
  primary_key_arn         = aws_kms_key.primary.arn
  deletion_window_in_days = 7
}

resource "aws_s3_bucket" "target" {
  provider      = aws.west
  bucket        = "contract-target-${data.aws_caller_identity.current.account_id}"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "source" {
  bucket = aws_s3_bucket.source.id
  versioning_configuration { status = "Enabled" }
}

resource "aws_s3_bucket_versioning" "target" {
  provider = aws.west
  bucket   = aws_s3_bucket.target.id
  versioning_configuration { status = "Enabled" }
}

resource "aws_s3_bucket_replication_configuration" "main" {
  bucket = aws_s3_bucket.source.id
  role   = aws_iam_role.main.arn
  rule {
    id       = "all"
    status   = "Enabled"
    priority = var.step
    filter {}
    delete_marker_replication { status = "Enabled" }
    source_selection_criteria {
      sse_kms_encrypted_objects { status = "Enabled" }
    }
    destination {
      bucket        = aws_s3_bucket.target.arn
      storage_class = "STANDARD"
      encryption_configuration { replica_kms_key_id = aws_kms_replica_key.west.arn }
    }
  }
  depends_on = [aws_s3_bucket_versioning.source, aws_s3_bucket_versioning.target]
}

resource "aws_secretsmanager_secret" "main" {
  name                    = "contract"
  description             = "step ${var.step}"
  kms_key_id              = aws_kms_key.primary.arn
  recovery_window_in_days = 0
  replica {
    region     = "us-west-2"
    kms_key_id = aws_kms_replica_key.west.arn
  }
}

resource "aws_secretsmanager_secret_version" "main" {
  secret_id     = aws_secretsmanager_secret.main.id
  secret_string = jsonencode({ user = "contract" })
}

resource "aws_s3_object" "code" {
  bucket         = aws_s3_bucket.source.id
  key            = "rotate.zip" # index.py: def handler(event, context): return event
  content_base64 = "UEsDBBQAAAAAAAAAIVy0CHBpLgAAAC4AAAAIAAAAaW5kZXgucHlkZWYgaGFuZGxlcihldmVudCwgY29udGV4dCk6CiAgICByZXR1cm4gZXZlbnQKUEsBAhQDFAAAAAAAAAAhXLQIcGkuAAAALgAAAAgAAAAAAAAAAAAAAIABAAAAAGluZGV4LnB5UEsFBgAAAAABAAEANgAAAFQAAAAAAA=="
}

resource "aws_lambda_function" "rotate" {
  function_name = "contract-rotate"
  description   = "step ${var.step}"
  role          = aws_iam_role.main.arn
  runtime       = "python3.13"
  handler       = "index.handler"
  architectures = ["arm64"]
  s3_bucket     = aws_s3_object.code.bucket
  s3_key        = aws_s3_object.code.key
}

resource "aws_lambda_permission" "rotate" {
  statement_id   = "SecretsManager"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.rotate.function_name
  principal      = "secretsmanager.amazonaws.com"
  source_account = data.aws_caller_identity.current.account_id
}

resource "aws_lambda_permission" "notify" {
  statement_id   = "S3"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.rotate.function_name
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.source.arn
  source_account = data.aws_caller_identity.current.account_id
}

resource "aws_s3_bucket_notification" "main" {
  bucket = aws_s3_bucket.source.id
  lambda_function {
    lambda_function_arn = aws_lambda_function.rotate.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "step-${var.step}/"
  }
  depends_on = [aws_lambda_permission.notify]
}

resource "aws_secretsmanager_secret_rotation" "main" {
  secret_id           = aws_secretsmanager_secret.main.id
  rotation_lambda_arn = aws_lambda_function.rotate.arn
  rotate_immediately  = false
  rotation_rules {
    automatically_after_days = 29 + var.step
  }
  depends_on = [aws_secretsmanager_secret_version.main, aws_lambda_permission.rotate]
}
