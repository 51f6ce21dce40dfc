"""What to write instead of a faulty rule of a security group, for either direction.

Source: provider documentation of `aws_vpc_security_group_ingress_rule` and `_egress_rule`.
"""

from __future__ import annotations

from collections.abc import Mapping

RULE_FIXES: Mapping[str, str] = {
    "ingress": """resource "aws_vpc_security_group_ingress_rule" "database" {
  description                  = "PostgreSQL from the application"
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = aws_security_group.app.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}""",
    "egress": """resource "aws_vpc_security_group_egress_rule" "endpoints" {
  description                  = "TLS to the endpoints of AWS services"
  security_group_id            = aws_security_group.app.id
  referenced_security_group_id = aws_security_group.endpoints.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}""",
}
"""Direction of a rule that is open to what it need not be to the configuration in its place."""

DESCRIPTION_FIXES: Mapping[str, str] = {
    "ingress": 'description = "PostgreSQL from the application"  # in the ingress rule',
    "egress": 'description = "TLS to the endpoints of AWS services"  # in the egress rule',
}
"""Direction of a rule without a description to what it lacks, in whatever form it is written."""
