"""`revet iam`: policies validated, requests decided and explained, without an account."""

import typer

from revet.cli.iam import authorize, explain, validate

app = typer.Typer(
    help="Validate policies, decide requests and explain why.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("validate")(validate.validate)
app.command("authorize")(authorize.authorize)
app.command("explain")(explain.explain)
