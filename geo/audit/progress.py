"""Tell on a stream how far an audit is, and how long it may take yet."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import TextIO

from geo.legs import say_minutes

_EVERY_S, _EVERY_LINE_S = 0.5, 5.0
_WIDTH = 78


@dataclass(slots=True)
class Progress:
    """Writes one line again and again on a terminal, and line after line elsewhere."""

    stream: TextIO | None
    clock: Callable[[], float] = monotonic
    _said: float = float("-inf")
    _step: str = ""
    _from: tuple[float, float] = field(default=(0.0, 0.0))

    def tell(self, step: str, share: float, detail: str = "") -> None:
        """Tell that a step is done to this share, 0 to 1; not each time, since that takes time."""
        now = self.clock()
        if step != self._step:
            self._step, self._from, self._said = step, (now, share), float("-inf")
        if self.stream is None or now - self._said < self._pause_s():
            return
        self._said = now
        line = f"{step}: {100 * share:.0f} %{detail}{self._left(now, share)}"
        rewrites = self.stream.isatty()
        self.stream.write(f"\r{line[:_WIDTH]:{_WIDTH}}" if rewrites else f"{line}\n")
        self.stream.flush()

    def end(self) -> None:
        """Clear the line, so that what follows stands alone."""
        if self.stream is not None and self.stream.isatty():
            self.stream.write("\r" + " " * _WIDTH + "\r")
            self.stream.flush()

    def _left(self, now: float, share: float) -> str:
        """Say how long the step will take yet, at the pace since it was begun."""
        began, first = self._from
        if share <= first or now <= began:
            return ""
        seconds = (now - began) * (1 - share) / (share - first)
        return f", {say_seconds(seconds)} left"

    def _pause_s(self) -> float:
        return _EVERY_S if self.stream is not None and self.stream.isatty() else _EVERY_LINE_S


def say_seconds(seconds: float) -> str:
    """Write a time in words, such as "40 s" or "2 h 5 min"."""
    return f"{seconds:.0f} s" if seconds < 100 else say_minutes(seconds / 60)
