"""Remember which parts of an audit are finished, in the folder where they are left."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geo.audit.files import Location, is_draft, make_folder, sweep
from geo.audit.model import Receipt
from geo.audit.work import RECEIPT
from geo.errors import GeoError

_TASK, _FINISHED = "audit.json", "finished.json"
_CHANGES = {
    "input": "the input has changed since",
    "options": "it was begun with other options",
    "version": "Corridor, its data or its libraries have changed since",
}
Task = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The folder of an audit: what was asked, the parts that are finished, and their receipts.

    A task has the keys input, options and version.
    """

    folder: Location

    def is_begun(self) -> bool:
        """Tell whether an audit was begun here and not finished."""
        return (self.folder / _TASK).exists() and not (self.folder / _FINISHED).exists()

    def is_finished(self, task: Task) -> bool:
        """Tell whether this very audit was finished here, and only not cleared away."""
        return not _changes(self._read(_FINISHED).get("task"), task)

    def begin(self, task: Task, *, anew: bool = False) -> None:
        """Begin an audit, or go on with one that was stopped.

        Raises GeoError where it was another one, of which something is finished; with `anew` that
        is thrown away instead. Raises it too where the folder is none of an audit.
        """
        self._check_ours()
        if self.is_begun():
            changes = _changes(self._read(_TASK), task)
            if not changes:
                return sweep(self.folder)
            if not anew and self.finished_parts():
                raise GeoError(
                    f"{self.folder} holds an unfinished audit that can't go on: "
                    f"{' and '.join(changes)}; --overwrite begins anew"
                )
        self.folder.remove()
        make_folder(self.folder)
        (self.folder / _TASK).write(_dumped(task))
        return None

    def finished_parts(self) -> dict[int, Receipt]:
        """Read the receipts of all parts whose files are there as they were left."""
        sizes = self.folder.sizes()
        found = (self._receipt(name) for name in sizes if name.startswith(RECEIPT))
        return {
            receipt.number: receipt
            for receipt in found
            if receipt and all(sizes.get(name) == size for name, size in receipt.files.items())
        }

    def finish(self, task: Task, receipts: Sequence[Receipt]) -> None:
        """Note that the output is whole, and what was found."""
        forms = [json.loads(each.to_json()) for each in receipts]
        (self.folder / _FINISHED).write(_dumped({"task": task, "receipts": forms}))

    def receipts(self) -> tuple[Receipt, ...]:
        """Give the receipts of a finished audit, in order."""
        forms = self._read(_FINISHED)["receipts"]
        return tuple(Receipt.from_json(json.dumps(form).encode()) for form in forms)

    def clear(self) -> None:
        """Throw the folder away, at last what tells that the audit was finished."""
        names = self.folder.sizes()
        for name in sorted(names, key=_FINISHED.__eq__):
            (self.folder / name).remove()
        self.folder.remove()

    def _check_ours(self) -> None:
        """Refuse a folder of somebody else: it would be thrown away."""
        if not self.folder.exists():
            return
        names = self.folder.sizes()
        ours = self.folder.is_folder and (_TASK in names or _FINISHED in names)
        if not ours and any(not is_draft(name) for name in names):
            raise GeoError(
                f"{self.folder} is there already, and is no unfinished audit; "
                "move it away, or name another output"
            )

    def _read(self, name: str) -> dict[str, Any]:
        """Read one of the notes; nothing where it is missing or damaged."""
        try:
            form = json.loads((self.folder / name).read())
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return {}
        return form if isinstance(form, dict) else {}

    def _receipt(self, name: str) -> Receipt | None:
        """Read a receipt; a damaged one is none, and its part is done again."""
        try:
            return Receipt.from_json((self.folder / name).read())
        except (ValueError, TypeError, KeyError, AttributeError):
            return None


def _changes(begun: Any, task: Task) -> list[str]:
    if not isinstance(begun, dict):
        begun = {}
    return [what for key, what in _CHANGES.items() if begun.get(key) != task[key]]


def _dumped(form: Any) -> bytes:
    return json.dumps(form, indent=1, sort_keys=True).encode()
