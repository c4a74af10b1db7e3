"""How an article's outlet, date and flags are named to a reader, the same at every door."""

from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import urlsplit

from rag.articles.clean import clean
from rag.articles.dates import MONTH_NAMES
from rag.records import ArticleInfo

NO_DATE = "no date given"
_FLAGS = {
    "ai_generated": "generated with AI",
    "machine_translated": "translated by a machine",
    "opinion": "opinion",
    "satire": "satire",
    "sponsored": "sponsored",
}


def outlet(info: ArticleInfo) -> str:
    """The source; where neither the article nor its metadata tells, its site or its file's name."""
    return info.source or place(info.location)


def place(location: str) -> str:
    """Where an article was read from, in short: the site of a page, else the file's name."""
    if link := safe_link(location):
        return (urlsplit(link).hostname or link).removeprefix("www.")
    path = PureWindowsPath(location) if "\\" in location else PurePosixPath(location)
    return path.name or location


def safe_link(location: str) -> str | None:
    """The address of a page on the web; None for anything else, such as a file or a script."""
    if clean(location) != location or any(char.isspace() for char in location):
        return None
    try:
        parts = urlsplit(location)
        usable = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return location if usable else None


def day(info: ArticleInfo) -> str:
    """The day of publication, the month where no more is known, or that there is none."""
    if info.date or not info.month:
        return info.date or NO_DATE
    year, month = info.month.split("-")
    return f"{MONTH_NAMES[int(month) - 1]} {year}"


def flags(info: ArticleInfo) -> str:
    """What a reader should know of the article, in words; "" where there is nothing."""
    return ", ".join(map(flag_in_words, info.flags))


def flag_in_words(flag: str) -> str:
    """One of them."""
    return _FLAGS.get(flag, flag.replace("_", " "))
