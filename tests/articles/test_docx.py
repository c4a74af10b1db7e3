"""Word documents: the body in its order, nothing that is not printed, and no bomb."""

import io
import random
import socket
import sys
import time
import zipfile

import docx
import pytest

from rag.articles import docx as reader
from rag.articles.docx import read_docx
from rag.articles.raw import Given, RawArticle
from rag.errors import InputError
from tests.articles.malformed import docx_file, paragraph, zip_file

STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{id_}"><w:name w:val="{name}"/></w:style>'
    for id_, name in (("Titel", "Title"), ("b1", "heading 1"), ("b3", "heading 3"), ("N", "Normal"))
)
FOUR = "".join(paragraph(f"Line {n}.") for n in range(1, 5))


def read(raw: bytes) -> RawArticle:
    (article,) = read_docx(raw, Given())
    assert isinstance(article, RawArticle)
    return article


def lines(body: str) -> list[str]:
    return read(docx_file(body)).text.split("\n")


def refused(raw: bytes) -> str:
    with pytest.raises(InputError) as caught:
        list(read_docx(raw, Given()))
    return str(caught.value)


def run(text: str, more: str = "") -> str:
    return f"<w:r>{more}<w:t>{text}</w:t></w:r>"


def p(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def test_a_document_as_the_library_writes_it() -> None:
    document = docx.Document()
    document.add_heading("Rebels take Aleppo", 0)
    document.add_paragraph("The first paragraph.").add_run(" It goes on.").bold = True
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("Town", "Dead", "Aleppo", "12"), strict=True):
        cell.text = text
    document.add_paragraph("The last paragraph.")
    document.core_properties.author = "Ann Lee"
    out = io.BytesIO()
    document.save(out)
    article = read(out.getvalue())
    assert article.text.split("\n") == [
        "The first paragraph. It goes on.", "Town | Dead", "Aleppo | 12", "The last paragraph.",
    ]  # fmt: skip
    assert (article.title, article.author) == ("Rebels take Aleppo", "Ann Lee")
    assert (article.published, article.updated, article.part) == (None, None, None)


def test_what_only_the_library_wrote_is_no_title() -> None:
    document = docx.Document()
    document.add_paragraph("Text.")
    out = io.BytesIO()
    document.save(out)
    assert (read(out.getvalue()).title, read(out.getvalue()).author) == (None, None)
    parts = zipfile.ZipFile(io.BytesIO(docx_file(FOUR)))
    kept = {n: parts.read(n) for n in parts.namelist() if n != "docProps/core.xml"}
    kept["_rels/.rels"] = kept["_rels/.rels"].replace(b"core.xml", b"none.xml")
    kept["_rels/.rels"] = b"".join(
        piece for piece in kept["_rels/.rels"].replace(b"<R", b"\0<R").split(b"\0")
        if b"none.xml" not in piece
    ) + b"</Relationships>"  # fmt: skip
    assert (read(zip_file(kept)).title, read(zip_file(kept)).author) == (None, None)


def test_properties_of_the_document() -> None:
    core = "<dc:title> The title </dc:title><dc:creator>Ann Lee</dc:creator>"
    article = read(docx_file(FOUR, core))
    assert (article.title, article.author) == ("The title", "Ann Lee")
    assert article.text == "Line 1.\nLine 2.\nLine 3.\nLine 4."
    core = "<dc:title> </dc:title><dc:creator> </dc:creator>"
    assert (read(docx_file(FOUR, core)).title, read(docx_file(FOUR, core)).author) == (None, None)


@pytest.mark.parametrize("style", ["Titel", "b1", "b3"])
def test_a_heading_is_the_title_and_leaves_the_text(style: str) -> None:
    core = "<dc:title>Another</dc:title>"
    for before in ("", paragraph("KICKER"), paragraph(" ") * 9):
        raw = docx_file(before + paragraph("The news", style) + FOUR, core, STYLES)
        assert read(raw).title == "The news"
        assert "The news" not in read(raw).text and "Line 1." in read(raw).text
    assert read(docx_file(paragraph("The news", style), core, STYLES)).text == "The news"
    two = docx_file(paragraph("The news", style) + paragraph("One."), core, STYLES)
    assert read(two).text == "One."


