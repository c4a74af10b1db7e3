"""Rows become articles: columns are guessed where they are plain, a bad row loses no other."""

import csv
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.articles import table
from rag.articles.columns import field_of, listed
from rag.articles.raw import Given, RawArticle
from rag.articles.table import read_csv, read_json, read_json_lines
from rag.errors import InputError
from rag.records import Problem

NONE = Given()


def given(**columns: str) -> Given:
    return Given(columns=tuple(columns.items()))


def split(items: Iterator[RawArticle | Problem]) -> tuple[list[RawArticle], list[Problem]]:
    found = list(items)
    articles = [item for item in found if isinstance(item, RawArticle)]
    return articles, [item for item in found if isinstance(item, Problem)]


def lines(*rows: object, given: Given = NONE) -> tuple[list[RawArticle], list[Problem]]:
    raw = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    return split(read_json_lines([line + b"\n" for line in raw], given))


def objects(value: object, given: Given = NONE) -> tuple[list[RawArticle], list[Problem]]:
    return split(read_json(json.dumps(value).encode(), given))


def sheet(content: str, given: Given = NONE) -> tuple[list[RawArticle], list[Problem]]:
    return split(read_csv(content.encode(), given))


def only(found: tuple[list[RawArticle], list[Problem]]) -> RawArticle:
    (article,), problems = found
    assert problems == []
    return article


# Which column is which


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("text", "text body content article article_text maintext full_text articleBody Body-Text"),
        ("title", "title headline Title articleTitle webTitle"),
        ("source", "source outlet publisher publication site_name source_name Newspaper"),
        ("author", "author authors byline creator"),
        ("published", "date published publication_date pub_date date_published publishedAt "
         "datetime pubDate PUBLISH_DATE date_publish datePublished webPublicationDate"),
        ("updated", "updated modified date_modified last_modified updated_at dateModified"),
        ("url", "url link permalink URL web_url canonical_url"),
        ("id", "id article_id guid uuid"),
        ("language", "language lang inLanguage"),
    ],
)  # fmt: skip
def test_usual_names(field: str, names: str) -> None:
    for name in names.split():
        assert field_of(name) == field, name
        row = {"text": "The text."} | {name: "12"}
        if field != "text":
            assert getattr(only(objects(row)), field) == "12", name


@pytest.mark.parametrize("name", ["timestamp", "summary", "description", "crawled", "created_at"])
def test_names_that_say_too_little(name: str) -> None:
    assert field_of(name) is None


def test_every_field_of_a_row() -> None:
    article = only(
        lines(
            {"id": 7, "url": "u", "headline": "t", "outlet": "s", "published_at": "2024-12-01",
             "modified": "2024-12-02", "byline": "a", "lang": "en", "body": "x", "other": [1]}
        )
    )  # fmt: skip
    assert article == RawArticle(
        "x", title="t", source="s", author="a", published="2024-12-01", updated="2024-12-02",
        url="u", id="7", language="en", part="1", date_note="its published_at",
    )  # fmt: skip


def test_the_documented_form_ignores_other_fields() -> None:
    row = {"text": "x", "id": "1", "url": "u", "title": "t", "source": "s", "date": "2024-12-01"}
    others = {"body": "y", "guid": "2", "link": "v", "headline": "h", "outlet": "o", "published": 1}
    article = only(lines({**others, **row}))
    assert article == RawArticle(
        "x", id="1", url="u", title="t", source="s", published="2024-12-01", part="1"
    )


def test_news_services() -> None:
    answer = {
        "status": "ok",
        "totalResults": 1,
        "articles": [
            {"source": {"id": None, "name": "CNN"}, "author": None, "title": "T", "url": "u",
             "description": "D", "publishedAt": "2024-12-01T10:00:00Z", "content": "C"}
        ],
    }  # fmt: skip
    article = only(objects(answer))
    assert (article.source, article.text, article.author) == ("CNN", "C", None)
    assert article.published == "2024-12-01T10:00:00Z" and article.part == "item 1"
    nested = {"response": {"docs": [{"headline": {"main": "H"}, "body": "B"}]}}
    assert only(objects(nested)).title == "H"


