"""Markdown becomes prose: its marks go, its words stay; front matter gives the rest."""

import contextlib
import random
import time

import pytest

from rag.articles.markdown import read_markdown
from rag.articles.markdown_prose import prose, top_heading
from rag.articles.raw import Given, RawArticle
from rag.errors import InputError


def read(content: str | bytes) -> RawArticle:
    raw = content.encode() if isinstance(content, str) else content
    (article,) = read_markdown(raw, Given())
    assert isinstance(article, RawArticle)
    return article


# Marks


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**bold** *it* ***both*** __b__ _i_ ___bi___ ~~old~~", "bold it both b i bi old"),
        ("**bold *inner* text** and *it **bo** it*", "bold inner text and it bo it"),
        ("*two\nlines*", "two\nlines"),
        ("*no\n\nparagraph*", "*no\n\nparagraph*"),
        ("5*3*2, 5 * 3 * 2, 2 ** 3 ** 4", "5*3*2, 5 * 3 * 2, 2 ** 3 ** 4"),
        ("f***ing f**k and s**t, a*b*c", "f***ing f**k and s**t, a*b*c"),
        ("snake_case_name, _private, __x", "snake_case_name, _private, __x"),
        ("\u8fd9\u662f**\u91cd\u70b9**\u5185\u5bb9", "\u8fd9\u662f\u91cd\u70b9\u5185\u5bb9"),
        ("5%* of *that", "5%* of *that"),
        ("* *", "*"),
        ("a * b*", "a * b*"),
        ("**a ** b**", "**a ** b**"),
        ("`code *x*` and ``a ` b``", "code *x* and a ` b"),
        ("`open *x*", "`open x"),
        ("`a\n\nb`", "`a\n\nb`"),
        (r"\*not\* \_this\_ \# \q", r"*not* _this_ # \q"),
        ("[link](http://a.example) [b](<x> 'T') [c](/u_(v) \"T\") [d]( x )", "link b c d"),
        ("[*em*](x)", "em"),
        ("![alt](x.png) a ![alt][ref] b", " a  b"),
        ("[![alt](x.png)](http://a.example)end", "end"),
        ("[sic] [This is a note.] [x][y]", "[sic] [This is a note.] [x][y]"),
        ("[a][Ref  One] [ref one] [b][] [b]\n\n[ref one]: http://x.example 'T'\n[B]: /b",
         "a ref one b b"),
        ("[Note]: something else", "[Note]: something else"),
        ("word[^1] more\n\n[^1]: The note.", "word more\n\nThe note."),
        ("<https://a.example/x> <mailto:a@b.example> <x@y.example>",
         "https://a.example/x mailto:a@b.example <x@y.example>"),
        ("<b>x</b><br>y <span class='a'>z</span>", "x\ny z"),
        ("<p>one</p><p>two</p>", "\none\n\ntwo\n".strip("\n")),
        ("a < b and c > d <3", "a < b and c > d <3"),
        ("a<!-- gone\n\ngone -->b <!-- open", "ab <!-- open"),
        ("a<script>x()</script>b<STYLE type=x>y</STYLE >c", "abc"),
        ("AT&amp;T &lt;b&gt; &nbsp;&#8217; &un; & R&D;", "AT&T <b> \xa0\u2019 &un; & R&D;"),
    ],
)  # fmt: skip
def test_marks_within_a_line(written: str, shown: str) -> None:
    assert prose(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("## Two ##\ntext", "Two\n\ntext"),
        ("#hash tag", "#hash tag"),
        ("####### seven", "####### seven"),
        ("Under\n=====\ntext", "Under\n\ntext"),
        ("Under\n---\ntext", "Under\n\ntext"),
        ("a\n\n---\n\n***\n_ _ _\nb", "a\n\nb"),
        ("a\n\n-- \n\nb", "a\n\n--\n\nb"),
        ("- one\n* two\n+ three\n  - [ ] four\n  - [x] five", "one\ntwo\nthree\nfour\nfive"),
        ("1. Dezember 2024\n2. two\n3) three", "1. Dezember 2024\n2. two\n3) three"),
        ("-no list\n*no*", "-no list\nno"),
        ("> a quote\n>> deeper\n> > too\n>\n> b", "a quote\ndeeper\ntoo\n\nb"),
        ("a > b", "a > b"),
        ("hard  \nbreak\\\nhere", "hard\nbreak\nhere"),
        ("```python\n# *x* [a](b) <b>\n\n- y\n```\n*z*", "# *x* [a](b) <b>\n\n- y\nz"),
        ("~~~\n```\n*x*\n~~~\nz", "```\n*x*\nz"),
        ("````\n```\n*x*\n````", "```\n*x*"),
        ("```\n*open*\n*b*", "*open*\n*b*"),
        ("a\n\n![x](y)\n\nb", "a\n\nb"),
        ("| a | b |\n|:--|--:|\n| *c* | d |\n\ne | f", "a  b\nc  d\n\ne | f"),
        ("a|b\n-|-\nc|d\ne", "a  b\nc  d\ne"),
        ("a | b\nc | d", "a | b\nc | d"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("# A\n\n## B\ntext", "A\n\nB\n\ntext"),
    ],
)
def test_marks_of_lines(written: str, shown: str) -> None:
    assert prose(written) == shown


