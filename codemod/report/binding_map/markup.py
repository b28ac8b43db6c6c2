"""Elements of SVG and HTML. Foreign text goes in as text or attribute, so it is always escaped."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from codemod.report.display import printable


def add(parent: Element, tag: str, text: str = "", **attributes: str | float) -> Element:
    """Appends an element. ``class_`` stands for ``class``, other underscores for hyphens."""
    child = SubElement(parent, tag, _named(attributes))
    child.text = printable(text)
    return child


def root(tag: str, **attributes: str | float) -> Element:
    """An element without a parent, named as by ``add``."""
    return Element(tag, _named(attributes))


def number(value: float) -> str:
    """A coordinate to a tenth of a pixel, as short as can be."""
    return f"{round(value, 1) + 0:g}" if abs(value) < 100_000 else str(round(value))


def _named(attributes: Mapping[str, str | float]) -> dict[str, str]:
    return {
        name.rstrip("_").replace("_", "-"): (
            printable(value) if isinstance(value, str) else number(value)
        )
        for name, value in attributes.items()
    }
