variable "given" { default = null }
resource "terraform_data" "this" { input = var.given }
output "id" { value = terraform_data.this.id }
output "object" { value = { inner = [{ name = terraform_data.this.output }] } }