def test_a_crosshead_is_no_title() -> None:
    five = FOUR + paragraph("Line 5.")
    article = read(docx_file(five + paragraph("What is known", "b1"), "", STYLES))
    assert article.title is None and article.text.endswith("What is known")
    assert read(docx_file(FOUR + paragraph("Head", "b1") + FOUR, "", STYLES)).title == "Head"
    assert read(docx_file(paragraph("Plain", "N") + FOUR, "", STYLES)).title is None


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ((run("One"), run("two")), "Onetwo"),
        ((run("One "), "<w:r><w:tab/></w:r>", run("two")), "One two"),
        ((run("One"), "<w:r><w:br/></w:r>", run("two")), "One two"),
        ((run("up"), "<w:r><w:noBreakHyphen/></w:r>", run("date")), "up-date"),
        ((run("One"), f'<w:hyperlink r:id="x">{run(" link")}</w:hyperlink>'), "One link"),
        ((run("One"), f"<w:ins>{run(' new')}</w:ins>"), "One new"),
        ((run("One"), "<w:del><w:r><w:delText> old</w:delText></w:r></w:del>"), "One"),
        ((run("One"), f"<w:del>{run(' old')}</w:del>"), "One"),
        ((run("One"), f"<w:moveFrom>{run(' moved')}</w:moveFrom>"), "One"),
        ((run("One"), run(" secret", "<w:rPr><w:vanish/></w:rPr>")), "One"),
        ((run("One"), run(" secret", '<w:rPr><w:vanish w:val="1"/></w:rPr>')), "One"),
        ((run("One"), run(" seen", '<w:rPr><w:vanish w:val="0"/></w:rPr>')), "One seen"),
        ((run("One"), "<!-- remark --><?pi x?>", run(" two")), "One two"),
        ((run("One"), f"<w:sdt><w:sdtContent>{run(' held')}</w:sdtContent></w:sdt>"), "One held"),
        ((run("One"), "<w:r><w:instrText>HYPERLINK</w:instrText></w:r>"), "One"),
    ],
)
def test_a_paragraph_reads_as_it_is_printed(runs: tuple[str, ...], text: str) -> None:
    assert lines(p(*runs)) == [text]


def test_text_boxes_come_once() -> None:
    box = f"<w:txbxContent>{paragraph('In a box.')}</w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    assert lines(p(run("Before."), f"<w:r>{both}</mc:AlternateContent></w:r>")) == [
        "Before.", "In a box.",
    ]  # fmt: skip


@pytest.mark.parametrize("tag", ["w:del", "w:moveFrom", "mc:Fallback"])
def test_whole_paragraphs_that_are_not_printed(tag: str) -> None:
    gone = f"<{tag}>{paragraph('Gone.')}<w:tbl><w:tr>{cell('Gone.')}</w:tr></w:tbl></{tag}>"
    row = f"<{tag}><w:tr>{cell('Gone.')}</w:tr></{tag}><w:tr>{cell('Stays.')}</w:tr>"
    assert lines(f"{gone}<!-- x --><w:tbl><!-- x -->{row}</w:tbl>") == ["Stays."]


def test_content_controls_are_read() -> None:
    inner = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    assert lines(inner.format(inner.format(paragraph("Held.")))) == ["Held."]


def cell(*texts: str, more: str = "") -> str:
    return f"<w:tc>{more}{''.join(map(paragraph, texts))}</w:tc>"


def test_tables() -> None:
    nested = f"<w:tbl><w:tr>{cell('A')}{cell('B')}</w:tr></w:tbl>"
    table = (
        f"<w:tr>{cell('One')}{cell()}{cell('Two')}</w:tr>"
        f"<w:tr>{cell('One.', ' ', 'More.')}{cell('Two.')}</w:tr>"
        f"<w:sdt><w:sdtContent><w:tr>{cell('Held')}</w:tr></w:sdtContent></w:sdt>"
        f"<w:tr>{cell(more=nested)}<w:sdt><w:sdtContent>{cell('C')}</w:sdtContent></w:sdt></w:tr>"
    )
    assert lines(f"{paragraph('Before.')}<w:tbl>{table}</w:tbl>{paragraph('After.')}") == [
        "Before.", "One | Two", "One.", "More.", "Two.", "Held", "A | B | C", "After.",
    ]  # fmt: skip


def test_nothing_is_loaded_from_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a document reached for the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    kinds = ("image", "attachedTemplate", "hyperlink", "oleObject", "frame")
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="x{n}" Type="{base}/{kind}" TargetMode="External" Target="{target}"/>'
        for n, (kind, target) in enumerate(
            (k, t) for k in kinds for t in ("http://a.example/x", "file:///etc/passwd")
        )
    )
    assert read(docx_file(FOUR, links=links)).text.startswith("Line 1.")


def replaced(name: str, old: bytes, new: bytes) -> bytes:
    package = zipfile.ZipFile(io.BytesIO(docx_file(FOUR)))
    parts = {n: package.read(n) for n in package.namelist()}
    assert old in parts[name]
    return zip_file({**parts, name: parts[name].replace(old, new)})


