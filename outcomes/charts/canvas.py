"""Drawing with altair in pixels: what the chart rules ask for (labels on the data, hatching,
halos, small multiples on one ground) stands where it is put, the same in SVG and PNG."""

from dataclasses import dataclass, field, replace
from itertools import pairwise

from outcomes.charts.theme import FONTS, Theme

SMALLEST = 14
HATCH_STEP = 6


# What lies on what, from below. Within a plane, marks of one kind and style are one layer:
# few layers are drawn several times as fast as many.
GROUND, SHAPES, LINES, PLATES, POINTS, TEXTS = range(6)


@dataclass(frozen=True)
class Mark:
    """One thing drawn: its plane, its kind, what it shares with others, and its own values."""

    plane: int
    kind: str
    style: tuple[tuple[str, object], ...]
    row: dict


def stairs(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The corners of a line that stays level until the next point, and then goes there upright."""
    corners = points[:1]
    for (_x, y), (x2, y2) in pairwise(points):
        corners += [(x2, y), (x2, y2)]
    return corners


@dataclass
class Canvas:
    """A picture of `width` × `height` pixels."""

    width: int
    height: int
    theme: Theme
    marks: list[Mark] = field(default_factory=list)

    def _add(self, plane: int, kind: str, row: dict, **style) -> None:
        self.marks.append(Mark(plane, kind, tuple(sorted(style.items())), row))

    def text(
        self,
        x,
        y,
        text,
        *,
        align="start",
        bold=False,
        ink=False,
        size=SMALLEST,
        halo=False,
        color="",
    ) -> None:
        """A line of text with its baseline at y. Key values are bold, all else is muted; what
        names a line has the line's own colour."""
        row = {"x": x, "y": y, "t": str(text)}
        style = {
            "align": {"start": "left", "middle": "center", "end": "right"}[align],
            "baseline": "alphabetic",
            "fontSize": size,
            "fontWeight": (700 if size > SMALLEST else 600) if bold else 400,
        }
        if halo:
            ground = self.theme["surface"]
            self._add(PLATES, "text", row | {"c": ground}, **style, stroke=ground, strokeWidth=4)
        paint = self.theme[color or ("ink" if bold or ink else "muted")]
        self._add(TEXTS, "text", row | {"c": paint}, **style)

    def line(self, x, y, x2, y2, color="grid", *, width=1.0, dash=(), cap="butt") -> None:
        row = {"x": x, "y": y, "x2": x2, "y2": y2, "c": self.theme[color]}
        style: dict = {"strokeWidth": width, "strokeCap": cap}
        if dash:
            style["strokeDash"] = dash
        self._add(GROUND if color == "grid" else LINES, "rule", row, **style)

    def rect(
        self, x, y, width, height, color="primary", *, radius=2, opacity=1.0, plane=SHAPES
    ) -> None:
        row = {"x": x, "y": y, "x2": x + width, "y2": y + height, "c": self.theme[color]}
        self._add(plane, "rect", row, cornerRadius=radius, opacity=opacity)

    def plate(self, x, y, width, height) -> None:
        """A ground for words on a hatched part."""
        self.rect(x, y, width, height, "surface", radius=6, plane=PLATES)

    def dot(self, x, y, color="primary", *, radius=5.0, hollow=False) -> None:
        paint = self.theme[color]
        row = {"x": x, "y": y, "c": paint, "f": self.theme["surface"] if hollow else paint}
        self._add(POINTS, "point", row, size=3.1416 * radius**2, opacity=1, strokeWidth=2)

    def outline(self, x, y, path: str, color: str, size: float) -> None:
        """An icon's line; `path` lies within (0, 0) and (2, 2), and `size` is its side."""
        row = {"x": x, "y": y, "s": path, "c": self.theme[color], "f": "transparent"}
        # A symbol of area size² is drawn with one unit as half its side.
        style = {"size": size**2, "opacity": 1, "strokeWidth": 1.5}
        self._add(POINTS, "point", row, **style, strokeCap="round", strokeJoin="round")

    def polyline(self, points, color, *, width=2.25, dash=()) -> None:
        """A line through points, with round ends."""
        for (x, y), (x2, y2) in pairwise(points):
            self.line(x, y, x2, y2, color, width=width, dash=dash, cap="round")

    def polygon(self, points, color, *, opacity: float | None = None) -> None:
        """A filled surface; without an opacity of its own as faint as a band of uncertainty."""
        (x, y), *rest = points
        path = "M0 0" + "".join(f"L{px - x:.2f} {py - y:.2f}" for px, py in rest) + "Z"
        row = {"x": x, "y": y, "s": path, "c": "transparent", "f": self.theme[color]}
        faint = float(self.theme["band"]) if opacity is None else opacity
        # At an area of four, the units of the path are pixels.
        self._add(SHAPES, "point", row, size=4, opacity=faint, strokeWidth=0)

    def hatch(self, x, y, width, height) -> None:
        """Not shown, or not yet observable."""
        self.rect(x, y, width, height, "sunken", radius=3)
        for start in range(HATCH_STEP, int(width + height), HATCH_STEP):
            # A line from the lower left to the upper right, kept within the box.
            x1, y1 = x + max(start - height, 0), y + min(start, height)
            x2, y2 = x + min(start, width), y + max(start - width, 0)
            self.line(x1, y1, x2, y2, "hatch", width=1.25)

    def paste(self, other: "Canvas", x: float, y: float) -> None:
        """Draw another picture on this one, its upper left corner at (x, y)."""
        for mark in other.marks:
            moved = dict(mark.row)
            for name in moved.keys() & {"x", "x2"}:
                moved[name] += x
            for name in moved.keys() & {"y", "y2"}:
                moved[name] += y
            self.marks.append(replace(mark, row=moved))

    def spec(self, *, check: bool = False) -> dict:
        """The picture as a Vega-Lite specification.

        `check` compares it with Vega-Lite's schema, which takes longer than all the rest: tests
        do it, for every chart.
        """
        # Heavy, and needed only when a picture is drawn.
        import altair as alt

        def as_it_is(channel, field: str):
            return channel(field, scale=None, legend=None)

        def place(channel, name: str):
            return channel(f"{name}:Q", scale=None, axis=None)

        layers: dict[tuple, list[dict]] = {}
        for mark in sorted(self.marks, key=lambda mark: mark.plane):
            shaped = "s" in mark.row
            layers.setdefault((mark.plane, mark.kind, mark.style, shaped), []).append(mark.row)
        charts = []
        for (_plane, kind, style, shaped), rows in layers.items():
            chart = alt.Chart(alt.InlineData(values=rows))
            chart = getattr(chart, f"mark_{kind}")(**dict(style))
            encoded = {"x": place(alt.X, "x"), "y": place(alt.Y, "y")}
            if kind in ("rule", "rect"):
                encoded |= {"x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}
            if kind == "point":
                encoded["stroke"] = as_it_is(alt.Stroke, "c:N")
                encoded["fill"] = as_it_is(alt.Fill, "f:N")
            else:
                encoded["color"] = as_it_is(alt.Color, "c:N")
            if shaped:
                encoded["shape"] = as_it_is(alt.Shape, "s:N")
            if kind == "text":
                encoded["text"] = alt.Text("t:N")
            charts.append(chart.encode(**encoded))
        picture = alt.layer(*charts).properties(
            width=self.width, height=self.height, padding=0, background=self.theme["surface"]
        )
        return (
            picture.configure(font=FONTS, aria=False)
            .configure_view(stroke=None)
            .to_dict(validate=check)
        )
