"""Disk: making sure that what was written is there after a power cut."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def is_text(path: Path) -> bool:
    """Whether a path can be written as text; on Linux it may hold any bytes."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def shown(path: Path) -> str:
    """A path as far as it is text."""
    return os.fsencode(path).decode("utf-8", "replace")


def sync_file(file: Path) -> None:
    """Force a file's contents to disk."""
    with file.open("rb") as handle:
        os.fsync(handle.fileno())


def sync_directory(directory: Path) -> None:
    """Force a directory's entries (new and renamed files) to disk."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file's bytes, as hex digits."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
