"""Panels as pictures: what Grafana would show of a dashboard's row, drawn from Prometheus's own answers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

PAPER, PANEL, INK, FAINT = "#111217", "#181b1f", "#d8d9da", "#8e8e99"
COLOURS = {"green": "#56a64b", "orange": "#e0862a", "red": "#d44a4f", "blue": "#3274d9", "transparent": PANEL}
LINES = ("#73bf69", "#f2cc0c", "#5794f2", "#ff9830", "#b877d9", "#f2495c", "#8ab8ff", "#c8f2c2", "#ffa6b0", "#96d98d")
UNITS = {
    "percentunit": (100, "%"),
    "s": (1, " s"),
    "cpm": (1, "/min"),
    "short": (1, ""),
    "none": (1, ""),
    "bytes": (1e-6, " MB"),
}
WIDTH, COLUMNS, ROW = 14.4, 24, 0.34
"""Inches across, columns of the dashboard's grid, and inches of one of its rows."""
MOST_SERIES = 8
CROWDED, NARROW = 4, 4
"""More bars than that have no room for a line of text above each; panels of fewer columns have none for a legend."""
STEP, SPAN = 1.0, 112.0
"""Seconds between two points, and seconds across."""

Series = Sequence[tuple[str, Sequence[float], Sequence[float]]]
"""(legend, seconds since the start, values) of each."""


@dataclass(frozen=True)
class Drawn:
    """One panel with the answers to its expressions."""

    panel: Mapping[str, Any]
    series: Series
    rows: Sequence[Sequence[str]] = ()


def draw(sections: Mapping[str, Sequence[Drawn]], file: Path) -> None:
    """One picture: each section's title, and below it its panels as they lie on the dashboard."""
    mpl.rcParams.update({"font.size": 8, "text.color": INK, "axes.edgecolor": "#2c3235", "axes.axisbelow": False})
    height = sum(_rows_of(drawn) + 1 for drawn in sections.values()) * ROW
    figure = Figure(figsize=(WIDTH, height), facecolor=PAPER)
    top = height
    for title, drawn in sections.items():
        figure.text(0.008, (top - 0.7 * ROW) / height, title, fontsize=10, weight="bold", color=INK)
        first = min(one.panel["gridPos"]["y"] for one in drawn)
        for one in drawn:
            _panel(_axes(figure, one.panel, top - ROW + first * ROW), one)
        top -= (_rows_of(drawn) + 1) * ROW
    figure.savefig(file, dpi=100, facecolor=PAPER)
    Image.open(file).convert("RGB").quantize(128, method=Image.Quantize.MEDIANCUT).save(file, optimize=True)


def _rows_of(drawn: Sequence[Drawn]) -> int:
    places = [one.panel["gridPos"] for one in drawn]
    return int(max(pos["y"] + pos["h"] for pos in places) - min(pos["y"] for pos in places))


def _axes(figure: Figure, panel: Mapping[str, Any], origin: float) -> Axes:
    """The panel's place, with room for its title and, where there are any, its scales; inches from the bottom."""
    pos, width, height = panel["gridPos"], figure.get_figwidth(), figure.get_figheight()
    scaled = panel["type"] in {"timeseries", "heatmap"}
    left, right, below, above = (0.55 if scaled else 0.1), 0.1, (0.25 if scaled else 0.08), 0.28
    x, y = pos["x"] * width / COLUMNS, origin - (pos["y"] + pos["h"]) * ROW
    w, h = pos["w"] * width / COLUMNS, pos["h"] * ROW
    inside = (x + left, y + below, w - left - right, h - below - above)
    return figure.add_axes((inside[0] / width, inside[1] / height, inside[2] / width, inside[3] / height))


def _panel(axes: Axes, drawn: Drawn) -> None:
    axes.set_facecolor(PANEL)
    axes.tick_params(colors=FAINT, length=0, labelsize=7)
    _DRAW[drawn.panel["type"]](axes, drawn)
    axes.set_title(drawn.panel["title"], loc="left", fontsize=9, color=INK, pad=4)


def _stat(axes: Axes, drawn: Drawn) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    value = drawn.series[0][2][-1]
    axes.set_facecolor(_threshold_colour(drawn.panel, value))
    defaults = drawn.panel["fieldConfig"]["defaults"]
    axes.text(0.5, 0.5, _number(value, defaults["unit"], defaults.get("decimals", 0)), fontsize=20, ha="center",
              va="center", color="white", weight="bold", transform=axes.transAxes)  # fmt: skip


