"""Let the reader open files of their own: routes, places and areas.

What was read of a file is kept with the reader's session until the reader removes it, whatever
page is looked at.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from weakref import finalize

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
from views.uploads import control_key, take_uploads

_KEPT = "kept_files"
_CLOSED = "closed_files"
_LEFT_OUT = "files_left_out"
_KINDS = ["geojson", "json", "kml", "kmz", "gpx", "csv", "tsv", "txt"]
_MOST_FILES = 5
_MOST_LISTED = 200
_MOST_NOTES = 20
_HELP = (
    "Routes, places and areas in GeoJSON, KML, KMZ, GPX or CSV; areas in OpenAir too. Up to 20 MB "
    "and 5,000 routes. A file stays open until you remove it or leave; it is stored nowhere."
)
_CLOSING_HELP = (
    "Closed at any height, together with the closed states: the shortest open ways go round. The "
    "link does not hold this, since it does not hold the file."
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, weakref_slot=True)
class OpenFile(OpenedFile):
    """What a file holds, ready to be drawn and asked; `drawing` serves its routes where many.

    `id` tells it from other files. `areas` are its areas, to be closed, or why they can't be; an
    empty text where it has none.
    """

    id: str
    overlay: Overlay | None
    areas: ShutAreas | str
    drawing: Served | None


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """What came of a file that was chosen: what it holds, or why it was refused."""

    name: str
    file: OpenFile | None = None
    refusal: str = ""


def choose_files(atlas: Atlas) -> tuple[OpenFile, ...]:
    """Offer to open files, list those that are open, and say what is wrong with one that isn't."""
    files = held_files(atlas)
    fold = unfolded("Open your own file", "files", _KEPT)
    if fold is None:
        return files
    with fold:
        st.file_uploader(
            "Routes, places or areas", type=_KINDS, accept_multiple_files=True, max_upload_size=20,
            key=control_key(), help=_HELP,
        )  # fmt: skip
        if left_out := st.session_state.get(_LEFT_OUT):
            st.warning(f"No more than {_MOST_FILES} files can be open at once.")
            show_text("p", f"Not opened: {', '.join(left_out)}", "corridor-quiet")
        for id, kept in _kept().items():
            _show_kept(id, kept)
    return files


def held_files(atlas: Atlas) -> tuple[OpenFile, ...]:
    """List the open files, those too that were chosen just now."""
    if taken := [(file.name, _keep(atlas, file)) for file in take_uploads()]:
        st.session_state[_LEFT_OUT] = [name for name, has_room in taken if not has_room]
    return tuple(each.file for each in _kept().values() if each.file)


def closed_areas(files: Sequence[OpenFile]) -> tuple[ShutAreas, ...]:
    """List the areas of the files that the reader closed."""
    ids = _closed_ids()
    closed = (file.areas for file in files if file.id in ids)
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


def _kept() -> Mapping[str, _Kept]:
    kept: Mapping[str, _Kept] = st.session_state.get(_KEPT, {})
    return kept


def _keep(atlas: Atlas, file: UploadedFile) -> bool:
    """Read a file and keep what it holds, unless too many are open; tell whether it is kept."""
    data, kept = file.getvalue(), _kept()
    digest = hashlib.sha256(data).hexdigest()
    id = f"{digest}:{file.name}"
    has_room = id in kept or len(kept) < _MOST_FILES
    if id not in kept and has_room:
        st.session_state[_KEPT] = {**kept, id: _read(atlas, digest, file.name, data)}
    return has_room


def _read(atlas: Atlas, digest: str, name: str, data: bytes) -> _Kept:
    try:
        return _Kept(name, _opened(digest, name, data, atlas))
    except OpenError as error:
        return _Kept(name, refusal=str(error))


def _show_kept(id: str, kept: _Kept) -> None:
    """Show one of the open files, what is wrong with it or what can be closed, and remove it."""
    st.button(
        f"Remove {as_label(kept.name)}", key=f"remove_{id}", on_click=_remove, args=(id,),
        icon=":material/close:", type="tertiary",
    )  # fmt: skip
    if kept.file:
        _offer_closing(kept.file)
    else:
        st.error("The file can't be read.")
        show_text("pre", kept.refusal, "corridor-refusal")


def _remove(id: str) -> None:
    st.session_state[_KEPT] = {key: kept for key, kept in _kept().items() if key != id}
    st.session_state[_CLOSED] = _closed_ids() - {id}
    st.session_state[_LEFT_OUT] = []


def _offer_closing(file: OpenFile) -> None:
    """Offer to close a file's areas, where it has any, or say why that can't be."""
    if isinstance(file.areas, ShutAreas):
        st.checkbox(
            f"Close {as_label(file.areas.title)}", value=file.id in _closed_ids(),
            key=_closing_key(file.id), on_change=_note_closing, args=(file.id,),
            help=_CLOSING_HELP,
        )  # fmt: skip
    elif file.areas:
        show_text("p", f"{file.areas}.", "corridor-quiet")


def _note_closing(id: str) -> None:
    others = _closed_ids() - {id}
    st.session_state[_CLOSED] = others | {id} if st.session_state[_closing_key(id)] else others


def _closed_ids() -> frozenset[str]:
    ids: frozenset[str] = st.session_state.get(_CLOSED, frozenset())
    return ids


def _closing_key(id: str) -> str:
    return f"close_{id}"


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


@st.cache_resource(show_spinner="Reading the file", max_entries=8)
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
    file = OpenFile(opened, found, id=id, overlay=overlay, areas=areas, drawing=drawing)
    # Readers may hold the file for longer than this cache does.
    finalize(file, forget, drawing).atexit = False
    return file


def _closable(overlay: Overlay) -> ShutAreas | str:
    try:
        return shut_areas(overlay) if overlay.layer.volumes else ""
    except LayerError as error:
        return str(error)
