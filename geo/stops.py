"""List the airfields at which a journey may be broken: of a story, and of all airports."""

from collections.abc import Collection, Iterable, Sequence

import airportsdata
import numpy as np

from geo.airspace import Airspace, Face
from geo.closure import owner
from geo.model import Place
from geo.schema import Airfield
from geo.suggestion import airport_place

_NOT_FIELDS = frozenset({"waypoint", "kept"})


def story_fields(
    places: Iterable[Airfield],
    countries: Collection[str] | None,
    without: Collection[str] = (),
) -> tuple[Place, ...]:
    """List the airfields of a story in some countries (A3 codes), or in all: no way-points."""
    return tuple(
        field.place
        for field in places
        if field.role not in _NOT_FIELDS
        and (countries is None or field.country in countries)
        and field.country not in without
    )


def coded_airports() -> tuple[Place, ...]:
    """List the airports with an ICAO code of four letters; other codes are a country's own."""
    rows = airportsdata.load("ICAO").values()
    return tuple(airport_place(row) for row in rows if row["icao"].isalpha())


def faces_of(airspace: Airspace, places: Sequence[Place]) -> tuple[Face, ...]:
    """Tell in whose airspace each place lies."""
    if not places:
        return ()
    lonlat = np.array([(place.lon, place.lat) for place in places])
    return tuple(airspace.face(number) for number in airspace.coverage.at(lonlat).tolist())


def fields_inside(
    airspace: Airspace,
    places: Sequence[Place],
    faces: Sequence[Face],
    countries: Collection[str] | None,
    without: Collection[str] = (),
) -> tuple[Place, ...]:
    """Keep the places, each with its face, in airspace of these countries (A3 codes), or of any.

    A dependency counts by its own code. Airspace that several states claim counts where all of them
    are listed, and none where any that claims it is among those `without`.
    """
    kept: dict[Face, bool] = {}
    for face in set(faces):
        code = owner(airspace, face)
        states = {code} if code else set(face.claims)
        inside = countries is None or (bool(states) and states <= set(countries))
        kept[face] = inside and not set(face.claims) & set(without)
    return tuple(place for place, face in zip(places, faces, strict=True) if kept[face])
