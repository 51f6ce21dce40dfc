variable "name" { type = string }
module "i" {
  source = "../inner"
  name   = var.name
}
resource "terraform_data" "d" { input = var.name }
output "o" { value = terraform_data.d.id }
