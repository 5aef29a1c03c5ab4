"""Gives every test run a database and a ``var/`` of its own, and takes them away at its end.

``--db=sqlite`` (default, or ``TEST_DB``) tests on a SQLite file, ``--db=postgresql`` on a private
PostgreSQL that this plugin starts: no TCP port, no fsync, its own user, gone with the run. A
PostgreSQL named by ``TEST_DATABASE_URL`` is taken instead. Several runs at once do not meet.

``pyproject.toml`` loads it with ``-p`` so that it works before the settings are read, which take
``DATABASE_URL`` and ``AVOIR_VAR_DIR`` from the environment; xdist's workers inherit both.
"""

import atexit
import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import pytest

# /tmp, whatever TMPDIR says: a socket's path has 107 bytes at most, and the user of PostgreSQL
# must be able to go there.
BASE = Path("/tmp")  # noqa: S108
PREFIX = "avoir-test-"
SERVER_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "jit": "off",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("avoir").addoption(
        "--db",
        choices=("sqlite", "postgresql"),
        default=os.environ.get("TEST_DB") or "sqlite",
        help="database to test on; also TEST_DB. TEST_DATABASE_URL names a PostgreSQL to use",
    )


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    """Prepare the environment before pytest-django, in the same hook, reads the settings."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        prepare(early_config.known_args_namespace.db)
    return (yield)


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('db')}"


def prepare(db: str) -> None:
    """Set the environment of this run for ``db``; what was started goes when Python ends."""
    for leftover in BASE.glob(f"{PREFIX}*"):
        remove_if_dead(leftover)
    folder = make_folder()
    (folder / "var").mkdir(mode=0o700)
    os.environ["AVOIR_VAR_DIR"] = str(folder / "var")
    os.environ["AVOIR_EXTRA_APPS"] = "tests.flushing"
    # Browser tests run in Playwright's event loop, where Django would refuse the ORM.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    if db == "sqlite":
        os.environ["DATABASE_URL"] = ""
    else:
        os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or start_server(folder)


def make_folder() -> Path:
    """Make the folder of this run, marked as ours for as long as this process lives.

    The mark is a lock on a file, which the system lifts whatever this process dies of.
    """
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=BASE))
    folder.chmod(0o711)
    descriptor = os.open(folder / "owner.new", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    (folder / "owner.new").rename(folder / "owner")
    process = os.getpid()

    def end() -> None:
        if os.getpid() == process:  # not in a child that a test forked
            remove(folder)

    atexit.register(end)
    return folder


def remove_if_dead(folder: Path) -> None:
    """Remove what a run that was killed has left, and nothing of one that lives."""
    try:
        if folder.stat().st_uid != os.geteuid():
            return
        descriptor = os.open(folder / "owner", os.O_RDWR)
    except OSError:
        return  # another user's, being made, or just gone
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        remove(folder)
    finally:
        os.close(descriptor)


def remove(folder: Path) -> None:
    """Stop the server of ``folder``, if it runs, and delete the folder."""
    data = folder / "postgresql" / "data"
    if (data / "postmaster.pid").exists():
        run_tool(folder, "pg_ctl", "stop", "-D", str(data), "-m", "immediate", "-w")
    shutil.rmtree(folder, ignore_errors=True)


def start_server(folder: Path, options: Mapping[str, str] = SERVER_OPTIONS) -> str:
    """Start a PostgreSQL in ``folder`` and return its URL; takes about half a second.

    The benchmarks start theirs with other ``options``.
    """
    home = folder / "postgresql"
    home.mkdir(mode=0o700)
    user = server_user()
    if user:
        os.chown(home, user["user"], user["group"])
    data = home / "data"
    flags = " ".join(f"-c {name}='{value}'" for name, value in options.items())
    log = home / "log"
    locale = ["--encoding=UTF8", "--locale=C.UTF-8"]
    commands = [
        ["initdb", "-D", str(data), "-U", "avoir", "-A", "trust", *locale, "--no-sync"],
        ["pg_ctl", "start", "-D", str(data), "-w", "-l", str(log), "-o", f"-k {home} {flags}"],
    ]
    for command in commands:
        done = run_tool(folder, *command)
        if done.returncode:
            said = log.read_text() if log.exists() else done.stdout
            raise pytest.UsageError(f"{command[0]} failed:\n{said}")
    return f"postgres://avoir@/avoir?host={home}"


def run_tool(folder: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL as a user it agrees to run as."""
    return subprocess.run(
        [str(find_programs() / name), *arguments],
        cwd=folder,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **server_user(),
    )


def server_user() -> dict[str, Any]:
    """Return what makes ``subprocess`` leave root, as whom PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise pytest.UsageError("PostgreSQL does not run as root, and there is no user postgres.")


def find_programs() -> Path:
    """Return the folder of the newest PostgreSQL of Debian, else of the one on the path."""
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(installed, key=lambda path: float(path.parts[-3]), default=None)
    found = newest or shutil.which("initdb")
    if found is None:
        raise pytest.UsageError(
            "There is no PostgreSQL here: apt-get install postgresql, "
            "or name one in TEST_DATABASE_URL, or test with --db=sqlite."
        )
    return Path(found).resolve().parent
