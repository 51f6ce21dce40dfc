resource "aws_sqs_queue" "own" {}

output "arn" { value = aws_sqs_queue.own.arn }
output "arns" { value = { x = aws_sqs_queue.own.arn } }
