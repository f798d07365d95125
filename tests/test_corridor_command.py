"""`python -m geo corridor`: the contract of its JSON, its words, its exit statuses."""

import json
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
    kept_off = form("hmeymim", "USCG", "--only", only, "--margin-km", "5")["routes"][0]
    assert wide["only"] == sorted(only.split(","))
    assert wide["length_m"] < kept_off["length_m"]
    assert wide["length_m"] < dry["length_m"]
    assert all(crossing["claims"] for crossing in dry["crossings"])
    assert dry["international"] is False


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
