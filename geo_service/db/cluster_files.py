"""What a private cluster keeps on disk: its directory, its data, its socket and who may connect."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
from collections.abc import Sequence
from pathlib import Path

from geo_service.db.pg_programs import Account, Programs, clean_environment
from geo_service.errors import ConfigError

# sockaddr_un holds 107 bytes; the rest is for the socket's own name.
SOCKET_DIR_LIMIT_BYTES = 80


def socket_dir(directory: Path) -> Path:
    """Choose where a cluster has its socket: beside the data, or in /tmp where that path is too long.

    It depends on the directory alone, so every process of every session finds it.
    """
    beside = directory / "socket"
    if len(os.fsencode(beside)) <= SOCKET_DIR_LIMIT_BYTES:
        return beside
    name = hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]
    return Path("/tmp", f"geo-service-{name}")  # noqa: S108 - prepare_directory checks whose it is


def prepare_directory(directory: Path, socket_directory: Path, account: Account) -> None:
    """Make the directories of a cluster, for the account that runs it.

    Raises
    ------
    ConfigError
        The account cannot reach the directory, or the socket's directory belongs to somebody else.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"The directory {directory} cannot be made: {error.strerror}.") from error
    own(directory, account)
    reach = account.command("test", "-w", str(directory), "-a", "-x", str(directory))
    if subprocess.run(reach, cwd="/").returncode != 0:
        raise ConfigError(f"The account {account.name}, which runs PostgreSQL, cannot reach {directory}.")
    try:
        socket_directory.mkdir(mode=0o700)
        own(socket_directory, account)
    except FileExistsError:
        # In /tmp anybody may have been here first: only a real directory of the right owner will do.
        found = socket_directory.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
            raise ConfigError(
                f"{socket_directory} is not a directory of the account {account.name}."
            ) from None
        socket_directory.chmod(0o700)


def create_data(data_dir: Path, owner: str, programs: Programs, account: Account) -> None:
    """Make a new cluster's data: UTF-8, order of code points (C.UTF-8), checksums, the superuser `owner`.

    Raises
    ------
    ConfigError
        The directory is not empty, or ``initdb`` failed.
    """
    if data_dir.exists() and any(data_dir.iterdir()):
        raise ConfigError(f"{data_dir} is not empty, but holds no PostgreSQL data.")
    # Under another name first: what an interrupted initdb leaves must not pass for a cluster.
    unfinished = data_dir.with_name("data.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    options = [f"--pgdata={unfinished}", f"--username={owner}", "--auth-local=peer", "--auth-host=reject"]
    options += ["--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"]
    made = subprocess.run(
        account.command(programs.path("initdb"), *options),
        cwd="/",
        env=clean_environment(),
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        said = (made.stderr or made.stdout).strip().splitlines()
        raise ConfigError(f"initdb could not make {data_dir}: {said[-1] if said else made.returncode}")
    if data_dir.exists():
        data_dir.rmdir()
    unfinished.rename(data_dir)


def write_access_rules(data_dir: Path, roles: Sequence[str], account: Account) -> bool:
    """Let the account that runs the server, and root where root started it, be all roles, and nobody else.

    Returns
    -------
    bool
        Whether the rules changed; a running server must then read them again.
    """
    users = dict.fromkeys([account.name, "root"] if os.geteuid() == 0 else [account.name])
    contents = {
        "pg_hba.conf": "".join(f"local all {role} peer map=geo_service\n" for role in roles),
        "pg_ident.conf": "".join(f'geo_service "{user}" {role}\n' for user in users for role in roles),
    }
    changed = False
    for name, content in contents.items():
        path = data_dir / name
        if not path.exists() or path.read_text() != content:
            path.write_text(content)
            own(path, account)
            changed = True
    return changed


def own(path: Path, account: Account) -> None:
    """Give a file to the account, where that is not ourselves."""
    if account.is_other:
        os.chown(path, account.uid, account.gid)