def test_authors_in_a_list() -> None:
    people = ["A", {"name": "B"}, "", None]
    assert only(objects({"text": "x", "authors": ["A", {"name": "B"}]})).author == "A, B"
    assert only(objects({"text": "x", "author": {"name": "C"}})).author == "C"
    article = only(objects({"text": "x", "authors": people}))
    assert article.author is None and article.problem == "its authors is not a string"
    assert only(objects({"text": "x", "authors": []})).author is None


def test_what_is_not_needed_costs_no_row() -> None:
    article = only(lines({"text": "x", "language": ["en"], "updated": {"a": 1}}))
    assert article.problem and article.language is article.updated is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"title": "t"}, "the article has no text"),
        ({"text": None}, "the article has no text"),
        ({"text": " \n\u200b"}, "the article has no text"),
        ({"text": 5}, "its text is not a string"),
        ({"text": False}, "its text is not a string"),
        ({"text": ["x"]}, "its text is not a string"),
        ({"body": ["x"]}, "its body is not a string"),
        ({"text": "x", "id": 1.5}, "its id is not a string"),
        ({"text": "x", "id": True}, "its id is not a string"),
        ({"text": "x", "source": ["y"]}, "its source is not a string"),
        ({"text": "x", "source": {"nom": "y"}}, "its source is not a string"),
        ({"text": "x", "date": True}, "its date is not a string"),
        ({"text": "x", "date": float("inf")}, "its date is not a string"),
        ({"text": "x", "headline": ["a"]}, "its headline is not a string"),
        (b"{'text': 'x'}", "it is not JSON"),
        (b"[1]", "it is not a JSON object"),
        (b'{"text": "\xff"}', "it is not UTF-8 text"),
        (b'{"text": "\x00"}', "it is not a text file"),
        (b'{"text": "x", "n": ' + b"1" * 5000 + b"}", "a number in it is too long"),
        (b'{"a": ' * 100_000, "it is nested too deeply"),
    ],
    ids=range(20),
)
def test_a_bad_line_loses_no_other(row: object, reason: str) -> None:
    articles, (problem,) = lines({"text": "one"}, row, b" ", {"text": "four"})
    assert [(a.text, a.part) for a in articles] == [("one", "1"), ("four", "4")]
    assert problem.location == "2" and problem.left_out and problem.reason.startswith(reason)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (1733011200, "2024-12-01"),
        (1733097599, "2024-12-01"),
        ("1733011200", "2024-12-01"),
        (1733011200000, "2024-12-01"),
        (1733011200.5, "2024-12-01"),
        ("1733011200000.0", "2024-12-01"),
    ],
)
def test_timestamps(written: object, day: str) -> None:
    article = only(lines({"text": "x", "date": written, "updated": written}))
    assert (article.published, article.updated) == (day, day)
    assert article.date_note == "a timestamp, in UTC" and article.published_basis == "metadata"


@pytest.mark.parametrize("written", [20241201, "2024120110", "173301120", "17330112000", "2024"])
def test_numbers_that_are_no_timestamps(written: object) -> None:
    article = only(lines({"text": "x", "date": written}))
    assert article.published == str(written) and article.date_note is None


def test_html_in_a_text() -> None:
    assert only(objects({"text": "<p>One &amp; two.</p><p>Three.</p>"})).text == (
        "One & two.\nThree."
    )
    assert only(objects({"content_html": "A &amp; b"})).text == "A & b"
    for words in ("<3 is a heart", "< 5 and > 4", "One <b>two</b>", "<unknown and open"):
        assert only(objects({"text": words})).text == words
    with pytest.raises(InputError, match="the article has no text"):
        objects({"text": "<p> </p><script>x</script>"})


