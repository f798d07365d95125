import pytest
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from geo.coordinate import format_coordinate
from geo.errors import PathError, PlaceError
from geo.model import Place, Route
from geo.pathspec import MAX_LENGTH, parse_paths, parse_point

PLACES = {
    place.id: place
    for place in (
        Place("hmeymim", "Hmeymim", 35.9487, 35.4011),
        Place("shagol", "Chelyabinsk Shagol", 61.3, 55.26),
        Place("mozdok", "Mozdok", 44.6, 43.785),
        Place("domna", "Domna", 113.1214, 51.9165),
        Place("n1", "A way-point", 35.5, 41.0),
        Place("e2", "Another", 36.0, 44.5),
    )
}


def find(text: str) -> Place:
    if text.lower() not in PLACES:
        raise PlaceError(f'no place "{text}"')
    return PLACES[text.lower()]


def names(text: str) -> list[str]:
    return [route.name for route in parse_paths(text, find)]


def ids(route: Route) -> list[str]:
    return [place.id for place in route.places]


def refusal(text: str) -> str:
    with pytest.raises(PathError) as caught:
        parse_paths(text, find)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hmeymim-shagol", ["hmeymim-shagol"]),
        (" Hmeymim - MOZDOK -  domna ", ["Hmeymim-MOZDOK-domna"]),
        ("hmeymim-domna/shagol", ["hmeymim-domna", "hmeymim-shagol"]),
        (
            "hmeymim/mozdok-domna/shagol",
            ["hmeymim-domna", "hmeymim-shagol", "mozdok-domna", "mozdok-shagol"],
        ),
        ("hmeymim-shagol,mozdok-domna", ["hmeymim-shagol", "mozdok-domna"]),
        ("hmeymim-n1,e2-domna", ["hmeymim-n1", "e2-domna"]),
        ("hmeymim–shagol", ["hmeymim-shagol"]),
        ("hmeymim\n-\tshagol", ["hmeymim-shagol"]),
        ("hmeymim-shagol, hmeymim-shagol", ["hmeymim-shagol", "hmeymim-shagol"]),
    ],
)
def test_points_alternatives_and_routes(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_a_route_runs_through_its_points_in_order() -> None:
    (route,) = parse_paths("Hmeymim-mozdok-domna", find)
    assert ids(route) == ["hmeymim", "mozdok", "domna"]
    assert [leg.end.id for leg in route.legs] == ["mozdok", "domna"]


def test_the_length_is_that_of_the_geodesic() -> None:
    (route,) = parse_paths("hmeymim-shagol", find)
    by_karney = Geodesic.WGS84.Inverse(35.4011, 35.9487, 55.26, 61.3)["s12"]
    assert route.length_m == pytest.approx(by_karney, abs=1e-6)
    assert route.length_m == pytest.approx(2_936_970, abs=10)  # the figure of the story's sources


def test_the_same_point_twice_is_a_leg_of_no_length() -> None:
    (route,) = parse_paths("hmeymim-hmeymim-shagol", find)
    assert [leg.length_m > 0 for leg in route.legs] == [False, True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("35.4N 35.9E-domna", [["35.4N 35.9E", "domna"]]),
        ("35.4N, 35.9E - domna", [["35.4N 35.9E", "domna"]]),
        ("domna-35.4N,35.9E", [["domna", "35.4N 35.9E"]]),
        ("35.9E 35.4N-domna", [["35.4N 35.9E", "domna"]]),
        ("N35.4 E35.9-domna", [["35.4N 35.9E", "domna"]]),
        ("35°24'N 35°54'E/mozdok-domna", [["35.4N 35.9E", "domna"], ["mozdok", "domna"]]),
        (
            "35N, 36E-40N, 41E, 50N 51E-domna",
            [["35N 36E", "40N 41E"], ["50N 51E", "domna"]],
        ),
        ("35N 36E-40N 41E,domna-mozdok", [["35N 36E", "40N 41E"], ["domna", "mozdok"]]),
        ("51,5N 0,1W - domna", [["51.5N 0.1W", "domna"]]),
        ("domna-35,4 35,9, domna-mozdok", [["domna", "35.4N 35.9E"], ["domna", "mozdok"]]),
        ("geo:51.5,-0.1 - domna/mozdok", [["51.5N 0.1W", "domna"], ["51.5N 0.1W", "mozdok"]]),
        ("domna-(51.5, -0.1)-mozdok", [["domna", "51.5N 0.1W", "mozdok"]]),
        ("51.5с 0.1з-domna", [["51.5N 0.1W", "domna"]]),
        ("domna-N40 E41,n1-mozdok", [["domna", "40N 41E"], ["n1", "mozdok"]]),
    ],
)
def test_coordinates_stand_among_the_points(text: str, expected: list[list[str]]) -> None:
    assert [ids(route) for route in parse_paths(text, find)] == expected


def test_a_coordinate_is_named_as_it_was_typed() -> None:
    assert names("35°24'04\"N,  35°56'55\"E - domna") == ["35°24'04\"N, 35°56'55\"E-domna"]