def test_prose_without_marks_stays() -> None:
    text = 'He said: "It\'s 5-3." (Really?) \u2014 100% sure; e-mail a_b@c.example, #1 & more...'
    assert prose(text) == text


@pytest.mark.parametrize(
    ("body", "heading", "rest"),
    [
        ("# A *title*\ntext", "A title", "text"),
        ("\n\n# A\n\ntext", "A", "\ntext"),
        ("<!-- x -->\n<!-- y -->\n# A\ntext", "A", "text"),
        ("A\n===\ntext", "A", "text"),
        ("A\n---\ntext", None, "A\n---\ntext"),
        ("## A\ntext", None, "## A\ntext"),
        ("text\n# A", None, "text\n# A"),
        ("- a\n===\nb", None, "- a\n===\nb"),
        ("> a\n===\nb", None, "> a\n===\nb"),
        ("# \ntext", None, "text"),
        ("<!-- open\n# A", None, "<!-- open\n# A"),
        ("", None, ""),
    ],
)
def test_the_heading_at_the_top(body: str, heading: str | None, rest: str) -> None:
    assert top_heading(body) == (heading, rest)


# Front matter


def test_yaml() -> None:
    content = (
        "---\ntitle: 'Rebels: take'\ndate: 2024-12-01 10:30:00 +0300\nlastmod: 2024-12-02\n"
        "author: [A. B., C D]\npublisher:\n  name: The Paper\nlang: en\nid: 007\nlink: u\n"
        "tags: [a]\ndraft: no\ntext: wrong\n---\n\nThe *text*.\n"
    )
    assert read(content) == RawArticle(
        "The text.", title="Rebels: take", source="The Paper", author="A. B., C D",
        published="2024-12-01 10:30:00 +0300", updated="2024-12-02", url="u", id="007",
        language="en", date_note="its front matter",
    )  # fmt: skip
    assert read("---\npubdate: 1733011200\n...\nText.").date_note == "a timestamp, in UTC"
    assert read("---\npubdate: 2024\n---\nText.").date_note == "its pubdate"
    assert read(b"\xef\xbb\xbf---\r\ntitle: A\r\n---\r\nText.\r\n").title == "A"


def test_a_text_in_front_matter_is_none_of_the_article() -> None:
    article = read("\n\n---\ntext: a\nbody: b\ntitle: A\n---\n# B\n")
    assert (article.text, article.title, article.problem) == ("B", "A", None)


