"""Crowds of readers: what each clicks, how long they think, and what came of it."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.sessions import MAP, Click, Reader

# How many recordings there are; readers that play the same one must be told the same.
RECORDINGS = 24
_UNITS = ("Statute miles", "Kilometres", "Nautical miles")
_WAYS = ("Direct", "Corridor via Azerbaijan", "Corridor via the Caspian", "Shortest open way")
_GROUPS = ("Reported landings", "Named home bases", "All")
_SIDES = ("In words", "Aircraft and times", "The claim", "By airspace")
_PATHS = (
    "EFHK-RJAA", "hmeymim-mozdok-domna", "OSLK-USCG", "EGLL-KJFK", "Хмеймим-Tartus", "EDDF-VIDP",
    "hmeymim-domna/khurba", "500 nmi@OSLK", "Su-24M@domna", "LTFM-OERK", "EFHK-Tokio", "OLBA-UUEE",
)  # fmt: skip
# Countries, by a place in each as it is clicked on the map.
_COUNTRIES = {
    "TUR": (39.0, 35.0), "IRN": (32.0, 54.0), "IRQ": (33.0, 43.5), "GEO": (42.0, 43.8),
    "AZE": (40.5, 47.8), "UKR": (49.0, 31.0), "KAZ": (48.0, 67.0), "TKM": (39.0, 59.5),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Played:
    """A click that was played: the recording, its place in it, and what came of it."""

    recording: int
    number: int
    label: str
    map_s: float
    whole_s: float
    answer: int


def recording(number: int) -> tuple[Click, ...]:
    """Give the clicks of a reader, the same for the same number: about a dozen."""
    rng = random.Random(number)  # noqa: S311 - clicks, not secrets
    first, second = rng.sample(sorted(_COUNTRIES), 2)
    path, other = rng.sample(_PATHS, 2)
    clicks = [
        Click("Way", _in_order(_WAYS, rng.sample(_WAYS[:3], 2), "Shortest open way")),
        Click("Units", (rng.choice(_UNITS[1:]),)),
        _close(first),
        Click("Airfields", (rng.choice(_GROUPS[1:]),)),
        _type(path),
        _close(second),
        Click("Look closer", (rng.choice(_SIDES[1:]),)),
        Click("Airfields", (_GROUPS[0],)),
        _drop(path),
        Click("Aircraft and its range"),
        Click("Aircraft", ("Su-24M",)),
        _type(other),
        _close(first),
        Click("Units", (_UNITS[0],)),
    ]
    # Some do one thing and go.
    return tuple(clicks[: rng.choice((6, len(clicks), len(clicks)))])


async def play(
    url: str, number: int, pause: Callable[[], float], tell: Callable[[Played], None]
) -> None:
    """Open the page, click what a recording has, think for so many seconds before each, and go."""
    async with Reader(url) as reader:
        update = await reader.open()
        tell(Played(number, 0, "open", update.map_s, update.whole_s, hash(update.answer)))
        for at, click in enumerate(recording(number), 1):
            await asyncio.sleep(pause())
            update = await reader.click(click)
            tell(Played(number, at, click.label, update.map_s, update.whole_s, hash(update.answer)))


def disagreeing(played: Sequence[Played]) -> list[tuple[int, int]]:
    """List the clicks, by recording and place in it, after which readers were told different."""
    answers: dict[tuple[int, int], set[int]] = {}
    for each in played:
        answers.setdefault((each.recording, each.number), set()).add(each.answer)
    return sorted(click for click, told in answers.items() if len(told) > 1)


def _in_order(among: Sequence[str], *chosen: Sequence[str] | str) -> tuple[str, ...]:
    names = {name for each in chosen for name in ([each] if isinstance(each, str) else each)}
    return tuple(name for name in among if name in names)


def _close(code: str) -> Click:
    lat, lon = _COUNTRIES[code]
    return Click(MAP, message={"action": "click", "lat": lat, "lon": lon})


def _type(path: str) -> Click:
    return Click(MAP, message={"action": "type", "path": path})


def _drop(path: str) -> Click:
    return Click(MAP, message={"action": "drop", "path": path})
