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

resource "aws_sns_topic" "kept" { name = "kept" }

resource "aws_sns_topic" "updated" {
  name         = "updated"
  display_name = "new"
}

resource "aws_sns_topic" "replaced" { name = "new-name" }

removed {
  from = aws_sns_topic.forgotten
  lifecycle {
    destroy = false
  }
}
