"""Have many readers at once on one server: how soon is each click answered, what memory stays?

    python -m scripts.soak_sessions [--readers 50] [--think 8] [--minutes 60]

First a crowd opens the page, clicks what was recorded with pauses as people make, and leaves. Then,
for as many minutes as asked, half as many readers come and go. Ends with status 1 where a click
fails or takes too long, where readers who did the same were told different, or where the server
keeps more memory than it had.
"""

import argparse
import asyncio
import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tests.browser.support import Server, serve
from tests.crowd import RECORDINGS, Played, disagreeing, play
from tests.processes import ps, usage

MOST_S = 1.0
MOST_KEPT = 1.10
# Of what the server holds, in an hour.
MOST_GROWTH = 0.02
# Streamlit keeps what a reader had for two minutes, in case the reader comes back; here for less.
_KEPT_S = 10
_SAMPLE_S = 2.0
# A link that is passed around has its readers one after another.
_COMING_S = 20.0
_WINDOWS = 20


@dataclass(slots=True)
class Watch:
    """What is seen of a server: its clicks, and its memory in MB by the seconds."""

    server: Server
    think_s: float
    pid: int
    played: list[Played] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    async def sample(self) -> None:
        """Look at the memory again and again."""
        while True:
            self.memory.append((time.monotonic(), usage(self.pid)[0]))
            await asyncio.sleep(_SAMPLE_S)

    async def come(self, number: int) -> None:
        """Let a reader come, click and go."""
        rng = random.Random()  # noqa: S311 - pauses, not secrets
        await asyncio.sleep(rng.uniform(0, _COMING_S))
        try:
            await play(
                self.server.url, number, lambda: rng.expovariate(1 / self.think_s),
                self.played.append,
            )  # fmt: skip
        except (AssertionError, OSError, TimeoutError) as error:
            self.problems.append(f"recording {number}: {error!r}")


def main() -> None:
    """Serve the page, and let the readers at it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--think", type=float, default=8.0, metavar="S", help="on the average")
    parser.add_argument("--minutes", type=float, default=60.0)
    asked = parser.parse_args()
    with serve("app.py", args=(f"--server.disconnectedSessionTTL={_KEPT_S}",)) as server:
        watch = Watch(server, asked.think, server_pid(server))
        asyncio.run(_watch(watch, asked.readers, asked.minutes))
        watch.problems += [line for line in server.log().splitlines() if "Traceback" in line]
    if watch.problems:
        raise SystemExit("\n".join(watch.problems))


async def _watch(watch: Watch, readers: int, minutes: float) -> None:
    # What readers share is found by the first: a server that has just started has none of it.
    for number in range(RECORDINGS):
        await play(watch.server.url, number, lambda: 0.0, watch.played.append)
    print(f"alone: {say_times(watch.played)}", flush=True)
    sampling = asyncio.create_task(watch.sample())
    await _crowd(watch, readers)
    if minutes:
        await _soak(watch, readers // 2, minutes)
    sampling.cancel()
    watch.problems += [f"readers were told different: {each}" for each in disagreeing(watch.played)]


async def _crowd(watch: Watch, readers: int) -> None:
    """Let all come at once, and look what stays when they have gone."""
    await asyncio.sleep(3 * _KEPT_S)
    first, begin = len(watch.played), time.monotonic()
    before_mb, before_s = usage(watch.pid)
    await asyncio.gather(*map(watch.come, range(readers)))
    took_s, busy_s = time.monotonic() - begin, usage(watch.pid)[1] - before_s
    most_mb = max(mb for at_s, mb in watch.memory if at_s >= begin)
    await asyncio.sleep(3 * _KEPT_S)
    after_mb, played = usage(watch.pid)[0], watch.played[first:]
    print(f"{readers} readers, who think {watch.think_s:g} s: {say_times(played)}")
    print(f"{len(played) / took_s:.1f} clicks a second, {busy_s / took_s:.0%} of a processor, the "
          f"machine's load {os.getloadavg()[0]:.1f}")  # fmt: skip
    print(f"memory: {before_mb:.0f} MB, {most_mb:.0f} at most, {after_mb:.0f} after", flush=True)
    if (late_s := late(played)) > MOST_S:
        watch.problems.append(f"of 20 clicks one took {late_s:.2f} s, more than {MOST_S:g}")
    if after_mb > MOST_KEPT * before_mb:
        watch.problems.append(f"{after_mb:.0f} MB stay, of {before_mb:.0f} before")


async def _soak(watch: Watch, readers: int, minutes: float) -> None:
    """Let readers come and go; the first quarter of the time doesn't count for the memory."""
    first, begin = len(watch.played), time.monotonic()
    end = begin + 60 * minutes

    async def one_after_another() -> None:
        while time.monotonic() < end:
            await watch.come(random.randrange(RECORDINGS))  # noqa: S311

    await asyncio.gather(*(one_after_another() for _ in range(readers)))
    counted = [each for each in watch.memory if begin + 15 * minutes <= each[0] <= end]
    mb, growth_mb = growth(counted)
    print(f"{minutes:g} minutes, {readers} readers: {say_times(watch.played[first:])}")
    print(f"memory: {mb:.0f} MB, {growth_mb:+.1f} MB an hour", flush=True)
    if growth_mb > MOST_GROWTH * mb:
        watch.problems.append(f"the memory grows by {growth_mb:.1f} MB an hour")


def growth(memory: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Tell the mean of the memory, and by how much an hour it grows: a line through windows."""
    windows = np.array_split(np.array(memory), _WINDOWS)
    at_s, mb = np.array([np.median(window, axis=0) for window in windows if len(window)]).T
    slope = np.polynomial.Polynomial.fit(at_s, mb, 1).convert().coef[1]
    return float(mb.mean()), float(slope * 3600)


def late(played: Sequence[Played]) -> float:
    """Tell the 95th percentile of the seconds until a click is answered whole."""
    return float(np.percentile([each.whole_s for each in played if each.number], 95))


def say_times(played: Sequence[Played]) -> str:
    """Say how long clicks took."""
    clicks = [each for each in played if each.number]
    on_map, whole = ([getattr(each, name) for each in clicks] for name in ("map_s", "whole_s"))
    shares = [f"{np.percentile(times, 50):.2f}/{np.percentile(times, 95):.2f}/{max(times):.2f} s"
              for times in (on_map, whole)]  # fmt: skip
    return f"{len(clicks)} clicks, to the map {shares[0]}, to the end {shares[1]} (half/95 %/most)"


def server_pid(server: Server) -> int:
    """Find the process of a server by its port."""
    port = server.url.rpartition(":")[2]
    for line in ps("-A", "-o", "pid=,args=").splitlines():
        if f"--server.port={port}" in line:
            return int(line.split()[0])
    raise SystemExit("the server's process is not found")


if __name__ == "__main__":
    main()
