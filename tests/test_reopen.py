"""What single closures do: which one would save most, and which one alone shuts an end in."""

from geo.closure import make_closure
from geo.corridor import Router
from geo.errors import NoWayError
from geo.reopen import best_reopening, explain, reopenings
from tests.shipped import (
    HELSINKI,
    HMEYMIM,
    MOZDOK,
    SHAGOL,
    TOKYO,
    TOLD,
    VATICAN,
    airspace,
    closing,
    ground,
    router,
)


def test_the_best_reopening_is_the_best_of_all_tried_by_hand() -> None:
    way = router(*TOLD).find(HMEYMIM, MOZDOK)
    lengths = {
        code: router(*(c for c in TOLD if c != code)).find(HMEYMIM, MOZDOK).route.length_m
        for code in TOLD
    }
    best = best_reopening(ground(), closing(*TOLD), way)
    assert best is not None
    assert best.code == min(lengths, key=lambda code: lengths[code]) == "TUR"
    assert best.way.route.length_m == lengths["TUR"]


def test_nothing_is_saved_where_the_direct_line_is_open() -> None:
    way = router("FIN").find(HMEYMIM, SHAGOL)
    assert way.added_m == 0
    assert best_reopening(ground(), closing("FIN"), way) is None


def test_opening_the_only_closed_state_gives_the_direct_line_back() -> None:
    way = router("RUS").find(HELSINKI, TOKYO)
    best = best_reopening(ground(), closing("RUS"), way)
    assert best is not None
    assert (best.code, best.way.added_m) == ("RUS", 0)


def test_a_state_can_be_added_to_the_only_open_ones() -> None:
    closure = make_closure(airspace(), only=["SYR", "IRQ", "IRN", "AZE", "RUS", "KAZ", "TKM"])
    way = Router(ground(), closure).find(HMEYMIM, SHAGOL)
    best = best_reopening(ground(), closure, way)
    assert best is not None
    assert best.code == "TUR"
    assert best.way.route.length_m < way.route.length_m


def test_an_island_of_open_airspace_is_opened_by_the_state_around_it() -> None:
    closure = closing("ITA", "FRA")
    assert [found.code for found in reopenings(ground(), closure, VATICAN, HMEYMIM)] == ["ITA"]
    said = explain(ground(), closure, VATICAN, HMEYMIM, NoWayError("no open way"))
    assert said == "no open way; opening Italy (ITA) again, alone, would open a way"


def test_two_rings_of_closed_airspace_have_no_single_cause() -> None:
    closure = make_closure(airspace(), only=["VAT"], international=False)
    said = explain(ground(), closure, VATICAN, HMEYMIM, NoWayError("no open way"))
    assert said == "no open way; no single state, opened again, was found to make one"
