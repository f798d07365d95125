"""Enter doors with inputs by the hundred, and tell what a door must not do."""

import pickle
import re
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from geo.errors import GeoError
from tests.doors import DOORS, Door, FaultError, check_line

MOST_MB = 500.0
_STATUS, _REFS = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class SlowError(BaseException):
    """An input took longer than a door may; no door may catch it."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that a door failed at; the same door, seed and number draw it again."""

    door: str
    seed: int
    number: int
    input: Any
    problem: str

    def say(self) -> str:
        """Say what happened, on a few lines."""
        where = f"{self.door}, seed {self.seed}, number {self.number}"
        return f"{where}: {self.problem}\n    {repr(self.input)[:600]}"

    def save(self, folder: Path) -> Path:
        """Keep the input in a file; `pickle.load` gives it back."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.door}-{self.seed}-{self.number}.pickle"
        path.write_bytes(pickle.dumps(self.input))
        return path


def enter_door(
    name: str,
    first: int,
    count: int,
    begin: Callable[[int, Any], None] = lambda number, given: None,
) -> tuple[int, list[Failure]]:
    """Draw inputs from a seed and enter a door with each.

    `begin` is told of each before it enters. Returns how many were entered, and the failures.
    """
    door, failures, number = DOORS[name], list[Failure](), 0

    @seed(first)
    @settings(
        max_examples=count, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(door.inputs)
    def enter(given_: Any) -> None:
        nonlocal number
        number += 1
        begin(number, given_)
        if problem := _problem(door, given_):
            failures.append(Failure(name, first, number, given_, problem))

    enter()
    return number, failures


def warm_up(name: str) -> None:
    """Load what a door needs, which takes longer than it may take with any input."""
    for given_ in DOORS[name].plain:
        DOORS[name].enter(given_)


def _problem(door: Door, given_: Any) -> str:
    """Tell what is wrong with how a door took an input; nothing where all is well."""
    before_mb, problem = _memory_mb(), ""
    try:
        with _limited(door.limit_s(given_)):
            door.enter(given_)
    except GeoError as error:
        try:
            check_line(str(error))
        except FaultError as fault:
            problem = str(fault)
    except SlowError as slow:
        problem = f"took more than {slow} s: {_where(slow)}"
    except Exception as error:
        problem = f"{type(error).__name__}: {str(error)[:500]} {_where(error)}"
    taken_mb = _peak_mb() - before_mb
    return problem or (f"took {taken_mb:.0f} MB" if taken_mb > MOST_MB else "")


@contextmanager
def _limited(most_s: float) -> Iterator[None]:
    """Raise SlowError after so many seconds of this process's own time."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SlowError(most_s)

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, most_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _where(error: BaseException) -> str:
    """Name the last lines of code that an exception came through."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))


def _memory_mb() -> float:
    """Tell the memory that this process has, and forget the most that it had, where Linux can."""
    if not _REFS.exists():
        return _peak_mb()
    _REFS.write_text("5", "ascii")
    return _status_mb("VmRSS")


def _peak_mb() -> float:
    if _STATUS.exists():
        return _status_mb("VmHWM")
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def _status_mb(what: str) -> float:
    found = re.search(rf"{what}:\s+(\d+) kB", _STATUS.read_text("ascii"))
    return int(found[1]) / 1024 if found else 0.0
