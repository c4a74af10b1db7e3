"""How an article's outlet, date and flags are named to a reader, the same at every door."""

from pathlib import PurePath
from urllib.parse import urlsplit

from rag.records import ArticleInfo

NO_DATE = "no date given"
_FLAGS = {
    "ai_generated": "generated with AI",
    "machine_translated": "translated by a machine",
    "opinion": "opinion",
    "satire": "satire",
    "sponsored": "sponsored",
}
_MONTHS = (
    "January February March April May June July August September October November December".split()
)


def outlet(info: ArticleInfo) -> str:
    """The source; where neither the article nor its metadata tells, its site or its file's name."""
    if info.source:
        return info.source
    site = urlsplit(info.location) if "://" in info.location else None
    if site and site.hostname:
        return site.hostname.removeprefix("www.")
    return PurePath(info.location).name


def day(info: ArticleInfo) -> str:
    """The day of publication, the month where no more is known, or that there is none."""
    if info.date or not info.month:
        return info.date or NO_DATE
    year, month = info.month.split("-")
    return f"{_MONTHS[int(month) - 1]} {year}"


def flags(info: ArticleInfo) -> str:
    """What a reader should know of the article, in words; "" where there is nothing."""
    return ", ".join(_FLAGS.get(flag, flag.replace("_", " ")) for flag in info.flags)
