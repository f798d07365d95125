"""Scripts among the data: whole, or refused by name."""

from pathlib import Path

import pytest

from geo.errors import DataError
from geo.render.script_file import read_script, with_hash

GEODESIC = Path(__file__).parents[1] / "data" / "geodesic.js"


def test_the_shipped_script_is_whole() -> None:
    text = read_script(GEODESIC)
    assert text == GEODESIC.read_text("utf-8")
    assert "Charles Karney" in text.partition("*/")[0]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.js"
    text = with_hash("By somebody", "/* theirs */\nrun();\n")
    path.write_bytes(text.encode())
    assert read_script(path) == text


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.9999])
def test_a_script_that_was_cut_off_is_refused(tmp_path: Path, share: float) -> None:
    data = GEODESIC.read_bytes()
    cut = tmp_path / "geodesic.js"
    cut.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(DataError, match=r"^geodesic\.js: is damaged") as told:
        read_script(cut)
    assert str(tmp_path) not in str(told.value)


def test_a_script_that_was_changed_or_is_missing_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "geodesic.js"
    with pytest.raises(DataError, match=r"^geodesic\.js: can't be read \(it is missing\)"):
        read_script(changed)
    changed.write_bytes(GEODESIC.read_bytes().replace(b"Math", b"Moth", 1))
    with pytest.raises(DataError, match="is damaged"):
        read_script(changed)
    changed.write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match="can't be read"):
        read_script(changed)
