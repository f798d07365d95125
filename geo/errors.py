"""Say what was refused: the place it stands in and the value that was found."""


class GeoError(ValueError):
    """Input that Corridor refuses; the message names the place and the value."""


class StoryError(GeoError):
    """A story file that can't be read, with the feature and the field."""


class PathError(GeoError):
    """A typed route that can't be read, with the part that is wrong."""


class PlaceError(GeoError):
    """A place that isn't known, or a coordinate that is off the earth."""


class DataError(GeoError):
    """A data file of Corridor's own that is missing or damaged."""


class LayerError(GeoError):
    """A layer file that can't be read, with the feature or the line, the field and the value."""


class OpenError(GeoError):
    """A file that a reader opens and that is refused whole, with the line and the cause."""


class NoWayError(GeoError):
    """Two places between which no open way exists, with the cause."""
