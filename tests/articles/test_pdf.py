"""PDF files: paragraphs are joined, edges dropped, metadata weighed, and bombs are bounded."""

import io
import logging
import random
import sys
import time
from collections.abc import Sequence

import pypdf
import pytest

from rag.articles import pdf
from rag.articles.pdf import read_pdf
from rag.articles.raw import Given, RawArticle
from rag.errors import InputError
from tests.articles.malformed import pdf_file, pdf_of, pdf_stream

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
SHOWN = b"BT /F1 11 Tf 72 700 Td (Hello there.) Tj ET "
LONG = [
    "Rebel forces entered the city of Aleppo on Friday, residents said, in",
    "the largest offensive for years. The army said that it had sent more",
    "troops to the front.",
    "A second paragraph tells of the airport, which was closed on Saturday",
    "morning.",
]
JOINED = [
    "Rebel forces entered the city of Aleppo on Friday, residents said, in the largest offensive "
    "for years. The army said that it had sent more troops to the front.",
    "A second paragraph tells of the airport, which was closed on Saturday morning.",
]


def read(raw: bytes) -> RawArticle:
    (article,) = read_pdf(raw, Given())
    assert isinstance(article, RawArticle)
    return article


def lines(*pages: Sequence[str], **info: str) -> list[str]:
    return read(pdf_file(pages, **info)).text.split("\n")


def refused(raw: bytes) -> str:
    with pytest.raises(InputError) as caught:
        list(read_pdf(raw, Given()))
    return str(caught.value)


def drawn(
    content: bytes,
    *more: bytes,
    pages: int = 1,
    uses: bytes = b"/Font << /F1 5 0 R >>",
    kid: bytes = b"3 0 R",
) -> bytes:
    """A PDF whose pages are all the same: object 4 is their content, 5 a font."""
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join([kid] * pages), pages),
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
            b"/Resources << %s >> >>" % uses,
            content,
            FONT,
            *more,
        ]
    )


def test_lines_are_joined_to_paragraphs() -> None:
    assert lines(LONG) == JOINED


def test_a_paragraph_goes_on_over_the_page() -> None:
    assert lines(LONG[:1], LONG[1:]) == JOINED


def test_headings_and_lists_stay_lines() -> None:
    page = ["The siege", *LONG[:3], "What is known", *LONG[3:], "\u2022 first of all", "- second"]
    head, *rest = lines(page, Title="Another title")
    assert head == "The siege"
    assert rest == [JOINED[0], "What is known", JOINED[1], "\u2022 first of all", "- second"]


def test_a_heading_behind_a_full_line_is_one() -> None:
    full = LONG[1].replace("more", "men.")
    assert lines([LONG[0], full, "What is known", *LONG[3:]]) == [
        f"{LONG[0]} {full}", "What is known", JOINED[1],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("that the govern-", "ment had resigned", "that the government had resigned"),
        ("a well-", "known man", "a well-known man"),  # it is written so elsewhere
        ("the Franco-", "German front", "the Franco-German front"),
        ("in the years 2020-", "2024 it grew", "in the years 2020-2024 it grew"),
        ("he waited -", "for what", "he waited - for what"),
        ("a bro\u00adken word at the end, bro\u00ad", "ken", "broken"),
    ],
)
def test_broken_words_are_made_whole(first: str, second: str, whole: str) -> None:
    fill = "The minister told the press yesterday morning that all of it is,"
    page = [f"{fill} {first}", f"{second} and more than that, as the well-known paper wrote."]
    assert whole in lines(page)[0]


FULL = "The army had sent more troops to the front, the spokesman told press."  # 70 characters


@pytest.mark.parametrize(
    ("page", "paragraphs"),
    [
        # The end of a line may be the end of a sentence, but not of its paragraph.
        ([FULL, FULL, "End."], [f"{FULL} {FULL} End."]),
        ([FULL, FULL[:50] + ".", "Next it went on."], [f"{FULL} {FULL[:50]}.", "Next it went on."]),
        # A line that is not short is no heading, nor is one that ends with a comma.
        ([FULL, FULL[:49], "Aleppo fell."], [f"{FULL} {FULL[:49]} Aleppo fell."]),
        (
            [FULL, "He met Ann Lee,", "Bob Roe and others."],
            [f"{FULL} He met Ann Lee, Bob Roe and others."],
        ),
        (
            ["It had bought,", "\u2022 ships and,", "* planes."],
            ["It had bought,", "\u2022 ships and,", "* planes."],
        ),
        (
            ["It had gained -5 points,", "-7 of them late."],
            ["It had gained -5 points, -7 of them late."],
        ),
    ],
)
def test_where_a_paragraph_ends(page: list[str], paragraphs: list[str]) -> None:
    assert pdf._paragraphs(page) == paragraphs


