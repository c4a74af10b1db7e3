"""Files become whole articles; what is bad is told with its place, and nothing else is lost."""

import errno
import json
import random
import shutil
from pathlib import Path

import pytest

from rag.articles.discover import discover
from rag.articles.load import ID_LENGTH, load_articles
from rag.articles.passages import cut_passages
from rag.records import Article, Problem

SEEDS = Path(__file__).parents[2] / "seeds"


def load(path: Path) -> tuple[list[Article], list[Problem]]:
    items = list(load_articles(path))
    articles = [item for item in items if isinstance(item, Article)]
    assert all(cut_passages(article.text) for article in articles)
    return articles, [item for item in items if isinstance(item, Problem)]


def one(path: Path) -> Article:
    (article,), problems = load(path)
    assert problems == []
    return article


def write_lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize(
    ("number", "source", "date", "basis", "title", "first"),
    [
        (
            "000",
            "The Moscow Times",
            "2024-12-01",
            "metadata",
            "Russia on Sunday said it was",
            "Russia on Sunday",
        ),
        (
            "001",
            None,
            "2024-12-02",
            "metadata",
            "Russian, Syrian jets escalate",
            "Russian and Syrian",
        ),
        ("002", "Metro", "2024-12-01", "stated", "A group of anti-government", "A group of anti-g"),
        ("003", None, "2024-11-30", "metadata", "On November 30, it became", "On November 30, it"),
        ("004", None, None, "unknown", "Armed clashes between the", "Armed clashes between"),
    ],
)
def test_the_seeds(
    number: str, source: str | None, date: str | None, basis: str, title: str, first: str
) -> None:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    article = one(path)
    assert (article.info.date, article.info.date_basis) == (date, basis)
    assert article.info.title.startswith(title) and article.text.startswith(first)
    assert (article.info.source, article.info.location) == (source, str(path))
    written = path.read_text(encoding="utf-8")
    assert whole(article) in "".join(written.split())  # verbatim, in its order
    if number == "001":
        assert article.info.title == written.split("\n")[0].removeprefix(" date 2024-12-02 ")


def whole(article: Article) -> str:
    """Text and what was taken out of it, put together again, without white space."""
    text = article.text
    for part in reversed(article.removed):
        text = text[: part.before] + part.text + text[part.before :]
    return "".join(text.split())


def test_what_is_no_article_leaves_the_seeds() -> None:
    articles = {path.name[:3]: one(path) for path in discover([SEEDS]) if isinstance(path, Path)}
    removed = {name: article.removed for name, article in articles.items()}
    appeal = "\n".join(part.text for part in removed["000"])
    assert appeal.startswith("A Message from The Moscow Times:")
    assert appeal.endswith("Remind me later.") and "undesirable" in appeal
    assert articles["000"].text.endswith("when it intervened in 2015.")
    assert [part.text for part in removed["002"]] == [
        "[This article has been trending online recently and has been generated with AI. "
        "Your feed is customized.]",
        "[Generative AI is experimental.]",
    ]
    assert [a.info.flags for a in articles.values()] == [(), (), ("ai_generated",), (), ()]
    assert [part.text for part in removed["003"]] == ["Photo: open sources", "Share", "Share"]
    assert not removed["001"]
    note = articles["004"].info.date_note
    assert note and "26 and 27 November without a year" in note


def test_the_seeds_are_five_and_different() -> None:
    paths = [path for path in discover([SEEDS]) if isinstance(path, Path)]
    articles = [one(path) for path in paths]
    assert len({article.info.article_id for article in articles}) == len(articles) == 5
    assert all(len(article.info.article_id) == ID_LENGTH for article in articles)


def test_an_id_is_of_the_content_alone(tmp_path: Path) -> None:
    path = next(SEEDS.glob("001_*"))
    here, there = one(path), one(Path(shutil.copy(path, tmp_path / "other name.TXT")))
    assert (here.info.article_id, here.digest) == (there.info.article_id, there.digest)
    assert here.key != there.key
    (tmp_path / "windows.txt").write_bytes(
        b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n")
    )
    assert one(tmp_path / "windows.txt").digest == here.digest


@pytest.mark.parametrize("field", ["title", "source", "date", "text"])
def test_what_a_reader_sees_is_in_the_digest(tmp_path: Path, field: str) -> None:
    row = {"title": "t", "source": "s", "date": "2024-12-01", "text": "x"}
    other = {**row, field: "2024-12-02"}
    (a, b, c), _ = load(write_lines(tmp_path / "a.jsonl", row, other, {**row, "url": "u"}))
    assert a.digest != b.digest and a.digest == c.digest
    assert a.info.article_id == c.info.article_id == a.digest[:ID_LENGTH]


