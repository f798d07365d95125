"""Many readers at once: each is told what one alone is, and nothing fails.

How soon they are answered, and what memory stays, is for `make soak`: that depends on the machine.
"""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from functools import partial
from typing import TypeVar

import pytest

from tests.browser.support import Server, serve
from tests.crowd import Played, disagreeing, play, recording
from tests.sessions import MAP, Click, Reader, Update

READERS, RECORDINGS = 10, 3
PAUSE_S = 0.2
Answer = TypeVar("Answer")
# On one worker, for they share a server.
pytestmark = pytest.mark.xdist_group("sessions")
ALL = ("Direct", "Corridor via Azerbaijan", "Shortest open way")


def in_own_thread(work: Coroutine[object, object, Answer]) -> Answer:
    """Run work on a loop of its own: the thread of the tests may have the browser's."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serve("app.py") as served:
        yield served
        assert "Traceback" not in served.log()


def test_ten_readers_at_once_are_told_what_one_alone_is(server: Server) -> None:
    alone, together = list[Played](), list[Played]()

    async def one_after_another() -> None:
        for number in range(RECORDINGS):
            await play(server.url, number, lambda: 0.0, alone.append)

    async def at_once() -> None:
        come = partial(play, server.url, pause=lambda: PAUSE_S, tell=together.append)
        await asyncio.gather(*(come(number % RECORDINGS) for number in range(READERS)))

    in_own_thread(one_after_another())
    in_own_thread(at_once())
    assert len(alone) == sum(1 + len(recording(number)) for number in range(RECORDINGS))
    assert len(together) == sum(1 + len(recording(n % RECORDINGS)) for n in range(READERS))
    assert not disagreeing([*alone, *together])
    # They would agree on a page that never changes, too.
    assert len({each.answer for each in alone}) > len(alone) / 2


def test_a_reader_is_told_what_was_asked(server: Server) -> None:
    async def ask() -> list[Update]:
        async with Reader(server.url, "units=Kilometres") as reader:
            updates = [await reader.open()]
            turkey = {"action": "click", "lat": 39.0, "lon": 35.0}
            typed = {"action": "type", "path": "EFHK-RJAA"}
            for click in (
                Click("Way", ("Direct", "Shortest open way")),
                Click(MAP, message=turkey),
                Click(MAP, message=typed),
            ):
                updates.append(await reader.click(click))
            assert "closed=Turkey" in reader.query
            assert "route=EFHK-RJAA" in reader.query
            return updates

    opened, fewer, closed, typed = (update.drawn() for update in in_own_thread(ask()))
    assert len(opened["lines"]) == 6
    assert len(fewer["lines"]) == 3
    assert closed["asked"]["closed"] == [["TUR", "Turkey"]]
    assert {line["id"] for line in closed["lines"]} >= {"open:hmeymim:shagol", "shagol-direct"}
    assert typed["asked"]["routes"] == ["EFHK-RJAA"]
    shown = {line["id"].partition(":")[0] for line in typed["lines"]}
    assert shown >= {"typed", "open"}


def test_a_click_that_comes_before_the_page_has_the_last_answer(server: Server) -> None:
    """The controls and the address that come with it are those from before."""

    async def ask() -> Update:
        async with Reader(server.url) as reader:
            await reader.open()
            controls, query = deepcopy(reader.controls), reader.query
            assert controls["Closed airspace"].state.string_array_value.data == ["All open"]
            for lat, lon in ((49.0, 31.0), (39.0, 35.0)):
                reader.controls, reader.query = deepcopy(controls), query
                click = {"action": "click", "lat": lat, "lon": lon}
                update = await reader.click(Click(MAP, message=click))
            return update

    codes = {code for code, _ in in_own_thread(ask()).drawn()["asked"]["closed"]}
    assert codes == {"UKR", "TUR"}


def test_readers_share_no_choices(server: Server) -> None:
    async def ask() -> tuple[Update, Update]:
        async with Reader(server.url) as one, Reader(server.url) as other:
            first = await other.open()
            await one.open()
            await one.click(Click(MAP, message={"action": "type", "path": "EGLL-KJFK"}))
            await one.click(Click(MAP, message={"action": "click", "lat": 39.0, "lon": 35.0}))
            fewer = await other.click(Click("Way", ("Direct",)))
            assert fewer.drawn()["asked"]["routes"] == fewer.drawn()["asked"]["closed"] == []
            return first, await other.click(Click("Way", ALL))

    first, again = in_own_thread(ask())
    assert again.answer == first.answer
