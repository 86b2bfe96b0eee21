"""Scenarios as a picture: eight small charts, each scenario a line in every one of them.

Matplotlib is imported here alone, when a picture is asked for.  Equal text gives an equal
file: no date, no name of a program and no chance number is written into it.  Shapes are
floats; every figure of the tables stays exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from beanscrow.periods import DAY, Period
from beanscrow.simulation.figures import PeriodRow, rows_of, spans_of
from beanscrow.simulation.simulate import Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = (".svg", ".png")
MOST_SCENARIOS = 8
_DOTS_PER_INCH = 150
_YEARS_BY_MONTH = 10


class NotDrawn(Exception):
    """A picture that cannot be drawn, with the reason in words."""


class _Chart(NamedTuple):
    """One small chart.

    Attributes:
      field: Of a period's row.
      to_date: Whether what moves is added up.
      money: Whether it is money, and not credits.
      steps: Whether it stays as it is until the day it changes.
    """

    title: str
    field: str
    to_date: bool = False
    money: bool = True
    steps: bool = False


class _Style(NamedTuple):
    colour: str
    dashes: Any
    width: float


_CHARTS: dict[str, tuple[_Chart, ...]] = {
    "provider": (
        _Chart("Revenue to date", "provider_revenue", to_date=True),
        _Chart("Contract liability", "provider_contract_liability"),
        _Chart("Stake, carrying amount", "provider_stake", steps=True),
        _Chart("Cash and own escrow", "provider_cash_change", to_date=True),
    ),
    "startup": (
        _Chart("Expense to date", "startup_expense", to_date=True),
        _Chart("Prepaid compute", "startup_prepaid"),
        _Chart("Credits left", "credits_left", money=False),
        _Chart("Cash and own escrow", "startup_cash_change", to_date=True),
    ),
}
# Colours that eyes of every kind tell apart (Okabe and Ito), and dashes for paper.  The
# first line is broad, so that it shows beneath another that runs along it.
_STYLES = (
    _Style("#9aa0a6", "solid", 5.0),
    _Style("#d55e00", (0, (5, 1.5)), 1.8),
    _Style("#0072b2", "solid", 1.8),
    _Style("#009e73", (0, (1.2, 1.2)), 2.4),
    _Style("#cc79a7", (0, (6, 1.5, 1.2, 1.5)), 1.8),
    _Style("#e69f00", (0, (3, 3)), 1.8),
    _Style("#56b4e9", (0, (8, 3)), 1.8),
    _Style("#000000", (0, (1, 3)), 1.8),
)
_INK, _FAINT, _GRID = "#202124", "#5f6368", "#e3e5e8"
_SCALES = ((9, "bn"), (6, "m"), (3, "thousand"), (0, ""))
_FRAMEWORKS = {"us-gaap": "US GAAP", "ifrs": "IFRS"}


def draw(outcomes: Sequence[Outcome], path: Path) -> None:
    """Draw scenarios into a file, its format that of its name.

    Raises:
      NotDrawn: There are too many of them, or the file cannot be written.
    """
    if len(outcomes) > MOST_SCENARIOS:
        raise NotDrawn(
            f"{len(outcomes)} scenarios are too many for one picture; choose at most "
            f"{MOST_SCENARIOS} with --scenario"
        )
    import matplotlib
    from matplotlib.figure import Figure

    settings: Any = {
        **matplotlib.rcParamsDefault,
        "font.family": "DejaVu Sans",
        "font.size": 9.0,
        "svg.fonttype": "path",
        "svg.hashsalt": "beanscrow",
        "text.parse_math": False,
        "axes.edgecolor": _FAINT,
        "text.color": _INK,
        "axes.labelcolor": _INK,
        "xtick.color": _FAINT,
        "ytick.color": _FAINT,
    }
    settings.pop("backend", None)
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(15.0, 8.2), dpi=_DOTS_PER_INCH)
        _compose(figure, outcomes)
        kind = path.suffix.removeprefix(".")
        unsaid = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
        try:
            figure.savefig(path, format=kind, metadata=unsaid, facecolor="white")
        except OSError as error:
            raise NotDrawn(f"{path} cannot be written: {error.strerror}") from None


def _compose(figure: Figure, outcomes: Sequence[Outcome]) -> None:
    drawable = _drawable()
    rows = [_rows(outcome) for outcome in outcomes]
    deals = list(outcomes[0].provider.daybook.agreements.values())
    names = {
        "provider": " and ".join(dict.fromkeys(it.deal.provider for it in deals)),
        "startup": " and ".join(dict.fromkeys(it.deal.party for it in deals)),
    }
    ids = ", ".join(it.deal.deal for it in deals)
    shown = {side: name if drawable(name) else side for side, name in names.items()}
    currency = rows[0][0].currency
    first = min(it.begins for it in outcomes)
    last = max(it.until for it in outcomes)
    figure.text(
        0.045,
        0.95,
        f"{shown['provider']} and {shown['startup']}: what deal {ids} would do",
        fontsize=15,
        fontweight="bold",
    )
    figure.text(
        0.045,
        0.92,
        f"{first} to {last}, {currency}, by month.  A simulation: not signed, not booked.",
        fontsize=10,
        color=_FAINT,
    )
    charts = [it for side in _CHARTS.values() for it in side if it.money]
    power, unit = _scale([_values(it, chart) for it in rows for chart in charts])
    grid = figure.add_gridspec(
        2, 4, left=0.065, right=0.955, top=0.825, bottom=0.195, hspace=0.46, wspace=0.40
    )
    for line, (side, of_side) in enumerate(_CHARTS.items()):
        for column, chart in enumerate(of_side):
            axes = figure.add_subplot(grid[line, column])
            own = (
                (power, unit)
                if chart.money
                else _scale([_values(it, chart) for it in rows])
            )
            _draw_chart(axes, chart, rows, own, currency if chart.money else "")
        top = grid[line, 0].get_position(figure).y1
        figure.text(
            0.045, top + 0.042, f"The {side}: {shown[side]}"
            if shown[side] != side else f"The {side}",
            fontsize=11, fontweight="bold",
        )  # fmt: skip
    _legend(figure, outcomes, drawable)


def _draw_chart(
    axes: Axes,
    chart: _Chart,
    rows: Sequence[Sequence[PeriodRow]],
    scale: tuple[int, str],
    what: str,
) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    power, unit = scale
    ends: list[tuple[float, Decimal, str]] = []
    lowest = 0.0
    for of_scenario, style in zip(rows, _STYLES, strict=False):
        values = _values(of_scenario, chart)
        if not values:
            continue
        days: list[Any] = [row.last for row in of_scenario]
        heights = [float(value.scaleb(-power)) for value in values]
        lowest = min(lowest, *heights)
        axes.plot(
            days,
            heights,
            color=style.colour,
            linestyle=style.dashes,
            linewidth=style.width,
            drawstyle="steps-post" if chart.steps else "default",
            solid_capstyle="butt",
            clip_on=False,
        )
        ends.append((heights[-1], values[-1], style.colour))
    title = f"{what} {unit}".strip()
    axes.set_title(
        ", ".join(it for it in (chart.title, title) if it), fontsize=9.5, loc="left", pad=8
    )
    axes.spines[["top", "right", "bottom", "left"]].set_visible(False)
    axes.grid(axis="y", color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=8)
    axes.tick_params(axis="x", pad=7)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    locator = AutoDateLocator(minticks=3, maxticks=6)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    formatter = ConciseDateFormatter(locator, show_offset=False)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(formatter)
    axes.margins(x=0.0, y=0.08)
    if lowest >= 0:
        axes.set_ylim(bottom=0.0)
    if not any(height for height, _, _ in ends) and axes.get_ylim()[1] < 1:
        axes.set_yticks([0.0])  # nothing happens: parts of a cent would be made up
    axes.axhline(0, color=_FAINT, linewidth=0.9)
    _say_ends(axes, ends, power)


def _say_ends(axes: Axes, ends: list[tuple[float, Decimal, str]], power: int) -> None:
    """Write what each line comes to beside its end, lines that end alike once."""
    low, high = axes.get_ylim()
    told: dict[str, tuple[float, str]] = {}
    for height, value, colour in ends:
        text = _short(value, power)
        shared = text in told or colour == _STYLES[0].colour
        told[text] = (height, _FAINT if shared else colour)
    lines = sorted(told.items(), key=lambda it: it[1][0])
    places = _apart([height for _, (height, _) in lines], (high - low) * 0.075)
    for (text, (_, colour)), place in zip(lines, places, strict=True):
        axes.annotate(
            text,
            (1.0, place),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            fontsize=8,
            color=colour,
            va="center",
            annotation_clip=False,
        )


def _apart(heights: Sequence[float], room: float) -> list[float]:
    """Return rising heights moved as little as need be to stand a distance apart."""
    groups: list[tuple[float, int]] = []  # centre, and how many stand around it
    for height in heights:
        groups.append((height, 1))
        while len(groups) > 1:
            (below, many), (above, few) = groups[-2:]
            if above - below >= room * (many + few) / 2:
                break
            groups[-2:] = [((below * many + above * few) / (many + few), many + few)]
    return [
        centre + room * (index - (count - 1) / 2)
        for centre, count in groups
        for index in range(count)
    ]


def _legend(
    figure: Figure, outcomes: Sequence[Outcome], drawable: Callable[[str], bool]
) -> None:
    from matplotlib.lines import Line2D

    lines = [
        Line2D([], [], color=it.colour, linestyle=it.dashes, linewidth=it.width)
        for it in _STYLES[: len(outcomes)]
    ]
    labels = []
    for outcome in outcomes:
        plan = outcome.plan
        about = f": {plan.what}" if plan.what and drawable(plan.what) else ""
        labels.append(f"{plan.name}{about} ({_frameworks(outcome)})")
    figure.legend(
        lines,
        labels,
        loc="lower left",
        bbox_to_anchor=(0.04, 0.02),
        ncols=2 if len(outcomes) > 3 else 1,
        frameon=False,
        handlelength=4.0,
        columnspacing=3.0,
        labelspacing=0.6,
        fontsize=10,
    )


def _rows(outcome: Outcome) -> list[PeriodRow]:
    """Return what is drawn of a scenario: its first day, then every month, or quarter."""
    years = outcome.until.year - outcome.begins.year
    spans = spans_of(outcome, "month" if years <= _YEARS_BY_MONTH else "quarter")
    start = Period(outcome.begins, outcome.begins)
    name, first = spans[0]
    if first.last > start.last:
        after = Period(start.last + DAY, first.last)
        spans = [("start", start), (name, after), *spans[1:]]
    return rows_of(outcome, spans)


def _values(rows: Sequence[PeriodRow], chart: _Chart) -> list[Decimal]:
    """Return a chart's figures by row; none where it is not known."""
    values: list[Decimal] = []
    to_date = Decimal(0)
    for row in rows:
        value = getattr(row, chart.field)
        if value is None:
            return []
        to_date += value
        values.append(to_date if chart.to_date else value)
    return values


