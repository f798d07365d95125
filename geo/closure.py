"""Say which airspace is shut: by the states that are closed, or by those alone that are open."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches

import numpy as np

from geo.airspace import Airspace, Face
from geo.errors import DataError, GeoError
from geo.model import BoolArray
from geo.names import load_names
from geo.shut_areas import ShutAreas
from geo.text import quoted
from geo.vocabulary import spelled_words

MOST_MARGIN_KM = 500.0


@dataclass(frozen=True, slots=True)
class Closure:
    """What a way may not enter.

    `closed` and `only` are sorted A3 codes. A face claimed by a closed state is shut; with `only`,
    each face is shut that no listed state claims. Waters (and land) of no state are open unless
    `international` is False. `areas` are shut whoever claims them, file by file. A way keeps
    `margin_km` off all that is shut.
    """

    closed: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None
    international: bool = True
    margin_km: float = 0.0
    areas: tuple[ShutAreas, ...] = ()

    @property
    def is_chosen(self) -> bool:
        """Tell whether states or areas are closed by name."""
        return bool(self.closed or self.areas)

    def shuts(self, airspace: Airspace) -> BoolArray:
        """Mark the shut faces; the last value stands for waters of no state, which is face -1."""
        claims = [*(face.claims for face in airspace.faces), ()]
        return np.array([self._shuts(of) for of in claims])

    def _shuts(self, claims: Iterable[str]) -> bool:
        claimed = set(claims)
        if not claimed:
            return not self.international
        unlisted = self.only is not None and not claimed & set(self.only)
        return unlisted or bool(claimed & set(self.closed))

    def shut_claims(self, airspace: Airspace) -> list[tuple[str, ...]]:
        """List the claims of the shut faces, waters of no state left out."""
        return [face.claims for face in airspace.faces if face.claims and self._shuts(face.claims)]

    def without(self, code: str) -> "Closure":
        """Open a state again, or a file's areas by their id.

        A state is closed no more, or listed among the open ones.
        """
        areas = tuple(each for each in self.areas if each.id != code)
        if len(areas) < len(self.areas):
            return replace(self, areas=areas)
        only = None if self.only is None else tuple(sorted({*self.only, code}))
        return replace(self, closed=tuple(each for each in self.closed if each != code), only=only)


def make_closure(
    airspace: Airspace,
    closed: Iterable[str] = (),
    only: Iterable[str] | None = None,
    *,
    international: bool = True,
    margin_km: float = 0.0,
    areas: Iterable[ShutAreas] = (),
) -> Closure:
    """Check codes, in any case, and a margin. Raises GeoError for what isn't one, with guesses."""
    if not 0 <= margin_km <= MOST_MARGIN_KM:
        raise GeoError(f"margin {margin_km:g} km is outside 0..{MOST_MARGIN_KM:g}")
    known = {code for face in airspace.faces for code in face.claims}
    opened = None if only is None else _codes(only, known)
    files = tuple({each.id: each for each in areas}.values())
    return Closure(_codes(closed, known), opened, international, margin_km, files)


def state_names(airspace: Airspace) -> dict[str, str]:
    """Name all that claim airspace, by their codes; Antarctica, which no state has, is left out."""
    names: dict[str, str] = {}
    for face in airspace.faces:
        if face.kind != "international" and len(face.claims) == 1:
            names[face.claims[0]] = face.name
    for face in airspace.faces:
        # A dependency stands beside its state, which is named alone elsewhere.
        for code in face.claims if face.kind == "dependency" else ():
            names.setdefault(code, face.name)
    return names


def state_name(airspace: Airspace, code: str) -> str:
    """Name a state by its code; a code that isn't known stands for itself."""
    return state_names(airspace).get(code, code)


def closed_name(airspace: Airspace, closure: Closure, code: str) -> str:
    """Name what a closure shuts: a state by its code, or a file's areas by their id."""
    named = {areas.id: areas for areas in closure.areas}
    return named[code].title if code in named else state_name(airspace, code)


def owner(airspace: Airspace, face: Face) -> str | None:
    """Tell whose a face is, the dependency's before its state's; None where that is disputed."""
    if face.kind in ("disputed", "international"):
        return None
    alone = {each.claims for each in airspace.faces}
    return next((code for code in face.claims if (code,) not in alone), face.claims[0])


def find_state(airspace: Airspace, text: str) -> str | None:
    """Look up a state's code by its code or a name, in any case; None where there is none.

    Names in other languages are known where the file of them can be read.
    """
    folded, names = text.strip().casefold(), state_names(airspace)
    for code, name in names.items():
        if folded in (code.casefold(), name.casefold()):
            return code
    with suppress(DataError):
        spelled = " ".join(spelled_words(text))
        known = load_names().states
        return next((code for code in names if spelled in known.get(code, ())), None)
    return None


def _codes(typed: Iterable[str], known: set[str]) -> tuple[str, ...]:
    codes = {code.strip().upper() for code in typed}
    for code in sorted(codes - known):
        near = get_close_matches(code[:10], known, 3, 0.5)
        guesses = f"; did you mean {', '.join(sorted(near))}?" if near else ""
        raise GeoError(f"no state has the code {quoted(code)}{guesses}")
    return tuple(sorted(codes))