# Columns that the user names


def test_columns_that_the_user_names() -> None:
    row = {"a": "x", "p": {"n": {"m": "s"}}, "text": "wrong", "when": "2024-12-01", "date": "1"}
    article = only(lines(row, given=given(text="a", source="p.n.m", published="when")))
    assert (article.text, article.source, article.published) == ("x", "s", "2024-12-01")
    assert article.date_note == "its when"
    article = only(lines(row, given=given(text="a", date="when")))
    assert article.published == "2024-12-01"
    assert only(sheet("a.b,c\nx,y\n", given(text="a.b", title="c"))).title == "y"


@pytest.mark.parametrize("read", [lines, objects])
def test_a_column_that_is_not_there(read) -> None:
    with pytest.raises(InputError, match='^there is no column "boody"; there are a, b, b.c$'):
        read({"a": "x", "b": {"c": 1}}, given=given(text="boody"))
    with pytest.raises(InputError, match='there is no column "boody"; there are a, b'):
        sheet("a,b\nx,y\n", given(text="boody"))
    with pytest.raises(InputError, match='"txt" is no field of an article; those are text, title'):
        read({"a": "x"}, given=given(txt="a"))


def test_a_column_that_only_some_rows_have() -> None:
    articles, problems = lines({"b": "y"}, {"a": "x"}, given=given(text="a"))
    assert [a.text for a in articles] == ["x"] and problems[0].reason == "the article has no text"


@pytest.mark.parametrize("read", [lines, objects])
def test_no_column_can_be_the_text(read) -> None:
    said = "no column can be the text; there are story_x, p, p.q: name it with --column text=NAME"
    with pytest.raises(InputError) as caught:
        read({"story_x": "x", "p": {"q": 1}})
    assert str(caught.value) == said
    with pytest.raises(InputError, match="there are a, b: name it with --column text=NAME"):
        sheet("a,b\nx,y\n")


def test_names_in_a_message_are_short_and_harmless() -> None:
    said = listed(["a\x1b[31mb\nc", "", "x" * 500, *map(str, range(100))])
    assert "\x1b" not in said and "\n" not in said and len(said) < 300
    assert said.startswith("ab c, ?, " + "x" * 40 + ", 0") and said.endswith(", 26, \u2026")
    assert listed([]) == "none" and not listed(map(str, range(30))).endswith("\u2026")


@pytest.mark.parametrize(
    ("field", "one", "two"),
    [
        ("text", {"body": "x"}, {"content": "y"}),
        ("title", {"title": "x"}, {"headline": "y"}),
        ("source", {"source": "x"}, {"publisher": "y"}),
        ("published", {"date": "2024-12-01"}, {"published": "2024-12-02"}),
        ("updated", {"updated": "x"}, {"modified": "y"}),
        ("url", {"url": "x"}, {"link": "y"}),
    ],
)
def test_two_columns_that_differ(field: str, one: dict[str, str], two: dict[str, str]) -> None:
    rest = {} if field == "text" else {"body": "b"}
    row = {**rest, **two, **one}
    with pytest.raises(InputError) as caught:
        objects([{**rest, **one}, row])
    first, second = (next(iter(part)) for part in (one, two))
    if field == "text":
        first, second = "body", "content"
    said = f"{first} and {second} could both be the {field} and differ; there are "
    assert str(caught.value).startswith(said)
    assert str(caught.value).endswith(f": choose with --column {field}=NAME")
    chosen = given(**{field: second})
    assert getattr(only(objects(row, chosen)), field) == row[second]
    articles, (problem,) = lines({**rest, **one}, row)
    assert len(articles) == 1 and problem.location == "2" and said[:20] in problem.reason


