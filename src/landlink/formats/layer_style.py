"""QGIS style of the layer of links: one colour per family of modes, width by tonnes."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import quoteattr

# Colours distinguishable by the colour-blind (Okabe & Ito 2008).
_COLOURS: Final = {
    "road": "213,94,0,255",
    "rail": "0,114,178,255",
    "water": "86,180,233,255",
    "air": "204,121,167,255",
    "": "120,120,120,255",
}
_WIDEST_MM: Final = 6.0
_THINNEST_MM: Final = 0.2


def flow_style(busiest: float) -> str:
    """QGIS style (QML) that draws links with a width proportional to tonnes, offset from their centre lines.

    Parameters
    ----------
    busiest
        Annual tonnes of the busiest link, which is drawn 6 mm wide.

    Returns
    -------
    str
        XML for the table ``layer_styles``. The two directions of a link, whose lines have opposite orientation,
        are drawn on either side of its centre line.
    """
    width = f'max({_THINNEST_MM}, {_WIDEST_MM} * coalesce("tonnes_per_year", 0) / {max(busiest, 1.0):.6g})'  # fmt: skip
    categories = "".join(
        f'<category value={quoteattr(family)} symbol="{number}" label={quoteattr(family or "other")} render="true"/>'
        for number, family in enumerate(_COLOURS)
    )
    symbols = "".join(_symbol(number, colour, width) for number, colour in enumerate(_COLOURS.values()))
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.22.0" styleCategories="Symbology">'
        '<renderer-v2 type="categorizedSymbol" attr="family" symbollevels="0" forceraster="0">'
        f"<categories>{categories}</categories><symbols>{symbols}</symbols></renderer-v2></qgis>"
    )


def _symbol(number: int, colour: str, width: str) -> str:
    driven = _property("outlineWidth", width) + _property("offset", f"({width}) / 2")
    return (
        f'<symbol type="line" name="{number}" alpha="0.85" clip_to_extent="1" force_rhr="0">'
        '<layer class="SimpleLine" enabled="1" locked="0" pass="0"><Option type="Map">'
        f'<Option name="line_color" value="{colour}" type="QString"/>'
        '<Option name="line_width" value="0.4" type="QString"/>'
        '<Option name="line_width_unit" value="MM" type="QString"/>'
        '<Option name="offset_unit" value="MM" type="QString"/><Option name="capstyle" value="flat" type="QString"/>'
        '<Option name="joinstyle" value="round" type="QString"/></Option>'
        '<data_defined_properties><Option type="Map"><Option name="name" value="" type="QString"/>'
        f'<Option name="properties" type="Map">{driven}</Option>'
        '<Option name="type" value="collection" type="QString"/></Option></data_defined_properties></layer></symbol>'
    )


def _property(name: str, expression: str) -> str:
    return (
        f'<Option name="{name}" type="Map"><Option name="active" value="true" type="bool"/>'
        f'<Option name="expression" value={quoteattr(expression)} type="QString"/>'
        '<Option name="type" value="3" type="int"/></Option>'
    )
