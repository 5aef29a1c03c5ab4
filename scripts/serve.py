"""Show Avoir on this machine: prepare the demo venue, then serve it until Ctrl+C.

``./run`` calls it once .venv is ready. The web server and the worker for jobs are its two
children; a worker that ends is started again, and both end with this process.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("AVOIR_VAR_DIR") or ROOT / "var")
HOST = "127.0.0.1"
PATIENCE_SECONDS = 60
WORKER_PAUSE_SECONDS = 3
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# More threads than this on few cores only make Granian warn.
THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)
GRANIAN = [
    *("-m", "granian", "--interface", "wsgi", "--no-ws", "--blocking-threads", str(THREADS)),
    *("--log-level", "warning", "--host", HOST, "config.wsgi:application", "--port"),
]


def say(sentence: str) -> None:
    """Print at once, also into a pipe."""
    print(sentence, flush=True)


def start(*arguments: str, log: Path | None = None) -> subprocess.Popen[bytes]:
    """Start Python with ``arguments``, out of reach of the terminal's Ctrl+C: we end it."""
    command = [sys.executable, *arguments]
    if log is None:
        return subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            command, cwd=ROOT, start_new_session=True, stdout=output, stderr=output
        )


def is_free(port: int) -> bool:
    """Tell whether we could listen on ``port``."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def ask(port: int) -> int | None:
    """Return the status of the first page, or None as long as nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def wait_for_answer(server: subprocess.Popen[bytes], port: int) -> None:
    """Return when the server answers; stop with a sentence when it will not."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (status := ask(port)) is None:
        if server.poll() is not None:
            raise SystemExit(f"The server ended with code {server.returncode}; see above.")
        if time.monotonic() > deadline:
            raise SystemExit(f"The server gave no answer in {PATIENCE_SECONDS} seconds.")
        time.sleep(0.1)
    if status >= http.client.INTERNAL_SERVER_ERROR:
        say(f"The first page answers with an error ({status}); see above.")
    say(f"\nAvoir is ready:  http://{HOST}:{port}/\nStop it with Ctrl+C.\n")


def end(child: subprocess.Popen[bytes]) -> None:
    """End a child politely, and after ten seconds by force."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def serve(port: int) -> None:
    """Run server and worker until the server ends or we are told to stop."""
    log = VAR / "worker.log"
    log.unlink(missing_ok=True)
    worker_command = ("manage.py", "db_worker", "--no-reload")
    children = {"server": start(*GRANIAN, str(port))}
    try:
        children["worker"] = start(*worker_command, log=log)
        wait_for_answer(children["server"], port)
        while children["server"].poll() is None:
            if children["worker"].poll() is not None:
                say(f"The worker for jobs ended (see {log}); starting it again.")
                time.sleep(WORKER_PAUSE_SECONDS)
                children["worker"] = start(*worker_command, log=log)
            time.sleep(0.5)
        raise SystemExit(f"The server ended with code {children['server'].returncode}.")
    finally:
        for child in children.values():
            end(child)


def prepare() -> None:
    """Bring the database up to date and fill the demo venue; repeats change nothing."""
    demo = start("manage.py", "demo")
    try:
        if demo.wait():
            raise SystemExit("The demo venue could not be prepared; see above.")
    finally:
        end(demo)


def stop(_number: int, _frame: FrameType | None) -> None:
    """Leave what we do as Ctrl+C would; further signals are ignored while we tidy up."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> None:
    """Check the port, prepare, serve."""
    port = int(sys.argv[1])
    if not is_free(port):
        raise SystemExit(
            f"Port {port} is in use (is Avoir already running?). Choose another: ./run {port + 1}"
        )
    for number in SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:  # as under nohup
            signal.signal(number, stop)
    os.environ["PYTHONUNBUFFERED"] = "1"
    os.environ.setdefault("AVOIR_PUBLIC_ADDRESS", f"http://{HOST}:{port}")
    VAR.mkdir(parents=True, exist_ok=True)
    try:
        say("Preparing the database and the demo venue.")
        prepare()
        say("Starting the server and the worker for jobs.")
        serve(port)
    except KeyboardInterrupt:
        say("\nAvoir has stopped.")


if __name__ == "__main__":
    main()
