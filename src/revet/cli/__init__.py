"""The command line: the only room that prints, asks or exits.

`app` lists the commands, one module each; `failure` turns what went wrong into a message and an
exit code; `project` reads `revet.toml`; `stack` finds what a name stands for; `progress` shows
what a running step does.
"""

from __future__ import annotations


def main() -> None:
    """Run `revet` with the arguments of the process, and exit."""
    from revet.cli.app import app  # noqa: PLC0415 - importing the room loads nothing

    app(prog_name="revet")
