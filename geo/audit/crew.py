"""Have parts done: here, by processes of this machine, or by a Dask cluster."""

import importlib
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import active_children, connection, get_context, parent_process
from types import FrameType
from typing import Any, Self

import pyarrow as pa

from geo.audit.model import Part, Receipt
from geo.errors import GeoError
from geo.text import printable

Task = Callable[[Part], Receipt]
Crew = Callable[[Task, Iterable[Part]], Iterator[Receipt]]
# Enough that no worker waits, and so few that the parts that wait take little memory.
_WAITING_EACH = 2
_CONNECT_S = "10s"
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_GO_ON = "the same command goes on where it stopped"


def here(task: Task, parts: Iterable[Part]) -> Iterator[Receipt]:
    """Do parts one after the other in this process."""
    return map(task, parts)


def local(workers: int) -> Crew:
    """Have parts done by so many processes, which end when this one does, and at Ctrl-C."""

    def crew(task: Task, parts: Iterable[Part]) -> Iterator[Receipt]:
        parts = iter(parts)
        first = list(islice(parts, 2))
        if len(first) < 2:
            # Processes take longer to start than this does.
            yield from here(task, first)
            return
        parts = chain(first, parts)
        with _one_thread_each(), _Workers(workers) as pool:
            try:
                yield from _flow(task, parts, pool.submit, _wait, _WAITING_EACH * workers)
            except BrokenProcessPool as error:
                raise GeoError(f"a worker died, perhaps for want of memory; {_GO_ON}") from error

    return crew


class _Workers:
    """A pool whose processes are killed at Ctrl-C and at any error.

    Whoever reads the receipts may hold on to what raised, and so keep the pool alive: therefore the
    signal itself ends the processes. Parts are left whole or not at all, so no harm is done.
    """

    def __init__(self, count: int) -> None:
        self._others = set(active_children())
        self._pool = ProcessPoolExecutor(count, get_context("spawn"), _begin_worker)
        self._before: Any = None
        self._is_starting = self._is_stopped = False

    def __enter__(self) -> Self:
        before = signal.getsignal(signal.SIGINT)
        if callable(before) and threading.current_thread() is threading.main_thread():
            self._before = before
            signal.signal(signal.SIGINT, self._stop)
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is not None:
            self._kill()
        # Before Python 3.11.5 a pool whose processes died may wait for ever.
        self._pool.shutdown(wait=error is None, cancel_futures=True)
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def submit(self, task: Task, part: Part) -> Future[Receipt]:
        """Have a part done. A process that this starts is known before Ctrl-C is heard."""
        self._is_starting = True
        # A new process has the mask too: Ctrl-C at a terminal is sent to it as well.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return self._pool.submit(task, part)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            self._is_starting = False
            if self._is_stopped:
                self._stop(signal.SIGINT, None)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._is_stopped = True
        if not self._is_starting:
            self._kill()
            self._before(number, frame)

    def _kill(self) -> None:
        for process in set(active_children()) - self._others:
            process.kill()


def cluster(address: str) -> Crew:
    """Have parts done by a Dask cluster that runs already. Raises GeoError without Dask."""
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        raise GeoError("--scheduler needs Dask: pip install -r requirements-cluster.txt") from error

    def crew(task: Task, parts: Iterable[Part]) -> Iterator[Receipt]:
        try:
            client = distributed.Client(address, timeout=_CONNECT_S)
        except (OSError, TimeoutError, ValueError) as error:
            raise GeoError(f"{printable(address)}: no Dask scheduler answers there") from error
        with client:
            try:
                yield from _flow_on(client, distributed, task, parts)
            except (distributed.KilledWorker, CancelledError) as error:
                raise GeoError(
                    f"{printable(address)}: the cluster lost a part; {_GO_ON}"
                ) from error

    return crew


def _flow_on(client: Any, distributed: Any, task: Task, parts: Iterable[Part]) -> Iterator[Receipt]:
    """Keep all threads of a cluster busy. Raises GeoError where it has none."""
    threads = sum(client.nthreads().values())
    if not threads:
        raise GeoError(f"{printable(client.scheduler.address)}: the scheduler has no workers")

    def submit(task: Task, part: Part) -> Any:
        # By itself Dask would take parts with the same rows for one.
        return client.submit(task, part, pure=False)

    def wait_for_one(futures: set[Any]) -> tuple[set[Any], set[Any]]:
        done, waiting = distributed.wait(futures, return_when="FIRST_COMPLETED")
        return done, waiting

    return _flow(task, parts, submit, wait_for_one, _WAITING_EACH * threads)


def _flow(
    task: Task,
    parts: Iterable[Part],
    submit: Callable[[Task, Part], Any],
    wait_for_one: Callable[[set[Any]], tuple[set[Any], set[Any]]],
    most: int,
) -> Iterator[Receipt]:
    """Keep so many parts under way, and yield receipts as they come."""
    waiting: set[Any] = set()
    for part in parts:
        waiting.add(submit(task, part))
        while len(waiting) >= most:
            done, waiting = wait_for_one(waiting)
            for future in done:
                yield future.result()
    while waiting:
        done, waiting = wait_for_one(waiting)
        for future in done:
            yield future.result()


def _wait(futures: set[Any]) -> tuple[set[Any], set[Any]]:
    done, waiting = wait(futures, return_when=FIRST_COMPLETED)
    return done, waiting


def _begin_worker() -> None:
    """Set up a process: it leaves Ctrl-C to its parent, and ends when that is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Keep the numeric libraries of processes that are started meanwhile to one thread."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
