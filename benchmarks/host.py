"""One side of a benchmark in a process of its own, because it has its own Django settings.

``python -m benchmarks.host benchmarks.sides.avoir`` reads orders from its standard input, one
JSON object a line, and answers each with one on its standard output. ``Host`` is the other end.
"""

import importlib
import json
import os
import subprocess
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self, cast

from benchmarks.clients import Act, run_clients

ROOT = Path(__file__).resolve().parent.parent


class Side(Protocol):
    """What a module must offer to be measured."""

    def prepare(self, **sizes: int) -> dict[str, object]:
        """Migrate and seed the database; returns what is worth printing."""

    def make_act(self, client: int, **options: int) -> Act:
        """Return what one client does, over and over."""

    def disconnect(self) -> None:
        """Close every connection: clients are forked."""

    def prove(self, done: int) -> dict[str, object]:
        """Show that ``done`` acts are in the database and that the books are right."""


def serve(side: Side) -> None:
    """Answer orders until the input ends."""
    for line in sys.stdin:
        order = json.loads(line)
        answer = _answer(side, order.pop("do"), order)
        side.disconnect()
        print(json.dumps(answer), flush=True)


def _answer(side: Side, what: str, order: dict[str, Any]) -> dict[str, object]:
    if what == "prepare":
        return side.prepare(**order)
    if what == "prove":
        return side.prove(**order)
    clients, seconds = order.pop("clients"), order.pop("seconds")
    run = run_clients(partial(side.make_act, **order), clients=clients, seconds=seconds)
    return asdict(run)


class Host:
    """A side running in its own process; leaving the ``with`` ends it."""

    def __init__(self, module: str, **environment: str) -> None:
        self.module = module
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.host", module],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.communicate()

    def ask(self, do: str, **order: float) -> dict[str, Any]:
        """Send an order and wait for its answer."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"do": do, **order}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.module} ended; its reason stands above.")
        return cast("dict[str, Any]", json.loads(answer))


if __name__ == "__main__":
    serve(cast("Side", importlib.import_module(sys.argv[1])))
