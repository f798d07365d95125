"""Run these tests where the programs are installed, and say loudly where they are not."""

from pathlib import Path

import pytest

from scripts.dev_office import reason, required

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of this folder on one worker, since LibreOffice is started once for all."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.xdist_group("office"))


@pytest.fixture(autouse=True, scope="session")
def programs() -> None:
    """Skip without the programs, with what is missing; fail where they are required."""
    lacks = reason()
    if lacks and required():
        pytest.fail(lacks)
    if lacks:
        pytest.skip(lacks)
