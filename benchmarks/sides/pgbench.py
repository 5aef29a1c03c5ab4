"""What PostgreSQL itself allows: the same rows written by one function, driven by pgbench."""

import os
import re
import resource
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.clients import WARM_UP
from benchmarks.server import Server

HERE = Path(__file__).resolve().parent.parent / "pgbench"


class Pgbench:
    """A copy of our seeded database, and pgbench calling the function on it."""

    def __init__(
        self, server: Server, *, template: str, accounts: int, ids: dict[str, Any]
    ) -> None:
        self._server = server
        server.run(f"CREATE DATABASE pgbench TEMPLATE {template}")
        server.run((HERE / "function.sql").read_text(), "VACUUM ANALYZE", database="pgbench")
        names = ("first_account", "first_chain", "first_session", "mode", "point_of_sale")
        self._variables = {name: ids[name] for name in (*names, "operator")}
        self._variables["accounts"] = accounts

    def run(self, *, clients: int, seconds: int, tills: int) -> dict[str, float]:
        """Run so many clients for so many seconds; returns transactions a second."""
        self._pgbench(clients, ["-t", str(WARM_UP)], tills)
        before = _used()
        said = self._pgbench(clients, ["-T", str(seconds)], tills)
        counted = _figure(r"actually processed: (\d+)", said)
        return {
            "per_second": _figure(r"tps = ([\d.]+)", said),
            "done": clients * WARM_UP + counted,
            "client_us": (_used() - before) / counted * 1_000_000,
        }

    def _pgbench(self, clients: int, length: list[str], tills: int) -> str:
        variables = {**self._variables, "tills": tills}
        threads = min(clients, os.cpu_count() or 1)
        command = [self._server.program("pgbench"), "--no-vacuum", "--protocol=prepared"]
        command += [f"--client={clients}", f"--jobs={threads}", *length]
        command += [f"--define={name}={value}" for name, value in variables.items()]
        command += [f"--file={HERE / 'pay.sql'}", "-h", self._server.socket, "-U", "avoir"]
        done = subprocess.run([*command, "pgbench"], check=False, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"pgbench failed:\n{done.stderr}")
        return done.stdout

    def prove(self, done: int) -> None:
        """Every payment of pgbench is there, with its entry."""
        rows = self._server.run(
            "SELECT (SELECT count(*) FROM credit_movement WHERE kind = 'PAIEMENT'),"
            " (SELECT count(*) FROM journal_entry WHERE payload LIKE '%PAIEMENT%'),"
            " (SELECT count(*) FROM journal_operation WHERE kind = 'benchmark.pay')",
            database="pgbench",
        )
        assert rows == [(done + 1, done + 1, done + 1)], "one more was in the template"


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _figure(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    if found is None:
        raise SystemExit(f"pgbench said something unexpected:\n{text}")
    return float(found.group(1))
