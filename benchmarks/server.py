"""A private PostgreSQL for a benchmark, set up as in production, gone at the end.

The same server, with the same settings, serves every side of a benchmark.
"""

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

    def program(self, name: str) -> str:
        """Return the path of one of PostgreSQL's programs: ``pgbench``, ``psql``."""
        return str(find_programs() / name)


def start(*, fsync: bool) -> Server:
    """Start a server; without ``fsync`` a commit goes to the system but waits for no disk."""
    options = {**OPTIONS, "fsync": "on" if fsync else "off"}
    folder = make_folder()
    (folder / "var").mkdir(mode=0o700)
    url = start_server(folder, options)
    (socket,) = parse_qs(urlsplit(url).query)["host"]
    return Server(folder=folder, socket=socket, options=options)
