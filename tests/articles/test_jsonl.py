"""A line is an article or is refused with a reason; nothing in it can crash the reader."""

import contextlib
import json
import random

import pytest

from rag.articles.jsonl import JsonArticle, read_line
from rag.errors import InputError


def test_all_fields() -> None:
    row = {"id": "7", "url": "u", "title": "t", "source": "s", "date": "d", "text": "x"}
    assert read_line(json.dumps({**row, "other": [1]})) == JsonArticle(**row)


def test_fields_that_are_not_given() -> None:
    bare = JsonArticle("x", None, None, None, None, None)
    assert read_line('{"text": "x"}') == bare
    assert read_line('{"text": "x", "id": null, "url": "", "title": " "}') == bare


def test_a_number_is_an_id_or_a_date() -> None:
    article = read_line('{"text": "x", "id": 0, "date": 20241201}')
    assert (article.id, article.date) == ("0", "20241201")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "not JSON"),
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
        ('{"text": "x", "source": {"name": "y"}}', "its source is not a string"),
        ('{"text": "x", "id": ' + "1" * 5000 + "}", "a number in it is too long"),
        ("[" * 100_000, "nested too deeply"),
        ('{"text": "x", "more": ' + '{"a":' * 100_000 + "1" + "}" * 100_001, "nested too deeply"),
    ],
    ids=range(23),
)
def test_refused(line: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        read_line(line)
    assert len(str(caught.value)) < 100 and "\n" not in str(caught.value)


def test_damaged_lines_never_crash() -> None:
    rng = random.Random(9)
    line = json.dumps({"id": 1, "title": "a\u00e9\ud800", "date": "2024", "text": "x \U0001f600"})
    for _ in range(2000):
        at, to = sorted(rng.choices(range(len(line)), k=2))
        damaged = line[:at] + rng.choice(["", '"', "{", "[", "\\", "null", "9"]) + line[to:]
        with contextlib.suppress(InputError):
            assert read_line(damaged).text