def test_two_columns_that_say_the_same() -> None:
    row = {"body": "a  b", "content": "a b", "date": "2024-12-01", "published": 1733011200,
           "pubDate": "Sun, 01 Dec 2024 10:00:00 GMT", "title": "", "headline": "h", "url": None,
           "link": "l", "id": 1, "guid": "g", "byline": "b", "author": "a"}  # fmt: skip
    article = only(objects(row))
    assert article.author == "a"  # the likeliest of two, as with ids
    assert (article.text, article.published) == ("a  b", "2024-12-01")
    assert (article.title, article.url, article.id) == ("h", "l", "1")


# JSON lines


@pytest.mark.parametrize("raw", [[], [b"\n", b" \r\n"]])
def test_no_lines(raw: list[bytes]) -> None:
    with pytest.raises(InputError, match="it is empty"):
        list(read_json_lines(raw, NONE))


def test_lines_of_which_none_is_good() -> None:
    articles, problems = lines(b"broken", b"[1]")
    assert not articles and [p.location for p in problems] == ["1", "2"]


def test_lines_are_read_as_they_come() -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b'{"text": "x"}\n'

    articles = read_json_lines(endless(), NONE)
    for number in range(1, 300):
        article = next(articles)
        assert isinstance(article, RawArticle) and article.part == str(number)
        assert taken <= max(number, 100)


def test_few_long_lines_are_read_ahead() -> None:
    taken = 0

    def long() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b'{"text": "' + b"x" * 400_000 + b'"}\n'

    next(read_json_lines(long(), NONE))
    assert taken == 3


def test_a_failure_on_the_way_keeps_what_was_read() -> None:
    def failing() -> Iterator[bytes]:
        yield b'{"text": "x"}\n'
        yield b"broken\n"
        raise OSError("Input/output error")

    articles = read_json_lines(failing(), given(text="text"))
    assert isinstance(next(articles), RawArticle) and isinstance(next(articles), Problem)
    with pytest.raises(OSError, match="Input/output"):
        next(articles)


def test_many_kinds_of_rows_are_not_kept(monkeypatch) -> None:
    monkeypatch.setattr(table, "_KEPT", 3)
    rows = [{"text": "x", f"k{n}": 1} for n in range(20)]
    assert len(lines(*rows)[0]) == 20


# JSON


@pytest.mark.parametrize(
    "value",
    [
        [{"text": "x"}],
        {"articles": [{"text": "x"}], "ads": [{"text": "y"}]},
        {"items": [{"text": "x"}]},
        {"data": [{"text": "x"}]},
        {"results": [{"text": "x"}], "status": "ok"},
        {"entries": [{"text": "x"}]},
        {"anything": [{"text": "x"}], "tags": ["a"]},
        {"data": {"articles": [{"text": "x"}]}, "ok": True},
        {"a": {"b": {"docs": [{"text": "x"}]}}},
        {"article": {"text": "x"}},
        {"result": {"text": "x"}},
    ],
    ids=range(11),
)
def test_lists_within_objects(value: object) -> None:
    article = only(objects(value))
    assert article.text == "x"