def test_a_whole_line(tmp_path: Path) -> None:
    row = {"id": "r-1", "url": "https://example.org/1", "title": "T", "source": "Reuters"}
    row |= {"date": "Sun, 01 Dec 2024 23:00 -1100", "text": " One. Two.\r\n"}
    article = one(write_lines(tmp_path / "a.jsonl", row))
    info = article.info
    assert (info.article_id, info.title, info.source) == ("r-1", "T", "Reuters")
    assert (info.date, info.date_basis) == ("2024-12-01", "metadata")
    assert info.location == "https://example.org/1" and article.key == f"url:{info.location}"
    assert article.text == "One. Two."


def test_places_of_lines_without_a_url(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"text": "x"}, {"text": "y", "id": 7})
    (first, second), _ = load(path)
    assert first.info.location == f"{path}#L1" and second.info.location == f"{path}#7"
    assert first.info.title == "x" and second.info.article_id == "7"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b" \n\t\r\n", "it is empty"),
        (b"\xef\xbb\xbf", "the article has no text"),
        (b"\x00\x01\x02", "it is not a text file"),
        (b"caf\xe9 au lait", "it is not UTF-8 text (byte 3); save it as UTF-8"),
        ("\u200b\u200d \ufeff\n\u2060".encode(), "the article has no text"),
        (b"date 2024-12-01\n", "the article has no text"),
        (b"\x1b[31m\x07", "the article has no text"),
    ],
)
def test_a_text_file_that_is_no_article(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    assert load(path) == ([], [Problem(str(path), reason)])


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'{"text": "broken', "it is not JSON"),
        (b"null", "it is not a JSON object"),
        (b"[1, 2]", "it is not a JSON object"),
        (b'{"title": "t"}', "the article has no text"),
        (b'{"text": " \\n"}', "the article has no text"),
        (b'{"text": "\\u200b\\ufeff \\u200d"}', "the article has no text"),
        (b'{"text": "\\ud800\\u001b[1m"}', "the article has no text"),
        (b'{"text": 7}', "its text is not a string"),
        (b'{"text": "x", "id": NaN}', "its id is not a string"),
        (b'{"a": ' * 100_000, "it is nested too deeply"),
        (b'{"text": "\xff"}', "it is not UTF-8 text"),
        (b'{"text": "\x00"}', "it is not a text file"),
    ],
    ids=range(12),
)
def test_a_bad_line_loses_nothing_else(tmp_path: Path, bad: bytes, reason: str) -> None:
    path = tmp_path / "a.jsonl"
    lines = [json.dumps({"text": f"Text {n}."}).encode() for n in range(1, 11)]
    lines[6] = bad
    path.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines))
    articles, (problem,) = load(path)
    assert [article.text for article in articles] == [f"Text {n}." for n in range(1, 11) if n != 7]
    assert problem.location == f"{path}:7" and problem.left_out
    assert problem.reason.startswith(reason)


@pytest.mark.parametrize("content", [b"", b"\n\n", b" \r\n"])
def test_an_empty_jsonl_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    assert load(path) == ([], [Problem(str(path), "it is empty")])


@pytest.mark.parametrize(
    ("date", "reason"),
    [
        ("03/04/2024", 'date "03/04/2024" left out: it can be read two ways'),
        ("2024-02-30", 'date "2024-02-30" left out: there is no such day'),
        ("on\nWednesday\x1b[2J", 'date "on Wednesday" left out: it does not give a whole day'),
        ("9" * 10_000, f'date "{"9" * 40}" left out: it is too long'),
    ],
)
def test_a_bad_date_leaves_the_article_in(tmp_path: Path, date: str, reason: str) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"text": "x", "date": date})
    (article,), (problem,) = load(path)
    assert (article.info.date, article.info.date_basis) == (None, "unknown")
    assert problem.location == f"{path}:1" and not problem.left_out
    assert problem.reason.startswith(reason)


def test_a_bad_date_at_the_top_of_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("date 2024-02-30 The text.")
    (article,), (problem,) = load(path)
    assert article.text == "date 2024-02-30 The text." and article.info.date is None
    assert problem.location == str(path) and not problem.left_out


def test_what_could_steer_a_terminal_is_removed(tmp_path: Path) -> None:
    evil = "A\x1b[31m\x07\ud800\x9b2J\u2028b"
    names = ("id", "url", "title", "source", "text")
    article = one(write_lines(tmp_path / "a.jsonl", dict.fromkeys(names, evil)))
    info = article.info
    assert (info.article_id, info.location, info.title, info.source) == ("A b",) * 4
    assert article.text == "A\nb"
    (tmp_path / "b.txt").write_text("Title\x1b]0;x\x07\n" + evil.replace("\ud800", ""))
    article = one(tmp_path / "b.txt")
    assert (article.info.title, article.text) == ("Title", "A\nb")


