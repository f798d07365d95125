"""Each test that docs/security.md names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")


def test_every_named_test_exists() -> None:
    """A name without a file, such as `::test_one`, belongs to the file named before it."""
    named, file = [], ""
    for found in re.finditer(r"`((?:browser/)?test_\w+\.py)?(?:::(test_\w+))?`", PAGE):
        file = found[1] or file
        named.append((file, found[2] or ""))
    assert len(named) > 30
    for path, test in named:
        text = (ROOT / "tests" / path).read_text("utf-8")
        assert f"def {test}" in text, f"{path}::{test}"
