import pytest

from geo.edge import Edges, NearMiss
from geo.edge_words import is_knife_edge, say_airspaces, say_edges, say_margin
from geo.model import Crossing
from geo.units import KILOMETRES, STATUTE_MILES


def crossing(name: str, length_m: float = 100_000.0) -> Crossing:
    claims = (name[:3].upper(),) if name != "the sea" else ()
    kind = "national" if claims else "international"
    return Crossing(claims, name, kind, 0.0, length_m, (0.0, 0.0), (1.0, 0.0))  # type: ignore[arg-type]


def miss(name: str, distance_m: float, at_m: float) -> NearMiss:
    return NearMiss((name[:3].upper(),), name, "national", distance_m, at_m, (0.0, 0.0))


@pytest.mark.parametrize(
    ("margin_m", "knife"), [(None, False), (0.0, True), (4999.0, True), (5000.0, False)]
)
def test_a_margin_below_5_km_is_a_knife_edge(margin_m: float | None, knife: bool) -> None:
    assert is_knife_edge(margin_m) is knife


def test_a_margin_is_said_in_the_reader_s_unit() -> None:
    assert say_margin(None, KILOMETRES) == ""
    assert say_margin(4025.0, KILOMETRES) == "; gone if the line shifts by 4.0 km"
    assert say_margin(16_093.44, STATUTE_MILES) == "; gone if the line shifts by 10.0 mi"
    assert say_margin(3.0, KILOMETRES) == "; gone if the line shifts by <0.1 km"


def test_airspaces_come_in_order_with_knife_edges_in_brackets_and_no_sea() -> None:
    crossings = [crossing(name) for name in ("Aland", "the sea", "Beeland", "Ceeland")]
    edges = Edges((None, 100.0, 4000.0, 20_000.0), ())
    assert say_airspaces(crossings, edges) == "Aland, (Beeland), Ceeland"
    assert say_airspaces(crossings[1:2], Edges((None,), ())) == ""
    assert say_airspaces([], Edges((), ())) == ""


@pytest.mark.parametrize(
    ("margins_m", "said"),
    [
        ((None, 10.0, 10.0), "Aland"),
        ((10.0, 10.0, 10.0), "(Aland)"),
        ((10.0, 10.0, None), "Aland"),
    ],
)
def test_an_airspace_crossed_again_over_the_sea_is_named_once_and_firm_if_any_is(
    margins_m: tuple[float | None, ...], said: str
) -> None:
    crossings = [crossing(name) for name in ("Aland", "the sea", "Aland")]
    assert say_airspaces(crossings, Edges(margins_m, ())) == said


def test_an_airspace_crossed_again_behind_another_is_named_again() -> None:
    crossings = [crossing(name) for name in ("Aland", "Beeland", "Aland")]
    assert say_airspaces(crossings, Edges((None, 9.0, 4.0), ())) == "Aland, (Beeland), (Aland)"


def test_edges_are_said_clips_in_order_then_near_misses_as_they_come() -> None:
    crossings = [crossing("Aland", 1632.0), crossing("the sea"), crossing("Beeland", 50_000.0),
                 crossing("Ceeland", 90_000.0)]  # fmt: skip
    near = (miss("Deeland", 10_100.0, 1_045_801.0), miss("Eeland", 20_040.0, 0.0))
    edges = Edges((797.0, 10.0, 4999.0, 5000.0), near)
    assert say_edges(crossings, edges, KILOMETRES) == [
        "only just crosses Aland, for 1.6 km: gone if the line shifts by 0.8 km",
        "only just crosses Beeland, for 50 km: gone if the line shifts by 5.0 km",
        "passes Deeland at 10.1 km, 1,046 km from the start",
        "passes Eeland at 20.0 km, 0 km from the start",
    ]
    assert say_edges(crossings, Edges((None,) * 4, near[:1]), STATUTE_MILES) == [
        "passes Deeland at 6.3 mi, 650 mi from the start"
    ]
    assert say_edges(crossings, Edges((None,) * 4, ()), KILOMETRES) == []


def test_airspace_that_two_states_claim_is_named_as_airspace() -> None:
    name = "claimed by Aland and Beeland"
    edges = Edges((797.0,), (miss(name, 10_100.0, 1_045_801.0),))
    assert say_edges([crossing(name, 1632.0)], edges, KILOMETRES) == [
        f"only just crosses airspace {name}, for 1.6 km: gone if the line shifts by 0.8 km",
        f"passes airspace {name} at 10.1 km, 1,046 km from the start",
    ]


def test_words_refuse_edges_of_another_route() -> None:
    with pytest.raises(ValueError, match="zip"):
        say_airspaces([crossing("Aland")], Edges((), ()))
    with pytest.raises(ValueError, match="zip"):
        say_edges([crossing("Aland")], Edges((), ()), KILOMETRES)
