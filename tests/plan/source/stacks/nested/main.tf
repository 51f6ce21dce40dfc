# Modules in modules, and what goes up and down between them.
module "stores" {
  source   = "./modules/store"
  for_each = { data = "data", logs = "logs" }
  purpose  = each.value
  key_arn  = module.stores_key.arn
}
module "stores_key" {
  source = "./modules/encrypted"
  alias  = "nested"
}
module "queues" {
  source = "./modules/queue"
  topics = [aws_sns_topic.a.arn, aws_sns_topic.b.arn]
  keys   = { default = module.stores_key.arn }
}
resource "aws_sns_topic" "a" { name_prefix = "a-" }
resource "aws_sns_topic" "b" { name_prefix = "b-" }

locals {
  stores = { for name, store in module.stores : name => store.arn }
}
resource "aws_iam_policy" "read" {
  name_prefix = "read-"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:GetObject", Resource = [for arn in values(local.stores) : "${arn}/*"] },
      { Effect = "Allow", Action = "s3:ListBucket", Resource = module.stores["data"].arn },
      { Effect = "Allow", Action = ["kms:Decrypt"], Resource = [module.stores_key.arn] },
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = module.queues.arns },
    ]
  })
}
resource "aws_cloudwatch_log_group" "app" {
  name              = "/nested/app"
  retention_in_days = 30
  kms_key_id        = module.stores_key.arn
}
resource "aws_s3_bucket_versioning" "outside" {
  for_each = module.stores
  bucket   = each.value.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_iam_policy" "bad_module" {
  name_prefix = "bad-"
  policy      = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:SendIt", Resource = module.queues.arns[0] }] })
}
