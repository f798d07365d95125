"""Remember which parts of an audit are finished, in the folder where they are left."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geo.audit.files import Location, make_folder, sweep
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
        return (self.folder / _FINISHED).exists() and not self._changes(task)

    def begin(self, task: Task, *, anew: bool = False) -> None:
        """Begin an audit, or go on with one that was stopped.

        Raises GeoError where it was another one; with `anew` that is thrown away instead.
        """
        if self.is_begun():
            changes = self._changes(task)
            if not changes:
                return sweep(self.folder)
            if not anew:
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
        names = (name for name in sizes if name.startswith(RECEIPT))
        receipts = [Receipt.from_json((self.folder / name).read()) for name in names]
        return {
            receipt.number: receipt
            for receipt in receipts
            if all(sizes.get(name) == size for name, size in receipt.files.items())
        }

    def finish(self, receipts: Sequence[Receipt]) -> None:
        """Note that the output is whole, and what was found."""
        (self.folder / _FINISHED).write(_dumped([json.loads(each.to_json()) for each in receipts]))

    def receipts(self) -> tuple[Receipt, ...]:
        """Give the receipts of a finished audit, in order."""
        forms = json.loads((self.folder / _FINISHED).read())
        return tuple(Receipt.from_json(json.dumps(form).encode()) for form in forms)

    def clear(self) -> None:
        """Throw the folder away, at last what tells that the audit was finished."""
        for name in self.folder.sizes():
            if name not in (_TASK, _FINISHED):
                (self.folder / name).remove()
        self.folder.remove()

    def _changes(self, task: Task) -> list[str]:
        begun = json.loads((self.folder / _TASK).read())
        return [what for key, what in _CHANGES.items() if begun.get(key) != task[key]]


def _dumped(form: Any) -> bytes:
    return json.dumps(form, indent=1, sort_keys=True).encode()
