# A PostgreSQL instance in private subnets with credentials that RDS manages in Secrets Manager.
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

data "aws_availability_zones" "available" { state = "available" }

resource "aws_kms_key" "db" {
  description             = "database"
  enable_key_rotation     = true
  rotation_period_in_days = 90
  deletion_window_in_days = 7
}

resource "aws_vpc" "main" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "private" {
  count             = 2
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
  availability_zone = data.aws_availability_zones.available.names[count.index]
}

resource "aws_security_group" "db" {
  name        = "contract-database"
  description = "database"
  vpc_id      = aws_vpc.main.id
}

resource "aws_db_subnet_group" "main" {
  name        = "contract"
  description = "private subnets, step ${var.step}"
  subnet_ids  = aws_subnet.private[*].id
}

resource "aws_db_parameter_group" "main" {
  name        = "contract"
  description = "TLS only"
  family      = "postgres16"
  parameter {
    name         = "rds.force_ssl"
    value        = "1"
    apply_method = "immediate"
  }
  parameter {
    name         = "log_connections"
    value        = var.step == 1 ? "1" : "0"
    apply_method = "immediate"
  }
}

resource "aws_db_instance" "main" {
  identifier                          = "contract"
  engine                              = "postgres"
  engine_version                      = "16.4"
  instance_class                      = "db.t4g.micro"
  allocated_storage                   = 20
  max_allocated_storage               = 100
  storage_type                        = "gp3"
  storage_encrypted                   = true
  kms_key_id                          = aws_kms_key.db.arn
  db_name                             = "app"
  username                            = "app_admin"
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = aws_kms_key.db.arn
  db_subnet_group_name                = aws_db_subnet_group.main.name
  parameter_group_name                = aws_db_parameter_group.main.name
  vpc_security_group_ids              = [aws_security_group.db.id]
  publicly_accessible                 = false
  multi_az                            = false
  iam_database_authentication_enabled = true
  auto_minor_version_upgrade          = true
  copy_tags_to_snapshot               = true
  backup_retention_period             = 6 + var.step
  backup_window                       = "03:00-04:00"
  maintenance_window                  = "sun:04:30-sun:05:30"
  deletion_protection                 = false
  skip_final_snapshot                 = true
  delete_automated_backups            = true
  apply_immediately                   = true
  performance_insights_enabled        = true
  performance_insights_kms_key_id     = aws_kms_key.db.arn
  enabled_cloudwatch_logs_exports     = ["postgresql", "upgrade"]
}

output "secret_arn" { value = aws_db_instance.main.master_user_secret[0].secret_arn }
