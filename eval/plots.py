"""The plots of a run as SVG: what they show is worked out by functions that give numbers, and each
plot lays such numbers out. Colours and fonts are the page's (classes of eval/report.html.jinja);
all words are escaped here. A plot with nothing to show is an empty text.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from eval.certainty import BINS
from eval.metrics import Graded, is_given

WIDTH, HEIGHT = 420, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 394, 30, 236  # of the field within the axes
_ROW = 24  # the height of a bar with its distance to the next
_BARS = (128, 338)  # where a bar starts, and where one of 100 % ends
_LONGEST = 16  # letters of a type's name
_Z = 1.959964  # of a normal distribution, 95 % lie within so many deviations


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high` laid on the drawing from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about one probability: its mean, the share of them that is right with the ends of
    its 95 % interval (Wilson, "Probable inference", 1927), and how many they are."""

    probability: float
    right: float
    low: float
    high: float
    count: int


def ticks(high: float) -> list[float]:
    """Round numbers from 0 to the first that is not under `high`, three to six of them."""
    if high <= 0:
        return [0.0, 0.5, 1.0]
    power = 10 ** math.floor(math.log10(high))
    steps = [power * one for one in (0.1, 0.2, 0.5, 1.0, 2.0)]
    step = next(one for one in steps if math.ceil(high / one - 1e-9) <= 5)
    return [round(step * at, 6) for at in range(max(2, math.ceil(high / step - 1e-9)) + 1)]


def wilson(right: int, count: int) -> tuple[float, float]:
    """The ends of the 95 % interval of a share."""
    share, square = right / count, _Z * _Z
    middle = share + square / (2 * count)
    half = _Z * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    return max(0.0, (middle - half) / (1 + square / count)), (middle + half) / (1 + square / count)


