variable "statements" {
  type = map(object({
    sid       = optional(string)
    effect    = optional(string, "Allow")
    actions   = list(string)
    resources = list(string)
  }))
}
variable "role" { type = any }
locals {
  documents = [for d in data.aws_iam_policy_document.one : d.json]
}
data "aws_iam_policy_document" "one" {
  for_each = var.statements
  statement {
    sid       = each.value.sid
    effect    = each.value.effect
    actions   = each.value.actions
    resources = each.value.resources
  }
}
data "aws_iam_policy_document" "all" {
  source_policy_documents = local.documents
}
resource "aws_iam_policy" "one" {
  for_each    = data.aws_iam_policy_document.one
  name_prefix = each.key
  policy      = each.value.json
}
resource "aws_iam_role_policy" "all" {
  role   = var.role.id
  policy = data.aws_iam_policy_document.all.json
}
resource "aws_iam_role_policy_attachment" "one" {
  for_each   = aws_iam_policy.one
  role       = var.role.name
  policy_arn = each.value.arn
}
