"""What is known of the ARNs that statements name: where formats have a Region and an account.

Source: Service Authorization Reference (formats of ARNs by resource type), AWS General Reference,
"Amazon Resource Names (ARNs)". Like IAM itself, Access Analyzer compares an ARN as one text, so
that `*` in the Region or the account runs over colons: such an ARN meets nearly every format, and
none of AWS's findings on its own policies objects to one.
"""

from __future__ import annotations

from dataclasses import dataclass

from revet.iam.arn_pattern import ArnPattern, read_arn
from revet.iam.reference.arn_fields import ArnFields, arn_fields, resource_types_of
from revet.iam.symbol import has_symbol, without_symbols
from revet.iam.validate.lazy import lazy
from revet.iam.validate.place import Place, Text

PREFIX = "arn"


def is_open(field: str) -> bool:
    """Whether a field of an ARN holds a wildcard, a variable or a reference."""
    return "*" in field or "?" in field or "${" in field


@dataclass(eq=False)
class ReadResource:
    """A resource that is an ARN of six fields.

    Args:
        holder: the resource.
        arn: its fields.
    """

    holder: Text
    arn: ArnPattern

    @property
    def text(self) -> str:
        """All of it."""
        return self.holder.text

    def place(self, field: str) -> Place:
        """Where a field stands; all of the resource when the field is empty.

        Args:
            field: a field of `ArnPattern`.
        """
        written: str = getattr(self.arn, field)
        if not written:
            return self.holder.place
        return self.holder.substring(self.arn.offset(field), len(written))

    @lazy
    def has_symbol(self) -> bool:
        """Whether it refers to a resource that does not exist yet."""
        return has_symbol(self.text)

    @lazy
    def expected(self) -> ArnFields | None:
        """What the formats that it meets have as Region and account; None when none is known.

        Where it meets none, those of all formats of the service.
        """
        return arn_fields(without_symbols(self.text))

    @lazy
    def runs_over_colons(self) -> bool:
        """Whether a `*` before the resource field can take the place of whole fields."""
        arn = self.arn
        return any("*" in field for field in (arn.partition, arn.service, arn.region, arn.account))

    def is_literal(self, field: str) -> bool:
        """Whether a format of the service has this very text in a field.

        Args:
            field: a field of `ArnPattern`.
        """
        written = getattr(self.arn, field)
        return any(
            getattr(form, field) == written
            for kind in resource_types_of(self.arn.service)
            for form in map(read_arn, kind.arns)
        )
