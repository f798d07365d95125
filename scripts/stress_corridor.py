"""Try to break the router with random closures and ends: `python -m scripts.stress_corridor`.

Any states are closed, small ones too, or all neighbours of one; some are listed as the only open
ones, seas are shut, margins kept; ends are airports, points near borders and any others. Printed is
each way that enters what is shut, is longer there than back, or longer than by a third point, and
what took over two seconds. Stop it when you have seen enough.
"""

import argparse
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import process_time
from typing import Final

import airportsdata
import numpy as np

from geo.airspace import Airspace
from geo.airspace_file import load_airspace
from geo.closure import Closure, make_closure
from geo.corridor import Ground, Router, load_ground
from geo.errors import NoWayError
from geo.geodesy import GEOD, Lines
from geo.model import BoolArray, LonLat, Place

DATA: Final = Path("data")
MARGINS_KM: Final = (1, 2, 5, 10, 25, 50, 100, 200, 500)
# So much may ways differ, or lie in shut airspace, by rounding.
NEARLY_M: Final = 2.0
SLOW_S: Final = 2.0


def main() -> None:
    """Draw, search and print, for ever or so often."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, help="how many closures; without it, for ever")
    parser.add_argument("--plain", action="store_true", help="no lists, shut seas or margins")
    options = parser.parse_args()
    airspace = load_airspace(DATA / "airspace.parquet")
    files = (DATA / f"{name}.parquet" for name in ("airspace", "corners", "cells"))
    trial = Trial(load_ground(airspace, *files), np.random.default_rng(options.seed))
    for number in count() if options.rounds is None else range(options.rounds):
        trial.run(number, trial.closure(options.plain))


@dataclass(frozen=True, slots=True)
class Trial:
    """The ground, and what is drawn from."""

    ground: Ground
    rng: np.random.Generator

    def closure(self, plain: bool) -> Closure:
        """Draw a closure."""
        airspace, rng = self.ground.airspace, self.rng
        codes = sorted({code for face in airspace.faces for code in face.claims})
        closed = rng.choice(codes, rng.integers(0, 9), replace=False).tolist()
        if rng.random() < 0.2:
            closed = neighbours(airspace, int(rng.integers(len(airspace.faces))))
        if plain:
            return make_closure(airspace, closed)
        only = rng.choice(codes, rng.integers(1, 120), replace=False).tolist()
        margin_km = float(rng.choice(MARGINS_KM)) if rng.random() < 0.4 else 0.0
        return make_closure(
            airspace, closed, only if rng.random() < 0.15 else None,
            international=rng.random() > 0.1, margin_km=margin_km,
        )  # fmt: skip

    def end(self, shut: BoolArray) -> Place:
        """Draw an open end: an airport, a point near a border of what is shut, or any other."""
        rng, airspace = self.rng, self.ground.airspace
        airports = list(airportsdata.load("IATA").values())
        borders = airspace.coverage.borders
        edges = np.flatnonzero(shut[borders.left] != shut[borders.right])
        for _ in range(1_000):
            port = airports[rng.integers(len(airports))]
            at: LonLat = port["lon"], port["lat"]
            if len(edges) and rng.random() < 0.4:
                lon, lat = borders.ends[rng.choice(edges), :2]
                away_m = 10 ** rng.uniform(1.5, 5.5)
                at = GEOD.fwd(lon, lat, rng.uniform(0, 360), away_m)[:2]
            elif rng.random() < 0.1:
                at = rng.uniform(-180, 180), float(np.degrees(np.arcsin(rng.uniform(-1, 1))))
            if not shut[airspace.coverage.at(np.array([at]))[0]]:
                break
        return Place("", f"{at[0]},{at[1]}", float(at[0]), float(at[1]))

    def run(self, number: int, closure: Closure) -> None:
        """Search three ways and one back, and print what is wrong."""
        shut = closure.shuts(self.ground.airspace)
        begin = process_time()
        router = Router(self.ground, closure)
        said = f"{number} {closure}"
        if process_time() - begin > SLOW_S:
            print("slow router", said)
        a, b, c = (self.end(shut) for _ in range(3))
        whole, back, first, last = (
            self.length_m(router, shut, *ends, said) for ends in ((a, b), (b, a), (a, c), (c, b))
        )
        if np.isfinite([whole, back]).any() and not abs(whole - back) < NEARLY_M:
            print("there and back differ", said, a.name, b.name, whole, back)
        if whole > first + last + NEARLY_M:
            print("longer than by a third point", said, a.name, b.name, c.name)

    def length_m(self, router: Router, shut: BoolArray, a: Place, b: Place, said: str) -> float:
        """Measure a way, `inf` where there is none, and print what is wrong with it."""
        begin = process_time()
        try:
            way = router.find(a, b)
        except NoWayError:
            return np.inf
        finally:
            if process_time() - begin > SLOW_S:
                print(f"{process_time() - begin:.1f} s", said, a.name, b.name)
        found = self.ground.airspace.stretches(Lines.of([way.route]))
        inside_m = (found.end_m - found.start_m)[shut[found.face]].sum()
        if inside_m > NEARLY_M:
            print(f"{inside_m:.0f} m in shut airspace", said, a.name, b.name)
        return way.route.length_m


def neighbours(airspace: Airspace, face: int) -> list[str]:
    """List the states beside a face that have no claim to it."""
    borders = airspace.coverage.borders
    beside = {*borders.right[borders.left == face], *borders.left[borders.right == face]} - {-1}
    codes = {code for number in beside for code in airspace.faces[number].claims}
    return sorted(codes - set(airspace.faces[face].claims))


if __name__ == "__main__":
    main()