def test_one_object_is_the_whole_file() -> None:
    assert only(objects({"text": "x", "related": [{"text": "y"}]})) == RawArticle("x")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it is empty"),
        (b"[]", "it is empty"),
        (b"{}", "no column can be the text; there are none"),
        (b"[1, null]", "it is a list without objects"),
        (b"5", "it is neither an object nor a list of objects"),
        (b'"text"', "it is neither an object nor a list of objects"),
        (
            b'{"a": {"b": {"c": {"d": {"text": "x"}}}}}',
            "no column can be the text; there are a, a.b: ",
        ),
        (b'{"b": [{"text": "x"}], "a": [{"text": "y"}]}', "several lists of objects (a, b)"),
        (b'{"text": 5}', "its text is not a string"),
        (b'{"text": ""}', "the article has no text"),
        (b'[{"text": "x"},\n{"text": ]', "it is not JSON (Expecting value, line 2, column 10)"),
        (b'[{"text": "x"}', "it is not JSON"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"a": ' * 100_000, "it is nested too deeply"),
        (b"[" + b"1" * 5000 + b"]", "a number in it is too long"),
        (b'{"text": "caf\xe9"}', "it is not UTF-8 text (byte 13)"),
        (b'{"text": "\x00"}', "it is not a text file"),
        (b'\xff\xfe{\x00"', "it is not UTF-16 text"),
    ],
    ids=range(18),
)
def test_json_that_cannot_be_used(raw: bytes, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        list(read_json(raw, NONE))
    assert reason in str(caught.value) and len(str(caught.value)) < 120


def test_items_that_cannot_be_used() -> None:
    articles, problems = objects([{"text": "x"}, 5, {"title": "t"}, {"text": "y", "url": [1]}])
    assert [a.part for a in articles] == ["item 1"]
    assert problems == [
        Problem("item 2", "it is not a JSON object"),
        Problem("item 3", "the article has no text"),
        Problem("item 4", "its url is not a string"),
    ]


def test_lone_surrogates_and_large_numbers_pass() -> None:
    raw = b'{"text": "a\\ud800b", "title": "\\udfff", "n": 1e999, "date": -1e400}'
    with pytest.raises(InputError, match="its date is not a string"):
        list(read_json(raw, NONE))
    article = only(split(read_json(raw.replace(b'"date"', b'"x"'), NONE)))
    assert article.text == "a\ud800b"


def test_json_lines_in_a_json_file() -> None:
    articles, problems = split(read_json(b'\n{"text": "x"}\nbroken\n{"text": "y"}', NONE))
    assert [(a.text, a.part) for a in articles] == [("x", "2"), ("y", "4")]
    assert problems[0].location == "3"
    with pytest.raises(InputError, match="not JSON"):
        list(read_json(b'{"text": "x"} {"text": "y"}', NONE))


def test_utf16_with_a_mark() -> None:
    assert only(split(read_json('{"text": "\u0416"}'.encode("utf-16"), NONE))).text == "\u0416"


def test_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Feed",
        "language": "de",
        "items": [
            {"id": "1", "url": "u", "title": "T", "content_text": "x", "content_html": "<p>y</p>",
             "date_published": "2024-12-01T10:00:00+03:00", "date_modified": "2024-12-02",
             "authors": [{"name": "A"}], "summary": "s"},
            {"id": "2", "content_html": "<p>a</p><p>b</p>", "language": "en"},
            {"id": "3", "summary": "s", "author": {"name": "B"}},
            {"id": "4", "title": "only this"},
            5,
        ],
    }  # fmt: skip
    (one, two, three), problems = objects(feed)
    assert one == RawArticle(
        "x", title="T", source="The Feed", author="A", published="2024-12-01T10:00:00+03:00",
        updated="2024-12-02", url="u", id="1", language="de", part="item 1",
        date_note="its date_published",
    )  # fmt: skip
    assert (two.text, two.language) == ("a\nb", "en")
    assert (three.text, three.author) == ("s", "B")
    assert [p.location for p in problems] == ["item 4", "item 5"]
    nothing: tuple[object, ...] = ([], None, {})
    for empty in nothing:
        with pytest.raises(InputError, match="the feed has no items"):
            objects({**feed, "items": empty})
    assert objects({**feed, "title": ["x"]})[0][0].source is None


# CSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, end: str) -> None:
    rows = ["headline,body,date".replace(",", delimiter)]
    rows += ['A|;1,"One, two; three\t|\n""four"".",2024-12-01', "", "B,Two,"]
    rows[1] = rows[1].replace("A|;1", "A").replace(",2024", delimiter + "2024")
    rows[1] = rows[1].replace("A,", "A" + delimiter).replace("\n", end)
    rows[3] = rows[3].replace(",", delimiter)
    one, two = sheet(end.join(rows) + end)[0]
    assert one == RawArticle(
        f'One, two; three\t|{end}"four".', title="A", published="2024-12-01", part="2"
    )
    assert (two.text, two.published, two.part) == ("Two", None, "5")


