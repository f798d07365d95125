"""Draw a briefing picture from a scene, to print or to show: PNG, SVG and PDF.

`briefing` and `presets` say what is on it, `layout` composes it as a `Drawing`, and `png`, `svg`
and `pdf` write that.
"""
