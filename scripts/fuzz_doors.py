"""Enter all doors with damaged and odd inputs: no fault, nothing slow, no memory eaten.

    python -m scripts.fuzz_doors [--inputs 100000] [--seed 7] [--door import] [--workers 2]

Inputs are drawn by a seed, in chunks, each in one of several processes. One that dies, or that
stands for long, is ended and told of too. What failed is printed and kept in build/fuzz; the same
`--door`, `--seed` and `--only` as are printed draw it again. Ends with status 1 after any failure.
"""

import argparse
import logging
import os
import pickle
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.doors import DOORS
from tests.entering import Failure, enter_door, warm_up
from tests.processes import usage

FOLDER = Path(__file__).parents[1] / "build" / "fuzz"
_CHUNK = 250
# Beyond what a process itself can end: a library that never returns, by its own time, or one that
# waits for ever, by the clock.
_STANDS_S, _WAITS_S = 30.0, 900.0
Chunk = tuple[str, int, int]


@dataclass(slots=True)
class Worker:
    """A process, and the file that has the input that it is at."""

    process: BaseProcess
    pipe: Connection
    at: Path
    chunk: Chunk | None = None
    seen: tuple[float, float] = (0.0, 0.0)


def main() -> None:
    """Hand out chunks, and tell what came of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))  # noqa: S311
    parser.add_argument("--door", choices=list(DOORS))
    parser.add_argument("--only", action="store_true", help="one chunk, of just this seed")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    chunks = [(asked.door or "import", asked.seed, _CHUNK)] if asked.only else list(
        cut_chunks(asked.inputs, asked.seed, asked.door)
    )  # fmt: skip
    print(f"seed {asked.seed}, {len(chunks)} chunks", flush=True)
    entered, failures = Counter[str](), list[Failure]()
    begin = time.monotonic()
    for done, (name, count, found) in enumerate(run_chunks(chunks, asked.workers), 1):
        entered[name] += count
        for failure in found:
            print(f"{failure.say()}\n    kept in {failure.save(FOLDER)}", flush=True)
        failures += found
        if done % 20 == 0:
            print(f"{entered.total():,} inputs", flush=True)
    counts = ", ".join(f"{name} {count:,}" for name, count in entered.items())
    took_s = time.monotonic() - begin
    print(f"{entered.total():,} inputs in {took_s:.0f} s ({counts}): {len(failures)} failures")
    sys.exit(1 if failures else 0)


def cut_chunks(inputs: int, seed: int, only: str | None) -> Iterator[Chunk]:
    """Cut so many inputs into chunks, each with a seed of its own, in a mixed order."""
    rng = random.Random(seed)  # noqa: S311
    chunks = []
    for door in DOORS.values():
        count = inputs if door.name == only else 0 if only else inputs * door.share // 100
        chunks += [
            (door.name, rng.randrange(2**32), min(_CHUNK, count - at))
            for at in range(0, count, _CHUNK)
        ]
    rng.shuffle(chunks)
    yield from chunks


def run_chunks(chunks: list[Chunk], workers: int) -> Iterator[tuple[str, int, list[Failure]]]:
    """Have chunks run by processes, and yield of each its door, its inputs and the failures."""
    left = chunks[::-1]
    with TemporaryDirectory(prefix="corridor-fuzz-") as name:
        crew = [_start(Path(name, str(number))) for number in range(workers)]
        for worker in crew:
            _give(worker, left)
        while busy := [worker for worker in crew if worker.chunk]:
            ready = wait([worker.pipe for worker in busy], timeout=5)
            for worker in busy:
                if worker.pipe in ready or not worker.process.is_alive() or _stands(worker):
                    yield _take(worker)
                    _give(worker, left)
        for worker in crew:
            worker.process.kill()


def _start(at: Path) -> Worker:
    here, there = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_work, args=(there, at), daemon=True)
    process.start()
    there.close()
    return Worker(process, here, at)


def _give(worker: Worker, left: list[Chunk]) -> None:
    worker.chunk = left.pop() if left else None
    if worker.chunk:
        worker.pipe.send(worker.chunk)


def _take(worker: Worker) -> tuple[str, int, list[Failure]]:
    """Take what a process found; where it died or stands, tell of the input and start another."""
    assert worker.chunk  # noqa: S101
    name, seed, _ = worker.chunk
    try:
        if not worker.pipe.poll(0):
            raise EOFError
        count, failures = worker.pipe.recv()
    except (EOFError, OSError):
        problem = "stands still" if worker.process.is_alive() else "the process died"
        worker.process.kill()
        number, given = pickle.loads(worker.at.read_bytes())  # noqa: S301 - our own
        count, failures = number, [Failure(name, seed, number, given, problem)]
        worker.at.unlink()
        other = _start(worker.at)
        worker.process, worker.pipe = other.process, other.pipe
    return name, count, failures


def _stands(worker: Worker) -> bool:
    """Tell whether a process is at one input for too long."""
    if not worker.at.exists():
        return False
    began, took_s = worker.at.stat().st_mtime, usage(worker.process.pid or 0)[1]
    if began != worker.seen[0]:
        worker.seen = began, took_s
    return took_s - worker.seen[1] > _STANDS_S or time.time() - began > _WAITS_S


def _work(pipe: Connection, at: Path) -> None:
    """Run chunks until there are no more."""
    logging.disable(logging.WARNING)  # Streamlit's, of a page that nobody serves
    warm: set[str] = set()

    def note(number: int, given: Any) -> None:
        at.write_bytes(pickle.dumps((number, given)))

    while True:
        try:
            name, seed, count = pipe.recv()
        except EOFError:
            return
        note(0, None)
        if name not in warm:
            warm_up(name)
            warm.add(name)
        pipe.send(enter_door(name, seed, count, note))


if __name__ == "__main__":
    main()
