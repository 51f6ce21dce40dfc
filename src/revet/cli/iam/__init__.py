"""`revet iam`: policies validated, requests decided and explained, without an account."""

import typer

from revet.cli.iam import attack, authorize, checks, explain, prove, validate

app = typer.Typer(
    help="Validate policies, decide requests, explain why, and prove what no request can do.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("validate")(validate.validate)
app.command("authorize")(authorize.authorize)
app.command("explain")(explain.explain)
app.command("check-no-new-access")(checks.check_no_new_access)
app.command("check-access-not-granted")(checks.check_access_not_granted)
app.command("check-no-public-access")(checks.check_no_public_access)
app.command("check-certificate")(checks.check_certificate)
app.command("prove")(prove.prove)
app.command("who-can")(prove.who_can)
app.command("attack")(attack.attack)
