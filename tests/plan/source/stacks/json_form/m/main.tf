variable "arns" { type = list(string) }
variable "role" { type = string }
resource "aws_iam_policy" "read" {
  name_prefix = "read-"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:ListBucket", "s3:GetObject"], Resource = var.arns }]
  })
}
resource "aws_sns_topic" "t" { name_prefix = "t-" }
resource "aws_sns_topic_policy" "t" {
  arn    = aws_sns_topic.t.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "Role", Effect = "Allow", Principal = { AWS = var.role }, Action = "sns:Publish", Resource = aws_sns_topic.t.arn }] })
}