def test_fields_that_cannot_be_seen_are_not_given(tmp_path: Path) -> None:
    names = ("id", "url", "title", "source", "date")
    path = write_lines(tmp_path / "a.jsonl", {**dict.fromkeys(names, "\u200b\x1b[0m"), "text": "x"})
    article = one(path)
    assert article.info.article_id == article.digest[:ID_LENGTH] and article.info.title == "x"
    assert article.info.source is None and article.info.location == f"{path}#L1"
    assert article.key == f"file:{path}#L1"


@pytest.mark.parametrize("suffix", ["txt", "jsonl"])
def test_a_file_that_cannot_be_opened(tmp_path: Path, suffix: str, monkeypatch) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_text('{"text": "x"}')

    def denied(self: Path, *_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", denied)
    monkeypatch.setattr(Path, "read_bytes", denied)
    assert load(path) == ([], [Problem(str(path), "Permission denied")])


@pytest.mark.parametrize("suffix", ["txt", "jsonl"])
def test_a_file_that_is_gone(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"gone.{suffix}"
    assert load(path) == ([], [Problem(str(path), "No such file or directory")])


def test_a_disk_that_fails_on_the_way_keeps_what_was_read(tmp_path: Path, monkeypatch) -> None:
    class Failing:
        def __init__(self) -> None:
            self.lines = [b'{"text": "x"}\n']

        def __enter__(self) -> "Failing":
            return self

        def readline(self, most: int) -> bytes:
            if self.lines:
                return self.lines.pop()
            raise OSError(errno.EIO, "Input/output error")

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(Path, "open", lambda *_: Failing())
    (article,), (problem,) = load(tmp_path / "a.jsonl")
    assert article.text == "x" and problem.reason == "Input/output error"


@pytest.mark.parametrize("suffix", ["txt", "jsonl"])
def test_a_name_that_utf8_cannot_hold(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a\x1b[31m\udcff.{suffix}"
    path.write_text('{"text": "One."}')
    article = one(path)
    for place in (article.info.location, article.key):
        assert f"a\\x1b[31m\\udcff.{suffix}" in place and place.encode()


@pytest.mark.parametrize("suffix", ["txt", "jsonl"])
def test_random_bytes_never_crash(tmp_path: Path, suffix: str) -> None:
    rng = random.Random(10)
    path = tmp_path / f"a.{suffix}"
    good = (json.dumps({"text": "x \U0001f600. Y.", "date": "2024-12-01"}) + "\n").encode() * 3
    for _ in range(200):
        raw = bytearray(good)
        for _ in range(rng.randint(1, 8)):
            raw[rng.randrange(len(raw))] = rng.randrange(256)
        path.write_bytes(raw)
        for article in load(path)[0]:
            article.text.encode()
            assert "\x1b" not in article.text


MISREAD = (
    "Der B\u00fcrgermeister sagte \u201eNein\u201c, die Br\u00fccke bleibe zu.".encode().decode(
        "latin-1"
    )
)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl", "a.html"])
def test_a_wrong_encoding_is_put_right_and_told(tmp_path: Path, name: str) -> None:
    text = f"{MISREAD} {'Das Wasser steht noch im Keller. ' * 8}"
    content = {"a.jsonl": json.dumps({"text": text})}.get(name, text)
    if name == "a.html":
        content = f"<html><body><article><h1>Kurz</h1><p>{text}</p></article></body></html>"
    (tmp_path / name).write_text(content, encoding="utf-8")
    article = one(tmp_path / name)
    assert "B\u00fcrgermeister sagte \u201eNein\u201c" in article.text
    assert article.was_misread and not article.invisible


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl"])
def test_invisible_characters_are_counted(tmp_path: Path, name: str) -> None:
    text = "The\u200b dam\u202e burst\u00ad."
    content = json.dumps({"text": text}) if name == "a.jsonl" else text
    (tmp_path / name).write_text(content, encoding="utf-8")
    article = one(tmp_path / name)
    assert (article.text, article.invisible, article.was_misread) == ("The dam burst.", 3, False)


@pytest.mark.parametrize(
    ("given", "language"),
    [("de-DE", "de"), ("DE", "de"), ("de_AT", "de"), ("German", None), ("und", None)],
)
def test_the_language_is_a_code_or_told_from_the_text(
    tmp_path: Path, given: str, language: str | None
) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"text": "x", "language": given})
    assert one(path).info.language == language


@pytest.mark.parametrize(
    "magic", [b"%PDF-1.7\n", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"GIF89a"]
)
def test_another_kind_of_file_under_a_pages_name(tmp_path: Path, magic: bytes) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(magic + b"words that could be taken for an article. " * 50)
    articles, (problem,) = load(path)
    assert not articles and problem.reason.startswith("it is no page but")


def test_a_table_without_rows_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title,text,date\n")
    articles, (problem,) = load(path)
    assert not articles and "no rows" in problem.reason
