"""Cross the same lines by PostGIS, where it is installed: `python -m benchmarks.postgis`.

A private cluster is made in a temporary folder, on a socket and no port, and is gone afterwards.
The faces are cut by ST_Subdivide into pieces of 256 vertices with a GiST index. One query cuts all
lines into pieces of 32 vertices, crosses them with those of the faces in the plane, and measures
what they share on the spheroid; with whole lines, whose boxes are large, it is four times slower.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import shapely

from geo.model import Track

Metres = dict[int, float]
NOT_INSTALLED = "PostGIS: not installed"
# One core, no disk to wait for, and room for all that is read.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "shared_buffers": "512MB",
    "work_mem": "256MB",
}
_LOAD = """
CREATE EXTENSION postgis;
CREATE TABLE faces (face int, geom geometry);
CREATE TABLE lines (route int, geom geometry);
\\copy faces FROM 'faces.tsv'
\\copy lines FROM 'lines.tsv'
CREATE TABLE pieces AS SELECT face, ST_Subdivide(geom, 256) AS geom FROM faces;
CREATE INDEX ON pieces USING gist (geom);
ANALYZE;
SELECT postgis_lib_version();
"""
_CROSS = """
SELECT extract(epoch FROM clock_timestamp());
CREATE TEMPORARY TABLE found AS
WITH cut AS MATERIALIZED (SELECT route, ST_Subdivide(geom, 32) AS geom FROM lines)
SELECT route, face, sum(ST_Length(ST_Intersection(cut.geom, pieces.geom)::geography)) AS metres
FROM cut JOIN pieces ON ST_Intersects(cut.geom, pieces.geom) GROUP BY route, face;
SELECT extract(epoch FROM clock_timestamp());
SELECT route, face, metres FROM found;
"""
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Crossed:
    """What PostGIS found: the metres in each face for each line, and how fast."""

    metres: list[Metres]
    routes_a_second: float
    version: str


def cross(tracks: Sequence[Track], faces: Any) -> Crossed | None:
    """Cross tracks with faces, an array of polygons; None where PostGIS isn't installed."""
    programs = find_programs()
    if programs is None:
        return None
    with _cluster(programs) as (folder, psql):
        _write(folder / "faces.tsv", enumerate(faces))
        _write(folder / "lines.tsv", _turned(tracks))
        version = _run([*psql, "-c", "SET client_min_messages = error", "-f", "-"], folder, _LOAD)
        answers = [_run([*psql, "-f", "-"], folder, _CROSS).splitlines() for _ in range(_ROUNDS)]
    metres: list[Metres] = [{} for _ in tracks]
    # Before the rows stand the two times.
    for row in answers[0][2:]:
        route, face, length_m = row.split("|")
        metres[int(route)][int(face)] = float(length_m)
    took_s = median(float(lines[1]) - float(lines[0]) for lines in answers)
    return Crossed(metres, len(tracks) / took_s, version.splitlines()[-1])


def find_programs() -> Path | None:
    """Find the newest folder of PostgreSQL's programs whose PostGIS is there too."""
    on_path = shutil.which("pg_config")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    for folder in [*folders, *([Path(on_path).parent] if on_path else [])]:
        if (folder / "initdb").exists() and (folder / "pg_config").exists():
            shared = _run([str(folder / "pg_config"), "--sharedir"], folder).strip()
            if (Path(shared) / "extension" / "postgis.control").exists():
                return folder
    return None


def _version(folder: Path) -> float:
    name = folder.parent.name
    return float(name) if name.replace(".", "", 1).isdigit() else 0.0


@contextmanager
def _cluster(programs: Path) -> Iterator[tuple[Path, list[str]]]:
    """Run a cluster of its own; yields a folder for files and the start of a psql command."""
    with tempfile.TemporaryDirectory(prefix="corridor-postgis-") as name:
        folder, data = Path(name), Path(name) / "data"
        user = _unprivileged()
        if user:
            os.chown(folder, user, -1)
        options = " ".join(f"-c {key}='{value}'" for key, value in _SETTINGS.items())
        start = ["-D", str(data), "-l", str(folder / "log"), "-w", "-o", f"-k {name} {options}"]
        _run([str(programs / "initdb"), "-D", str(data), "-U", "bench", "-A", "trust"], folder)
        _run([str(programs / "pg_ctl"), *start, "start"], folder)
        try:
            plainly = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
            whose = ["-h", name, "-U", "bench", "-d", "postgres"]
            yield folder, [str(programs / "psql"), *plainly, *whose]
        finally:
            _run([str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"], folder)


def _unprivileged() -> int | None:
    """Give the user to run as where this one is root, whom PostgreSQL refuses; else None."""
    if os.geteuid() != 0:
        return None
    return pwd.getpwnam("nobody").pw_uid


def _run(command: list[str], folder: Path, text: str = "") -> str:
    """Run a program in a folder, give it a text, and return what it says."""
    return subprocess.run(
        command, cwd=folder, input=text, user=_unprivileged(), stdout=subprocess.PIPE, text=True,
        check=True, env={**os.environ, "LC_ALL": "C"},
    ).stdout  # fmt: skip


def _write(path: Path, rows: Any) -> None:
    lines = (f"{number}\t{shapely.to_wkb(geometry, hex=True)}\n" for number, geometry in rows)
    path.write_text("".join(lines), "ascii")


def _turned(tracks: Sequence[Track]) -> Iterator[tuple[int, shapely.LineString]]:
    """List tracks as lines, those that run on beyond the map a second time, turned back onto it."""
    for number, track in enumerate(tracks):
        for turn in (-360.0, 0.0, 360.0):
            line = shapely.LineString(track.lonlat + np.array([turn, 0.0]))
            west, _, east, _ = line.bounds
            if west < 180 and east > -180:
                yield number, line


def say(tracks: Sequence[Track], faces: Any, expected: Sequence[Metres]) -> str:
    """Cross tracks, and set the rate and the metres off what is expected in a row of the table."""
    crossed = cross(tracks, faces)
    if crossed is None:
        return NOT_INSTALLED
    off_m = [
        max(abs(one.get(face, 0.0) - other.get(face, 0.0)) for face in {*one, *other, -1})
        for one, other in zip(expected, crossed.metres, strict=True)
    ]
    name = f"PostGIS {crossed.version}: ST_Subdivide, GiST"
    return f"{name:36}{crossed.routes_a_second:>10,.0f}{median(off_m):>12,.1f}{max(off_m):>14,.0f}"


def main() -> None:
    """Print the row of the table that `benchmarks.crossings` prints, for all 1,000 lines."""
    if find_programs() is None:
        print(NOT_INSTALLED)
        return
    import pyarrow.parquet as pq

    from benchmarks.crossings import DATA, airport_pairs, metres_of, places
    from geo.airspace_file import load_airspace
    from geo.geodesy import Lines, make_route, make_tracks

    routes = [make_route("", pair) for pair in places(*airport_pairs(1000))]
    airspace = load_airspace(DATA)
    expected = [metres_of(airspace, Lines.of([route])) for route in routes]
    faces = shapely.from_wkb(pq.read_table(DATA)["geometry"].to_numpy())
    print(f"{'way':36}{'routes/s':>10}{'median, m':>12}{'largest, m':>14}")
    print(say(make_tracks(routes), faces, expected))


if __name__ == "__main__":
    main()
