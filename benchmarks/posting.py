"""Postings a second: paying with credit, against PostgreSQL itself and against django-hordak.

    python benchmarks/posting.py --clients 1,4,8 --seconds 3 --tills 20

Starts a private PostgreSQL, seeds it, and runs five things in turn, round after round:

- ``avoir``: our payment with credit, complete (operation, movement, sealed entry, commit);
- ``avoir_one_till``: the same, everybody at one till, whose journal is one chain;
- ``pgbench``: the same rows written by one function, many tills; ``pgbench_one_till``: one till;
- ``hordak``: django-hordak's transfer, made safe against overdrawing.

Prints a sentence a bar and, last, one line of JSON. See benchmarks/README.md.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import server as servers
from benchmarks.host import Host
from benchmarks.sides.pgbench import Pgbench

Figures = dict[str, list[float]]
Runner = Callable[[int], dict[str, float]]

# What design.md §5 promises at 4 clients: side, against which, at least how many times as much.
BARS = (
    ("avoir", "hordak", 4.0),
    ("avoir", "pgbench", 0.35),
    ("avoir_one_till", "pgbench_one_till", 0.35),
)
BAR_CLIENTS = 4


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clients", default="1,4,8", help="numbers of client processes")
    parser.add_argument("--seconds", type=int, default=3, help="length of each run")
    parser.add_argument("--rounds", type=int, default=5, help="how often each run is repeated")
    parser.add_argument("--tills", type=int, default=20)
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument(
        "--fsync", action="store_true", help="wait for the disk at each commit, all sides alike"
    )
    return parser.parse_args()


def main() -> None:
    """Seed, measure, prove, print."""
    options = arguments()
    clients = [int(number) for number in options.clients.split(",")]
    sizes = {"accounts": options.accounts, "tills": options.tills}
    server = servers.start(fsync=options.fsync)
    server.run("CREATE DATABASE avoir", "CREATE DATABASE hordak")
    var = str(server.folder / "var")
    with (
        Host(
            "benchmarks.sides.avoir", DATABASE_URL=server.url("avoir"), AVOIR_VAR_DIR=var
        ) as avoir,
        Host("benchmarks.sides.hordak", DATABASE_URL=server.url("hordak")) as hordak,
    ):
        ours = avoir.ask("prepare", **sizes)
        theirs = hordak.ask("prepare", **sizes)
        pgbench = Pgbench(server, template="avoir", accounts=options.accounts, ids=ours)
        many, seconds = options.tills, options.seconds
        runners: dict[str, Runner] = {
            "avoir": lambda n: avoir.ask("run", clients=n, seconds=seconds, tills=many),
            "pgbench": lambda n: pgbench.run(clients=n, seconds=seconds, tills=many),
            "avoir_one_till": lambda n: avoir.ask("run", clients=n, seconds=seconds, tills=1),
            "pgbench_one_till": lambda n: pgbench.run(clients=n, seconds=seconds, tills=1),
            "hordak": lambda n: hordak.ask("run", clients=n, seconds=seconds, tills=many),
        }
        measured, done = _measure(server, runners, clients, options.rounds)
        proof = avoir.ask("prove", done=done["avoir"] + done["avoir_one_till"])
        hordak.ask("prove", done=done["hordak"])
        pgbench.prove(done["pgbench"] + done["pgbench_one_till"])
    result = {
        "benchmark": "posting",
        **_results(measured),
        "statements": {"avoir": ours["statements"], "hordak": theirs["statements"]},
        "sizes": {**sizes, "seconds": seconds, "rounds": options.rounds},
        "proved": {**done, **proof},
        "postgresql": server.options,
        "versions": _versions(ours["server"]),
        "processors": os.cpu_count(),
    }
    _tell(result)
    print(json.dumps(result))


def _measure(
    server: servers.Server, runners: dict[str, Runner], clients: list[int], rounds: int
) -> tuple[dict[int, dict[str, Figures]], dict[str, int]]:
    """Run everything in turn; each round begins with another side, so that none is always first."""
    measured: dict[int, dict[str, Figures]] = {}
    done = dict.fromkeys(runners, 0)
    names = list(runners)
    for count in clients:
        figures: dict[str, Figures] = {name: {} for name in names}
        for number in range(rounds):
            for name in names[number % len(names) :] + names[: number % len(names)]:
                server.run("CHECKPOINT")
                before = server.processor_seconds()
                run = runners[name](count)
                written = int(run.pop("done"))
                done[name] += written
                run["server_us"] = (server.processor_seconds() - before) / written * 1_000_000
                for what, figure in run.items():
                    figures[name].setdefault(what, []).append(figure)
            print(f"{count} clients, round {number + 1} of {rounds}", file=sys.stderr)
        measured[count] = figures
    return measured, done


def _results(measured: dict[int, dict[str, Figures]]) -> dict[str, object]:
    """Medians of every figure, and of the ratios of each round, per number of clients."""
    medians = {
        count: {
            name: {what: round(median(values), 2) for what, values in figures.items()}
            for name, figures in sides.items()
        }
        for count, sides in measured.items()
    }
    ratios = {
        count: {
            f"{side}/{other}": round(
                median(
                    mine / theirs
                    for mine, theirs in zip(
                        sides[side]["per_second"], sides[other]["per_second"], strict=True
                    )
                ),
                3,
            )
            for side, other, _ in BARS
        }
        for count, sides in measured.items()
    }
    return {"medians": medians, "ratios": ratios}


def _versions(server_version: int) -> dict[str, str]:
    names = ("django", "psycopg", "django-hordak", "django-money")
    major, minor = divmod(server_version, 10000)
    return {
        "python": platform.python_version(),
        "postgresql": f"{major}.{minor}",
        **{name: version(name) for name in names},
    }


def _tell(result: dict[str, object]) -> None:
    """Say in plain words how each bar came out."""
    medians, ratios = result["medians"], result["ratios"]
    assert isinstance(medians, dict)
    assert isinstance(ratios, dict)
    for count, sides in medians.items():
        shown = ", ".join(f"{name} {figures['per_second']:.0f}" for name, figures in sides.items())
        print(f"{count} clients, postings a second: {shown}.")
        for side, other, bar in BARS:
            ratio = ratios[count][f"{side}/{other}"]
            verdict = ""
            if count == BAR_CLIENTS:
                verdict = f": the bar is {bar:g}, {'kept' if ratio >= bar else 'MISSED'}"
            print(f"  {side} does {ratio:.2f} times what {other} does{verdict}.")


if __name__ == "__main__":
    main()
