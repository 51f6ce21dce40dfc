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

resource "aws_kms_key" "data" { enable_key_rotation = true }

resource "aws_db_instance" "locked" {
  identifier                  = "locked"
  engine                      = "postgres"
  instance_class              = "db.t3.micro"
  allocated_storage           = 20
  username                    = "u"
  manage_master_user_password = true
  storage_encrypted           = true
  kms_key_id                  = aws_kms_key.data.arn
}

resource "aws_db_instance" "open" {
  identifier                  = "open"
  engine                      = "postgres"
  instance_class              = "db.t3.micro"
  allocated_storage           = 20
  username                    = "u"
  manage_master_user_password = true
}

resource "aws_rds_cluster" "locked" {
  cluster_identifier          = "locked-cluster"
  engine                      = "postgres"
  db_cluster_instance_class   = "db.m6gd.large"
  storage_type                = "io1"
  allocated_storage           = 100
  iops                        = 1000
  master_username             = "u"
  manage_master_user_password = true
  storage_encrypted           = true
}

# Restored to a point in time, the source named in each of its ways.
resource "aws_db_instance" "pitr_identifier" {
  instance_class = "db.t3.micro"
  restore_to_point_in_time {
    source_db_instance_identifier = "locked"
    use_latest_restorable_time    = true
  }
}

resource "aws_db_instance" "pitr_reference" {
  instance_class = "db.t3.micro"
  restore_to_point_in_time {
    source_db_instance_identifier = aws_db_instance.locked.identifier
    restore_time                  = "2026-01-01T00:00:00Z"
  }
}

resource "aws_db_instance" "pitr_resource_id" {
  instance_class = "db.t3.micro"
  restore_to_point_in_time {
    source_dbi_resource_id     = aws_db_instance.locked.resource_id
    use_latest_restorable_time = true
  }
}

resource "aws_db_instance" "pitr_open" {
  instance_class = "db.t3.micro"
  restore_to_point_in_time {
    source_db_instance_identifier = aws_db_instance.open.identifier
    use_latest_restorable_time    = true
  }
}

resource "aws_db_instance" "pitr_elsewhere" {
  instance_class = "db.t3.micro"
  restore_to_point_in_time {
    source_db_instance_identifier = "not-in-this-plan"
    use_latest_restorable_time    = true
  }
}

resource "aws_db_instance_automated_backups_replication" "locked" {
  source_db_instance_arn = aws_db_instance.locked.arn
  kms_key_id             = aws_kms_key.data.arn
}

resource "aws_db_instance" "pitr_backups" {
  instance_class = "db.t3.micro"
  restore_to_point_in_time {
    source_db_instance_automated_backups_arn = aws_db_instance_automated_backups_replication.locked.id
    use_latest_restorable_time               = true
  }
}

# From snapshots and copies of snapshots.
resource "aws_db_snapshot" "locked" {
  db_instance_identifier = aws_db_instance.locked.identifier
  db_snapshot_identifier = "locked-before"
}

resource "aws_db_snapshot" "open" {
  db_instance_identifier = aws_db_instance.open.identifier
  db_snapshot_identifier = "open-before"
}

resource "aws_db_snapshot_copy" "locked" {
  source_db_snapshot_identifier = aws_db_snapshot.open.db_snapshot_arn
  target_db_snapshot_identifier = "open-locked"
  kms_key_id                    = aws_kms_key.data.arn
}

resource "aws_db_snapshot_copy" "kept" {
  source_db_snapshot_identifier = aws_db_snapshot.locked.db_snapshot_arn
  target_db_snapshot_identifier = "locked-copy"
}

resource "aws_db_instance" "snapshot_locked" {
  instance_class      = "db.t3.micro"
  snapshot_identifier = aws_db_snapshot.locked.id
}

resource "aws_db_instance" "snapshot_open" {
  instance_class      = "db.t3.micro"
  snapshot_identifier = aws_db_snapshot.open.db_snapshot_arn
}

resource "aws_db_instance" "snapshot_copy" {
  instance_class      = "db.t3.micro"
  snapshot_identifier = aws_db_snapshot_copy.locked.target_db_snapshot_identifier
}

resource "aws_db_instance" "snapshot_copy_kept" {
  instance_class      = "db.t3.micro"
  snapshot_identifier = aws_db_snapshot_copy.kept.id
}

resource "aws_db_instance" "snapshot_elsewhere" {
  instance_class      = "db.t3.micro"
  snapshot_identifier = "rds:other-2026-01-01"
}

# Read replicas of instances and of clusters, and of replicas.
resource "aws_db_instance" "replica" {
  identifier          = "replica"
  instance_class      = "db.t3.micro"
  replicate_source_db = aws_db_instance.locked.identifier
}

resource "aws_db_instance" "replica_of_replica" {
  instance_class      = "db.t3.micro"
  replicate_source_db = aws_db_instance.replica.identifier
}

resource "aws_db_instance" "replica_open" {
  instance_class      = "db.t3.micro"
  replicate_source_db = aws_db_instance.open.identifier
}

resource "aws_db_instance" "replica_of_cluster" {
  instance_class      = "db.t3.micro"
  replicate_source_db = aws_rds_cluster.locked.arn
}

resource "aws_db_instance" "restored_replica" {
  instance_class = "db.t3.micro"
  restore_to_point_in_time {
    source_db_instance_identifier = aws_db_instance.replica.identifier
    use_latest_restorable_time    = true
  }
}

# Only the data comes from elsewhere: the instance says itself whether it is encrypted.
resource "aws_db_instance" "import" {
  engine                      = "mysql"
  instance_class              = "db.t3.micro"
  allocated_storage           = 20
  username                    = "u"
  manage_master_user_password = true
  s3_import {
    source_engine         = "mysql"
    source_engine_version = "8.0"
    bucket_name           = "backups"
    ingestion_role        = "arn:aws:iam::111122223333:role/import"
  }
}

# Sources of which only the apply shows which they are.
resource "terraform_data" "chosen" { input = aws_db_instance.locked.identifier }

resource "aws_db_instance" "pitr_later" {
  instance_class = "db.t3.micro"
  restore_to_point_in_time {
    source_db_instance_identifier = terraform_data.chosen.output
    use_latest_restorable_time    = true
  }
}