@pytest.mark.parametrize(
    ("line", "following", "words", "joined"),
    [
        ("a-", "bc", set(), ("a", "")),
        ("-", "bc", set(), ("-", " ")),
        ("so --", "bc", set(), ("so --", " ")),
        ("A Well-", "known", {"well-known"}, ("A Well-", "")),
        ("A Well-", "kept", {"well-known"}, ("A Well", "")),
        ("the Franco-", "German", set(), ("the Franco-", "")),
        ("bro\u00ad", "Ken", set(), ("bro", "")),
    ],
)
def test_an_open_end(line: str, following: str, words: set[str], joined: tuple[str, str]) -> None:
    assert pdf._open_end(line, following, words) == joined


def test_a_word_keeps_its_hyphen_however_it_is_written_elsewhere() -> None:
    page = ["The minister told the press of it at length, as a well-", "known man. Well-Known!"]
    assert pdf._paragraphs(page) == [page[0] + page[1]]


@pytest.mark.parametrize(("length", "kept"), [(200, 0), (201, 4)])
def test_a_line_that_is_long_is_no_header(length: int, kept: int) -> None:
    top = "x" * length
    text = pdf._without_edges([[top, f"{n} goes on here.", "and on"] for n in "ABCD"])
    assert text.count(top) == kept


def test_a_header_may_be_written_in_two_ways() -> None:
    pages = [[top, top.lower() + " is read."] for top in ("GAZETTE", "Gazette")]
    assert pdf._without_edges(pages) == []  # short pages are all edge
    pages = [[top, f"{word} is read."] for top, word in (("GAZETTE", "One"), ("Gazette", "Two"))]
    assert pdf._without_edges(pages) == ["One is read.", "Two is read."]


def test_three_lines_at_an_edge_and_no_more() -> None:
    pages = [["A", "B", "C", "D", f"{n} is read.", "W", "X", "Y", "Z"] for n in ("One", "Two")]
    assert pdf._without_edges(pages) == ["D", "One is read.", "W", "D", "Two is read.", "W"]


@pytest.mark.parametrize(
    ("tops", "bottoms"),
    [
        (["The Daily Gazette"] * 4, ["Page 1 of 4", "Page 2 of 4", "Page 3 of 4", "Page 4 of 4"]),
        (["The Daily Gazette"] * 4, ["7", "8", "9", "10"]),
        (["- 1 -", "- 2 -", "- 3 -", "- 4 -"], ["https://a.example/?id=77"] * 4),
        (["Gazette", "World"] * 2, ["2024 12", "2024 13", "2024 14", "2024 15"]),
    ],
)
def test_what_stands_at_the_edge_of_the_pages_is_dropped(
    tops: list[str], bottoms: list[str]
) -> None:
    bodies = [[f"{word} {line}" for line in LONG[:3]] for word in ("One", "Two", "Six", "Ten")]
    pages = [[top, *body, bottom] for top, body, bottom in zip(tops, bodies, bottoms, strict=True)]
    text = " ".join(lines(*pages))
    assert text == " ".join(line for body in bodies for line in body)


def test_two_lines_of_a_header_and_what_stands_once_only() -> None:
    pages = [
        ["Gazette", "World news", *LONG, f"{n} people were hurt."] for n in ("Five", "Six", "No")
    ]
    text = "\n".join(lines(*pages))
    assert "Gazette" not in text and "World news" not in text
    assert all(f"{n} people were hurt." in text for n in ("Five", "Six", "No"))


@pytest.mark.parametrize(
    "edges",
    [
        ["12 people died.", "15 people died.", "22 people died."],  # no page numbers
        ["One", "Two", "Three"],
    ],
)
def test_text_at_the_edge_stays(edges: list[str]) -> None:
    text = "\n".join(lines(*[[f"{edge} {LONG[0]}", *LONG[1:], edge] for edge in edges]))
    assert all(text.count(edge) == 2 for edge in edges)


