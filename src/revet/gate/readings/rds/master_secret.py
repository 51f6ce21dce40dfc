"""The secret in which RDS keeps the master password of an instance.

Source: RDS API Reference, `MasterUserSecret`.
"""

from __future__ import annotations

from revet.gate.readings.values import one_of
from revet.plan import Computed, Resource

_SECRET = "master_user_secret"  # noqa: S105 - an attribute, no secret
_IMPAIRED = "impaired"
_STATUSES = ("creating", "active", "rotating", _IMPAIRED)
_UNCHANGED = ("no-op",)


def is_impaired(instance: Resource) -> bool:
    """Whether RDS says so of the secret of an `aws_db_instance`; one yet to be made is fine.

    Raises:
        UnknownValueError: it is not known, or the secret is missing.
    """
    secret = instance.get(_SECRET)
    if isinstance(secret, Computed):
        return False
    if not secret and instance.actions == _UNCHANGED:
        why = "the password is managed, and no secret is there that has it"
        raise instance.doubt(_SECRET, why, "refresh the state")
    why = "`{}` is not a status that RDS gives a secret"
    paths = (f"{_SECRET}.{number}.secret_status" for number in range(len(secret or ())))
    return any(one_of(instance, path, _STATUSES, why) == _IMPAIRED for path in paths)
