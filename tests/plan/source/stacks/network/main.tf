# A network module in the usual form, and databases in it.
module "vpc" {
  source  = "./modules/vpc"
  cidr    = "10.1.0.0/16"
  zones   = ["us-east-1a", "us-east-1b"]
  flow    = true
  key_arn = aws_kms_key.k.arn
}
module "isolated" {
  source  = "./modules/vpc"
  cidr    = "10.2.0.0/16"
  zones   = ["us-east-1a"]
  flow    = true
  public  = false
  key_arn = aws_kms_key.k.arn
}
resource "aws_kms_key" "k" { enable_key_rotation = true }
resource "aws_kms_alias" "k" {
  name          = "alias/network"
  target_key_id = aws_kms_key.k.arn
}
locals {
  databases = {
    main   = { subnets = module.vpc.private_subnets, port = 5432 }
    report = { subnets = module.isolated.private_subnets, port = 3306 }
  }
}
resource "aws_db_subnet_group" "db" {
  for_each   = local.databases
  name       = each.key
  subnet_ids = each.value.subnets
}
resource "aws_db_subnet_group" "bad_public" {
  name       = "bad"
  subnet_ids = concat(module.vpc.private_subnets, slice(module.vpc.public_subnets, 0, 1))
}
resource "aws_db_instance" "db" {
  for_each                    = local.databases
  identifier                  = each.key
  engine                      = "postgres"
  instance_class              = "db.t3.micro"
  allocated_storage           = 20
  username                    = "admin_user"
  manage_master_user_password = true
  storage_encrypted           = true
  kms_key_id                  = aws_kms_key.k.arn
  publicly_accessible         = false
  db_subnet_group_name        = aws_db_subnet_group.db[each.key].name
  vpc_security_group_ids      = [aws_security_group.db[each.key].id]
}
resource "aws_db_instance" "bad_public" {
  identifier                  = "bad"
  engine                      = "postgres"
  instance_class              = "db.t3.micro"
  allocated_storage           = 20
  username                    = "admin_user"
  manage_master_user_password = true
  storage_encrypted           = true
  db_subnet_group_name        = aws_db_subnet_group.bad_public.id
}
resource "aws_security_group" "db" {
  for_each    = local.databases
  name_prefix = each.key
  description = "database ${each.key}"
  vpc_id      = each.key == "main" ? module.vpc.vpc_id : module.isolated.vpc_id
}
resource "aws_security_group_rule" "db" {
  for_each          = local.databases
  type              = "ingress"
  security_group_id = aws_security_group.db[each.key].id
  cidr_blocks       = ["10.0.0.0/8"]
  protocol          = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
  description       = "from inside"
}