def test_a_name_reads_back_as_the_same_route() -> None:
    for typed in ("35.4N, 35.9E - domna-N35.4 E35.9", "35,4с 35,9в – geo:51.5,-0.1-(51, -1)"):
        (route,) = parse_paths(typed, find)
        assert parse_paths(route.name, find) == (route,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'the path is empty; join two points by "-", such as OSLK-USCG'),
        (" \n", 'the path is empty; join two points by "-", such as OSLK-USCG'),
        ("domna", 'route 1 "domna": a single point; join two or more by "-"'),
        ("35N 36E", 'route 1 "35N 36E": a single point; join two or more by "-"'),
        ("domna/mozdok", 'route 1 "domna/mozdok": a single point; join two or more by "-"'),
        ("domna--mozdok", 'route 1 "domna--mozdok": point 2 is empty'),
        ("domna-mozdok-", 'route 1 "domna-mozdok-": point 3 is empty'),
        ("-mozdok", 'route 1 "-mozdok": point 1 is empty'),
        ("domna-mozdok/", 'route 1 "domna-mozdok/": an alternative of point 2 is empty'),
        ("domna//mozdok-n1", 'route 1 "domna//mozdok-n1": an alternative of point 1 is empty'),
        ("domna-mozdok,", "route 2 is empty"),
        ("domna-mozdok,,n1-e2", "route 2 is empty"),
        (",", "route 1 is empty"),
        ("-", 'route 1 "-": point 1 is empty'),
        ("domna-mozdok, domna-XXXX", 'route 2 "domna-XXXX": no place "XXXX"'),
        ("domna-35.4", 'route 1 "domna-35.4": coordinate "35.4": write latitude and longitude'),
        ("domna-35.4N", 'route 1 "domna-35.4N": coordinate "35.4N": write latitude and longitude'),
        ("domna-95N 36E", 'route 1 "domna-95N 36E": coordinate "95N 36E": latitude 95N is outside'),
        ("35N,36N-domna", 'route 1 "35N,36N-domna": coordinate "35N,36N": it has two latitudes'),
    ],
)
def test_a_wrong_path_is_refused_with_the_part(text: str, message: str) -> None:
    found = refusal(text)
    assert found == message or found.startswith(message + " ")


def test_too_much_is_refused_with_the_count() -> None:
    ten = "/".join(["domna"] * 10)
    assert refusal("x" * (MAX_LENGTH + 1)) == (
        "the path has 10,001 characters; at most 10,000 are read"
    )
    assert refusal(f"{ten}-{ten}-{ten}") == "the path makes 1,000 routes; at most 200 are drawn"
    assert refusal("-".join(["domna"] * 1001)) == (
        "the path makes 1,001 points; at most 1,000 are drawn"
    )
    assert refusal("-".join([ten] * 100)).endswith("routes; at most 200 are drawn")
    assert len(parse_paths(f"{ten}-{ten}/{ten}", find)) == 200


def test_a_name_is_looked_up_once_however_often_it_stands() -> None:
    asked: list[str] = []

    def look_up(text: str) -> Place:
        asked.append(text)
        return find(text)

    routes = parse_paths("-".join(["hmeymim", "domna"] * 200) + ", domna/n1-hmeymim", look_up)
    assert [len(route.places) for route in routes] == [400, 2, 2]
    assert asked == ["hmeymim", "domna", "n1"]


def test_size_is_refused_before_any_place_is_looked_up() -> None:
    assert refusal("/".join(["nowhere"] * 201) + "-domna").startswith("the path makes 201 routes")


@pytest.mark.parametrize("filler", [" ", "1 ", "1N", "1°", "1N,", "'", "-", "1N 1E"])
def test_a_long_text_is_answered_at_once(filler: str) -> None:
    text = ("1N" + filler * MAX_LENGTH)[: MAX_LENGTH - 1] + "x"
    assert "\n" not in refusal(text)


def test_a_point_is_a_coordinate_or_a_place() -> None:
    assert parse_point(" 35.4N, 35.9E ", find).id == "35.4N 35.9E"
    assert parse_point("Domna", find) is PLACES["domna"]
    with pytest.raises(PlaceError, match=r'^no place "XXXX"$'):
        parse_point("XXXX", find)
    with pytest.raises(PlaceError, match=r'^coordinate "-35\.4 36": write latitude'):
        parse_point("-35.4 36", find)


pieces = st.sampled_from(
    [
        *(*PLACES, "35N", "36E", "35.4N 35.9E", "35,4N 35,9E", "(1, -2)", "geo:1,2", "5", "1,2"),
        *("-", "-", "/", ",", " ", "95N", "'", "°", "\x00", "\n"),
    ]
)


@given(st.one_of(st.text(), st.lists(pieces, max_size=12).map("".join)))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    try:
        routes = parse_paths(text, find)
    except PathError as error:
        assert len(str(error).splitlines()) == 1
        return
    assert routes
    for route in routes:
        assert [ids(again) for again in parse_paths(route.name, find)] == [ids(route)]


@given(st.floats(-180, 180), st.floats(-90, 90), st.sampled_from([" ", ", ", ","]))
def test_a_written_coordinate_is_a_point_of_a_path(lon: float, lat: float, gap: str) -> None:
    typed = format_coordinate(lon, lat).replace(" ", gap)
    (route,) = parse_paths(f"{typed}-domna", find)
    start = route.places[0]
    assert (start.lon, start.lat) == pytest.approx((lon, lat), abs=1e-7)
