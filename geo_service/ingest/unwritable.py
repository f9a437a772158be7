"""What is said when a file or folder cannot be written."""

from __future__ import annotations

import errno
import os
import pwd
from pathlib import Path

from geo_service.errors import ConfigError


def cannot_write(path: Path, error: OSError) -> ConfigError:
    """Return the error that names what was asked for, why it failed, and where rights are missing, whose.

    The commands may run as another account than the one that started them, which nobody sees in "Permission denied".
    """
    reason = os.strerror(error.errno) if error.errno else str(error)
    if error.errno in (errno.EACCES, errno.EPERM):
        reason += f" for the account {_account()}. Choose a place where it may write, for example below /tmp"
    return ConfigError(f"{path} cannot be written to: {reason}.")


def _account() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a number that has no name, as in a container
        return str(os.geteuid())
