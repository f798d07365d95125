"""Draw a scene: on the map, as a strip, and later as pictures and files."""