def test_toml() -> None:
    article = read('+++\ntitle = "A"\ndate = 2024-12-01T10:00:00Z\n[x]\ny = 1\n+++\nText.')
    assert (article.title, article.published) == ("A", "2024-12-01 10:00:00+00:00")
    assert read("+++\ndate = 2024-12-01\n+++\nText.").published == "2024-12-01"


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("---\ntitle: A: b\n---", "it is not YAML (mapping values are not allowed here, line 2)"),
        ("---\ntitle: 'open\n---", "it is not YAML"),
        ("---\n- a\n- b\n---", "it holds no keys"),
        ("---\na: *b\n---", "it is not YAML"),
        ("---\n? [a]\n: b\n---", "it is not YAML"),
        ("---\na: \ud7ff\ufffe\n---", "it is not YAML"),
        ('---\na: "\\U00110000"\n---', "it is not YAML"),
        ('---\na: "\\UFFFFFFFF"\n---', "it is not YAML"),
        ("---\n" + "[" * 1500 + "\n---", "it is nested too deeply"),
        ("---\na: " + "x" * 16_000 + "\n---", "it has more than 16,000 characters"),
        ("---\ntitle: [a]\n---", "its title is not a string"),
        ("---\ntitle: a\nheadline: b\n---", "title and headline could both be the title"),
        ("+++\ntitle = A\n+++", "it is not TOML"),
        ("+++\na = " + "[" * 5000 + "\n+++", "it is"),
    ],
    ids=range(14),
)
def test_broken_front_matter_costs_no_text(front: str, reason: str) -> None:
    article = read(front + "\nThe text.")
    assert article.text == "The text." and article.title is None
    assert article.problem and article.problem.startswith(f"front matter not read: {reason}")
    assert "\n" not in article.problem and len(article.problem) < 250


def test_what_could_not_be_used_of_it() -> None:
    article = read("---\ntitle: A\nlang: [en]\n---\nText.")
    assert article.title == "A" and article.problem == "its lang is not a string"


def test_front_matter_that_is_not_closed() -> None:
    article = read("---\ntitle: A\nThe text.")
    assert article.problem == "front matter not read: it is not closed"
    assert article.text == "title: A\nThe text."


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("---\n\nHello there, all of you.\n\n---\nMore.", "Hello there, all of you.\n\nMore."),
        ("---\nHello there.\n\nMore.", "Hello there.\n\nMore."),
        ("----\ntitle: x.\n\nMore.", "title: x.\n\nMore."),
    ],
)
def test_rules_are_no_front_matter(content: str, text: str) -> None:
    article = read(content)
    assert article.text == text and article.problem is None and article.title is None


def test_front_matter_that_is_empty() -> None:
    article = read("---\n---\nDecember 1st 2024.\nText.")
    assert article.text == "December 1st 2024.\nText." and article.published is None


