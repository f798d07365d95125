"""Gather what is read of an opened file, within bounds, and say what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from geo.errors import LayerError
from geo.geodesy import wrapped
from geo.layers import Layer, LayerDraft
from geo.model import FloatArray, Place, Route
from geo.outline import MAX_VOLUMES, Outline
from geo.readers.lines import LONGEST_AS_IT_IS, Line, fitting, make_routes
from geo.readers.positions import off_earth, place_at, position_problem
from geo.schema import Story
from geo.text import printable, quoted

MAX_ROUTES = 5_000
MAX_PLACES = 20_000
MAX_POINTS = 2_000_000
MAX_NOTES = 500


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file holds; any part may be empty, and then the first of the notes says so.

    Routes have different names. The legs of a route are the geodesics between its vertices, each a
    Place whose id and name are its coordinate where the file has none. `layer` holds the areas.
    `story` is there where the file is one of Corridor's; its routes and places are in here too.
    `notes` tell what was left out, mended or read in one of several ways, by line or feature.
    """

    name: str
    routes: tuple[Route, ...]
    places: tuple[Place, ...]
    layer: Layer | None
    notes: tuple[str, ...]
    story: Story | None = None


@dataclass(slots=True)
class Draft:
    """What has been read so far of the file `name`."""

    name: str
    lines: list[Line] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    areas: LayerDraft = field(default_factory=LayerDraft)
    notes: list[str] = field(default_factory=list)
    story: Story | None = None
    points: int = 0
    _more_notes: int = 0
    _more_routes: int = 0
    _more_places: int = 0

    def note(self, where: str, message: str) -> None:
        """Say what was left out or mended, and where; `where` may be empty, for the whole file."""
        if len(self.notes) < MAX_NOTES:
            parts = filter(None, (self.name, where, message))
            self.notes.append(printable(": ".join(parts))[:500])
        else:
            self._more_notes += 1

    @property
    def is_full_of_places(self) -> bool:
        """Tell whether no more places are taken."""
        return len(self.places) >= MAX_PLACES

    @property
    def is_full_of_routes(self) -> bool:
        """Tell whether no more routes are taken."""
        return len(self.lines) >= MAX_ROUTES

    @property
    def note_count(self) -> int:
        """Count the notes, those that aren't kept too."""
        return len(self.notes) + self._more_notes

    def add_place(self, where: str, name: str, lon: float, lat: float) -> None:
        """Take a point in, or note why not; without a name it is called by its coordinate."""
        if problem := position_problem(lon, lat):
            self.note(where, problem)
        else:
            self.take_place(place_at(lon, lat, name))

    def take_place(self, place: Place) -> None:
        """Take a place in as it is."""
        if self.is_full_of_places:
            self._more_places += 1
        else:
            self.places.append(place)

    def add_line(
        self, where: str, name: str, lonlat: FloatArray, names: Sequence[str] = ()
    ) -> None:
        """Take a line in; its vertices off the earth are noted and left out.

        `names` are those of the vertices, one each, empty for none.
        """
        self.points += len(lonlat)
        if self.points > MAX_POINTS:
            self.note(where, f"more than {MAX_POINTS:,} points in the file; left out")
            return
        bad = off_earth(lonlat)
        if bad.any():
            first = int(bad.argmax())
            more = f" (and {bad.sum() - 1:,} more)" if bad.sum() > 1 else ""
            problem = position_problem(*lonlat[first].tolist())
            self.note(where, f"vertex {first + 1}{more}: {problem}; left out")
        lonlat = np.where(bad[:, np.newaxis], 0.0, lonlat)
        lonlat[:, 0] = wrapped(lonlat[:, 0])
        kept = ~bad
        kept[kept.nonzero()[0][1:]] = (np.diff(lonlat[~bad], axis=0) != 0).any(axis=1)
        lonlat, rows = lonlat[kept], kept.nonzero()[0].tolist()
        places: tuple[Place, ...] = ()
        if any(names) and len(rows) <= LONGEST_AS_IT_IS:
            vertices = zip(lonlat.tolist(), rows, strict=True)
            places = tuple(place_at(lon, lat, names[row]) for (lon, lat), row in vertices)
        self._take(Line(where, name, lonlat, places))

    def add_route(self, where: str, name: str, places: Sequence[Place]) -> None:
        """Take a route in by its places."""
        lonlat = np.array([(place.lon, place.lat) for place in places], dtype=float).reshape(-1, 2)
        moves = np.append(True, (np.diff(lonlat, axis=0) != 0).any(axis=1))[: len(places)]
        kept = tuple(place for place, moved in zip(places, moves, strict=True) if moved)
        self._take(Line(where, name, lonlat[moves], kept))

    def _take(self, line: Line) -> None:
        if len(line.lonlat) < 2:
            self.note(line.where, "has fewer than two different points; left out")
        elif self.is_full_of_routes:
            self._more_routes += 1
        else:
            self.lines.append(line)

    def add_area(self, outline: Outline) -> None:
        """Take an area in; one that is damaged is left out, and noted."""
        if len(self.areas.volumes) >= MAX_VOLUMES:
            self.lose_area(f"{outline.where}: more than {MAX_VOLUMES:,} areas")
            return
        left_out, mended = len(self.areas.skipped), len(self.areas.notes)
        try:
            self.areas.add(outline)
        except LayerError as error:
            self.lose_area(str(error))
        else:
            for note in (*self.areas.skipped[left_out:], *self.areas.notes[mended:]):
                self.note("", note)

    def lose_area(self, message: str) -> None:
        """Say, in the layer too, that an area is missing: it would look like a free way."""
        message = f"{message}; this area is left out"
        self.note("", message)
        if len(self.areas.skipped) < MAX_NOTES:
            self.areas.skipped.append(printable(message)[:500])

    def take_layer(self, layer: Layer) -> None:
        """Take in what another reader read."""
        for note in (*layer.skipped, *layer.notes):
            self.note("", note)
        self.areas.volumes += layer.volumes
        self.areas.skipped += layer.skipped
        self.areas.notes += layer.notes

    def opened(self) -> Opened:
        """Thin the tracks, join the routes, and give it all."""
        routes = make_routes(fitting(self.lines, self.note))
        layer = self.areas.layer(self.name) if self.areas.volumes or self.areas.skipped else None
        notes = tuple(self._summed_up(bool(routes or self.places or self.areas.volumes)))
        return Opened(self.name, routes, tuple(self.places), layer, notes, self.story)

    def _summed_up(self, holds_any: bool) -> list[str]:
        name = printable(self.name)
        first = [] if holds_any else [f"{name}: holds no route, place or area that can be read"]
        last = [
            f"{name}: {text.format(f'{count:,}')}"
            for count, text in (
                (self._more_routes, f"only the first {MAX_ROUTES:,} routes are kept, {{}} are not"),
                (self._more_places, f"only the first {MAX_PLACES:,} places are kept, {{}} are not"),
                (self._more_notes, "{} more remarks like these"),
            )
            if count
        ]
        return [*first, *last, *self.notes] if self._more_notes else [*first, *self.notes, *last]


def labelled(what: str, number: int, name: str) -> str:
    """Name a feature for messages by its number, from 1, and its name."""
    return f"{what} {number} {quoted(name)}" if name else f"{what} {number}"
