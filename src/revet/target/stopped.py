"""What is said of a step of Terraform that did not come to its end."""

from __future__ import annotations

from revet.model.errors import EmbeddedError, InterruptedRunError


def interrupted(step: str, *, aborted: bool) -> InterruptedRunError:
    """The error of a step that the user has stopped.

    Args:
        step: its name.
        aborted: whether Terraform was told to give up at once.
    """
    if step not in ("apply", "destroy"):
        return InterruptedRunError(
            f"{step} was stopped", got="nothing has been changed", do="run it again"
        )
    if aborted:
        return InterruptedRunError(
            f"{step} was given up at once",
            got="the state may lack resources that were being made",
            do="look for them in the account, then run it again, or destroy what the state holds",
        )
    return InterruptedRunError(
        f"{step} was stopped",
        got="the state holds everything that has been made so far",
        do="run the same command again to go on from there, or destroy what is there",
    )


def lost(step: str) -> EmbeddedError:
    """The error of a step whose target has gone.

    Args:
        step: its name.
    """
    return EmbeddedError(
        f"the embedded AWS has ended during {step}",
        got="its process is gone; Terraform was stopped",
        do="run the same command again",
    )
