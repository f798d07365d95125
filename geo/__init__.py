"""The library behind Corridor: WGS84 routes, and whose airspace they cross."""
