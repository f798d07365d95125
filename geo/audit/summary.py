"""Say in a paragraph what an audit found, and what a closure costs."""

import textwrap
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add, or_

from geo.audit.model import Receipt, Toll
from geo.audit.run import Audit
from geo.report import table
from geo.text import printable
from geo.units import KILOMETRES, format_amount, format_length

_WIDTH = 100
_NOTE = (
    "A flight that crosses several closed states counts for each of them. Extra is what the "
    "shortest open way has more than the direct line, for the flights that have one; the others "
    "start or end in closed airspace, or are walled in by it."
)


def say_audit(source: str, audit: Audit, names: Mapping[str, str]) -> str:
    """Say what was found; `names` are those of the closed states by code."""
    receipts = audit.receipts
    told = _flights(source, receipts), _tracks(receipts), _refused(audit), _crossings(audit)
    parts = [_fill(" ".join(filter(None, told)))]
    if names:
        tolls = _tolls(receipts)
        parts += [_fill(_closed(audit, tolls.get("", Toll()))), _table(tolls, names), _fill(_NOTE)]
    return "\n\n".join(parts)


def _flights(source: str, receipts: Sequence[Receipt]) -> str:
    rows, flights = (sum(getattr(each, name) for each in receipts) for name in ("rows", "flights"))
    length_m = sum(receipt.length_m for receipt in receipts)
    return (
        f"{printable(source)}: {rows:,} {_of(rows, 'row')}, {flights:,} {_of(flights, 'flight')}, "
        f"{format_length(length_m, KILOMETRES)}."
    )


def _tracks(receipts: Sequence[Receipt]) -> str:
    """Say what gaps in tracks did; empty where there are none."""
    gaps, untimed = (sum(getattr(each, name) for each in receipts) for name in ("gaps", "untimed"))
    if untimed:
        return "Without times, positions are joined in their order, and no track is cut at a gap."
    return f"Tracks were cut at {gaps:,} {_of(gaps, 'gap')} in time." if gaps else ""


def _refused(audit: Audit) -> str:
    refused = sum(receipt.refused for receipt in audit.receipts)
    if not refused:
        return "No row was refused."
    verb = "was" if refused == 1 else "were"
    return f"{refused:,} {_of(refused, 'row')} {verb} refused: {audit.outputs.refused} says why."


def _crossings(audit: Audit) -> str:
    stretches = sum(receipt.stretches for receipt in audit.receipts)
    length_m = sum(receipt.length_m for receipt in audit.receipts)
    waters_m = sum(receipt.waters_m for receipt in audit.receipts)
    faces = reduce(or_, (receipt.faces for receipt in audit.receipts), 0).bit_count()
    percent = f"{100 * waters_m / length_m:.1f} %" if length_m else "none"
    return (
        f"{audit.outputs.crossings} holds {stretches:,} {_of(stretches, 'crossing')} of "
        f"{faces:,} {_of(faces, 'airspace')}, and {percent} of the way over waters of no state."
    )


def _closed(audit: Audit, toll: Toll) -> str:
    flights = sum(receipt.flights for receipt in audit.receipts)
    share = f" ({100 * toll.flights / flights:.1f} %)" if flights else ""
    open_ = toll.flights - toll.no_way
    longer = f" or {100 * toll.extra_m / toll.direct_m:.1f} %" if toll.direct_m else ""
    return (
        f"The closure hits {toll.flights:,} {_of(toll.flights, 'flight')}{share}. For {open_:,} "
        f"there is a way around, {format_length(toll.extra_m, KILOMETRES)}{longer} longer in all; "
        f"for {toll.no_way:,} there is none. {audit.outputs.hits} lists them."
    )


def _table(tolls: Mapping[str, Toll], names: Mapping[str, str]) -> str:
    heads = "Closed", "flights", "km in it", "no way", "extra km", "longer", "code"
    rows = [_row(names[code], tolls.get(code, Toll()), code) for code in names]
    return table([heads, *rows, _row("all", tolls.get("", Toll()), "")])


def _row(name: str, toll: Toll, code: str) -> tuple[str, ...]:
    longer = f"{100 * toll.extra_m / toll.direct_m:.1f} %" if toll.direct_m else "–"
    metres = (format_amount(length_m, KILOMETRES) for length_m in (toll.closed_m, toll.extra_m))
    inside, extra = metres
    return name, f"{toll.flights:,}", inside, f"{toll.no_way:,}", extra, longer, code


def _tolls(receipts: Sequence[Receipt]) -> dict[str, Toll]:
    codes = sorted({code for receipt in receipts for code in receipt.tolls})
    return {
        code: reduce(add, (each.tolls[code] for each in receipts if code in each.tolls))
        for code in codes
    }


def _of(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"


def _fill(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