def test_a_line_in_the_middle_of_each_page_stays() -> None:
    pages = [[*(f"{n} {line}" for line in LONG), "Same.", *(f"{line[:-1]} {n}." for line in LONG)]
             for n in "ABC"]  # fmt: skip
    assert "\n".join(lines(*pages)).count("Same.") == 3


def test_a_page_that_is_there_twice_is_read_once() -> None:
    assert lines(LONG, LONG) == JOINED


def test_one_page_has_no_edges() -> None:
    assert lines(["Gazette", *LONG])[0] == JOINED[0]  # the first line is the title
    assert read(pdf_file([["Gazette", *LONG]])).title == "Gazette"


@pytest.mark.parametrize(
    "title",
    [
        "Rebels take Aleppo",
        "Aleppo",
        "COVID 19: what is known",
        "How U.S. aid ends",
        "2024 in review",
    ],
)
def test_a_title_of_the_metadata(title: str) -> None:
    article = read(pdf_file([LONG], Title=title, Author="Ann Lee"))
    assert (article.title, article.author) == (title, "Ann Lee")
    assert article.text == "\n".join(JOINED)


@pytest.mark.parametrize(
    "title",
    [
        "", "   ", "abc", "Microsoft Word - article.doc", "microsoft word - draft 3", "Untitled",
        "untitled document", "Document1", "Document 12", "article_final.docx", "front page.indd",
        "a1_print.PDF", "NYT-2024-12-01", "A01_front", "https://a.example/x y", "about:blank",
        "print", "Page.html", "x" * 201,
    ],
)  # fmt: skip
def test_a_title_that_is_none(title: str) -> None:
    assert read(pdf_file([LONG], Title=title)).title is None
    assert (
        read(pdf_file([["Rebels take Aleppo", *LONG]], Title=title)).title == "Rebels take Aleppo"
    )


@pytest.mark.parametrize(
    "author",
    ["", "user", "Administrator", "ADMIN", "Microsoft Office User", "a.lee@a.example", "root"],
)
def test_an_author_that_is_none(author: str) -> None:
    assert read(pdf_file([LONG], Author=author)).author is None


def test_a_title_is_not_in_the_text_again() -> None:
    page = ["Rebels take ALEPPO", *LONG]
    assert lines(page, Title="Rebels take Aleppo") == JOINED
    assert lines(["Rebels took it", *LONG], Title="Rebels take Aleppo")[0] == "Rebels took it"
    assert read(pdf_file([["Rebels take Aleppo."]])).title is None
    assert read(pdf_file([["Only a title"]])).text == "Only a title"


def test_a_first_line_is_a_title_up_to_a_length() -> None:
    assert pdf._take_title("", ["x" * 200, "Text."]) == ("x" * 200, ["Text."])
    assert pdf._take_title("", ["x" * 201, "Text."]) == (None, ["x" * 201, "Text."])


@pytest.mark.parametrize("info", [b"[1 2]", b"99 0 R", b"(x)", b"<< /Title [1] /Author 7 >>"])
def test_metadata_that_is_damaged(info: bytes) -> None:
    article = read(pdf_file([LONG]).replace(b"/Info 4 0 R", b"/Info " + info))
    assert (article.title, article.author) == (None, None)


def test_the_dates_of_the_file_are_not_used() -> None:
    article = read(pdf_file([LONG], CreationDate="D:20241201100000Z", ModDate="D:20241202100000Z"))
    assert (article.published, article.updated, article.part) == (None, None, None)


def test_ligatures_are_letters() -> None:
    named = FONT[:-2] + b"/Encoding << /Type /Encoding /Differences [1 /fi /ff] >> >>"
    raw = drawn(pdf_stream(SHOWN.replace(b"Hello there", b"A \1re, sta\2")), named,
                uses=b"/Font << /F1 6 0 R >>")  # fmt: skip
    assert read(raw).text == "A fire, staff."


def test_text_in_forms_is_read() -> None:
    form = b"/Type /XObject /Subtype /Form /Resources << /Font << /F1 5 0 R >> >>"
    uses = b"/Font << /F1 5 0 R >> /XObject << /X0 6 0 R >>"
    assert read(drawn(pdf_stream(b"/X0 Do"), pdf_stream(SHOWN, form), uses=uses)).text == (
        "Hello there."
    )


