"""What all tests share: the checkout on the import path, repeatable examples, a fitting order."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

settings.register_profile("corridor", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("corridor")


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, since unknown ones are errors."""
    config.addinivalue_line(
        "markers", "unwatched: outside requests and page errors are the test's own business"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the browser tests last: they take longest and say the least about a cause.

    With several workers they come first, and all on one, while the others do the rest.
    """
    several = bool(getattr(config.option, "numprocesses", 0)) or hasattr(config, "workerinput")
    for item in items:
        if _is_in_browser(item):
            half = "page" if item.path.name.startswith("test_page") else "atlas"
            item.add_marker(pytest.mark.xdist_group(f"browser, {half}"))
    items.sort(key=lambda item: _is_in_browser(item) is not several)


def _is_in_browser(item: pytest.Item) -> bool:
    return "browser" in item.path.relative_to(ROOT).parts
