# Forms of references, of which only what Terraform lists for them counts.
resource "terraform_data" "one" { input = { list = ["a", "b"], map = { k = "v", "odd key" = "w" } } }
resource "terraform_data" "counted" {
  count = 2
  input = count.index
}
resource "terraform_data" "keyed" {
  for_each = toset(["a", "b.c", "d e"])
  input    = "${each.key}-${each.value}"
}
module "plain" {
  source = "./m"
  given  = terraform_data.one.output
}
module "keyed" {
  source   = "./m"
  for_each = { x = 1, y = 2 }
  given    = [each.value, each.key]
}
module "counted" {
  source = "./m"
  count  = 1
  given  = null
}
variable "v" { default = { list = [{ name = "n" }], key = "a", flag = true } }
locals {
  l = { key = "a", list = [1, 2] }
}
output "paren_index" { value = (terraform_data.counted)[0] }
output "paren_member" { value = (terraform_data.one).output }
output "paren_paren" { value = ((terraform_data.one).output)["list"] }
output "index" { value = terraform_data.counted[0].output }
output "index_only" { value = terraform_data.counted[1] }
output "key" { value = terraform_data.keyed["b.c"].output }
output "key_space" { value = terraform_data.keyed["d e"].output }
output "key_computed" { value = terraform_data.keyed[var.v.key].output }
output "key_local" { value = terraform_data.keyed[local.l["key"]].output }
output "key_template" { value = terraform_data.keyed["${local.l.key}"].output }
output "key_parts" { value = terraform_data.keyed["b.${"c"}"].output }
output "splat" { value = terraform_data.counted[*].output }
output "splat_legacy" { value = terraform_data.counted.*.output }
output "splat_index" { value = terraform_data.one[*].output["list"] }
output "splat_values" { value = values(terraform_data.keyed)[*].id }
output "deep" { value = terraform_data.one.output.map.k }
output "deep_key" { value = terraform_data.one.output.map["odd key"] }
output "deep_index" { value = terraform_data.one.output.list[0] }
output "legacy_index" { value = var.v.list.0.name }
output "computed_index" { value = var.v.list[length(local.l.list) - 2].name }
output "var_index" { value = var.v.list[0].name }
output "var_key" { value = var.v["key"] }
output "local_index" { value = local.l.list[1] }
output "module_output" { value = module.plain.id }
output "module_whole" { value = module.plain }
output "module_keyed" { value = module.keyed["x"].id }
output "module_keyed_deep" { value = module.keyed["x"].object.inner[0].name }
output "module_keyed_whole" { value = module.keyed["y"] }
output "module_counted" { value = one(module.counted[*].id) }
output "module_computed" { value = module.keyed[var.v.key == "a" ? "x" : "y"].id }
output "module_for" { value = { for name, m in module.keyed : name => m.id } }
output "for_shadow" { value = [for var in [1, 2] : var] }
output "for_outer" { value = [for item in terraform_data.counted : "${item.output}${var.v.key}"] }
output "for_nested" { value = { for a in var.v.list : a.name => [for b in local.l.list : "${a.name}${b}"]... } }
output "for_if" { value = [for k, v in terraform_data.keyed : v.output if k != var.v.key] }
output "conditional" { value = var.v.flag ? terraform_data.one.id : module.plain.id }
output "call" { value = try(terraform_data.counted[5].output, coalesce(local.l.key, var.v.key)) }
output "expand" { value = merge([local.l, { a = terraform_data.one.id }]...) }
output "object" { value = { (var.v.key) = 1, "${local.l.key}-x" = 2, plain = terraform_data.one.id } }
output "heredoc" {
  value = <<-EOT
    ${terraform_data.one.id}
    %{for name in keys(terraform_data.keyed)~}
    ${name} ${terraform_data.keyed[name].output}
    %{endfor~}
    %{if var.v.flag}yes ${local.l.key}%{else}no%{endif}
  EOT
}
output "operators" { value = !var.v.flag || length(local.l.list) > 1 && -local.l.list[0] < 2 }
output "path" { value = "${path.module}/${path.root}/${terraform.workspace}" }
output "same_twice" { value = "${terraform_data.one.id}${terraform_data.one.id}${terraform_data.one.output.list[0]}" }
output "constants" { value = { a = 1 + 2, b = "x${"y"}", c = [for x in [1, 2] : x * 2], d = true ? null : 1, e = "$${x} %%{y} \u00e9" } }
output "functions" { value = upper("x") }
output "number" { value = 1.50 }
output "negative" { value = -3 }
output "text" { value = "a\tb" }
output "empty" { value = "" }
output "nothing" { value = null }
