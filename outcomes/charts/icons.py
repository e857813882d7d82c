"""The icons of the pages' sprite, for pictures: an area's colour never stands without its icon."""

import re
from functools import cache

from django.conf import settings

GRID = 24
_SMOOTH_START = re.compile(r"M([\d.]+) ([\d.]+)S")
_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.\d*|\.\d+|\d+)")
# Which of the seven numbers of an arc are lengths.
_LENGTHS_OF_ARC = (0, 1, 5, 6)


@cache
def _paths(name: str) -> tuple[str, ...]:
    """The outlines of an icon, circles too, as SVG paths on a grid of 24."""
    sprite = (settings.BASE_DIR / "static/img/icons.svg").read_text()
    found = re.search(rf'<symbol id="{re.escape(name)}"[^>]*>(.*?)</symbol>', sprite, re.S)
    if found is None:
        return ()
    body = found[1]
    paths = re.findall(r'<path[^>]*\bd="([^"]+)"', body)
    for circle in re.findall(r"<circle[^>]*>", body):
        cx, cy, r = (float(re.search(rf'\b{a}="([^"]+)"', circle)[1]) for a in ("cx", "cy", "r"))
        paths.append(f"M{cx - r} {cy}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0")
    # The first control point of a smooth curve that begins a line is the line's beginning;
    # Vega takes another.
    return tuple(_SMOOTH_START.sub(r"M\1 \2C\1 \2 ", path) for path in paths)


def scaled(path: str, factor: float) -> str:
    """A path with every length multiplied; the flags and angles of its arcs stay."""
    result: list[str] = []
    command, place = "M", 0
    for token in _TOKEN.findall(path):
        if token.isalpha():
            command, place = token, 0
            result.append(token)
            continue
        if command in "aA":
            is_length = place % 7 in _LENGTHS_OF_ARC
            place += 1
        else:
            is_length = True
        result.append(f"{float(token) * factor:.4g}" if is_length else token)
    return " ".join(result)


def draw_icon(canvas, name: str, x: float, y: float, size: float) -> None:
    """Draw an area's icon in its colour, its upper left corner at (x, y)."""
    for path in _paths(str(name)):
        canvas.outline(x, y, scaled(path, 2 / GRID), str(name), size)
