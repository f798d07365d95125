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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser tests last: they take longest and say the least about a cause."""
    items.sort(key=lambda item: "browser" in item.path.relative_to(ROOT).parts)
