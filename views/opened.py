"""Let the reader open files of their own: routes, places and areas."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from geo.errors import LayerError, OpenError
from geo.overlay import Overlay, make_overlay
from geo.phrases import capital
from geo.readers import read_opened
from geo.render.bundle import PASSED, bundle_text, passed_text, with_bundle
from geo.render.closing import with_closed_areas
from geo.render.scene import Scene
from geo.shut_areas import ShutAreas, shut_areas
from geo.survey import Survey, survey
from geo.units import Unit, format_amount, format_length
from geo.viewed import MOST_SINGLE, OpenedFile
from views.fold import unfolded
from views.loaded import Atlas
from views.lookup import find_place, load_gazetteer
from views.markup import as_label, list_html, show_text, table_html, text_html
from views.serving import Served, forget, serve, serve_later

_KEY = "opened_files"
_KINDS = ["geojson", "json", "kml", "kmz", "gpx", "csv", "tsv", "txt"]
_MOST_FILES = 5
_MOST_LISTED = 200
_MOST_NOTES = 20
_HELP = (
    "Routes, places and areas in GeoJSON, KML, KMZ, GPX or CSV; areas in OpenAir too. Up to 20 MB "
    "and 5,000 routes. The file stays with this page and is kept nowhere."
)
_CLOSING_HELP = (
    "Closed at any height, together with the closed states: the shortest open ways go round. The "
    "link does not hold this, since it does not hold the file."
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class OpenFile(OpenedFile):
    """What a file holds, ready to be drawn and asked; `drawing` serves its routes where many.

    `id` tells it from other files. `areas` are its areas, to be closed, or why they can't be; an
    empty text where it has none.
    """

    id: str
    overlay: Overlay | None
    areas: ShutAreas | str
    drawing: Served | None


def choose_files(atlas: Atlas) -> tuple[OpenFile, ...]:
    """Offer to open files, and say what is wrong with one that can't be read."""
    fold = unfolded("Open your own file", "files")
    if fold is None:
        return ()
    files = fold.file_uploader(
        "Routes, places or areas", type=_KINDS, accept_multiple_files=True, max_upload_size=20,
        key=_KEY, help=_HELP,
    )  # fmt: skip
    if len(files) > _MOST_FILES:
        fold.warning(f"The first {_MOST_FILES} files are shown.")
    with fold:
        shown = tuple(filter(None, (_shown(atlas, file) for file in files[:_MOST_FILES])))
        for file in {file.id: file for file in shown}.values():
            _offer_closing(file)
        return shown


def held_files(atlas: Atlas) -> tuple[OpenFile, ...]:
    """Read the chosen files before the control is shown; those that can't be read are left out."""
    found = []
    for file in (st.session_state.get(_KEY) or ())[:_MOST_FILES]:
        with suppress(OpenError):
            found.append(_open(atlas, file))
    return tuple(found)


def closed_areas(files: Sequence[OpenFile]) -> tuple[ShutAreas, ...]:
    """List the areas of the files that the reader closed."""
    closed = (file.areas for file in files if st.session_state.get(_closing_key(file)))
    return tuple(areas for areas in closed if not isinstance(areas, str))


def draw_opened(scene: Scene, files: Sequence[OpenFile]) -> Scene:
    """Draw the routes of files that hold many, and hatch the areas that are closed."""
    scene = with_closed_areas(scene, _closed_numbers(files))
    for file in files:
        if file.survey and file.drawing:
            scene = with_bundle(scene, file.opened.name, f"../../{file.drawing.url}", file.survey)
    return scene


def tell_opened(files: Sequence[OpenFile], unit: Unit) -> Iterator[str]:
    """Write what many routes come to, and what of a file could not be read."""
    for file in files:
        if file.survey:
            yield text_html("h2", f"The opened routes: {file.opened.name}", "corridor-heading")
            yield from _told(file.survey, unit)
            if file.drawing:
                serve_later(file.drawing, PASSED, partial(passed_text, file.survey))
        notes = file.opened.notes
        if notes:
            yield text_html("h3", f"Remarks on {file.opened.name}", "corridor-route")
            more = len(notes) - _MOST_NOTES
            yield list_html(
                [*notes[:_MOST_NOTES], *([f"and {more:,} more remarks"] if more > 0 else [])]
            )


def _offer_closing(file: OpenFile) -> None:
    """Offer to close a file's areas, where it has any, or say why that can't be."""
    if isinstance(file.areas, ShutAreas):
        label = f"Close {as_label(file.areas.title)}"
        st.checkbox(label, key=_closing_key(file), help=_CLOSING_HELP)
    elif file.areas:
        show_text("p", f"{file.areas}.", "corridor-quiet")


def _closing_key(file: OpenFile) -> str:
    return f"close_{file.id}"


def _closed_numbers(files: Sequence[OpenFile]) -> set[int]:
    """Number the volumes of closed files among those of `joined_layer`."""
    closed = set(closed_areas(files))
    numbers: set[int] = set()
    first = 0
    for file in files:
        count = len(file.opened.layer.volumes) if file.opened.layer else 0
        if file.areas in closed:
            numbers.update(range(first, first + count))
        first += count
    return numbers


def _told(found: Survey, unit: Unit) -> Iterator[str]:
    ends_m = float(found.length_m.min()), float(found.length_m.max())
    shortest, longest = (format_length(end_m, unit) for end_m in ends_m)
    total = format_length(float(found.length_m.sum()), unit)
    yield text_html(
        "p",
        f"{len(found.names):,} routes of {shortest} to {longest}, {total} in all. Below, the "
        "airspaces that they pass, by how many pass them.",
        "corridor-told",
    )
    cells = [
        [
            capital(each.name),
            f"{each.routes:,}",
            f"{100 * each.routes / len(found.names):.1f} %",
            format_amount(each.metres, unit),
        ]
        for each in found.passed[:_MOST_LISTED]
    ]
    headings = ("Airspace", "Routes", "Share of all", f"Distance in it, {unit.symbol}")
    yield table_html(headings, cells, numbers={1, 2, 3})


def _open(atlas: Atlas, file: UploadedFile) -> OpenFile:
    data = file.getvalue()
    return _opened(hashlib.sha256(data).hexdigest(), file.name, data, atlas)


def _shown(atlas: Atlas, file: UploadedFile) -> OpenFile | None:
    try:
        return _open(atlas, file)
    except OpenError as error:
        st.error("The file can't be read.")
        show_text("pre", str(error), "corridor-refusal")
        return None


def _forget(file: OpenFile) -> None:
    if file.drawing:
        forget(file.drawing)


@st.cache_resource(show_spinner="Reading the file", max_entries=8, on_release=_forget)
def _opened(digest: str, name: str, _data: bytes, _atlas: Atlas) -> OpenFile:
    find = partial(find_place, _atlas)
    opened = read_opened(name, _data, find, known=load_gazetteer(_atlas).known)
    overlay = make_overlay(opened.layer) if opened.layer else None
    areas = _closable(overlay) if overlay else ""
    id = f"{digest}:{name}"
    if len(opened.routes) <= MOST_SINGLE:
        return OpenFile(opened, id=id, overlay=overlay, areas=areas, drawing=None)
    found = survey(opened.routes, _atlas.airspace)
    drawing = serve(bundle_text(found).encode(), "json", later=PASSED)
    return OpenFile(opened, found, id=id, overlay=overlay, areas=areas, drawing=drawing)


def _closable(overlay: Overlay) -> ShutAreas | str:
    try:
        return shut_areas(overlay) if overlay.layer.volumes else ""
    except LayerError as error:
        return str(error)
