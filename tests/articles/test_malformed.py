"""Five hundred malformed files beside fifty good ones: each is told in a line, none is lost."""

import json
import time
from pathlib import Path

import pytest

from rag.articles.clean import clean, is_blank, show_path
from rag.articles.formats import read_file
from rag.articles.raw import Given, RawArticle
from rag.cli import run
from rag.cli.terminal import plain
from rag.errors import InputError
from rag.records import Problem
from tests.articles.malformed import Bad, good_files, malformed_files, odd_things


@pytest.fixture(scope="module")
def flood(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Bad], list[str]]:
    """The folder, what is bad in it, the first sentences of what is good."""
    folder = tmp_path_factory.mktemp("flood")
    return folder, malformed_files(folder / "bad"), good_files(folder / "good")


def test_the_flood_is_what_it_claims(
    flood: tuple[Path, list[Bad], list[str]], tmp_path: Path
) -> None:
    _, bad, good = flood
    assert (len(bad), len({one.name for one in bad}), len(good), len(set(good))) == (
        500,
        500,
        50,
        50,
    )
    assert max(len(one.raw) for one in bad) <= 2_000_003
    assert sum(len(one.raw) for one in bad) < 40_000_000
    assert malformed_files(tmp_path) == bad  # every time the same


def test_each_reader_refuses_its_own(flood: tuple[Path, list[Bad], list[str]]) -> None:
    folder, bad, _ = flood
    wrong = []
    for one in bad:
        started = time.monotonic()
        try:
            found = list(read_file(folder / "bad" / one.name, Given()))
        except InputError as error:
            found = [Problem("", str(error))]
        told = [item for item in found if isinstance(item, Problem) or is_blank(clean(item.text))]
        lines = [item.reason for item in told if isinstance(item, Problem)]
        fine = len(found) == len(told) == 1 and all("\n" not in line and line for line in lines)
        if not fine or time.monotonic() - started > 5:
            wrong.append((one.name, one.why, found))
    assert wrong == []


def test_each_reader_reads_the_good_ones(flood: tuple[Path, list[Bad], list[str]]) -> None:
    folder, _, good = flood
    for path, first in zip(sorted((folder / "good").iterdir()), good, strict=True):
        (article,) = read_file(path, Given())
        assert isinstance(article, RawArticle), path
        assert first in article.text.replace("\n", " "), path


def test_the_command_tells_each_and_loses_none(
    flood: tuple[Path, list[Bad], list[str]], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder, bad, good = flood
    links = odd_things(folder / "odd")
    store = str(tmp_path / "store")
    assert run(["ingest", "-v", "--store", store, str(folder)]) == 1
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err and "Warning" not in err
    paths = [
        *(folder / "bad" / one.name for one in bad),
        *(folder / "odd" / name for name in links),
    ]
    names = [plain(show_path(path)) for path in paths]  # as the terminal may show it
    told = [line for line in err.split("\n") if str(folder / "bad") in line or "/odd/" in line]
    for name in names:
        own = [line for line in told if name in line]
        assert len(own) == 1, (name, own)
        assert own[0].startswith("rag: ") and len(own[0]) > len(f"rag: {name}: ")
    assert len(told) == len(names)

    assert run(["list", "--json", "--store", store]) == 0
    articles = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert len(articles) == len(good) == 50
    texts = []
    for article in articles:
        assert run(["show", "--json", "--store", store, article["article_id"]]) == 0
        texts.append(json.loads(capfd.readouterr().out)["text"].replace("\n", " "))
    assert all(any(first in text for text in texts) for first in good)
