"""Answer `python -m geo audit`: whose airspace the flights of a whole file cross."""

import errno
import math
import os
import sys
from pathlib import Path

import click

from geo.airspace_file import load_airspace
from geo.audit.columns import ROLES
from geo.audit.crew import Crew, cluster, here, local
from geo.audit.delimited import find_encoding
from geo.audit.model import DataFiles
from geo.audit.parts import ROWS_PER_PART
from geo.audit.progress import Progress
from geo.audit.run import Request, run_audit
from geo.audit.summary import say_audit
from geo.closure import find_state, make_closure, state_name
from geo.commands.options import DATA, airspace_option, story_option
from geo.errors import GeoError
from geo.file_faults import say_os_error
from geo.report import CREDIT
from geo.text import printable

_MOST_WORKERS = 256
_GO_ON = "the same command goes on where it stopped"


def _columns(
    context: click.Context, parameter: click.Parameter, given: tuple[str, ...]
) -> dict[str, str]:
    """Take columns by role, such as "from=dep"."""
    pairs = [text.partition("=") for text in given]
    for text, (role, _, column) in zip(given, pairs, strict=True):
        if role not in ROLES or not column:
            raise click.BadParameter(f'"{text}" is no ROLE=COLUMN; roles: {", ".join(ROLES)}')
    return {role: column for role, _, column in pairs}


def _encoding(context: click.Context, parameter: click.Parameter, given: str | None) -> str | None:
    try:
        return find_encoding(given) if given else None
    except GeoError as error:
        raise click.BadParameter(str(error)) from error


def _gap(context: click.Context, parameter: click.Parameter, given: str) -> float | None:
    """Take minutes as seconds; none and 0 are None."""
    if given.strip().lower() == "none":
        return None
    try:
        minutes = float(given)
    except ValueError:
        minutes = math.nan
    if not 0 <= minutes < math.inf:
        raise click.BadParameter(f'"{given}" is no number of minutes, nor none')
    return 60 * minutes or None


@click.command()
@click.argument("source", metavar="FLIGHTS")
@click.option("--out", required=True, metavar="FILE",
              help="Where the crossings go, as Parquet; with a slash last, a folder.")  # fmt: skip
@click.option("--column", "columns", multiple=True, callback=_columns, metavar="ROLE=COLUMN",
              help="Which column is what, if its name doesn't tell; again for more.")  # fmt: skip
@click.option("--encoding", callback=_encoding, help="How a CSV file is written, if not in UTF-8.")
@click.option("--gap-minutes", "gap_s", callback=_gap, default="60", show_default=True,
              metavar="N", help="Cut tracks where unheard for longer, or none.")  # fmt: skip
@click.option("--closed", metavar="STATES", help="Closed states: whom that hits, at what cost.")
@click.option(
    "--points", "with_points", is_flag=True, help="Add where each crossing begins and ends."
)
@click.option("--overwrite", is_flag=True, help="Replace the output, or an unfinished audit of it.")
@click.option("--workers", type=click.IntRange(1, _MOST_WORKERS), metavar="N",
              help="Processes of this machine; without it, one for each processor.")  # fmt: skip
@click.option("--scheduler", metavar="ADDRESS", help="A Dask cluster instead: tcp://host:8786.")
@click.option("--progress", is_flag=True, help="Tell of progress where stderr is no terminal too.")
@click.option("--rows-per-part", type=click.IntRange(1, 1_000_000), default=ROWS_PER_PART,
              show_default=True, metavar="N", help="How many rows are done at once.")  # fmt: skip
@story_option
@airspace_option
def audit(
    source: str,
    out: str,
    columns: dict[str, str],
    encoding: str | None,
    gap_s: float | None,
    closed: str | None,
    with_points: bool,
    overwrite: bool,
    workers: int | None,
    scheduler: str | None,
    progress: bool,
    rows_per_part: int,
    story: Path,
    airspace: Path,
) -> None:
    """List whose airspace each flight of a file crosses.

    FLIGHTS is a CSV file, also packed as .gz, .zst or .bz2; a Parquet file; or a folder of Parquet
    files. Its rows are pairs of ends, each a code or a longitude and a latitude; or paths as
    `route` takes them; or positions with the flight's id, joined in the order of their times and
    cut at gaps. All paths may be URLs that fsspec knows.

    Rows that can't be read are listed, with reasons, in FILE.refused.csv. An audit that was stopped
    goes on where it was when the same command is given again.
    """
    names = _closed_names(closed, airspace)
    request = Request(
        source, out, columns, encoding, tuple(names), with_points, overwrite, rows_per_part,
        DataFiles(_own(airspace, "airspace.parquet"), _own(story, "routes.geojson")), gap_s,
    )  # fmt: skip
    said = Progress(sys.stderr if progress or sys.stderr.isatty() else None)
    try:
        found = run_audit(request, _crew(workers, scheduler), said)
    except OSError as error:
        raise GeoError(_say_os_error(error, out)) from error
    except KeyboardInterrupt:
        click.echo(f"stopped; {_GO_ON}", err=True)
        raise
    finally:
        said.end()
    click.echo(f"{say_audit(source, found, names)}\n\n{CREDIT}")


def _closed_names(closed: str | None, airspace: Path) -> dict[str, str]:
    """Name the closed states, given by code or name, by their codes."""
    texts = [text for text in (closed or "").split(",") if text.strip()]
    if closed is not None and not texts:
        raise click.BadParameter("no state is given", param_hint="--closed")
    if not texts:
        return {}
    faces = load_airspace(airspace)
    closure = make_closure(faces, [find_state(faces, text) or text for text in texts])
    return {code: state_name(faces, code) for code in closure.closed}


def _own(file: Path, name: str) -> str:
    """Leave the path of Corridor's own data open: it may lie elsewhere on other machines."""
    return "" if file == DATA / name else str(file.resolve())


def _crew(workers: int | None, scheduler: str | None) -> Crew:
    if scheduler is not None:
        if workers is not None:
            raise click.UsageError("--workers and --scheduler exclude each other")
        return cluster(scheduler)
    count = workers or _processors()
    return local(count) if count > 1 else here


def _processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _say_os_error(error: OSError, out: str) -> str:
    """Name the file; what names none failed while the output or its parts were written."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    more = f"; make room, and {_GO_ON}" if full else ""
    return f"{printable(str(error.filename or out))}: {say_os_error(error)}{more}"
