"""Automations of Systems Manager: documents of schema 0.3, executed call by call as their role."""

from revet.embedded.automation.document import AutomationDocument, read_document
from revet.embedded.automation.execution import Execution, Run, StepRun, execute

__all__ = [
    "AutomationDocument",
    "Execution",
    "Run",
    "StepRun",
    "execute",
    "read_document",
]
