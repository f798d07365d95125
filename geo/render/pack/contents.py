"""Say what is handed over, whatever the file that it goes into."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from geo.account import Account, account_of, account_of_route
from geo.compare import Row
from geo.edge import Edges
from geo.errors import GeoError
from geo.layers import Volume
from geo.ranges import RangeRing
from geo.render.picture.briefing import Briefing
from geo.render.picture.drawing import Drawing
from geo.render.picture.layout import SIZES, Size, make_picture
from geo.render.picture.look import PictureTheme
from geo.render.picture.projection import Kind
from geo.schema import Source

SLIDE: Size = SIZES["16:9"]


@dataclass(frozen=True)
class Pack:
    """One or more briefings to hand over; the first is the one that a page of its own tells.

    `edges` are those of each row's route by its id. `link` reopens the view. `versions` name what
    it was made with, such as {"Corridor": "1.0", "airspace": "2018"}. `size` and `projection` are
    those of the pictures; a slide is always 16:9.
    """

    briefings: tuple[Briefing, ...]
    edges: Mapping[str, Edges]
    look: PictureTheme = "light"
    link: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    size: Size = SLIDE
    projection: Kind | None = None

    def __post_init__(self) -> None:
        if not self.briefings:
            raise GeoError("pack: there is no briefing to hand over")

    @property
    def first(self) -> Briefing:
        """The briefing that a page of its own tells."""
        return self.briefings[0]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The routes of all briefings, each once, nearest first."""
        rows = {row.flight.plan.id: row for told in self.briefings for row in told.rows}
        return tuple(sorted(rows.values(), key=lambda row: row.direct_m))

    @cached_property
    def rings(self) -> tuple[RangeRing, ...]:
        """The rings of all briefings, each once."""
        return tuple(dict.fromkeys(ring for told in self.briefings for ring in told.rings))

    @cached_property
    def volumes(self) -> tuple[Volume, ...]:
        """The areas that the reader opened."""
        layer = self.first.layer
        return layer.volumes if layer else ()

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The sources of all briefings, each once, in the order in which they are met."""
        return tuple({s.id: s for told in self.briefings for s in told.sources}.values())

    @cached_property
    def slides(self) -> tuple[Drawing, ...]:
        """The briefings drawn as slides."""
        return tuple(self._drawn(told, SLIDE) for told in self.briefings)

    @cached_property
    def pictures(self) -> tuple[Drawing, ...]:
        """The briefings drawn as pictures."""
        if self.size == SLIDE:
            return self.slides
        return tuple(self._drawn(told, self.size) for told in self.briefings)

    def accounts(self, briefing: Briefing) -> tuple[Account, ...]:
        """Tell each route of a briefing in words."""
        return tuple(self._account(briefing, row) for row in briefing.rows)

    def _drawn(self, briefing: Briefing, size: Size) -> Drawing:
        return make_picture(briefing, size, self.look, self.projection)

    def _account(self, briefing: Briefing, row: Row) -> Account:
        plan, flight = row.flight.plan, row.flight
        edges = self.edges[plan.id]
        if plan.certainty != "geometric":
            return account_of(briefing.story, row, edges, briefing.unit)
        account = account_of_route(flight.route, flight.crossings, edges, briefing.unit)
        return replace(account, heading=f"{account.heading}, {briefing.story.ways[plan.way].name}")
