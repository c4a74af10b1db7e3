"""Days, places and flags in words, as the page and its exports show them."""

from collections.abc import Mapping
from typing import Any

from rag.answer import naming
from rag.articles.dates import MONTH_NAMES

_BASIS = {
    "metadata": "given with the article",
    "stated": "stated in the article",
    "inferred": "worked out, not stated",
    "unknown": "",
}
Row = Mapping[str, Any]


def day(iso: str) -> str:
    """A date as far as it is known: "2024-12-02", "2024-12", "2024", "--12-02" or "--12"."""
    year, _, rest = iso.removeprefix("--").partition("-") if iso[:2] != "--" else ("", "", iso[2:])
    month, _, number = rest.partition("-")
    if not (month.isascii() and month.isdigit()) or not 1 <= int(month) <= 12:
        return iso if month else year
    words = [number.lstrip("0"), MONTH_NAMES[int(month) - 1], year]
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
    """The site or the file's name alone."""
    return naming.place(str(row["location"]))


def spoken_date(row: Row) -> str:
    """The date of an article for a label."""
    if row["date"]:
        return day(row["date"])
    return day(row["month"]) if row.get("month") else naming.NO_DATE


def basis(row: Row) -> str:
    """How the date is known, in words; nothing where it is not."""
    return _BASIS.get(row.get("date_basis") or "", "")


def flags(row: Row) -> list[str]:
    """What a reader should know of an article, in words."""
    return [naming.flag_in_words(flag) for flag in row.get("flags") or ()]
