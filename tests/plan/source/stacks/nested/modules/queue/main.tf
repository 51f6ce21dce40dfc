variable "topics" { type = list(string) }
variable "keys" { type = map(string) }
resource "aws_sqs_queue" "this" {
  count             = length(var.topics)
  name_prefix       = "q-${count.index}-"
  kms_master_key_id = var.keys["default"]
}
resource "aws_sqs_queue_policy" "this" {
  count     = length(var.topics)
  queue_url = aws_sqs_queue.this[count.index].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Topic"
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.this[count.index].arn
      Condition = { ArnEquals = { "aws:SourceArn" = var.topics[count.index] } }
    }]
  })
}
output "arns" { value = aws_sqs_queue.this[*].arn }