def without(name: str) -> bytes:
    package = zipfile.ZipFile(io.BytesIO(docx_file(FOUR)))
    return zip_file({n: package.read(n) for n in package.namelist() if n != name})


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "lol">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(20)
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 999
DAMAGED = "it is damaged and cannot be read as a Word document"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it is empty"),
        (b"\n", "it is empty"),
        (b"just text", "it is not a Word document (no ZIP package)"),
        (docx_file(FOUR)[:-40], "it is not a Word document (no ZIP package)"),
        (OLE, "it is encrypted, or a .doc file of an older Word"),
        (zip_file({"a.txt": b"x"}), DAMAGED),
        (without("word/document.xml"), DAMAGED),
        (without("[Content_Types].xml"), DAMAGED),
        (replaced("word/document.xml", b"</w:body>", b""), DAMAGED),
        (replaced("word/document.xml", b"<w:body>", b"<w:body><a " + b"<a>" * 100_000), DAMAGED),
        (replaced("word/document.xml", b"<w:body>", b"<w:body>" + b"<w:sdt>" * 300), DAMAGED),
        (docx_file(""), "it holds no text"),
        (docx_file(paragraph(" \u200b") * 3), "it holds no text"),
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused(raw: bytes, reason: str) -> None:
    assert refused(raw) == reason


def test_entities_are_not_expanded() -> None:
    laughs = LAUGHS + b"]><w:document"
    raw = replaced("word/document.xml", b"<w:document", laughs)
    raw = zip_file(
        {
            n: zipfile.ZipFile(io.BytesIO(raw)).read(n).replace(b"Line 1.", b"&u;")
            for n in zipfile.ZipFile(io.BytesIO(raw)).namelist()
        }
    )
    started = time.process_time()
    try:
        assert "lol" not in read(raw).text
    except InputError as error:
        assert str(error) == DAMAGED
    assert time.process_time() - started < 2


def test_a_cell_that_claims_to_span_a_billion_columns_is_one() -> None:
    span = '<w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>'
    assert lines(f"<w:tbl><w:tr>{cell('Wide', more=span)}</w:tr></w:tbl>") == ["Wide"]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"word/document.xml": b" " * 20_000_001}, "(20,000,001 bytes in 1 parts)"),
        ({"word/document.XML": b" " * 20_000_001}, "(20,000,001 bytes in 1 parts)"),
        ({"a.rels": b" " * 20_000_001}, "too large when unpacked (20,000,001 bytes in 1 parts)"),
        ({"a.png": b"\0" * 100_000_001}, "too large when unpacked (100,000,001 bytes in 1 parts)"),
        ({"a.png": b"\0" * 1_000_001}, "too large when unpacked (1,000,001 bytes out of "),
        ({f"{n}.png": b"" for n in range(10_001)}, "(0 bytes in 10,001 parts)"),
        ({"a.png": b"\0" * 1_000_000}, DAMAGED),  # small enough to be opened
        ({f"{n}.png": b"" for n in range(10_000)}, DAMAGED),
    ],
)
def test_bombs_are_refused_before_they_are_unpacked(
    parts: dict[str, bytes], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert words in refused(zip_file(parts))


def test_the_limits_let_a_document_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    text = random.Random(1).randbytes(700_000).hex()
    assert read(docx_file(paragraph(text))).text == text
    raw = docx_file(paragraph(text))
    size = sum(i.file_size for i in zipfile.ZipFile(io.BytesIO(raw)).infolist())
    for limit in ("_LARGEST", "_LARGEST_XML"):
        monkeypatch.setattr(reader, limit, size)
        assert read(raw)
        monkeypatch.setattr(reader, limit, size - 1)
        assert "too large" in refused(raw)
        monkeypatch.undo()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    assert 'pip install "rag[documents]"' in refused(docx_file(FOUR))


def test_any_bytes_give_an_article_or_one_reason() -> None:
    whole = docx_file(paragraph("Head", "b1") + FOUR, "<dc:title>T</dc:title>", STYLES)
    package = zipfile.ZipFile(io.BytesIO(whole))
    for seed in range(300):
        chance = random.Random(seed)
        parts = {name: bytearray(package.read(name)) for name in package.namelist()}
        part = whole if seed % 3 else chance.choice(list(parts.values()))
        raw = bytearray(part) if seed % 3 else part
        assert isinstance(raw, bytearray)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(raw))
            raw[at : at + chance.randrange(9)] = chance.randbytes(chance.randrange(9))
        made = bytes(raw) if seed % 3 else zip_file({k: bytes(v) for k, v in parts.items()})
        try:
            read(made)
        except InputError as error:
            assert "\n" not in str(error)
