variable "name" { type = string }
resource "terraform_data" "i" { input = var.name }
data "aws_iam_policy_document" "k" {}
