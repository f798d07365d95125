"""Hold the house's plan: imports point one way, and each outside library has its room."""

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIBRARY = sorted(path for path in (ROOT / "geo").rglob("*.py"))
PAGES = sorted([ROOT / "app.py", *(ROOT / "views").rglob("*.py")])
RENDERERS = {"webmap", "strip", "picture", "slides", "files"}


def imported(path: Path) -> Iterator[str]:
    """List the modules that a file imports, wherever in it, as absolute names."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def tops(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(path)}


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


def test_there_is_something_to_look_at() -> None:
    assert len(LIBRARY) > 15
    assert len(PAGES) > 3


def test_imports_in_the_library_point_one_way() -> None:
    """No module needs, by however many others, a module that needs it."""
    modules = {module(path): path for path in LIBRARY}
    needs = {name: modules.keys() & set(imported(path)) for name, path in modules.items()}
    order = list(TopologicalSorter(needs).static_order())
    assert order.index("geo.errors") < order.index("geo.model") < order.index("geo.airspace")


@pytest.mark.parametrize("path", named(LIBRARY))
def test_the_library_knows_no_page_and_no_command_line(path: Path) -> None:
    names = set(imported(path))
    assert not {"app", "views", "tests", "scripts", "benchmarks"} & tops(path)
    assert "geo.__main__" not in names


@pytest.mark.parametrize("path", named([p for p in LIBRARY if "render" not in p.parts]))
def test_only_the_renderers_and_the_command_line_import_renderers(path: Path) -> None:
    if path.parent.name != "commands":
        assert not [name for name in imported(path) if name.startswith("geo.render")]


@pytest.mark.parametrize("path", named([p for p in LIBRARY if p.stem in RENDERERS]))
def test_the_renderers_never_import_each_other(path: Path) -> None:
    others = {f"geo.render.{name}" for name in RENDERERS - {path.stem}}
    assert not others & set(imported(path))


@pytest.mark.parametrize("path", named([*LIBRARY, *PAGES]))
def test_folium_stays_in_webmap(path: Path) -> None:
    if path != ROOT / "geo" / "render" / "webmap.py":
        assert not {"folium", "branca"} & tops(path)


@pytest.mark.parametrize("path", named(LIBRARY))
def test_streamlit_stays_in_the_pages(path: Path) -> None:
    assert not {"streamlit", "streamlit_folium"} & tops(path)


@pytest.mark.parametrize("path", named(PAGES))
def test_pages_compute_nothing(path: Path) -> None:
    assert not {"numpy", "shapely", "pyproj", "pyarrow", "geopy", "altair"} & tops(path)


@pytest.mark.parametrize("path", named([*LIBRARY, *PAGES]))
def test_nothing_asks_the_network(path: Path) -> None:
    clients = {"urllib", "http", "socket", "requests", "httpx", "aiohttp", "urllib3", "ftplib"}
    assert not {name for name in clients & tops(path) if name != "urllib"}
    assert "urllib.request" not in set(imported(path))
    assert "urllib" in sys.stdlib_module_names
