"""Stories of direct routes over the poles, over the antimeridian and half round the world."""

import json
from collections.abc import Mapping

from geo.schema import Story
from geo.story import read_story

Places = tuple[tuple[str, float, float], ...]
ODD_ROUTES: Mapping[str, Places] = {
    "polar": (
        ("Yakutsk", 129.77, 62.09), ("Fairbanks", -147.86, 64.82), ("Longyearbyen", 15.5, 78.2),
        ("Oslo", 11.1, 60.2),
    ),
    "antimeridian": (
        ("Nadi", 177.44, -17.76), ("Honolulu", -157.92, 21.32), ("Auckland", 174.79, -37.0),
    ),
    "over the pole": (("New York", -73.78, 40.64), ("Tokyo", 139.78, 35.55)),
    "half round": (("London", -0.46, 51.47), ("Sydney", 151.18, -33.95)),
    "south": (("South Pole", 0.0, -90.0), ("Christchurch", 172.53, -43.49)),
}  # fmt: skip


def odd_story(name: str) -> Story:
    """Tell a story of routes from the first of some places to each of the others."""
    places = ODD_ROUTES[name]
    ids = {place[0]: place[0].lower().replace(" ", "_") for place in places}
    features = [
        _feature(ids[place], "Point", [lon, lat], {"name": place, "role": role})
        for (place, lon, lat), role in zip(
            places, ("departure", *("landing",) * len(places)), strict=False
        )
    ]
    start = places[0]
    features += [
        _feature(
            f"to-{ids[place].replace('_', '-')}",
            "LineString",
            [[start[1], start[2]], [lon, lat]],
            {"name": f"To {place}", "places": [ids[start[0]], ids[place]]},
        )
        for place, lon, lat in places[1:]
    ]
    header = {"schema": 1, "title": name, "sources": [{"id": "atlas", "title": "An atlas"}]}
    return read_story(
        json.dumps({"type": "FeatureCollection", "corridor": header, "features": features}), name
    )


def _feature(
    id: str, kind: str, coordinates: object, properties: Mapping[str, object]
) -> dict[str, object]:
    return {
        "type": "Feature",
        "id": id,
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": {**properties, "sources": ["atlas"]},
    }
