"""Name what a pack is made with."""

from collections.abc import Mapping

# The data's dates are those of data/README.md.
VERSIONS: Mapping[str, str] = {
    "Corridor": "1.0",
    "airspace": "countries-maritime-10m 0.6.0, OpenStreetMap of November 2017",
    "land": "Natural Earth, world-atlas 2",
}