def encrypted(user: str) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf_file([LONG])))
    writer.encrypt(user, "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_an_empty_password_is_tried() -> None:
    assert read(encrypted("")).text == "\n".join(JOINED)
    assert refused(encrypted("secret")) == "it is encrypted"


def test_a_cipher_that_needs_another_package_is_told() -> None:
    keys = b"/O (%s) /U (%s) /OE (%s) /UE (%s) /Perms (%s) /P -4 /Length 256" % (
        b"x" * 48, b"y" * 48, b"z" * 32, b"z" * 32, b"z" * 16,
    )  # fmt: skip
    cipher = b"/CF << /StdCF << /CFM /AESV3 /Length 32 >> >> /StmF /StdCF /StrF /StdCF"
    protected = b"/Encrypt << /Filter /Standard /V 5 /R 6 %s %s >>" % (keys, cipher)
    raw = pdf_file([LONG]).replace(b"/Info 4 0 R", protected + b" /ID [<00> <00>]")
    assert refused(raw) == "it is encrypted"


def test_a_scan_is_told() -> None:
    picture = pdf_stream(b"\0" * 99, b"/Type /XObject /Subtype /Image /Width 3 /Height 11")
    raw = drawn(pdf_stream(b"/X0 Do"), picture, uses=b"/XObject << /X0 6 0 R >>")
    assert refused(raw) == "it holds no text, only pictures; OCR is not done here"
    assert refused(drawn(pdf_stream(b"0 0 m"))) == "it holds no text"
    large = picture.replace(b"/Length ", b"/Length 99999")
    raw = drawn(pdf_stream(b"/X0 Do"), large, uses=b"/XObject << /X0 6 0 R >>")
    assert refused(raw) == "it holds no text, only pictures; OCR is not done here"


def test_a_damaged_page_is_told_and_the_rest_is_read() -> None:
    raw = pdf_file([[f"{n} {line}" for line in LONG] for n in ("One", "Two", "Six")])
    bad = raw.replace(
        b"/Resources << /Font << /F1 3 0 R >> >>", b"/Resources [1234567890123456789012]", 1
    )
    article = read(bad)
    assert article.problem == "1 of its 3 pages cannot be read (1)"
    assert article.text.startswith("Two Rebel forces")
    raw = raw.replace(
        b"/Resources << /Font << /F1 3 0 R >> >>", b"/Resources [1234567890123456789012]"
    )
    assert refused(raw) == "none of its pages can be read"


def test_many_damaged_pages_are_told_in_short() -> None:
    assert pdf._lost([], 9) is None
    assert pdf._lost([1, 2, 3, 4, 5], 9) == "5 of its 9 pages cannot be read (1, 2, 3, 4, 5)"
    assert (
        pdf._lost([1, 2, 3, 4, 5, 7], 9) == "6 of its 9 pages cannot be read (1, 2, 3, 4, 5, ...)"
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"just text", "it is not a PDF file"),
        (b"x" * 2000 + b"%PDF-1.7", "it is not a PDF file"),
        (b"%PDF-1.7\n", "it is damaged and cannot be read as a PDF"),
        (pdf_file([LONG])[:200], "it is damaged and cannot be read as a PDF"),
        (pdf_file([]), "it holds no text"),
    ],
)
def test_what_is_no_article_is_refused(raw: bytes, reason: str) -> None:
    assert refused(raw) == reason


def test_what_the_library_mends_is_not_told_to_the_terminal(
    capfd: pytest.CaptureFixture[str],
) -> None:
    log = logging.getLogger("pypdf")
    handlers, propagate = log.handlers, log.propagate
    log.handlers, log.propagate = [], False
    try:
        assert read(pdf_file([LONG]).replace(b"startxref\n", b"startxref\n1")).text
        assert capfd.readouterr() == ("", "")
    finally:
        log.handlers, log.propagate = handlers, propagate


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    assert 'pip install "rag[documents]"' in refused(pdf_file([LONG]))


def form(number: int, content: bytes) -> bytes:
    """A form that draws the form with this number."""
    uses = b"/Resources << /Font << /F1 5 0 R >> /XObject << /X0 %d 0 R >> >>" % number
    return pdf_stream(content, b"/Type /XObject /Subtype /Form " + uses)


