resource "aws_s3_bucket" "this" {}
locals { id = try(aws_s3_bucket.this.id, "") }
output "bucket" { value = aws_s3_bucket.this.id }
resource "aws_s3_bucket_versioning" "this" {
  bucket = local.id
  versioning_configuration { status = "Enabled" }
}
