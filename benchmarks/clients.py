"""So many client processes doing the same act at once, for so many seconds."""

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier

Act = Callable[[], object]
MakeAct = Callable[[int], Act]
Counted = tuple[float, float, list[float]]

# Long enough for a connection, its prepared statements and every cache.
WARM_UP = 100
PATIENCE_SECONDS = 120

_fork = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Run:
    """What came out: acts a second of all clients together, how many were done in all, warming
    up included, and the processor time that one act took the client.
    """

    per_second: float
    done: int
    client_us: float
    p50_ms: float
    p95_ms: float


def run_clients(make_act: MakeAct, *, clients: int, seconds: float) -> Run:
    """Fork the clients, let each warm up, start them together and count what they do.

    ``make_act`` is called in each client with its number, and opens what the act needs: the
    caller must hold no open connection.
    """
    barrier = _fork.Barrier(clients)
    results = [_fork.Pipe(duplex=False) for _ in range(clients)]
    processes = [
        _fork.Process(target=_client, args=(make_act, number, barrier, seconds, sender))
        for number, (_, sender) in enumerate(results)
    ]
    for process in processes:
        process.start()
    counted: list[Counted] = []
    for process, (receiver, _) in zip(processes, results, strict=True):
        if not receiver.poll(seconds + PATIENCE_SECONDS):
            raise SystemExit("A client did not come back.")
        counted.append(receiver.recv())
        process.join()
    if any(process.exitcode for process in processes):
        raise SystemExit("A client failed; its reason stands above.")
    took = sorted(second for _, _, times in counted for second in times)
    return Run(
        per_second=sum(len(times) / elapsed for elapsed, _, times in counted),
        done=len(took) + clients * WARM_UP,
        client_us=sum(used for _, used, _ in counted) / len(took) * 1_000_000,
        p50_ms=took[len(took) // 2] * 1000,
        p95_ms=took[len(took) * 95 // 100] * 1000,
    )


def _client(
    make_act: MakeAct,
    number: int,
    barrier: Barrier,
    seconds: float,
    sender: "multiprocessing.connection.Connection",
) -> None:
    try:
        act = make_act(number)
        for _ in range(WARM_UP):
            act()
        barrier.wait(PATIENCE_SECONDS)
        sender.send(_repeat(act, seconds))
    except BaseException:
        barrier.abort()
        sender.send((1.0, 0.0, [0.0]))
        raise


def _repeat(act: Act, seconds: float) -> Counted:
    """Return the seconds that went by, those of the processor, and those of each act."""
    times = []
    used = time.process_time()
    started = now = time.perf_counter()
    while now - started < seconds:
        act()
        before, now = now, time.perf_counter()
        times.append(now - before)
    return now - started, time.process_time() - used, times
