# A network without a way to the internet, and endpoints for the services that it uses.
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
data "aws_region" "current" {}
data "aws_availability_zones" "all" { state = "available" }
data "aws_ec2_managed_prefix_list" "s3" { name = "com.amazonaws.${data.aws_region.current.name}.s3" }
data "aws_prefix_list" "s3" { name = "com.amazonaws.${data.aws_region.current.name}.s3" }
data "aws_vpc_endpoint_service" "kms" { service = "kms" }

locals {
  services = "com.amazonaws.${data.aws_region.current.name}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Step${var.step}"
      Effect    = "Allow"
      Principal = "*"
      Action    = "*"
      Resource  = "*"
      Condition = { StringEquals = { "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

# --- the network ----------------------------------------------------------------------------
resource "aws_vpc" "main" {
  cidr_block                           = "10.1.0.0/16"
  enable_dns_hostnames                 = true
  enable_network_address_usage_metrics = var.step == 2
}

resource "aws_vpc_ipv4_cidr_block_association" "more" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.2.0.0/16"
}

resource "aws_vpc_dhcp_options" "main" {
  domain_name_servers               = ["AmazonProvidedDNS"]
  ipv6_address_preferred_lease_time = 1440
}

resource "aws_vpc_dhcp_options_association" "main" {
  vpc_id          = aws_vpc.main.id
  dhcp_options_id = aws_vpc_dhcp_options.main.id
}

resource "aws_default_security_group" "main" { vpc_id = aws_vpc.main.id }

resource "aws_default_network_acl" "main" { default_network_acl_id = aws_vpc.main.default_network_acl_id }

resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.main.default_route_table_id
  route                  = []
}

resource "aws_subnet" "private" {
  count                                       = 2
  vpc_id                                      = aws_vpc.main.id
  cidr_block                                  = cidrsubnet("10.1.0.0/16", 4, count.index)
  availability_zone                           = data.aws_availability_zones.all.names[count.index]
  private_dns_hostname_type_on_launch         = var.step == 1 ? "resource-name" : "ip-name"
  enable_resource_name_dns_a_record_on_launch = true
}

resource "aws_route_table" "private" {
  count  = 2
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "private" {
  count          = 2
  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private[count.index].id
}

resource "aws_network_acl" "private" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = aws_subnet.private[*].id
}

resource "aws_network_acl_rule" "inside" {
  network_acl_id = aws_network_acl.private.id
  rule_number    = 100
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "10.1.0.0/16"
  from_port      = 443
  to_port        = 443
}

# --- who may speak to whom ------------------------------------------------------------------
resource "aws_ec2_managed_prefix_list" "allowed" {
  name           = "allowed"
  address_family = "IPv4"
  max_entries    = 5
  dynamic "entry" {
    for_each = slice(["10.0.0.0/8", "172.16.0.0/12"], 0, var.step)
    content {
      cidr        = entry.value
      description = "inside"
    }
  }
}

resource "aws_ec2_managed_prefix_list" "partner" {
  name           = "partner"
  address_family = "IPv4"
  max_entries    = 5
}

resource "aws_ec2_managed_prefix_list_entry" "partner" {
  prefix_list_id = aws_ec2_managed_prefix_list.partner.id
  cidr           = "10.9.0.0/16"
  description    = "partner"
}

resource "aws_security_group" "endpoints" {
  name        = "endpoints"
  description = "What reaches the endpoints"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group" "app" {
  name                   = "app"
  description            = "The application"
  vpc_id                 = aws_vpc.main.id
  revoke_rules_on_delete = true
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  security_group_id            = aws_security_group.endpoints.id
  referenced_security_group_id = aws_security_group.app.id
  description                  = "Step ${var.step}"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_ingress_rule" "allowed" {
  security_group_id = aws_security_group.app.id
  prefix_list_id    = aws_ec2_managed_prefix_list.allowed.id
  description       = "Allowed networks"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "s3" {
  security_group_id = aws_security_group.app.id
  prefix_list_id    = data.aws_ec2_managed_prefix_list.s3.id
  description       = "S3, step ${var.step}"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_security_group_rule" "old" {
  type              = "ingress"
  security_group_id = aws_security_group.app.id
  cidr_blocks       = ["10.7.0.0/16"]
  description       = "Step ${var.step}"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
}

# --- endpoints ------------------------------------------------------------------------------
resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.main.id
  service_name    = "${local.services}.s3"
  route_table_ids = aws_route_table.private[*].id
  policy          = local.policy
}

resource "aws_vpc_endpoint" "dynamodb" {
  vpc_id       = aws_vpc.main.id
  service_name = "${local.services}.dynamodb"
}

resource "aws_vpc_endpoint_route_table_association" "dynamodb" {
  vpc_endpoint_id = aws_vpc_endpoint.dynamodb.id
  route_table_id  = aws_route_table.private[0].id
}

resource "aws_vpc_endpoint_policy" "dynamodb" {
  vpc_endpoint_id = aws_vpc_endpoint.dynamodb.id
  policy          = local.policy
}

resource "aws_vpc_endpoint" "interface" {
  for_each            = toset(["ec2", "ssm", "ssmmessages", "ec2messages", "logs", "kms", "sts", "secretsmanager"])
  vpc_id              = aws_vpc.main.id
  service_name        = each.key == "kms" ? data.aws_vpc_endpoint_service.kms.service_name : "${local.services}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  ip_address_type     = "ipv4"
  subnet_ids          = slice(aws_subnet.private[*].id, 0, var.step)
  security_group_ids  = [aws_security_group.endpoints.id]
  policy              = local.policy
  dns_options { dns_record_ip_type = "ipv4" }
}

# --- what is written down -------------------------------------------------------------------
resource "aws_cloudwatch_log_group" "queries" {
  name              = "/vpc/queries"
  retention_in_days = 90
}

resource "aws_route53_resolver_query_log_config" "main" {
  name            = "queries"
  destination_arn = aws_cloudwatch_log_group.queries.arn
}

resource "aws_route53_resolver_query_log_config_association" "main" {
  resolver_query_log_config_id = aws_route53_resolver_query_log_config.main.id
  resource_id                  = aws_vpc.main.id
}