def _scale(series: Sequence[Sequence[Decimal]]) -> tuple[int, str]:
    """Return the power of ten, and its name, in which figures are shown."""
    highest = max((abs(value) for values in series for value in values), default=Decimal(0))
    for power, unit in _SCALES:
        if highest >= Decimal(10).scaleb(power - 1) * 2:
            return power, unit
    return 0, ""


def _short(value: Decimal, power: int) -> str:
    """Return a figure in the unit of its chart, with three digits or so."""
    scaled = value.scaleb(-power)
    digits = 0 if abs(scaled) >= 100 else 1 if abs(scaled) >= 10 else 2
    text = f"{scaled:,.{digits}f}"
    return f"{Decimal(0):.0f}" if not scaled else text


def _frameworks(outcome: Outcome) -> str:
    """Return what a scenario's books follow: one name, or the provider's and the startup's."""
    both = (outcome.provider.ledger.framework, outcome.startup.ledger.framework)
    return " and ".join(dict.fromkeys(_FRAMEWORKS[it] for it in both))


def _drawable() -> Callable[[str], bool]:
    """Return whether a text has no character that the font of the picture lacks."""
    import matplotlib
    from matplotlib.ft2font import FT2Font

    font = FT2Font(str(Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")))
    known = set(font.get_charmap())
    return lambda text: all(ord(letter) in known for letter in text)
