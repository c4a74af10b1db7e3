"""Days, places and flags in words, as the page and its exports show them."""

from collections.abc import Mapping
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import urlsplit

from rag.articles.clean import clean

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_BASIS = {
    "metadata": "given with the article",
    "stated": "stated in the article",
    "inferred": "worked out, not stated",
    "unknown": "",
}
_FLAGS = {"ai_generated": "generated with AI"}
Row = Mapping[str, Any]


def day(iso: str) -> str:
    """A date as far as it is known: "2024-12-02", "2024-12", "2024", "--12-02" or "--12"."""
    year, _, rest = iso.removeprefix("--").partition("-") if iso[:2] != "--" else ("", "", iso[2:])
    month, _, number = rest.partition("-")
    if not (month.isascii() and month.isdigit()) or not 1 <= int(month) <= 12:
        return iso if month else year
    words = [number.lstrip("0"), _MONTHS[int(month) - 1], year]
    return " ".join(word for word in words if word)


def span_of_days(window: Row) -> str:
    """The time that a question names: one day, or from one to another."""
    first, last = window["since"], window["until"]
    if first and first == last:
        return day(first)
    if first and last:
        return f"{day(first)} to {day(last)}"
    return f"from {day(first)}" if first else f"until {day(last)}" if last else "any time"


def outlet(row: Row) -> str:
    """The source; without one, the file or the site that the article was read from."""
    return row["source"] or file_name(row)


def file_name(row: Row) -> str:
    """The last part of the place that an article was read from; of a page, its site."""
    place = str(row["location"])
    if link := safe_link(place):
        return urlsplit(link).hostname or link
    name = PureWindowsPath(place).name if "\\" in place else PurePosixPath(place).name
    return name or place


def spoken_date(row: Row) -> str:
    """The date of an article for a label."""
    if row["date"]:
        return day(row["date"])
    return day(row["month"]) if row.get("month") else "no date given"


def basis(row: Row) -> str:
    """How the date is known, in words; nothing where it is not."""
    return _BASIS.get(row.get("date_basis") or "", "")


def flags(row: Row) -> list[str]:
    """What a reader should know of an article, in words."""
    return [_FLAGS.get(flag, flag.replace("_", " ")) for flag in row.get("flags") or ()]


def safe_link(place: str) -> str | None:
    """The address of a page on the web; None for anything else, such as a file or a script."""
    if clean(place) != place or any(char.isspace() for char in place):
        return None
    try:
        parts = urlsplit(place)
        usable = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return place if usable else None
