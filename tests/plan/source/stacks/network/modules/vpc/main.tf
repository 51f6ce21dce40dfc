variable "cidr" { type = string }
variable "zones" { type = list(string) }
variable "public" { default = true }
variable "flow" {
  type    = bool
  default = false
}
variable "key_arn" { type = string }
locals {
  vpc_id = aws_vpc.this[0].id
}
resource "aws_vpc" "this" {
  count      = 1
  cidr_block = var.cidr
}
resource "aws_internet_gateway" "this" {
  count  = var.public ? 1 : 0
  vpc_id = local.vpc_id
}
resource "aws_subnet" "public" {
  count             = var.public ? length(var.zones) : 0
  vpc_id            = local.vpc_id
  availability_zone = element(var.zones, count.index)
  cidr_block        = cidrsubnet(var.cidr, 8, count.index)
}
resource "aws_subnet" "private" {
  for_each          = { for i, zone in var.zones : zone => i }
  vpc_id            = local.vpc_id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr, 8, each.value + 100)
}
resource "aws_route_table" "public" {
  count  = var.public ? 1 : 0
  vpc_id = local.vpc_id
}
resource "aws_route" "public" {
  count                  = var.public ? 1 : 0
  route_table_id         = aws_route_table.public[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}
resource "aws_route_table_association" "public" {
  count          = length(aws_subnet.public)
  subnet_id      = element(aws_subnet.public[*].id, count.index)
  route_table_id = aws_route_table.public[0].id
}
resource "aws_route_table" "private" {
  for_each = aws_subnet.private
  vpc_id   = aws_vpc.this[0].id
}
resource "aws_route_table_association" "private" {
  for_each       = aws_subnet.private
  subnet_id      = each.value.id
  route_table_id = aws_route_table.private[each.key].id
}
resource "aws_cloudwatch_log_group" "flow" {
  count             = var.flow ? 1 : 0
  name_prefix       = "flow-"
  retention_in_days = 90
  kms_key_id        = var.key_arn
}
resource "aws_iam_role" "flow" {
  count       = var.flow ? 1 : 0
  name_prefix = "flow-"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "vpc-flow-logs.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}
resource "aws_iam_role_policy" "flow" {
  count = var.flow ? 1 : 0
  role  = aws_iam_role.flow[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
      Resource = [for arn in aws_cloudwatch_log_group.flow[*].arn : "${arn}:*"]
    }]
  })
}
resource "aws_flow_log" "this" {
  count           = var.flow ? 1 : 0
  vpc_id          = local.vpc_id
  traffic_type    = "ALL"
  log_destination = try(aws_cloudwatch_log_group.flow[0].arn, null)
  iam_role_arn    = one(aws_iam_role.flow[*].arn)
}
output "vpc_id" { value = local.vpc_id }
output "public_subnets" { value = aws_subnet.public[*].id }
output "private_subnets" { value = [for zone in var.zones : aws_subnet.private[zone].id] }
