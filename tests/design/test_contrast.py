"""Contrast of every pair declared in tokens.css, in both themes (WCAG 2.2, 1.4.3 and 1.4.11)."""

import math
import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()
OKLCH = r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)"
COLOURS = {
    name: (tuple(map(float, values[:3])), tuple(map(float, values[3:])))
    for name, *values in re.findall(rf"(--[\w-]+): light-dark\({OKLCH}, {OKLCH}\);", TOKENS)
}
PAIRS = re.findall(r"@pair (--[\w-]+) (--[\w-]+) ([\d.]+)", TOKENS)


def linear_rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """Return linear sRGB of an OKLCH colour (the published OKLab matrices)."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def luminance(colour: tuple[float, float, float]) -> float:
    """Return the relative luminance, clipped to sRGB as a screen does."""
    red, green, blue = (min(max(part, 0.0), 1.0) for part in linear_rgb(*colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Return the WCAG contrast ratio of two colours, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_arithmetic_knows_black_on_white() -> None:
    assert round(contrast((0, 0, 0), (1, 0, 0)), 1) == 21.0
    assert round(contrast((0.5, 0, 0), (0.5, 0, 0)), 1) == 1.0


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_pair_is_readable(text: str, ground: str, least: str, theme: int) -> None:
    found = contrast(COLOURS[text][theme], COLOURS[ground][theme])
    assert found >= float(least), f"{text} on {ground}: {found:.2f} < {least}"


def test_every_colour_is_in_a_pair() -> None:
    decoration = {"--line", "--line-strong"}  # hairlines: nothing is understood from them alone
    paired = {name for text, ground, _ in PAIRS for name in (text, ground)}
    assert set(COLOURS) - paired == decoration


def test_colours_are_named_in_tokens_only() -> None:
    """Screen sheets take colours from tokens; paper has its own inks, printed on white."""
    literal = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|lab|lch)a?\(", re.IGNORECASE)
    found = {
        sheet.name: literal.findall(re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL))
        for sheet in CSS.glob("*.css")
        if sheet.name != "tokens.css" and not sheet.name.startswith("paper")
    }
    assert {name: hits for name, hits in found.items() if hits} == {}