TREE = b"<< /Type /Pages /Kids [%s] /Count 99999999 >>"
BOMBS = {
    "unpacked": lambda: drawn(pdf_stream(b"\0" * 100_000_000)),
    "nested arrays": lambda: drawn(pdf_stream(SHOWN + b"[" * 2_000_000), pages=20),
    "nested arrays outside": lambda: drawn(b"[" * 2_000_000),
    "a loop of pages": lambda: pdf_of(
        [b"<< /Type /Catalog /Pages 2 0 R >>", TREE % b"2 0 R 2 0 R"]
    ),
    "a tree of pages": lambda: pdf_of(
        [b"<< /Type /Catalog /Pages 2 0 R >>"]
        + [TREE % b" ".join([b"%d 0 R" % (n + 3)] * 10) for n in range(90)]
        + [b"<< /Type /Page >>"]
    ),
    "many pages": lambda: drawn(pdf_stream(SHOWN), pages=2_001),
    "many steps": lambda: drawn(pdf_stream(SHOWN + b"q Q " * 400_000), pages=50),
    "many fonts": lambda: drawn(
        pdf_stream(SHOWN),
        uses=b"/Font << %s >>" % b" ".join(b"/F%d 5 0 R" % n for n in range(61)),
    ),
    "many filters": lambda: drawn(
        b"<< /Length 4 /Filter [%s] >>\nstream\nxxxx\nendstream" % (b"/ASCIIHexDecode " * 1000)
    ),
    "a long stream": lambda: drawn(
        b"<< /Length 6000000 /Filter /ASCII85Decode >>\nstream\n%s\nendstream" % (b"z" * 6_000_000)
    ),
    "forms in forms": lambda: drawn(
        pdf_stream(SHOWN + b"/X0 Do " * 9),
        *(form(7 + n, SHOWN + b"/X0 Do " * 9) for n in range(12)),
        pages=2_000,
        uses=b"/Font << /F1 5 0 R >> /XObject << /X0 6 0 R >>",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_in_bounded_time(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_LONGEST", 2.0)
    raw = BOMBS[name]()
    started = time.process_time()
    reason = refused(raw)
    assert time.process_time() - started < 15
    assert "\n" not in reason and len(reason) < 120


@pytest.mark.parametrize(
    ("limit", "value", "reason"),
    [
        ("_LARGEST", 500, "of a PDF at most 500 are read"),
        ("_MOST_PAGES", 1, "it has 2 pages; at most 1 are read"),
        ("_LONGEST_TEXT", 300, "it holds more than 300 characters of text"),
        ("_MOST_OPERATIONS", 20, "it is too complex: it draws more than a text of this size needs"),
        ("_LONGEST", -1.0, "it is too complex: it draws more than a text of this size needs"),
        ("_MOST_FONTS", 0, "a page of it uses more than 0 fonts"),
    ],
)
def test_each_limit_holds(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: float, reason: str
) -> None:
    raw = pdf_file([LONG, [f"Two {line}" for line in LONG]])
    assert read(raw)
    monkeypatch.setattr(pdf, limit, value)
    assert reason in refused(raw)


def test_what_just_fits_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = pdf_file([LONG, [f"Two {line}" for line in LONG]])
    pages = pypdf.PdfReader(io.BytesIO(raw)).pages
    steps: list[object] = []
    text = "".join(p.extract_text(visitor_operand_before=lambda *a: steps.append(a)) for p in pages)
    exact = (("_LARGEST", len(raw)), ("_MOST_PAGES", 2), ("_LONGEST_TEXT", len(text)),
             ("_MOST_OPERATIONS", len(steps)), ("_MOST_FONTS", 1))  # fmt: skip
    for limit, value in exact:
        monkeypatch.setattr(pdf, limit, value)
        assert read(raw)
        monkeypatch.setattr(pdf, limit, value - 1)
        assert refused(raw)
        monkeypatch.undo()


def test_a_large_text_is_joined_in_linear_time() -> None:
    for line in ("a-", "word and- ", "Word", "x" * 70 + ".", "- ", "1 2 3 4 5 6 7"):
        page = [line.strip()] * 100_000
        started = time.process_time()
        pdf._paragraphs(pdf._without_edges([page[:50_000], page[50_000:]]))
        assert time.process_time() - started < 3
    started = time.process_time()
    pdf._paragraphs(["a-" * 500_000, "1" * 500_000, ")" * 500_000])
    assert time.process_time() - started < 3


def test_any_bytes_give_an_article_or_one_reason() -> None:
    whole = pdf_file([LONG, LONG[:2]], Title="A title of it")
    for seed in range(150):
        chance = random.Random(seed)
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(raw))
            raw[at : at + chance.randrange(9)] = chance.randbytes(chance.randrange(9))
        try:
            read(bytes(raw))
        except InputError as error:
            assert "\n" not in str(error)
