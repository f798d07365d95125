import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coordinate import format_coordinate, is_coordinate, looks_like_coordinate, read_coordinate
from geo.errors import PlaceError

HMEYMIM = (35.9487, 35.4011)  # OurAirports, as in the story
SECOND_DEG = 1 / 3600


@pytest.mark.parametrize(
    "text",
    [
        "35.4011N 35.9487E",
        "35.4011n 35.9487e",
        " 35.4011 N   35.9487 E ",
        "35.4011N, 35.9487E",
        "35.4011N,35.9487E",
        "35.4011N35.9487E",
        "35.4011°N 35.9487°E",
        "35.9487E 35.4011N",
        "N35.4011 E35.9487",
        "E 35.9487° N 35.4011°",
        "35 24.066N 35 56.922E",
        "35°24.066'N 35°56.922'E",
        "35°24'03.96\"N 35°56'55.32\"E",
        "35°24′03.96″N, 35°56′55.32″E",
        "35° 24’ 03.96” N 35° 56’ 55.32” E",
        "35º24'03.96''N 35º56'55.32''E",
        "35 24 03.96 N 35 56 55.32 E",
        "N 35 24 03.96 E 35 56 55.32",
        "35.4011, 35.9487",
        "35.4011,35.9487",
        "+35.4011 35.9487",
        "35,4011N 35,9487E",
        "35,4011° N, 35,9487° E",
        "N35,4011 E35,9487",
        "35,4011 35,9487",
        "35,4011, 35,9487",
        "geo:35.4011,35.9487",
        "GEO:35.4011,35.9487?z=12",
        "(35.4011, 35.9487)",
        "( 35.4011N 35.9487E )",
        "(35,4011 35,9487)",
        "35.4011с 35.9487в",
        "35,4011 С 35,9487 В",
        "35°24'03.96\" с. ш. 35°56'55.32\" в. д.",
        "35,4011°с.ш., 35,9487°в.д.",
        "с35.4011 в35.9487",
    ],
)
def test_a_point_is_the_same_in_every_form(text: str) -> None:
    place = read_coordinate(text)
    assert (place.lon, place.lat) == pytest.approx(HMEYMIM, abs=1e-12)
    assert place.id == place.name == "35.4011N 35.9487E"


def test_the_form_of_the_design_is_within_a_second_of_hmeymim() -> None:
    place = read_coordinate("35°24'04\"N 35°56'55\"E")
    assert (place.lon, place.lat) == pytest.approx(HMEYMIM, abs=SECOND_DEG)
    assert place.id == "35.4011111N 35.9486111E"


@pytest.mark.parametrize(
    ("text", "lon", "lat"),
    [
        ("33.9425S 151.1772E", 151.1772, -33.9425),
        ("40°30'S 3°30'W", -3.5, -40.5),
        ("90S 180W", -180.0, -90.0),
        ("90N 180E", 180.0, 90.0),
        ("0S 0W", 0.0, 0.0),
        ("-33.9425 151.1772", 151.1772, -33.9425),
        ("40.5,-3.5", -3.5, 40.5),
        ("-0.0, -0.0", 0.0, 0.0),
        ("4030S00330W", -3.5, -40.5),
        ("403030n0033030e", 3.0 + 30.5 / 60, 40.0 + 30.5 / 60),
        ("S4030W00330", -3.5, -40.5),
        ("-40,5 -3,5", -3.5, -40.5),
        ("40,5Ю 3,5З", -3.5, -40.5),
        ("40°30' ю.ш. 3°30' з.д.", -3.5, -40.5),
        ("geo:-41,-3", -3.0, -41.0),
        ("(41 -3)", -3.0, 41.0),
    ],
)
def test_hemispheres_are_signs(text: str, lon: float, lat: float) -> None:
    place = read_coordinate(text)
    assert (place.lon, place.lat) == (lon, lat)
    assert "-0.0" not in (str(place.lon), str(place.lat))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("95N 36E", "latitude 95N is outside -90..90"),
        ("90.0000001S 36E", "latitude 90.0000001S is outside -90..90"),
        ("90°0'1\"N 36E", "latitude 90°0'1\"N is outside -90..90"),
        ("35N 200E", "longitude 200E is outside -180..180"),
        ("35°75'N 36E", "in 35°75'N minutes and seconds must be below 60"),
        ("35N 36 24 60 E", "in 36 24 60 E minutes and seconds must be below 60"),
        ("35.5 24 N 36E", "in 35.5 24 N only the last number may have decimals"),
        ("35N 36N", "it has two latitudes"),
        ("35E, 36W", "it has two longitudes"),
        ("95,5N 36,1E", "latitude 95.5N is outside -90..90"),
        ("(95, 36)", "latitude 95N is outside -90..90"),
        ("35.4с 36ю", "it has two latitudes"),
        ("(35.4N 36E", "write latitude and longitude like 35.4011N 35.9487E"),
        ("35,4 36", "write latitude and longitude like 35.4011N 35.9487E"),
        ("35.4 36", "write latitude and longitude like 35.4011N 35.9487E"),
        ("95.5, 36.1", "latitude 95.5N is outside -90..90"),
        ("36.1 -195.5", "longitude 195.5W is outside -180..180"),
        ("3575N03600E", "in 35 75N minutes and seconds must be below 60"),
        ("35.4N", "write latitude and longitude like 35.4011N 35.9487E"),
        ("about 35N 36E", "write latitude and longitude like 35.4011N 35.9487E"),
        ("35N 36E 100m", "write latitude and longitude like 35.4011N 35.9487E"),
        ("", "write latitude and longitude like 35.4011N 35.9487E"),
    ],
)
def test_a_wrong_coordinate_is_refused_with_its_value(text: str, reason: str) -> None:
    with pytest.raises(PlaceError) as caught:
        read_coordinate(text)
    assert str(caught.value) == f'coordinate "{text}": {reason}'


@pytest.mark.parametrize("text", ["OSLK", "LTK", "n1", "n1,e2", "N1E2", "12N", "hmeymim", ""])
def test_ids_and_codes_are_no_coordinates(text: str) -> None:
    assert not is_coordinate(text)
    assert not looks_like_coordinate(text)


@pytest.mark.parametrize(
    "text",
    [
        *("35.4", "35.4 35", "35.4N", "-35.4, 36", "35°24'04\"", "N 35.4", "35,4N", "35,4N 36"),
        *("35.4с", "35.4 с.ш.", "geo:35.4", "(35.4, "),
    ],
)
def test_a_coordinate_that_lacks_something_is_told_from_a_name(text: str) -> None:
    assert not is_coordinate(text)
    assert looks_like_coordinate(text)


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_a_written_coordinate_reads_back(lon: float, lat: float) -> None:
    place = read_coordinate(format_coordinate(lon, lat))
    assert (place.lon, place.lat) == pytest.approx((lon, lat), abs=1e-7)
    assert place.id == format_coordinate(place.lon, place.lat)


@given(st.text("0123456789.°'\"″ NSEWnsew,-ſ()СЮВЗшд", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        place = read_coordinate(text)
    except PlaceError:
        return
    assert -180 <= place.lon <= 180
    assert -90 <= place.lat <= 90
