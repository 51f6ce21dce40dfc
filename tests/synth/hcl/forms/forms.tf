# Stack `Forms`, as `revet export hcl` wrote it. Change the program that defines
# it and export again: what is changed here is lost then.
#
# It plans what the synthesized JSON plans, under other addresses. So it needs a
# state of its own: on the state of the JSON it would replace everything.
#
# Left out: `moved` and `removed`, which mean nothing without the state of the
# JSON.

# ------------------------------------------------------------------------------
# Terraform and provider
# ------------------------------------------------------------------------------

terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }

  backend "local" {
    path = "terraform.tfstate"
  }
}

provider "aws" {
  region = "eu-central-1"

  default_tags {
    tags = local.common_tags
  }
}

provider "aws" {
  alias  = "replica"
  region = "eu-west-1"

  assume_role {
    role_arn = local.role
  }
}

# ------------------------------------------------------------------------------
# Variables
# ------------------------------------------------------------------------------

variable "owner" {
  description = "Who answers for the stack."
  type        = string
  default     = "\u0024$${nobody} $${nobody}"

  validation {
    condition     = length(var.owner) > 0
    error_message = "Name somebody."
  }
}

variable "ports" {
  description = <<-EOT
    Ports that are open, by the name of what listens there; a long description is set in
    lines, since a file of Terraform is read by people.
  EOT
  type = map(object({
    from = number
    to   = optional(number)
  }))
  default = {
    https = { from = 443 }
  }
  nullable = false
}

# ------------------------------------------------------------------------------
# Values used throughout
# ------------------------------------------------------------------------------

locals {
  common_tags = {
    Owner = var.owner
    Stage = "dev"
  }
  role = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/replica"
}

# ------------------------------------------------------------------------------
# What is looked up
# ------------------------------------------------------------------------------

data "aws_caller_identity" "current" {}

data "aws_region" "current" {
  provider = aws.replica
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

# ------------------------------------------------------------------------------
# Encryption keys
# ------------------------------------------------------------------------------

resource "aws_kms_key" "data" {
  description = "Data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Root"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
    ]
  })

  tags = merge(local.common_tags, { Name = "data" })
}

# ------------------------------------------------------------------------------
# Security groups
# ------------------------------------------------------------------------------

resource "aws_security_group" "web" {
  for_each = toset(["a", "b"])

  name        = "web-${each.key}"
  description = "Web"
  egress      = []
  ingress = [
    {
      cidr_blocks      = ["10.0.0.0/8"]
      description      = "HTTPS"
      from_port        = 443
      ipv6_cidr_blocks = []
      prefix_list_ids  = []
      protocol         = "tcp"
      security_groups  = []
      self             = false
      to_port          = 443
    },
  ]

  timeouts {
    create = "5m"
  }
}

# ------------------------------------------------------------------------------
# Storage
# ------------------------------------------------------------------------------

resource "aws_s3_bucket" "logs" {
  provider = aws.replica

  bucket = "forms-${data.aws_caller_identity.current.account_id}"

  tags = local.common_tags

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [tags["Name"], acl]
    replace_triggered_by  = [aws_kms_key.data.id, terraform_data.run]

    precondition {
      condition     = var.owner != ""
      error_message = "Nobody answers for it."
    }
  }

  depends_on = [aws_kms_key.data, data.aws_region.current]
}

resource "aws_s3_bucket" "my-own-name" {
  force_destroy = true

  tags = { Other = "yes" }
}

# ------------------------------------------------------------------------------
# Databases
# ------------------------------------------------------------------------------

resource "aws_dynamodb_table" "items" {
  count = 2

  name         = "items-${count.index}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  dynamic "global_secondary_index" {
    for_each = var.ports
    iterator = port

    content {
      name            = port.key
      hash_key        = "id"
      projection_type = "ALL"
    }
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.data.arn
  }
}

# ------------------------------------------------------------------------------
# Automation
# ------------------------------------------------------------------------------

resource "aws_ssm_document" "fix" {
  name          = "fix"
  document_type = "Automation"
  content = jsonencode({
    assumeRole = "{{ Role }}"
    mainSteps = [
      {
        action = "aws:sleep"
        inputs = { Duration = "PT1S" }
        name   = "wait"
      },
    ]
    parameters = {
      Role = { type = "String" }
    }
    schemaVersion = "0.3"
  })
}

# ------------------------------------------------------------------------------
# Other resources
# ------------------------------------------------------------------------------

resource "terraform_data" "run" {
  input = {
    a = [
      1,
      { b = aws_dynamodb_table.items[0].arn },
    ]
  }

  provisioner "local-exec" {
    command    = "echo \"$HOME\" $${x}"
    when       = destroy
    on_failure = continue
  }
}

# ------------------------------------------------------------------------------
# What is imported
# ------------------------------------------------------------------------------

import {
  to       = aws_kms_key.data
  id       = "${var.owner}-key"
  provider = aws.replica
}

# ------------------------------------------------------------------------------
# Outputs
# ------------------------------------------------------------------------------

output "key_arn" {
  description = "ARN of the key."
  value       = aws_kms_key.data.arn
}

output "tables" {
  value      = aws_dynamodb_table.items[*].arn
  sensitive  = true
  depends_on = [terraform_data.run]
}