def test_excel_names_its_delimiter() -> None:
    article = only(sheet("sep=|\r\ntitle|text\r\nA|One, two\r\n"))
    assert (article.text, article.part) == ("One, two", "3")
    raw = "title\ttext\na\t\u0416\n".encode("utf-16")
    assert only(split(read_csv(raw, NONE))).text == "\u0416"
    assert only(split(read_csv(b"\xef\xbb\xbftext,title\nx,y\n", NONE))).text == "x"


def test_quotes_escaped_by_a_backslash() -> None:
    articles, problems = sheet('title,text\nA,"x \\"y\\", z"\nB,"ok"\n')
    assert [a.text for a in articles] == ['x "y", z', "ok"] and not problems
    assert only(sheet('title,text\nA,"C:\\dir"\n')).text == "C:\\dir"


def test_tabs_without_quoting() -> None:
    articles, problems = sheet('title\ttext\nA\t"Yes" he said\nB\tok\nC\t"No\n')
    assert [(a.text, a.part) for a in articles] == [('"Yes" he said', "2"), ("ok", "3")]
    assert problems == [Problem("4", "its quotes do not match up")]


def test_a_single_column() -> None:
    articles, _ = sheet("text\nOne, two; three | four.\nFive.\n")
    assert [a.text for a in articles] == ["One, two; three | four.", "Five."]


def test_delimiters_at_the_end_of_lines() -> None:
    articles, problems = sheet("title,text,\nA,x,\nB,y\nC,z,,,\nD,w,,v\n")
    assert [a.text for a in articles] == ["x", "y", "z"]
    assert problems == [Problem("5", "it has 4 fields, the header 2")]


def test_rows_of_another_length() -> None:
    articles, problems = sheet("id,title,text\n1,A,x\n2\n\n,,\n3,B\n4,C,y,more\n5,D,z\n")
    assert [(a.id, a.part) for a in articles] == [("1", "2"), ("5", "8")]
    assert problems == [
        Problem("3", "it has 1 field, the header 3"),
        Problem("6", "it has 2 fields, the header 3"),
        Problem("7", "it has 4 fields, the header 3"),
    ]


def test_a_quote_that_is_never_closed_costs_its_own_row() -> None:
    articles, problems = sheet('title,text\nA,"open\nB,two\nC,"three, really"\nD,four\n')
    assert [a.text for a in articles] == ["two", "three, really", "four"]
    assert problems == [Problem("2", "its quotes do not match up")]


def test_the_rest_of_a_broken_record_is_no_article() -> None:
    """The middle of a text is not taken for a row, though it has as many fields."""
    broken = 'title,text\nT,"He said "hi" to\nall, and\nmore"\nU,ok\n'
    articles, problems = sheet(broken)
    assert [(a.title, a.text) for a in articles] == [("U", "ok")]
    said = "its quotes do not match up before line 4; up to there, only rows with a date or a URL"
    assert len(problems) == 1 and problems[0].reason.startswith(said)


@pytest.mark.parametrize("sure", ["2024-12-01,x", ",https://example.org/1", ",http://a.example"])
@pytest.mark.parametrize("column", ["date,url"])
def test_whole_rows_within_a_broken_record_are_taken(sure: str, column: str) -> None:
    content = (
        f'title,text,{column}\nA,"open,2024-12-01,x\nB,two,{sure}\nC,no,,\nD,no,then,ftp://x\n'
        'E,"open,2024-12-01,x\nF,last,,\n'
    )
    articles, problems = sheet(content)
    assert [a.title for a in articles] == ["B", "F"]
    assert [p.location for p in problems] == ["2"]


