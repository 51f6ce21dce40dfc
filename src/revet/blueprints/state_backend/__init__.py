"""What holds the states of other stacks: made once for each environment, before them."""

from revet.blueprints.state_backend.stack import StateBackendStack

__all__ = ["StateBackendStack"]