def test_nothing_is_built_from_yaml() -> None:
    article = read("---\ntitle: !!python/object/apply:os.getcwd []\n---\nText.")
    assert article.text == "Text." and article.title is None
    start = time.process_time()
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 30))
    merged = "".join(
        f"m{n}: &m{n}\n  <<: [{', '.join([f'*m{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    for bomb in ("l0: &l0 [x]\n" + levels + "author: *l29\n", "m0: &m0 {a: b}\n" + merged):
        assert read(f"---\n{bomb}---\nText.").text == "Text."
    assert time.process_time() - start < 5


# Title and date


@pytest.mark.parametrize(
    ("content", "title", "date", "basis", "text"),
    [
        ("# A\n\nThe text.", "A", None, "metadata", "The text."),
        ("A\n===\n\nThe text.", "A", None, "metadata", "The text."),
        ("A headline\n\nThe text.", "A headline", None, "metadata", "The text."),
        ("# A\n\nDecember 1st 2024.\n\nThe text.", "A", "2024-12-01", "stated", "The text."),
        ("date 2024-12-01\n# A\n\nThe text.", "A", "2024-12-01", "metadata", "The text."),
        ("# A\n\nSub headline\n\nThe text.", "A", None, "metadata", "Sub headline\n\nThe text."),
        ("---\ntitle: A\n---\n# A\n\nThe text.", "A", None, "metadata", "The text."),
        ("---\ntitle: A\n---\n# B\n\nThe text.", "A", None, "metadata", "B\n\nThe text."),
        ("---\nlang: en\n---\n# B\n\nThe text.", "B", None, "metadata", "The text."),
        ("---\nlang: en\n---\nB\n\nThe text.", None, None, "metadata", "B\n\nThe text."),
    ],
)
def test_titles_and_dates(content: str, title: str, date: str, basis: str, text: str) -> None:
    article = read(content)
    assert (article.title, article.published, article.text) == (title, date, text)
    assert not date or article.published_basis == basis
    assert article.date_note == ("the line at its top" if date else None)


def test_a_date_that_does_not_exist() -> None:
    article = read("date 2024-02-30\n\nThe text.")
    assert article.problem and "no such day" in article.problem and article.published is None


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it is empty"),
        (b"# Only a title", "the article has no text"),
        (b"---\ntitle: A\n---\n![x](y)\n", "the article has no text"),
        (b"a\x00b", "it is not a text file"),
        (b"caf\xe9", "it is not UTF-8 text (byte 3)"),
    ],
)
def test_files_that_are_no_article(raw: bytes, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        read(raw)
    assert reason in str(caught.value)


# Hostile input


@pytest.mark.parametrize(
    "pattern",
    ["*", "**", "_", "*a ", "**a ", "_a ", "`", "`` ", "[", "](", "[a](", "[a](b ", '[a](b "',
     "![", "![a](", "[a][", "<", "<a ", "<!--", "<script>", "&", "&#", "\\", "> ", ">", "- ", "# ",
     "#", "|", "|-", "-", "= ", "\n", " ", "\t\n", "~~~\n", "```\n`\n", "[a]: /b\n", "[^a]", "1. ",
     "(a)", "[x](u(b)", "[x](u](", "***a", "~~a", "<b>", "a*b_c`", "[a](b(c)](", "![a](b](",
     "---\n", "a: b\n", "<a b='", "[^a]: ", "\\`", "`a`b``c``"],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "[a](b", "---\n", "```\n"])
def test_long_files_take_linear_time(pattern: str, before: str) -> None:
    content = before + pattern * (200_000 // len(pattern)) + "\nx"
    start = time.process_time()
    with contextlib.suppress(InputError):
        read(content)
    assert time.process_time() - start < 8


def test_many_runs_of_backticks_take_linear_time() -> None:
    start = time.process_time()
    prose(" ".join("`" * n for n in range(1, 1400)))
    prose(" ".join("`" * (n % 2 + 1) + "x" for n in range(100_000)))
    assert time.process_time() - start < 5


def test_damaged_files_are_told() -> None:
    good = (
        "---\ntitle: A \u0416\ndate: 2024-12-01\nauthor: [a, b]\n---\n# A\n\n**b** [l](u) `c`\n\n"
        "> q\n\n```\nx\n```\n| a | b |\n|--|--|\n| c | d |\n<!-- x --> &amp; ![i](j) [r]\n\n"
        "[r]: /x\n"
    ).encode()
    for seed in range(500):
        rng = random.Random(seed)
        raw = bytearray(good)
        for _ in range(rng.randint(1, 6)):
            at = rng.randrange(len(raw))
            match rng.randrange(3):
                case 0:
                    raw[at] = rng.randrange(256)
                case 1:
                    del raw[at : at + rng.randint(1, 20)]
                case _:
                    raw[at:at] = raw[at : at + rng.randint(1, 60)]
            raw = raw or bytearray(b"x")
        try:
            article = read(bytes(raw))
        except InputError as error:
            assert "\n" not in str(error)
        else:
            assert "\x01" not in article.text and "\x02" not in article.text
            assert "\n" not in (article.problem or "")
