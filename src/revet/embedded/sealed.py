"""The file that holds the state of an embedded AWS, believed only as revet left it there.

It begins with a mark made with a key of the user, for this one folder: a file that a repository, a
program or another user brought there is refused before a byte of it is read as state. What the
state looks like is known to `snapshot` alone.
"""

from __future__ import annotations

from pathlib import Path

from revet.files import read_private, replace_file, seal, unseal

FILE_NAME = "snapshot.bin"


def write_state(folder: Path, content: bytes) -> int:
    """Write the state of an embedded AWS; the file is replaced in one step.

    Args:
        folder: the private folder of the embedded AWS.
        content: any bytes.

    Returns:
        The size of the file.

    Raises:
        OSError: it cannot be written; what was there before is still there.
        PrerequisiteError: the user's key cannot be used.
    """
    sealed = seal(content, _purpose(folder))
    replace_file(folder / FILE_NAME, sealed)
    return len(sealed)


def read_state(folder: Path) -> bytes | None:
    """The state that `write_state` wrote into a folder; None where there is none.

    Raises:
        InputError: something else wrote the file, for another folder, or it was changed.
        PrerequisiteError: the file, or the user's key, is not private.
    """
    path = folder / FILE_NAME
    try:
        sealed = read_private(path)
    except FileNotFoundError:
        seal(b"", _purpose(folder))  # a key that cannot be used is said before anything is kept
        return None
    return unseal(sealed, _purpose(folder), str(path))


def copy_state(source: Path, target: Path) -> bool:
    """Copy the state of one embedded AWS into the folder of another.

    Args:
        source: folder that is read.
        target: folder that holds no state yet.

    Returns:
        Whether there was one.

    Raises:
        InputError: as of `read_state`.
        PrerequisiteError: as of `read_state`.
    """
    content = read_state(source)
    if content is not None:
        write_state(target, content)
    return content is not None


def _purpose(folder: Path) -> str:
    return f"state of the embedded AWS in {folder.resolve()}"
