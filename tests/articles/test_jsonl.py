"""A line is an article or is refused with a reason; nothing in it can crash the reader."""

import contextlib
import json
import random

import pytest

from rag.articles.jsonl import read_object, read_value
from rag.articles.raw import Given, RawArticle
from rag.articles.table import read_json_lines
from rag.errors import InputError
from rag.records import Problem


def read_line(line: str) -> RawArticle:
    """The article of the second of two lines, or its reason raised."""
    first = b'{"text": "first"}'
    _, item = read_json_lines([first, line.encode("utf-8", "surrogatepass")], Given())
    if isinstance(item, Problem):
        assert item.location == "2" and item.left_out
        raise InputError(item.reason)
    assert item.part == "2"
    return item


def test_all_fields() -> None:
    row = {"id": "7", "url": "u", "title": "t", "source": "s", "date": "d", "text": "x"}
    assert read_line(json.dumps({**row, "other": [1]})) == RawArticle(
        "x", id="7", url="u", title="t", source="s", published="d", part="2"
    )


def test_fields_that_are_not_given() -> None:
    bare = RawArticle("x", part="2")
    assert read_line('{"text": "x"}') == bare
    assert read_line('{"text": "x", "id": null, "url": "", "title": " "}') == bare


def test_a_number_is_an_id_or_a_date() -> None:
    article = read_line('{"text": "x", "id": 0, "date": 20241201}')
    assert (article.id, article.published) == ("0", "20241201")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("{'text': 'x'}", "not JSON"),
        ('{"text": "x"} {"text": "y"}', "not JSON"),
        ('{"text": "a\tb"}', "not JSON"),
        ("null", "not a JSON object"),
        ("NaN", "not a JSON object"),
        ('"text"', "not a JSON object"),
        ('[{"text": "x"}]', "not a JSON object"),
        ("{}", "no text"),
        ('{"text": null}', "no text"),
        ('{"text": ""}', "no text"),
        ('{"text": 5}', "its text is not a string"),
        ('{"text": ["x"]}', "its text is not a string"),
        ('{"text": false}', "its text is not a string"),
        ('{"text": "x", "id": NaN}', "its id is not a string"),
        ('{"text": "x", "id": -Infinity}', "its id is not a string"),
        ('{"text": "x", "id": 1.5}', "its id is not a string"),
        ('{"text": "x", "id": true}', "its id is not a string"),
        ('{"text": "x", "source": {"id": "y"}}', "its source is not a string"),
        ('{"text": "x", "id": ' + "1" * 5000 + "}", "a number in it is too long"),
        ("[" * 100_000, "nested too deeply"),
        ('{"text": "x", "more": ' + '{"a":' * 100_000 + "1" + "}" * 100_001, "nested too deeply"),
    ],
    ids=range(22),
)
def test_refused(line: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        read_line(line)
    assert len(str(caught.value)) < 100 and "\n" not in str(caught.value)


def test_objects_and_values() -> None:
    assert read_object('{"a": [1]}') == {"a": [1]} and read_value("[1]") == [1]
    for line in ("", "[1]", "1", "null"):
        with pytest.raises(InputError, match="not JSON|not a JSON object"):
            read_object(line)


def test_where_it_is_no_json() -> None:
    with pytest.raises(InputError, match=r"^it is not JSON \(Expecting value, column 2\)$"):
        read_value("[")
    with pytest.raises(InputError, match=r"^it is not JSON \(Expecting value, line 2, column 3\)$"):
        read_value("[1,\n  x]")


def test_damaged_lines_never_crash() -> None:
    rng = random.Random(9)
    line = json.dumps({"id": 1, "title": "a\u00e9\ud800", "date": "2024", "text": "x \U0001f600"})
    for _ in range(2000):
        at, to = sorted(rng.choices(range(len(line)), k=2))
        damaged = line[:at] + rng.choice(["", '"', "{", "[", "\\", "null", "9"]) + line[to:]
        if damaged.strip():
            with contextlib.suppress(InputError):
                assert read_line(damaged).text