def _curves(axes: Axes, drawn: Drawn) -> None:
    defaults = drawn.panel["fieldConfig"]["defaults"]
    factor = UNITS[defaults["unit"]][0]
    series = sorted(drawn.series, key=_highest, reverse=True)[:MOST_SERIES]
    if defaults["custom"]["stacking"]["mode"] == "normal" and series:
        _stacked(axes, series, factor)
    else:
        for (legend, at, values), colour in zip(series, LINES, strict=False):
            axes.plot(*_with_gaps(at, values, factor), color=colour, linewidth=1.3, label=legend)
    line = [step["value"] for step in defaults["thresholds"]["steps"] if step["value"]]
    if defaults["custom"]["thresholdsStyle"]["mode"] == "line":
        axes.axhline(line[0] * factor, color=COLOURS["red"], linewidth=1.1, linestyle="--")
    axes.set_xlim(0, SPAN)
    axes.set_ylim(bottom=0)
    axes.grid(visible=True, color="#8e8e99", alpha=0.15, linewidth=0.6)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g} s")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}{UNITS[defaults['unit']][1]}")
    if series and drawn.panel["gridPos"]["w"] >= NARROW:
        axes.set_ylim(top=axes.get_ylim()[1] * 1.3 or 1)  # room for the legend
        axes.legend(fontsize=6.5, loc="upper left", ncol=2, labelcolor=INK, facecolor=PANEL, edgecolor="none")


def _with_gaps(at: Sequence[float], values: Sequence[float], factor: float) -> tuple[list[float], list[float]]:
    """Where nothing was answered the line breaks off."""
    xs, ys = [at[0]], [values[0] * factor]
    for before, now, value in zip(at, at[1:], values[1:], strict=False):
        if now - before > STEP * 1.5:
            xs.append(before + STEP)
            ys.append(math.nan)
        xs.append(now)
        ys.append(value * factor)
    return xs, ys


def _highest(one: tuple[str, Sequence[float], Sequence[float]]) -> float:
    return max((value for value in one[2] if not math.isnan(value)), default=0.0)


def _stacked(axes: Axes, series: Series, factor: float) -> None:
    first, last = min(ats[0] for _, ats, _ in series), max(ats[-1] for _, ats, _ in series)
    instants = [first + STEP * place for place in range(round((last - first) / STEP) + 1)]
    heights = []
    for _, ats, values in series:
        known = {round(at): value for at, value in zip(ats, values, strict=True)}
        heights.append([known.get(round(at), 0.0) * factor for at in instants])
    axes.stackplot(instants, heights, colors=LINES, labels=[legend for legend, *_ in series], alpha=0.75, linewidth=0)


def _bars(axes: Axes, drawn: Drawn) -> None:
    ranked = sorted(drawn.series, key=lambda one: one[2][-1])[-10:]
    widths = [values[-1] for _, _, values in ranked]
    unit = drawn.panel["fieldConfig"]["defaults"]["unit"]
    decimals = 1 if unit == "percentunit" else 0
    axes.barh(range(len(ranked)), widths, color=COLOURS["blue"], height=0.6)
    axes.set_yticks([])
    axes.set_xticks([])
    crowded = len(ranked) > CROWDED
    axes.set_xlim(0, max(widths, default=1) * (1.5 if crowded else 1.15) or 1)
    for place, ((legend, *_), width) in enumerate(zip(ranked, widths, strict=True)):
        beside = f"  {legend}" if crowded else ""
        axes.text(width, place, f" {_number(width, unit, decimals)}{beside}", va="center", color=INK, fontsize=8)
        if not crowded:
            axes.text(axes.get_xlim()[1] * 0.01, place + 0.38, legend, va="bottom", color=FAINT, fontsize=6.5)
    axes.set_ylim(-0.5, len(ranked) + 0.3)


def _heat(axes: Axes, drawn: Drawn) -> None:
    ordered = sorted(drawn.series, key=lambda one: float(one[0]))
    counts = [list(values) for _, _, values in ordered]
    own = [[max(high - low, 0) for high, low in zip(row, below, strict=True)]
           for row, below in zip(counts, [[0.0] * len(counts[0]), *counts[:-1]], strict=True)]  # fmt: skip
    at = ordered[0][1]
    axes.imshow(own, aspect="auto", origin="lower", cmap="inferno", extent=(at[0], at[-1], 0, len(own)))
    axes.set_yticks([place + 1 for place in range(len(ordered))], [f"{legend} s" for legend, *_ in ordered])
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g} s")


def _table(axes: Axes, drawn: Drawn) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    for place, row in enumerate(drawn.rows or [["nothing fires"]]):
        for column, cell in enumerate(row):
            colour = COLOURS["red"] if cell == "critical" else COLOURS["orange"] if cell == "warning" else INK
            where = (0.02 + column * 0.24, 0.86 - place * 0.17)
            axes.text(*where, cell, color=colour, transform=axes.transAxes, fontsize=8)


def _threshold_colour(panel: Mapping[str, Any], value: float) -> str:
    steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    return COLOURS[[step["color"] for step in steps if step["value"] is None or value >= step["value"]][-1]]


def _number(value: float, unit: str, decimals: int) -> str:
    factor, sign = UNITS[unit]
    return f"{value * factor + 0.0:.{decimals}f}{sign}"


_DRAW = {"stat": _stat, "timeseries": _curves, "bargauge": _bars, "heatmap": _heat, "table": _table}