def test_a_record_in_many_lines_has_the_number_of_its_first() -> None:
    articles, problems = sheet('title,text\nA,"1\n2\n3"\nB\nC,x\n')
    assert [a.part for a in articles] == ["2", "6"] and problems[0].location == "5"


def test_bytes_that_are_no_text_cost_their_own_row() -> None:
    raw = b"title,text\nA,caf\xe9\nB,x\x00y\nC,ok \xc3\xa9\nD,\xed\xa0\x80\n"
    articles, problems = split(read_csv(raw, NONE))
    assert [a.text for a in articles] == ["ok \xe9"]
    assert problems == [
        Problem("2", "it is not UTF-8 text; save it as UTF-8"),
        Problem("3", "it holds NUL bytes"),
        Problem("5", "it is not UTF-8 text; save it as UTF-8"),
    ]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it is empty"),
        (b" \n\r\n", "it is empty"),
        (b",,\n,,\n", "no column can be the text"),
        (b'"title,text\nA,x\n', "its first line does not name the columns"),
        (b"t\x00itle,text\nA,x\n", "it is not a text file"),
        (b"titl\xe9,text\nA,x\n", "it is not UTF-8 text"),
        (b"x\nA\n", "no column can be the text; there are x"),
        (b"A,Some words here\nB,More words\n", "no column can be the text"),
        (b"text,text\nx,y\n", 'it has two columns named "text"'),
        (b"body,content\nx,y\n", "body and content could both be the text and differ"),
        (b"\xff\xfex", "it is not UTF-16 text"),
    ],
    ids=range(11),
)
def test_tables_that_cannot_be_used(raw: bytes, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        list(read_csv(raw, NONE))
    assert reason in str(caught.value)


def test_two_columns_of_a_table_that_are_the_same_or_of_no_use() -> None:
    articles, _ = sheet("text,body,x,x\na,a,1,2\nb,,1,2\n,c,1,2\n")
    assert [a.text for a in articles] == ["a", "b", "c"]


def test_large_fields() -> None:
    """The csv module takes 131,072 characters unless it is told otherwise."""
    text = "word " * 60_000
    assert only(sheet(f'title,text\nA,"{text}"\n')).text == text


def test_a_field_that_is_too_large_costs_its_own_row(monkeypatch) -> None:
    before = csv.field_size_limit(1000)
    monkeypatch.setattr("rag.articles.delimited.LONGEST_FIELD", 1000)
    try:
        articles, problems = sheet(f"title,text\nA,{'x' * 1001}\nB,{'y' * 1000}\n")
    finally:
        csv.field_size_limit(before)
    assert [a.title for a in articles] == ["B"]
    assert problems == [Problem("2", "a field of it is longer than 1,000 characters")]


def test_a_higher_limit_of_fields_is_left() -> None:
    before = csv.field_size_limit(30_000_000)
    try:
        sheet("text\nx\n")
        assert csv.field_size_limit() == 30_000_000
    finally:
        csv.field_size_limit(before)


def test_the_form_is_told_from_the_first_records() -> None:
    """A text with many semicolons in it does not make a table of semicolons."""
    rows = "".join(f"T{n},a;b;c;d;e;f\n" for n in range(100))
    articles, problems = sheet("title,text\n" + rows)
    assert len(articles) == 100 and not problems
    wide = "name;text\n" + "".join(f"{n};a, b\n" for n in range(5))
    assert sheet(wide)[0][0].text == "a, b"
    mine = sheet("q;r\n1;x,y\n", given(text="r"))
    assert only(mine).text == "x,y"


# Hostile input


def good_csv() -> bytes:
    rows = [f'{n},"Title {n}","Text, of {n}.\nMore \u00e9",2024-12-0{n % 9 + 1}' for n in range(6)]
    return ("id,title,text,date\n" + "\n".join(rows) + "\n").encode()


def good_json() -> bytes:
    rows = [{"id": n, "title": "a\u00e9\ud800", "body": f"<p>x {n}</p>", "source": {"name": "s"},
             "date": 1733011200 + n} for n in range(4)]  # fmt: skip
    return json.dumps({"articles": rows}).encode()


def damage(good: bytes, rng: random.Random) -> bytes:
    raw = bytearray(good)
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(raw))
        match rng.randrange(5):
            case 0:
                raw[at] = rng.randrange(256)
            case 1:
                del raw[at : at + rng.randint(1, 30)]
            case 2:
                raw[at:at] = rng.choice([b'"', b",", b"\n", b"{", b"]", b"\\", b"\x00", b"\xff"])
            case 3:
                raw[at:at] = raw[at : at + rng.randint(1, 60)]
            case _:
                raw = raw[: max(1, at)]
        raw = raw or bytearray(b"x")
    return bytes(raw)


