"""A private PostgreSQL for a benchmark, set up as in production, gone at the end.

The same server, with the same settings, serves every side of a benchmark.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

from tests.plugins.database import find_programs, make_folder, start_server

# Everything else is PostgreSQL's own default, above all synchronous_commit and full_page_writes.
# Checkpoints are made between the runs, so that none falls on one side alone.
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "100",
    "wal_level": "replica",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "1h",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; its databases are reached through a socket in ``socket``."""

    folder: Path
    socket: str
    options: dict[str, str]

    def url(self, database: str) -> str:
        """Return the URL of a database, as ``DATABASE_URL`` takes it."""
        return f"postgres://avoir@/{database}?host={self.socket}"

    def run(self, *statements: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run statements outside a transaction; returns the rows of the last, if it has any."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def processor_seconds(self) -> float:
        """Return the processor time that the server and all its backends have used so far.

        Read from /proc: Linux only.
        """
        pid_file = self.folder / "postgresql" / "data" / "postmaster.pid"
        postmaster = pid_file.read_text().splitlines()[0]
        while True:
            children = _children(postmaster)
            ticks = _ticks(postmaster)[:4]  # the two last are those of backends that have ended
            for child in children:
                ticks += _ticks(child)[:2]
            if children == _children(postmaster):
                return sum(ticks) / os.sysconf("SC_CLK_TCK")

    def program(self, name: str) -> str:
        """Return the path of one of PostgreSQL's programs: ``pgbench``, ``psql``."""
        return str(find_programs() / name)


def _children(pid: str) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _ticks(pid: str) -> list[int]:
    """Return the times in the stat file of a process: own user and system, then its children's."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return [0, 0, 0, 0]  # ended since; it is in its parent's count at the next reading
    return [int(value) for value in stat.rpartition(")")[2].split()[11:15]]


def start(*, fsync: bool) -> Server:
    """Start a server; without ``fsync`` a commit goes to the system but waits for no disk."""
    options = {**OPTIONS, "fsync": "on" if fsync else "off"}
    folder = make_folder()
    (folder / "var").mkdir(mode=0o700)
    url = start_server(folder, options)
    (socket,) = parse_qs(urlsplit(url).query)["host"]
    return Server(folder=folder, socket=socket, options=options)
