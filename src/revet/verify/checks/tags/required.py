"""Everything that can carry tags carries the required ones."""

from revet.model.finding import Outcome, compliant, noncompliant, unknown
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.tags import TAG_ACTIONS, read_tags
from revet.verify.subject import Subject


@live_check(
    control="tags-required",
    resource="*",
    actions=TAG_ACTIONS,
    applies=lambda subject: "tags_all" in subject.attributes,
)
def check(subject: Subject, reader: Reader, *, keys: tuple[str, ...]) -> Outcome:
    """Each required key is there, with a value."""
    tags = read_tags(subject, reader)
    if tags is None:
        return unknown(
            f"how to read the tags of a deployed `{subject.type}` is not known",
            resolve="look at its tags by hand, or teach the check to read them",
        )
    missing = [key for key in keys if not tags.get(key)]
    if missing:
        return noncompliant(f"no tag {', '.join(f'`{key}`' for key in missing)}")
    return compliant(f"it carries {', '.join(f'`{key}`' for key in keys)}")
