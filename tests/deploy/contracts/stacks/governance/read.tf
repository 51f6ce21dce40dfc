# What rules ask for or readers read, and no contract needs: created, read by the provider and by the
# readers, and destroyed. Its types are no contracts.

# --- principals and their policies ----------------------------------------------------------
data "aws_iam_policy_document" "read" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.source.arn}/*"]
  }
}

resource "aws_iam_policy" "read" {
  name   = "contract-read"
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_group" "readers" { name = "contract-readers" }

resource "aws_iam_group_policy" "readers" {
  name   = "inline"
  group  = aws_iam_group.readers.name
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_group_policy_attachment" "readers" {
  group      = aws_iam_group.readers.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_user" "reader" {
  name                 = "contract-reader"
  permissions_boundary = aws_iam_policy.read.arn
}

resource "aws_iam_user" "other" { name = "contract-other" }

resource "aws_iam_user_policy" "reader" {
  name   = "inline"
  user   = aws_iam_user.reader.name
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_user_policy_attachment" "reader" {
  user       = aws_iam_user.reader.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_user_group_membership" "reader" {
  user   = aws_iam_user.reader.name
  groups = [aws_iam_group.readers.name]
}

resource "aws_iam_group_membership" "other" {
  name  = "contract"
  group = aws_iam_group.others.name
  users = [aws_iam_user.other.name]
}

resource "aws_iam_group" "others" { name = "contract-others" }

resource "aws_iam_policy_attachment" "shared" {
  name       = "contract"
  groups     = [aws_iam_group.others.name]
  roles      = [aws_iam_role.main.name]
  policy_arn = aws_iam_policy.shared.arn
}

resource "aws_iam_policy" "shared" {
  name   = "contract-shared"
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_instance_profile" "main" {
  name = "contract"
  role = aws_iam_role.main.name
}

resource "aws_iam_service_linked_role" "ecs" { aws_service_name = "ecs.amazonaws.com" }

# --- queues, topics, tables, repositories, and their policies --------------------------------
locals {
  root = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"
}

resource "aws_sns_topic" "main" { name = "contract" }

resource "aws_sns_topic_policy" "main" {
  arn = aws_sns_topic.main.arn
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Own", Effect = "Allow", Principal = { AWS = local.root }, Action = ["sns:Publish"], Resource = aws_sns_topic.main.arn }]
  })
}

resource "aws_sqs_queue" "main" { name = "contract" }

resource "aws_sqs_queue_policy" "main" {
  queue_url = aws_sqs_queue.main.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Own", Effect = "Allow", Principal = { AWS = local.root }, Action = ["sqs:SendMessage"], Resource = aws_sqs_queue.main.arn }]
  })
}

resource "aws_dynamodb_table" "main" {
  name         = "contract"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_ecr_repository" "main" { name = "contract" }

resource "aws_ecr_repository_policy" "main" {
  repository = aws_ecr_repository.main.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Own", Effect = "Allow", Principal = { AWS = local.root }, Action = ["ecr:BatchGetImage"] }]
  })
}

resource "aws_efs_file_system" "main" {
  creation_token = "contract"
  encrypted      = true
}

resource "aws_secretsmanager_secret_policy" "main" {
  secret_arn = aws_secretsmanager_secret.main.arn
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Own", Effect = "Allow", Principal = { AWS = local.root }, Action = ["secretsmanager:DescribeSecret"], Resource = "*" }]
  })
}

resource "aws_cloudwatch_log_resource_policy" "main" {
  policy_name = "contract"
  policy_document = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Dns", Effect = "Allow", Principal = { Service = "route53.amazonaws.com" }, Action = ["logs:PutLogEvents"], Resource = "arn:${data.aws_partition.current.partition}:logs:us-east-1:${data.aws_caller_identity.current.account_id}:log-group:/dns:*" }]
  })
}

resource "aws_cloudwatch_event_bus" "main" { name = "contract" }

resource "aws_cloudwatch_event_bus_policy" "main" {
  event_bus_name = aws_cloudwatch_event_bus.main.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Own", Effect = "Allow", Principal = { AWS = local.root }, Action = ["events:PutEvents"], Resource = aws_cloudwatch_event_bus.main.arn }]
  })
}

resource "aws_kinesis_stream" "main" {
  name        = "contract"
  shard_count = 1
}

resource "aws_ssm_parameter" "main" {
  name  = "/contract/main"
  type  = "String"
  value = "contract"
}

# --- access lists and keys -------------------------------------------------------------------
resource "aws_s3_bucket" "shared" {
  bucket        = "contract-shared-${data.aws_caller_identity.current.account_id}"
  force_destroy = true
}

resource "aws_s3_bucket_ownership_controls" "shared" {
  bucket = aws_s3_bucket.shared.id
  rule { object_ownership = "BucketOwnerPreferred" }
}

resource "aws_s3_bucket_acl" "shared" {
  bucket     = aws_s3_bucket.shared.id
  acl        = "private"
  depends_on = [aws_s3_bucket_ownership_controls.shared]
}

resource "aws_s3_access_point" "shared" {
  bucket = aws_s3_bucket.shared.id
  name   = "contract"
}

resource "aws_kms_external_key" "main" {
  description             = "contract"
  deletion_window_in_days = 7
}

# --- network ---------------------------------------------------------------------------------
resource "aws_vpc" "main" {
  cidr_block                       = "10.9.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_subnet" "main" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.9.1.0/24"
  map_public_ip_on_launch = true
}

resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }

resource "aws_egress_only_internet_gateway" "main" { vpc_id = aws_vpc.main.id }

resource "aws_vpn_gateway" "main" {}

resource "aws_route_table" "main" { vpc_id = aws_vpc.main.id }

resource "aws_route" "main" {
  route_table_id         = aws_route_table.main.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_main_route_table_association" "main" {
  vpc_id         = aws_vpc.main.id
  route_table_id = aws_route_table.main.id
}

resource "aws_vpc" "other" { cidr_block = "10.8.0.0/16" }

resource "aws_default_route_table" "other" { default_route_table_id = aws_vpc.other.default_route_table_id }

resource "aws_network_acl" "main" { vpc_id = aws_vpc.main.id }

resource "aws_network_acl_association" "main" {
  network_acl_id = aws_network_acl.main.id
  subnet_id      = aws_subnet.main.id
}

resource "aws_nat_gateway" "main" {
  connectivity_type = "private"
  subnet_id         = aws_subnet.main.id
}

resource "aws_network_interface" "main" {
  subnet_id   = aws_subnet.main.id
  description = "of step ${var.step}"
}

resource "aws_internet_gateway" "other" {}

resource "aws_internet_gateway_attachment" "other" {
  internet_gateway_id = aws_internet_gateway.other.id
  vpc_id              = aws_vpc.other.id
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.main.id
  service_name = "com.amazonaws.us-east-1.s3"
}

resource "aws_vpc_endpoint_policy" "s3" {
  vpc_endpoint_id = aws_vpc_endpoint.s3.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "${aws_s3_bucket.shared.arn}/*" }]
  })
}

resource "aws_eip" "main" { domain = "vpc" }

resource "aws_ec2_managed_prefix_list" "main" {
  name           = "contract"
  address_family = "IPv4"
  max_entries    = 5
  entry {
    cidr        = "10.0.0.0/8"
    description = "inside"
  }
}

resource "aws_ec2_managed_prefix_list" "other" {
  name           = "contract-other"
  address_family = "IPv4"
  max_entries    = 5
}

resource "aws_ec2_managed_prefix_list_entry" "other" {
  cidr           = "10.0.0.0/8"
  prefix_list_id = aws_ec2_managed_prefix_list.other.id
}

resource "aws_security_group" "inline" {
  name        = "contract-inline"
  description = "rules of its own"
  vpc_id      = aws_vpc.main.id
  ingress {
    description = "HTTPS from inside"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/8", "172.16.0.0/12"]
  }
  egress {
    description     = "to the list"
    protocol        = "-1"
    from_port       = 0
    to_port         = 0
    prefix_list_ids = [aws_ec2_managed_prefix_list.main.id]
  }
}

resource "aws_security_group" "old" {
  name        = "contract-old"
  description = "rules of the old form"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group_rule" "old" {
  security_group_id = aws_security_group.old.id
  type              = "ingress"
  description       = "PostgreSQL from inside"
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_blocks       = ["10.0.0.0/8"]
}
