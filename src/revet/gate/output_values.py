"""What the names of outputs in properties and attacks stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from revet.iam.symbol import around_symbols, origins, symbols
from revet.plan import Inventory
from revet.plan.values import Symbolic


class OutputValues:
    """The outputs of a stack that are one text: a value, or a reference to what will have it.

    Args:
        inventory: a plan, a state or an account.
        outputs: further values, for example a stack's outputs; they win.
    """

    def __init__(self, inventory: Inventory, outputs: Mapping[str, Any] | None = None) -> None:
        self._inventory = inventory
        self._values = {
            name: _text(value) for name, value in {**inventory.outputs, **(outputs or {})}.items()
        }

    def unknown(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those that are outputs without such a value, as doubts."""
        return tuple(
            f"what the output `{name}` will be"
            for name in dict.fromkeys(self._split(name)[0] for name in names)
            if self._values.get(name, "") is None
        )

    def of(self, name: str) -> str:
        """The value of an output, with the path that stands behind it: `data_bucket_arn/a/1.json`.

        A text that names none stands for itself.
        """
        output, path = self._split(name)
        value = self._values.get(output)
        return f"{value}{path}" if value else name

    def address(self, name: str) -> str:
        """The address of what an output is made of, or of what has its value as ARN or id.

        A text of which there is none stands for itself.
        """
        value = self.of(name)
        made = symbols(value)
        if len(made) == 1 and value == f"${{{made[0]}}}":
            [*references] = origins(made[0])
            known = self._inventory.resources
            of = [one for one in known if any(text.startswith(f"{one}.") for text in references)]
            return max(of, key=len, default=value)
        for resource in self._inventory.resources.values():
            for attribute in ("arn", "id"):
                held = resource.get(attribute)
                if isinstance(held, str) and held == value:
                    return resource.address
        return value

    def _split(self, name: str) -> tuple[str, str]:
        """An output and the path behind it; all of a text that names none."""
        output, slash, path = name.partition("/")
        return (output, slash + path) if output in self._values else (name, "")

    def elsewhere(self, account: str, here: str) -> tuple[str, ...]:
        """Why what is shown says nothing about an account; none when it is the same one.

        Args:
            account: its id, or an output; empty for whichever is shown.
            here: id of the account that is shown; empty when it is not known.
        """
        wanted = self.of(account)
        if not wanted or wanted == here:
            return ()
        shown = f"account `{here}`" if here else "an account whose id is not known"
        return (f"account `{wanted}` is asked about, and what is shown is {shown}",)


def _text(value: object) -> str | None:
    if not isinstance(value, Symbolic):
        return value if isinstance(value, str) else None
    if value.template and not around_symbols(value.template).count("${"):
        return value.template
    return f"${{{value.references[0]}}}" if len(value.references) == 1 else None
