"""What to write instead of a faulty rule of a security group: one with a group and a reason.

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
"""Direction of the faulty rule to the configuration that takes its place."""

EITHER_FIX = "\n\n".join(RULE_FIXES.values())
"""For where the direction is not known."""