def calibration_bins(graded: Sequence[Graded], most: int = BINS, least: int = 5) -> list[Bin]:
    """The answers given, from the least sure on, in at most `most` groups of equally many, and of
    at least `least` where there are as many."""
    given = sorted(filter(is_given, graded), key=lambda one: (one.probability, one.id))
    groups = min(most, max(1, len(given) // least))
    ends = [len(given) * at // groups for at in range(groups + 1)]
    return [_bin(given[start:end]) for start, end in pairwise(ends) if start < end]


def _bin(some: Sequence[Graded]) -> Bin:
    right = sum(one.right for one in some)
    mean = sum(one.probability for one in some) / len(some)
    return Bin(mean, right / len(some), *wilson(right, len(some)), len(some))


def cumulative(seconds: Sequence[float]) -> list[tuple[float, float]]:
    """Each time with the share of the questions that were done by then."""
    return [(time, at / len(seconds)) for at, time in enumerate(sorted(seconds), start=1)]


def percent(share: float) -> str:
    """A share in words: "43 %", one decimal where it is under one in a hundred."""
    number = 100 * share
    return f"{number:.1f} %" if 0 < abs(number) < 0.95 else f"{number:.0f} %"


def interval_bar(value: float, low: float, high: float) -> str:
    """A line from 0 to 100 %, the interval on it, and the figure in it."""
    scale = Scale(0, 1, 0, 200)
    start, end = scale(max(0.0, low)), scale(min(1.0, high))
    told = f"{percent(value)}, between {percent(low)} and {percent(high)}"
    return _tag(
        "svg",
        _box("track", 0, 6, 200, 2),
        _box("range", start, 3, max(1.0, round(end - start, 1)), 8),
        _box("value", round(min(197.0, max(0.0, scale(value) - 1.5)), 1), 0, 3, 14),
        viewBox="0 0 200 14",
        preserveAspectRatio="none",
        class_="interval",
        role="img",
        aria_label=told,
    )


def outcome_bar(outcomes: Mapping[str, int]) -> str:
    """What became of the questions, one piece of a bar for each outcome."""
    total, start, pieces = sum(outcomes.values()), 0.0, []
    for name, count in outcomes.items():
        if count:
            width = 600 * count / total
            piece = _box(f"is-{name}", round(start, 1), 0, round(max(1.0, width - 2), 1), 28)
            pieces.append(piece)
            start += width
    told = ", ".join(f"{count} {name}" for name, count in outcomes.items())
    box = {"viewBox": "0 0 600 28", "preserveAspectRatio": "none"}
    return _tag("svg", *pieces, class_="outcomes", role="img", aria_label=told, **box)


def risk_coverage_plot(points: Sequence[Mapping[str, float]]) -> str:
    """The share of answers that are wrong against the share of questions that get one."""
    if not points:
        return ""
    x = Scale(0, 1, _LEFT, _RIGHT)
    marks = ticks(max(point["risk"] for point in points))
    y = Scale(0, marks[-1], _BOTTOM, _TOP)
    line = [(x(point["coverage"]), y(point["risk"])) for point in points]
    last = points[-1]
    ends = f"{percent(last['coverage'])} answered, {percent(last['risk'])} of it wrong"
    side = "end" if last["coverage"] > 0.75 else "start"
    area = [(line[0][0], _BOTTOM), *line, (line[-1][0], _BOTTOM)]
    return _plot(
        "risk",
        "Wrong answers by share of questions answered",
        f"From the surest answer on, at the end {ends}.",
        _axes(
            x, y, _HUNDRED, marks, ("questions answered, surest first", "answers that are wrong")
        ),
        _tag("polygon", points=_places(area), class_="area"),
        _tag("polyline", points=_places(line), class_="curve"),
        _dot(*line[-1]),
        _words(line[-1][0], line[-1][1] - 12, f"{percent(last['risk'])} wrong", side, "note"),
    )


def type_bars(types: Mapping[str, tuple[int, int]]) -> str:
    """The share of each type's questions that were done well, the best first, with counts."""
    if not types:
        return ""
    x = Scale(0, 1, *_BARS)
    order = sorted(types, key=lambda kind: (-types[kind][0] / types[kind][1], kind))
    bottom = _TOP + _ROW * len(order)
    rows = [
        _words(x(mark), _TOP - 10, percent(mark), "middle", "tick")
        + _tag("line", x1=x(mark), x2=x(mark), y1=_TOP - 4, y2=bottom, class_="grid")
        for mark in (0, 0.5, 1)
    ]
    for at, kind in enumerate(order):
        well, asked = types[kind]
        top = _TOP + _ROW * at + 5
        name = kind if len(kind) <= _LONGEST else kind[: _LONGEST - 1] + "…"
        rows += [
            _words(_BARS[0] - 8, top + 11, name, "end", "label"),
            _box("track-bar", _BARS[0], top, _BARS[1] - _BARS[0], 14),
            _box("bar", _BARS[0], top, round(x(well / asked) - _BARS[0], 1), 14),
            _words(_BARS[1] + 8, top + 11, f"{well} of {asked}", "start", "label"),
        ]
    rows.append(_words(_BARS[0], bottom + 18, "questions done well", "start", "axis"))
    told = ", ".join(f"{kind} {types[kind][0]} of {types[kind][1]}" for kind in order)
    return _plot("types", "Done well, by type of question", told, *rows, height=bottom + 28)


def calibration_plot(bins: Sequence[Bin]) -> str:
    """The share of answers that are right against the probability that they gave themselves."""
    if not bins:
        return ""
    x, y = Scale(0, 1, _LEFT, _RIGHT), Scale(0, 1, _BOTTOM, _TOP)
    body = [
        _axes(x, y, _HUNDRED, _HUNDRED, ("probability the answer gives itself", "share right")),
        _tag("line", x1=x(0), y1=y(0), x2=x(1), y2=y(1), class_="ideal"),
        _words(x(0.09), y(0.03), "as sure as right"),
    ]
    for one in bins:
        at = x(one.probability)
        body += [
            _tag("line", x1=at, x2=at, y1=y(one.low), y2=y(one.high), class_="whisker"),
            _dot(at, y(one.right)),
        ]
    told = "; ".join(
        f"probability {percent(one.probability)}: {percent(one.right)} of {one.count} right"
        for one in bins
    )
    return _plot("calibration", "How sure, and how right", told, *body)


def latency_plot(seconds: Sequence[float], median: float | None, p95: float | None) -> str:
    """The share of questions done within so many seconds, median and 95th percentile marked."""
    if not seconds or median is None or p95 is None:
        return ""
    marks = ticks(max(seconds))
    x, y = Scale(0, marks[-1], _LEFT, _RIGHT), Scale(0, 1, _BOTTOM, _TOP)
    steps, before = [(x(0), y(0))], y(0)
    for time, share in cumulative(seconds):
        steps += [(x(time), before), (x(time), y(share))]
        before = y(share)
    steps.append((x(marks[-1]), before))
    notes = ""
    for value, share, name in ((median, 0.5, "median"), (p95, 0.95, "95 % within")):
        side = "start" if x(value) < (_LEFT + _RIGHT) / 2 else "end"
        beside = x(value) + (8 if side == "start" else -8)
        drop = _tag("line", x1=x(value), x2=x(value), y1=y(share), y2=_BOTTOM, class_="whisker")
        below = y(share) + 20 if side == "start" else y(share - 0.8)
        notes += drop + _dot(x(value), y(share))
        notes += _words(beside, below, f"{name} {value:.1f} s", side, "note")
    return _plot(
        "latency",
        "How long an answer takes",
        f"Half of the {len(seconds)} questions within {median:.1f} s, 95 % within {p95:.1f} s.",
        _axes(x, y, marks, _HUNDRED, ("seconds until the whole answer", "questions done"), "{:g}"),
        _tag("polyline", points=_places(steps), class_="curve"),
        notes,
    )


_HUNDRED = (0.0, 0.25, 0.5, 0.75, 1.0)


def _axes(
    x: Scale,
    y: Scale,
    across: Sequence[float],
    up: Sequence[float],
    names: tuple[str, str],
    form: str | None = None,
) -> str:
    """Grid, numbers and names of both axes; shares are written in percent, `form` is for x."""
    rows = [
        _tag("line", x1=_LEFT, x2=_RIGHT, y1=y(mark), y2=y(mark), class_="grid")
        + _words(_LEFT - 8, y(mark) + 4, f"{100 * mark:g} %", "end", "tick")
        for mark in up
    ]
    columns = [
        _tag("line", x1=x(mark), x2=x(mark), y1=_BOTTOM, y2=_BOTTOM + 4, class_="base")
        + _words(x(mark), _BOTTOM + 18, form.format(mark) if form else percent(mark), "middle")
        for mark in across
    ]
    base = _tag("line", x1=_LEFT, x2=_RIGHT, y1=_BOTTOM, y2=_BOTTOM, class_="base")
    ends = _words(_RIGHT, HEIGHT - 6, f"{names[0]} →", "end", "axis")
    return "".join([*rows, *columns, base, ends, _words(2, 14, f"↑ {names[1]}", kind="axis")])


def _plot(name: str, title: str, told: str, *body: str, height: int = HEIGHT) -> str:
    """A drawing with its title and description, which screen readers tell."""
    return _tag(
        "svg",
        _tag("title", escape(title), id=f"{name}-title"),
        _tag("desc", escape(told), id=f"{name}-desc"),
        *body,
        viewBox=f"0 0 {WIDTH} {height}",
        class_="plot",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def _words(x: float, y: float, words: str, anchor: str = "start", kind: str = "tick") -> str:
    return _tag("text", escape(words), x=x, y=round(y, 1), text_anchor=anchor, class_=kind)


def _box(kind: str, x: float, y: float, width: float, height: float) -> str:
    return _tag("rect", x=x, y=y, width=width, height=height, class_=kind)


def _dot(x: float, y: float) -> str:
    return _tag("circle", cx=x, cy=y, r=4, class_="dot")


def _places(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _tag(name: str, *inside: str, **attributes: object) -> str:
    """An element; `inside` is markup, attributes are not."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
    )
    return f"<{name}{told}>{''.join(inside)}</{name}>"
