import pytest

from geo.audit.columns import find_layout
from geo.errors import OpenError


@pytest.mark.parametrize(
    ("header", "form", "columns"),
    [
        ("from to", "pairs", {"from": "from", "to": "to"}),
        ("flight dep_icao arr_icao", "pairs",
         {"id": "flight", "from": "dep_icao", "to": "arr_icao"}),
        ("Origin Destination", "pairs", {"from": "Origin", "to": "Destination"}),
        ("ADEP ADES callsign", "pairs", {"id": "callsign", "from": "ADEP", "to": "ADES"}),
        ("from_lon from_lat to_lon to_lat", "pairs",
         {name: name for name in ("from_lon", "from_lat", "to_lon", "to_lat")}),
        ("lat1 lon1 lat2 lon2", "pairs",
         {"from_lon": "lon1", "from_lat": "lat1", "to_lon": "lon2", "to_lat": "lat2"}),
        # As OpenSky's lists of flights have them.
        ("callsign icao24 origin destination day latitude_1 longitude_1 latitude_2 longitude_2",
         "pairs", {"id": "callsign", "from": "origin", "to": "destination",
                   "from_lon": "longitude_1", "from_lat": "latitude_1",
                   "to_lon": "longitude_2", "to_lat": "latitude_2"}),
        ("icao24 firstSeen estDepartureAirport lastSeen estArrivalAirport callsign", "pairs",
         {"id": "callsign", "from": "estDepartureAirport", "to": "estArrivalAirport"}),
        # As EUROCONTROL's archives have them.
        ("ECTRL_ID ADEP ADEP_Latitude ADEP_Longitude ADES ADES_Latitude ADES_Longitude", "pairs",
         {"id": "ECTRL_ID", "from": "ADEP", "from_lon": "ADEP_Longitude",
          "from_lat": "ADEP_Latitude", "to": "ADES", "to_lon": "ADES_Longitude",
          "to_lat": "ADES_Latitude"}),
        ("ECTRL_ID Sequence_Number Time_Over Flight_Level Latitude Longitude", "tracks",
         {"id": "ECTRL_ID", "time": "Time_Over", "lat": "Latitude", "lon": "Longitude"}),
        ("path", "paths", {"path": "path"}),
        ("id route", "paths", {"id": "id", "path": "route"}),
        # As archives of positions have them.
        ("time icao24 lat lon velocity callsign", "tracks",
         {"time": "time", "id": "callsign", "aircraft": "icao24", "lat": "lat", "lon": "lon"}),
        ("timestamp flight_id latitude longitude altitude", "tracks",
         {"time": "timestamp", "id": "flight_id", "lat": "latitude", "lon": "longitude"}),
        ("hex lat lon", "tracks", {"id": "hex", "lat": "lat", "lon": "lon"}),
        ("flight time lat lon origin destination", "tracks",
         {"id": "flight", "time": "time", "lat": "lat", "lon": "lon"}),
        ("рейс откуда куда", "pairs", {"id": "рейс", "from": "откуда", "to": "куда"}),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_names(header: str, form: str, columns: dict[str, str]) -> None:
    layout = find_layout(header.split())
    assert (layout.form, layout.columns) == (form, columns)


@pytest.mark.parametrize(
    ("header", "told", "form", "columns"),
    [
        ("a b", {"from": "a", "to": "b"}, "pairs", {"from": "a", "to": "b"}),
        ("a to", {"from": "a"}, "pairs", {"from": "a", "to": "to"}),
        # What is told goes before the names.
        ("from via to", {"from": "via"}, "pairs", {"from": "via", "to": "to"}),
        ("from to way", {"path": "way"}, "paths", {"path": "way"}),
        ("hex flight lat lon time", {"id": "hex"}, "tracks",
         {"id": "hex", "lat": "lat", "lon": "lon", "time": "time"}),
        ("n x0 y0 t", {"id": "n", "lon": "x0", "lat": "y0", "time": "t"}, "tracks",
         {"id": "n", "lon": "x0", "lat": "y0", "time": "t"}),
        ("p q r s", {"from_lon": "p", "from_lat": "q", "to_lon": "r", "to_lat": "s"}, "pairs",
         {"from_lon": "p", "from_lat": "q", "to_lon": "r", "to_lat": "s"}),
    ],
)  # fmt: skip
def test_columns_are_taken_as_told(
    header: str, told: dict[str, str], form: str, columns: dict[str, str]
) -> None:
    layout = find_layout(header.split(), told)
    assert (layout.form, layout.columns) == (form, columns)


@pytest.mark.parametrize(
    ("header", "told", "message"),
    [
        ("a b c", {}, 'no columns tell where flights went: it has "a", "b", "c"; name them'),
        ("", {}, "no columns tell where flights went: it has none"),
        ("from", {}, "no columns tell"),
        ("lat lon", {}, "no columns tell"),
        ("from to", {"to": "arr"}, 'has no column "arr"; it has "from", "to"'),
        ("from to from", {}, 'column "from" stands there twice'),
        (" ".join(f"c{n}" for n in range(30)), {}, "and 18 more"),
    ],
)
def test_tables_without_the_columns_are_refused(
    header: str, told: dict[str, str], message: str
) -> None:
    with pytest.raises(OpenError) as refused:
        find_layout(header.split(), told)
    assert message in str(refused.value)
