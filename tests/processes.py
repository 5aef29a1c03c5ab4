"""Real processes and threads against the one test database, started together.

Every worker has connections of its own; what it returns, or the refusal it met, comes home.
"""

import multiprocessing
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any

from django.db import connection, connections

Work = Callable[[], Any]

_FORK = multiprocessing.get_context("fork")
# Long enough for the slowest machine; a worker that hangs fails the test instead of the run.
PATIENCE_SECONDS = 120


def in_processes(works: Sequence[Work]) -> list[Any]:
    """Run each of ``works`` in a process of its own, all at once; return results in order.

    What a worker raises is returned as its result. One that dies without a word is a
    ``ChildProcessError`` with its exit code.
    """
    connections.close_all()  # an open connection must not be shared by two processes
    start = _FORK.Barrier(len(works))
    workers = []
    for work in works:
        here, there = _FORK.Pipe(duplex=False)
        process = _FORK.Process(target=_work_in_process, args=(work, start, there), daemon=True)
        process.start()
        there.close()
        workers.append((process, here))
    return [_result_of(process, here) for process, here in workers]


def _work_in_process(work: Work, start: Any, there: Connection) -> None:
    inherited = _set_inherited_aside()
    connection.ensure_connection()
    start.wait(PATIENCE_SECONDS)
    there.send(_tried(work))
    connections.close_all()
    del inherited


def _set_inherited_aside() -> list[Any]:
    """Take away the connections the parent still had open, without closing them.

    While a browser's event loop runs, Django keeps two sets of connections for one thread, and
    ``close_all`` sees only the one of the loop; the child, which has no loop, sees the other.
    """
    inherited = [connections[alias] for alias in connections]
    for alias in connections:
        del connections[alias]
    return inherited


def _tried(work: Work) -> Any:
    try:
        return work()
    except Exception as error:  # noqa: BLE001 (whatever it is, the test looks at it)
        return error


def _result_of(process: Any, here: Connection) -> Any:
    try:
        result = here.recv() if here.poll(PATIENCE_SECONDS) else TimeoutError()
    except EOFError:
        result = None
    process.join(5)
    if process.is_alive():
        process.kill()
        process.join()
    return ChildProcessError(process.exitcode) if process.exitcode else result


def in_threads(works: Sequence[Work]) -> list[Any]:
    """Run each of ``works`` in a thread of its own, all at once; return results in order."""
    results: list[Any] = [TimeoutError()] * len(works)
    start = threading.Barrier(len(works))

    def run(index: int, work: Work) -> None:
        start.wait(PATIENCE_SECONDS)
        results[index] = _tried(work)
        connections.close_all()

    threads = [
        threading.Thread(target=run, args=(index, work), daemon=True)
        for index, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    return results


def count_deadlocks() -> int:
    """Return how many deadlocks PostgreSQL has broken in this database; SQLite has none."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        # A backend hands its counts in when it ends, within a moment: until they stand still.
        known = -1
        while True:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
            )
            (deadlocks,) = cursor.fetchone()
            if deadlocks == known:
                return int(deadlocks)
            known = deadlocks
            time.sleep(0.2)
