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

# Descriptions that are known after apply, in each form of a rule.
resource "terraform_data" "text" { input = "x" }

resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }

resource "aws_security_group" "inline" {
  vpc_id = aws_vpc.main.id
  ingress {
    description = terraform_data.text.output
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/16"]
  }
}

resource "aws_security_group" "attribute" {
  vpc_id = aws_vpc.main.id
  egress = [{
    description      = terraform_data.text.output
    protocol         = "tcp"
    from_port        = 443
    to_port          = 443
    cidr_blocks      = ["10.0.0.0/16"]
    ipv6_cidr_blocks = []
    prefix_list_ids  = []
    security_groups  = []
    self             = false
  }]
}

resource "aws_security_group" "text" {
  vpc_id = aws_vpc.main.id
  ingress {
    description = "from ${aws_vpc.main.id}"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/16"]
  }
}

resource "aws_security_group_rule" "later" {
  type              = "ingress"
  security_group_id = aws_security_group.inline.id
  description       = terraform_data.text.output
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["10.1.0.0/16"]
}

resource "aws_security_group_rule" "text" {
  type              = "ingress"
  security_group_id = aws_security_group.inline.id
  description       = "from ${aws_vpc.main.id}"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["10.3.0.0/16"]
}

resource "aws_vpc_security_group_ingress_rule" "later" {
  security_group_id = aws_security_group.inline.id
  description       = terraform_data.text.output
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.2.0.0/16"
}

resource "aws_vpc_security_group_egress_rule" "text" {
  security_group_id = aws_security_group.inline.id
  description       = "to ${aws_vpc.main.id}"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.2.0.0/16"
}

# Prefix lists whose entries are resources of their own.
resource "aws_ec2_managed_prefix_list" "wide" {
  name           = "wide"
  address_family = "IPv4"
  max_entries    = 2
}

resource "aws_ec2_managed_prefix_list_entry" "wide" {
  prefix_list_id = aws_ec2_managed_prefix_list.wide.id
  cidr           = "0.0.0.0/0"
}

resource "aws_ec2_managed_prefix_list" "halves" {
  name           = "halves"
  address_family = "IPv4"
  max_entries    = 2
  entry { cidr = "0.0.0.0/1" }
}

resource "aws_ec2_managed_prefix_list_entry" "half" {
  prefix_list_id = aws_ec2_managed_prefix_list.halves.id
  cidr           = "128.0.0.0/1"
}

resource "aws_ec2_managed_prefix_list" "many" {
  for_each       = toset(["a", "b"])
  name           = each.key
  address_family = "IPv6"
  max_entries    = 2
}

resource "aws_ec2_managed_prefix_list_entry" "many" {
  for_each       = aws_ec2_managed_prefix_list.many
  prefix_list_id = each.value.id
  cidr           = each.key == "a" ? "::/0" : "fd00::/8"
}

resource "aws_ec2_managed_prefix_list_entry" "elsewhere" {
  prefix_list_id = "pl-0123456789abcdef0"
  cidr           = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "wide" {
  security_group_id = aws_security_group.inline.id
  description       = "x"
  ip_protocol       = "-1"
  prefix_list_id    = aws_ec2_managed_prefix_list.wide.id
}

resource "aws_vpc_security_group_egress_rule" "halves" {
  security_group_id = aws_security_group.inline.id
  description       = "x"
  ip_protocol       = "-1"
  prefix_list_id    = aws_ec2_managed_prefix_list.halves.id
}

resource "aws_security_group_rule" "wide" {
  type              = "egress"
  security_group_id = aws_security_group.inline.id
  description       = "x"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  prefix_list_ids   = [aws_ec2_managed_prefix_list.wide.id]
}

resource "aws_security_group_rule" "two" {
  type              = "egress"
  security_group_id = aws_security_group.inline.id
  description       = "x"
  protocol          = "tcp"
  from_port         = 444
  to_port           = 444
  prefix_list_ids   = [aws_ec2_managed_prefix_list.many["b"].id, aws_ec2_managed_prefix_list.many["a"].id]
}

resource "aws_security_group" "lists" {
  vpc_id = aws_vpc.main.id
  egress {
    description     = "x"
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    prefix_list_ids = [aws_ec2_managed_prefix_list.wide.id]
  }
}

resource "aws_vpc_security_group_egress_rule" "each" {
  for_each          = aws_ec2_managed_prefix_list.many
  security_group_id = aws_security_group.inline.id
  description       = "x"
  ip_protocol       = "-1"
  prefix_list_id    = each.value.id
}

resource "aws_vpc_security_group_egress_rule" "elsewhere" {
  security_group_id = aws_security_group.inline.id
  description       = "x"
  ip_protocol       = "-1"
  prefix_list_id    = "pl-0123456789abcdef0"
}

resource "aws_security_group_rule" "elsewhere" {
  type              = "ingress"
  security_group_id = aws_security_group.inline.id
  description       = "x"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  prefix_list_ids   = ["pl-0123456789abcdef0"]
}

resource "aws_vpc_security_group_egress_rule" "of_aws" {
  security_group_id = aws_security_group.inline.id
  description       = "x"
  ip_protocol       = "-1"
  prefix_list_id    = "pl-68a54001"
}

# Retention.
resource "aws_cloudwatch_log_group" "never" {
  name              = "never"
  retention_in_days = 0
}

resource "aws_cloudwatch_log_group" "unset" { name = "unset" }
