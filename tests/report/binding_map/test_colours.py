import pytest

from codemod.planner.verdicts import Status
from codemod.report.binding_map import colours

GROUNDS = {"light": "#ffffff", "dark": "#0d1117"}


def luminance(colour):
    """The relative luminance of WCAG 2."""
    parts = [part / 255 for part in bytes.fromhex(colour[1:])]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("status", [*Status, None])
def test_an_arrow_stands_out_from_either_ground(status, ground):
    # 3 to 1 is what WCAG 2 (1.4.11) asks of graphics.
    one, other = sorted((luminance(colours.of(status)), luminance(GROUNDS[ground])))
    assert (other + 0.05) / (one + 0.05) >= 3