@pytest.mark.parametrize("kind", ["csv", "json", "jsonl"])
def test_damaged_files_are_told(kind: str) -> None:
    good = {"csv": good_csv(), "json": good_json(), "jsonl": b""}[kind]
    if kind == "jsonl":
        good = b"".join(
            json.dumps(row).encode() + b"\n" for row in json.loads(good_json())["articles"]
        )
    for seed in range(500):
        raw = damage(good, random.Random(seed))
        reader = {
            "csv": lambda raw=raw: read_csv(raw, NONE),
            "json": lambda raw=raw: read_json(raw, NONE),
            "jsonl": lambda raw=raw: read_json_lines(raw.splitlines(keepends=True), NONE),
        }[kind]
        try:
            for item in reader():
                assert isinstance(item, RawArticle | Problem)
                said = item.reason if isinstance(item, Problem) else item.problem or ""
                assert "\n" not in said and len(said) < 1500
        except InputError as error:
            assert "\n" not in str(error)


@pytest.mark.parametrize(
    "pattern",
    ['"', '"\n', '""\n', 'a,"\n', 'a,"b\n', 'ab"c,"d\n', ',""\n', ',"""\n', '"a" b\n', "\n", ",",
     "\\\"\n", '"\\"\n', ";", "\t", "\r", "a\r", '"x",\n', "a,b\n", 'a,"b\nc,""\n', "1733011200\n",
     '",\n'],
)  # fmt: skip
@pytest.mark.parametrize("header", ["text\n", "title,text\n", "title,text,date\n"])
def test_long_files_take_linear_time(pattern: str, header: str) -> None:
    raw = (header + pattern * (200_000 // len(pattern))).encode()
    start = time.process_time()
    try:
        for _ in read_csv(raw, NONE):
            pass
    except InputError:
        pass
    assert time.process_time() - start < 8


def test_long_lines_and_many_keys() -> None:
    start = time.process_time()
    many = {f"k{n}": {"a": n} for n in range(20_000)}
    assert only(lines({**many, "text": "x" * 1_000_000})).text
    with pytest.raises(InputError) as caught:
        objects(many)
    assert len(str(caught.value)) < 600
    deep = {"author": [[[[]]]] * 1000, "text": "<" * 1_000_000}
    assert len(only(objects(deep)).text) == 1_000_000
    only(objects({"text": "x", "date": "1" * 1_000_000, "published": "1" * 1_000_000}))
    assert time.process_time() - start < 10


def test_the_real_articles_load_as_ever(tmp_path: Path) -> None:
    """The form of the file that this project was measured on."""
    row = {"id": "a1", "url": "https://e.example/1", "title": "T ...", "source": "e.example",
           "date": "2022-11-27", "text": "Tainan CNN \u2014\n\nText."}  # fmt: skip
    assert only(lines(row)) == RawArticle(
        row["text"], title="T ...", source="e.example", published="2022-11-27", url=row["url"],
        id="a1", part="1",
    )  # fmt: skip
