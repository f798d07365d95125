"""`python -m geo corridor`: the contract of its JSON, its words, its exit statuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from geo.__main__ import cli

TOLD = "TUR,GEO,ARM,UKR"


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["corridor", *arguments])


def form(*arguments: str) -> Any:
    result = ask(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_the_json_has_the_routes_object_and_what_belongs_to_the_closure() -> None:
    found = form("hmeymim", "USCG", "--closed", "ukr, TUR,GEO,ARM")
    (route,) = found["routes"]
    assert route["length_m"] == pytest.approx(3_193_750, rel=5e-4)
    for at in (found, route):
        assert at["direct_length_m"] == pytest.approx(2_936_970, rel=5e-6)
        assert at["closed"] == ["ARM", "GEO", "TUR", "UKR"]
        assert at["only"] is None
    assert sum(leg["length_m"] for leg in route["legs"]) == pytest.approx(route["length_m"])
    assert route["crossings"][0]["claims"] == ["SYR"]
    turn = route["turns"][0]
    assert turn["claims"] == ["TUR"]
    assert (turn["lat"], turn["lon"]) == (
        pytest.approx(36.96, abs=0.01),
        pytest.approx(44.31, abs=0.01),
    )
    assert route["legs"][0]["to"]["lat"] == turn["lat"]
    assert route["best_reopening"]["code"] == "TUR"
    assert route["best_reopening"]["saved_m"] == pytest.approx(
        route["length_m"] - route["best_reopening"]["length_m"], abs=0.01
    )


def test_the_text_tells_cost_turns_and_what_to_open() -> None:
    said = ask("hmeymim", "USCG", "--closed", TOLD).stdout
    assert said.startswith("Closed: Armenia, Georgia, Turkey, Ukraine.\n")
    assert "160 mi or 257 km or 8.7 % longer than the direct line of 1,825 mi or 2,937 km." in said
    assert "Turns at the border of Turkey near 36.96N 44.31E and 37.14N 44.78E." in said
    assert "Opening Turkey again, alone, would save most: 136 mi." in said
    assert "© OpenStreetMap contributors" in said


def test_with_nothing_closed_the_way_is_the_direct_line() -> None:
    said = ask("hmeymim", "USCG").stdout
    assert said.startswith("Nothing is closed.\nThe direct line, 1,825 mi or 2,937 km, is open.\n")


def test_only_margin_and_waters_are_heard() -> None:
    only = "SYR,IRQ,IRN,AZE,RUS,KAZ,TKM"
    wide = form("hmeymim", "USCG", "--only", only)["routes"][0]
    dry = form("hmeymim", "USCG", "--only", only, "--no-international")["routes"][0]
    assert wide["only"] == sorted(only.split(","))
    assert wide["length_m"] < dry["length_m"]
    assert all(crossing["claims"] for crossing in dry["crossings"])
    assert dry["international"] is False
    # All the world but one state is kept off at once: a small one, since that takes long.
    within = "29.9N 80.9E", "27.4N 87.9E", "--only", "NPL"
    near, kept_off = (form(*within, *more)["routes"][0] for more in ((), ("--margin-km", "5")))
    assert near["direct_length_m"] < near["length_m"] < kept_off["length_m"]


def test_stops_are_passed_in_order() -> None:
    arguments = ("hmeymim", "USCG", "--closed", TOLD, "--via", "Iran", "--via", "mozdok")
    route = form(*arguments)["routes"][0]
    names = [leg["to"]["id"] for leg in route["legs"]]
    assert "mozdok" in names
    assert ["IRN"] in [crossing["claims"] for crossing in route["crossings"]]
    assert route["length_m"] == pytest.approx(3_412_870, rel=1e-4)


@pytest.mark.parametrize(
    ("arguments", "status", "line"),
    [
        (("hmeymim", "USCG", "--closed", "TXR"), 2, 'no state has the code "TXR"; did you mean'),
        (("hmeymim", "nowhere"), 2, 'no place "nowhere"'),
        (("hmeymim", "95N 20E"), 2, "95"),
        (("hmeymim", "USCG", "--margin-km", "nan"), 2, "margin nan km is outside 0..500"),
        (("hmeymim", "USCG", "--margin-km", "-1"), 2, "margin -1 km is outside 0..500"),
        (("hmeymim",), 2, "Missing argument 'TO'"),
        (
            ("41.9033N 12.4534E", "hmeymim", "--closed", "ITA,FRA"),
            3,
            "opening Italy (ITA) again, alone, would open a way",
        ),
        (("hmeymim", "mozdok", "--closed", "TUR,RUS"), 3, "Mozdok lies in closed airspace: Russia"),
        (
            ("hmeymim", "mozdok", "--closed", TOLD, "--margin-km", "100"),
            3,
            "lies nearer than 100 km to closed airspace: Turkey",
        ),
        (("hmeymim", "USCG", "--closed", "TUR", "--via", "Turkey"), 3, "its airspace is closed"),
    ],
)
def test_bad_input_is_one_line(arguments: tuple[str, ...], status: int, line: str) -> None:
    result = ask(*arguments)
    assert result.exit_code == status, result.stderr
    assert result.stdout == ""
    assert line in result.stderr
    assert result.stderr.count("\n") == 1


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


@pytest.fixture
def notam(tmp_path: Path) -> str:
    """Write a file of two areas on the told corridor."""
    rings = [box(44.5, 36, 50, 38.5), box(49, 38, 52, 41)]
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"R-{number}"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for number, ring in enumerate(rings, 1)
    ]
    path = tmp_path / "notam.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return str(path)


@pytest.fixture
def kml(tmp_path: Path) -> str:
    """Write an area around Hmeymim."""
    corners = " ".join(f"{lon},{lat}" for lon, lat in box(35, 35, 37, 36))
    path = tmp_path / "around.kml"
    path.write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>Ring</name><Polygon>'
        f"<outerBoundaryIs><LinearRing><coordinates>{corners}</coordinates></LinearRing>"
        "</outerBoundaryIs></Polygon></Placemark></kml>"
    )
    return str(path)


def test_areas_of_a_file_are_closed_beside_states(notam: str) -> None:
    plain = form("hmeymim", "USCG", "--closed", TOLD)["routes"][0]
    found = form("hmeymim", "USCG", "--closed", TOLD, "--closed-area", notam)
    (route,) = found["routes"]
    assert found["closed_areas"] == [{"name": "notam.geojson", "areas": 2, "skipped": []}]
    assert plain["closed_areas"] == []
    assert route["length_m"] > plain["length_m"] + 10_000
    assert {turn["name"] for turn in route["turns"]} & {
        "R-1 (notam.geojson)",
        "R-2 (notam.geojson)",
    }
    said = ask("hmeymim", "USCG", "--closed", "TUR", "--closed-area", notam).stdout
    assert said.startswith("Closed: Turkey, and 2 areas of notam.geojson.\n")


def test_an_area_may_be_what_to_open_again(notam: str) -> None:
    route = form("40N 47E", "33N 47E", "--closed-area", notam)["routes"][0]
    assert route["best_reopening"]["code"] is None
    assert route["best_reopening"]["name"] == "2 areas of notam.geojson"
    said = ask("40N 47E", "33N 47E", "--closed-area", notam).stdout
    assert "Opening 2 areas of notam.geojson again, alone, would save most: " in said


def test_several_files_can_be_closed(notam: str, kml: str) -> None:
    result = ask("hmeymim", "USCG", "--closed-area", notam, "--closed-area", kml)
    assert result.exit_code == 3
    assert result.stderr == (
        "geo: Hmeymim lies in closed airspace: Ring (around.kml); opening the area of around.kml "
        "again, alone, would open a way\n"
    )
    said = ask("39N 54E", "USCG", "--closed-area", notam, "--closed-area", kml).stdout
    assert said.startswith("Closed: 2 areas of notam.geojson and the area of around.kml.\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"type": "LineString", "coordinates": [[0, 0], [1, 1]]}', "holds no area to close"),
        ("{", "is not JSON"),
        ("", "is empty"),
    ],
)
def test_a_file_that_can_not_be_closed_is_one_line(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "no.geojson"
    path.write_text(text)
    result = ask("hmeymim", "USCG", "--closed-area", str(path))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("geo: no.geojson: ")
    assert line in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_area_that_is_left_out_is_told(tmp_path: Path) -> None:
    good = {"type": "Polygon", "coordinates": [box(0, 0, 1, 1)]}
    bad = {"type": "Polygon", "coordinates": [box(0, 0, 1, 100)]}
    features = [{"type": "Feature", "properties": {}, "geometry": each} for each in (good, bad)]
    path = tmp_path / "half.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    result = ask("hmeymim", "USCG", "--closed-area", str(path))
    assert result.exit_code == 0
    assert result.stderr.startswith("geo: half.geojson: not closed: feature 2")
    assert "is outside -90..90" in result.stderr
