"""Makes small files of every format, good ones and surely bad ones, always the same.

`good_files` makes 50 articles, one a file. `malformed_files` makes 500 files of which none holds
an article that could be read: each group says why. What could still be read by a lenient reader
(a page with a tag unclosed, a feed that breaks off behind its first entry) is not among them.
"""

import gzip
import io
import json
import os
import random
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def pdf_file(pages: Sequence[Sequence[str]], **info: str) -> bytes:
    """A PDF with these lines on its pages, and with this metadata (Title="...")."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",  # the page tree, when the pages are known
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< %s >>" % b" ".join(b"/%s (%s)" % (k.encode(), _escaped(v)) for k, v in info.items()),
    ]
    kids = []
    for lines in pages:
        drawn = b" ".join(b"(%s) Tj T*" % _escaped(line) for line in lines)
        stream = b"BT /F1 11 Tf 14 TL 72 760 Td %s ET" % drawn
        number = len(objects) + 1
        kids.append(b"%d 0 R" % number)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (number + 1)
        )
        objects.append(pdf_stream(stream))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return pdf_of(objects, b"/Info 4 0 R")


def pdf_stream(data: bytes, more: bytes = b"") -> bytes:
    """A stream object of a PDF, packed."""
    packed = zlib.compress(data, 9)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (
        len(packed), more, packed,
    )  # fmt: skip


def pdf_of(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, trailer, start,
    )  # fmt: skip
    return bytes(out)


def _escaped(text: str) -> bytes:
    raw = text.encode("cp1252")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def docx_file(body: str, core: str = "", styles: str = "", links: str = "") -> bytes:
    """A Word document with this XML in its body."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_WORD_TYPE}"/>'
        '<Override PartName="/word/styles.xml" ContentType="'
        'application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>'
        '<Override PartName="/docProps/core.xml" ContentType="'
        'application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="a" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="b" Type="{_PACKAGE}/relationships/metadata/core-properties" '
        'Target="docProps/core.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="a" Type="{_OFFICE}/styles" Target="styles.xml"/>{links}'
        "</Relationships>",
        "word/styles.xml": f'<w:styles xmlns:w="{_WORDS}">{styles}</w:styles>',
        "word/document.xml": f'<w:document xmlns:w="{_WORDS}" xmlns:r="{_OFFICE}" xmlns:mc="'
        'http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<w:body>{body}</w:body></w:document>",
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{core}</cp:coreProperties>',
    }
    return zip_file({name: text.encode() for name, text in parts.items()})


def zip_file(parts: dict[str, bytes]) -> bytes:
    """A ZIP package of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, raw in parts.items():
            package.writestr(zipfile.ZipInfo(name), raw, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def paragraph(text: str, style: str = "") -> str:
    """A paragraph of a Word document."""
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{named}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def response(url: str, body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A WARC record of an answer of a web server; it is HTML where no header says otherwise."""
    lines = headers or ("Content-Type: text/html; charset=utf-8",)
    http = "\r\n".join((f"HTTP/1.1 {status}", *lines, "", "")).encode() + body
    return record(http, "WARC-Type: response", f"WARC-Target-URI: {url}",
                  "Content-Type: application/http; msgtype=response")  # fmt: skip


def record(block: bytes, *headers: str) -> bytes:
    """A WARC record with these headers."""
    lines = ("WARC/1.0", *headers, "WARC-Date: 2020-02-20T10:00:00Z",
             f"Content-Length: {len(block)}", "", "")  # fmt: skip
    return "\r\n".join(lines).encode() + block + b"\r\n\r\n"


def packed(*records: bytes) -> bytes:
    """Records as a .warc.gz has them, each packed by itself."""
    return b"".join(gzip.compress(one, mtime=0) for one in records)


PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + random.Random(7).randbytes(3_000)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 3_000
SUFFIXES = (
    ".txt", ".md", ".json", ".jsonl", ".csv", ".tsv", ".html", ".xml", ".rss", ".atom", ".eml",
    ".pdf", ".docx", ".warc", ".warc.gz",
)  # fmt: skip
_PLACES = "Arden Brill Corvo Dunmore Elsing Farrow Galt Holm Irving Jura".split()
_THINGS = "harbour bridge school market railway".split()
_EVENTS = (
    "The {thing} of {place} reopened on Monday after repairs that had taken {n} weeks.",
    "Councillors in {place} voted by {n} to 3 to keep the old {thing} as it is.",
    "A fire at the {thing} in {place} was put out within {n} minutes, the brigade said.",
    "Work on a new {thing} for {place} will cost {n} million crowns, the mayor told reporters.",
    "Visitors to {place} may see the {thing} free of charge for {n} days, the town hall wrote.",
)
_MORE = (
    "Nobody was hurt, and the work goes on in the spring.",
    "Residents had asked for this for years, according to the local paper.",
    "The decision can still be changed by the regional court before the summer.",
    "Several shops nearby stayed open all the same, and buses ran as planned.",
)


@dataclass(frozen=True, slots=True)
class Bad:
    """A file that holds no article, and why it surely does not."""

    name: str
    raw: bytes
    why: str


def sentences(number: int) -> list[str]:
    """The text of a good article; no two are alike."""
    place, thing = _PLACES[number % 10], _THINGS[number // 10]
    first = _EVENTS[number % 5].format(thing=thing, place=place, n=number + 12)
    chance = random.Random(number)
    return [
        first,
        *chance.sample(_MORE, 3),
        f"It is number {number + 1000} on the list of {place}.",
    ]


def good_files(folder: Path) -> list[str]:
    """Writes 50 good files of all formats; their first sentences, which name them apart."""
    folder.mkdir(parents=True, exist_ok=True)
    firsts = []
    for number in range(50):
        suffix = SUFFIXES[number % len(SUFFIXES)]
        told = sentences(number)
        (folder / f"good {number:02}{suffix}").write_bytes(_good(suffix, told, number))
        firsts.append(told[0])
    return firsts


def _good(suffix: str, told: list[str], number: int) -> bytes:
    text, title = " ".join(told), f"News of the day {number}"
    row = {"title": title, "text": text, "date": "2024-12-01"}
    match suffix:
        case ".txt" | ".md":
            return f"date 2024-12-01\n{title}\n\n{text}\n".encode()
        case ".json":
            return json.dumps([row]).encode()
        case ".jsonl":
            return json.dumps(row).encode() + b"\n"
        case ".csv":
            return f'title,text,date\n"{title}","{text}",2024-12-01\n'.encode()
        case ".tsv":
            return f"title\ttext\tdate\n{title}\t{text}\t2024-12-01\n".encode()
        case ".eml":
            return f"From: a@a.example\nSubject: {title}\n\n{text}\n".encode()
        case ".pdf":
            return pdf_file([[title, *told]])
        case ".docx":
            return docx_file("".join(map(paragraph, told)))
        case ".html":
            return page(told, title)
        case ".warc":
            return response(f"http://a.example/{number}", page(told, title))
        case ".warc.gz":
            return packed(response(f"http://a.example/{number}", page(told, title)))
        case _:
            return feed(suffix, f"<title>{title}</title>", text)


def page(told: Sequence[str], title: str) -> bytes:
    """A page with an article."""
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in told)
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title></head>"
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    ).encode()


def feed(suffix: str, head: str, text: str) -> bytes:
    """A feed of one entry."""
    if suffix == ".atom":
        entry = f"<entry>{head}<id>urn:x</id><content type='text'>{text}</content></entry>"
        return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>{entry}</feed>'.encode()
    entry = f"<item>{head}<description>{text}</description></item>"
    return f'<rss version="2.0"><channel><title>F</title>{entry}</channel></rss>'.encode()


def malformed_files(folder: Path) -> list[Bad]:
    """Writes the 500 bad files. Every seventh has a name that is no ordinary one."""
    made = list(_malformed())
    for bad in made:
        path = folder / bad.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bad.raw)
    return made


def odd_things(folder: Path) -> list[str]:
    """What is in a folder and is no file of ours: a pipe and folders named like files, which are
    passed over, and links to nothing, whose names are returned: they are told."""
    folder.mkdir(parents=True, exist_ok=True)
    os.mkfifo(folder / "pipe.txt")
    os.mkfifo(folder / "pipe.warc.gz")
    (folder / "folder.html").mkdir()
    (folder / "folder.pdf").mkdir()
    links = ["link.html", "link.docx", "link.warc"]
    for name in links:
        (folder / name).symlink_to("nothing" + name)
    return links


def _malformed() -> Iterator[Bad]:
    odd = [
        "a\nb",
        "c\x1b[31md",
        "'quoted' \"twice\"",
        "naïve \u202e name",
        "-rf",
        "$(id)",
        "é" * 100,
    ]
    number = 0
    for suffix in SUFFIXES:
        for raw, why in (*_of_no_format(suffix), *_cut_off(suffix), *_SPECIAL[suffix]()):
            stem = f"{odd[number // 7 % 7]} " if number % 7 == 0 else ""
            yield Bad(f"{suffix[1:]}/{stem}{number:03}{suffix}", raw, why)
            number += 1


def _of_no_format(suffix: str) -> Iterator[tuple[bytes, str]]:
    """What is an article in no format at all."""
    chance = random.Random(suffix)
    noise = bytearray(chance.randbytes(2_000))
    noise[::2] = b"\0" * 1_000
    yield b"", "there is nothing in it"
    yield b" \r\n\t\n ", "there is only white space in it"
    yield b"\0" * 1_000, "there are only NULs in it"
    # Each line of a .jsonl is told by itself, so these are one.
    ends = b"\n" if suffix == ".jsonl" else b""
    yield PICTURE.replace(ends, b""), "it is a picture"
    yield bytes(noise).replace(ends, b""), "half of its bytes are NUL, the others chance"


def _cut_off(suffix: str) -> Iterator[tuple[bytes, str]]:
    """Good files that end too early for anything of them to be left."""
    whole = _good(suffix, sentences(7), 7).rstrip()
    match suffix:
        case ".json" | ".jsonl":
            count, last, why = 20, len(whole) - 1, "the bracket that closes it is missing"
        case ".docx":
            count, last, why = 20, len(whole) - 22, "the directory at its end is missing"
        case ".pdf":
            count, last, why = 15, whole.rindex(b"stream\n"), "the text of its page is missing"
        case ".warc":
            count, last, why = 15, len(whole) - 1, "its only record is not whole"
        case ".warc.gz":
            count, last, why = 15, len(whole) - 30, "its only record is not whole"
        case _:
            return  # others are texts: their beginning is one, too
    for number in range(count):
        yield whole[: 1 + number * (last - 1) // (count - 1)], why


def _texts() -> Iterator[tuple[bytes, str]]:
    """For plain text and Markdown, which are UTF-8."""
    for blank in (
        "\u200b",
        "\u200b\n\u2060\n",
        "\u00ad",
        "\ufeff\ufeff",
        "\u2028\u2029",
        "\x01\x02",
    ):
        yield blank.encode(), "nothing in it can be seen"
    yield "\ufeff".encode(), "it is a byte order mark and nothing else"
    yield b"\x1b[31m\x1b[0m", "it only sets the colour of a terminal"
    for raw in (b"\xed\xa0\x80", b"\xc0\xaf", b"\xf8\x88\x80\x80\x80", b"\xff\xff", b"\xe2\x82"):
        yield b"The harbour " + raw, "bytes that are in no UTF-8 text, and no other set is read"
    for encoding in ("utf-16-le", "utf-32-be"):
        yield "The harbour reopened.".encode(encoding), "NULs, as in no UTF-8 text"
    yield b"The harbour\0reopened.", "a NUL, as in no text"
    yield gzip.compress(b"The harbour", mtime=0), "it is packed: 1F 8B is no UTF-8"
    yield OLE, "an old .doc: D0 CF is no UTF-8, and there are NULs"


def _json() -> Iterator[tuple[bytes, str]]:
    for raw in (
        b'{"text": "The harb', b'{"text"', b'{"text": ', b"{", b"[", b'[{"text": "x"},', b'"The',
        b"[{]", b"{'text': 'The harbour'}", b'{text: "x"}', b'{"text": "x",}',
        b'// why\n{"text": "x"}',
        b'{"text": "x"} and more', b'{"text": "a\nb"}', b'{"text": "\\x41"}', b'{"text": "\\u12"}',
        b"<p>The harbour reopened.</p>", b"The harbour reopened.",
        b"[" * 100_000, b'{"a":' * 100_000, b"[" * 1_000_000 + b"]" * 1_000_000,
    ):  # fmt: skip
        yield raw, "it is not JSON, and nothing is guessed"
    for raw in (
        b"1",
        b"null",
        b"true",
        b'"The harbour reopened."',
        b"-0.5e-7",
        b"[]",
        b"{}",
        b"[[]]",
    ):
        yield raw, "it is JSON, but there is no object with fields in it"
    yield b'{"text": ' + b"9" * 5_000 + b"}", "its text is a number, and too long for one"
    for value in (None, 7, [], {}, True, "", "  ", "\ud800", "\u200b", ["The harbour"], {"a": 1}):
        yield json.dumps({"text": value}).encode(), "its text is no string that can be seen"
    yield b'{"title": "The harbour"}', "it has no text, only a title"
    yield b'{"text": "The \xff harbour"}', "bytes that are no UTF-8"
    yield b'{"text": "The\0harbour"}', "a NUL, as in no text"


def _json_lines() -> Iterator[tuple[bytes, str]]:
    """One line each, since each line is told by itself."""
    for raw, why in _json():
        if b"\n" not in raw and not raw.startswith(b'[{"text'):
            yield raw, why


def _table(comma: str) -> Iterator[tuple[bytes, str]]:
    c = comma.encode()
    for head in (b"", b"a%sb" % c, b"name%syear%splace" % (c, c), b"1%s2" % c):
        if head:
            yield head + b"\n7%s8%s9\n" % (c, c), "no column of it can be the text"
    yield b"title%stext\nThe harbour\n" % c, "its only row is too short"
    yield b"title%stext\na%sb%sc\n" % (c, c, c), "its only row is too long"
    yield b"title%stext\nHarbour%s\n" % (c, c), "the text of its only row is empty"
    yield b"title%stext\nHarbour%s\xe2\x80\x8b\n" % (c, c), "nothing can be seen in its text"
    yield b"title%stext\nHarbour%sThe \xff\n" % (c, c), "its only row is no UTF-8"
    yield b"title%stext\nHarbour%sThe \0 end\n" % (c, c), "a NUL in its only row"
    yield b"text%stext\nThe harbour%sThe bridge\n" % (c, c), "two columns could be the text"
    yield gzip.compress(b"title,text\na,b\n", mtime=0), "it is packed"
    yield OLE, "a spreadsheet of an old Excel"


def _pages() -> Iterator[tuple[bytes, str]]:
    shells = (
        "", "<title>The harbour</title>", "<nav><a href=/>Home</a> <a href=/a>News</a></nav>",
        "<script>var text = 'The harbour reopened on Monday.'</script>",
        "<style>p { color: red }</style>", "<p></p>" * 50, "<div>" * 300, "<!-- The harbour -->",
        "<div style='display:none'><p>The harbour reopened on Monday after long repairs.</p></div>",
        "<div hidden><p>The harbour reopened on Monday after long repairs were done.</p></div>",
        "<img src=a.png>" * 40, "<iframe src=a.html></iframe>", "<form><input name=q></form>",
        "<footer><p>&copy; 2024</p></footer>", "<table><tr><td></td></tr></table>", "<br>" * 400,
        "<template><p>The harbour reopened on Monday after long repairs.</p></template>",
        "<svg><text>x</text></svg>", "<select><option>News</option></select>",
        "<p>&#0;&#x200b;</p>",
    )  # fmt: skip
    for shell in shells:
        raw = f"<!doctype html><html><head></head><body>{shell}</body></html>".encode()
        yield raw, "a page without a sentence of an article that is shown"
    for raw in (b"<", b"<html", b"<!doctype html", b"<html><head><title>The har", b"</p></p>"):
        yield raw, "it is cut off before its body"
    yield b"<div>" * 100_000, "tags in tags and no text"
    yield b"<p " + b"a" * 2_000_000, "one tag without an end"
    yield b"<p " + b" a=b" * 300_000 + b">", "one tag with 300,000 attributes, and no text"
    yield b'{"text": "The harbour reopened."}', "it is JSON"
    laughs = "".join(
        f'<!ENTITY {b} "{f"&{a};" * 9}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    yield (
        f'<!DOCTYPE x [<!ENTITY a "ha">{laughs}]><x>&i;</x>'.encode(),
        "an entity bomb and no text",
    )


def _xml(suffix: str) -> Iterator[tuple[bytes, str]]:
    yield feed(suffix, "<title>The harbour</title>", ""), "its entry is a headline without a text"
    yield feed(suffix, "", ""), "its entry is empty"
    yield feed(suffix, "", "\u200b \u2060"), "nothing can be seen in its entry"
    yield feed(suffix, "", "&lt;img src=a.png&gt;"), "its entry is a picture"
    yield feed(suffix, "", "&lt;script&gt;x()&lt;/script&gt;"), "its entry is a script"
    whole = feed(suffix, "<title>The harbour</title>", "The harbour reopened on Monday.")
    head = whole.index(b"F</title>")
    for end in (head - 12, head + 1, head + 9):
        yield whole[:end], "it breaks off before its first entry"
    yield whole.replace(b"<item>", b"<x>").replace(b"<entry>", b"<x>"), "no entry, by any name"
    yield b"<a>" * 100_000, "tags in tags, and no feed"
    yield b"The harbour reopened on Monday.", "it is plain text"
    yield page(["The harbour reopened."], "News"), "it is a page, no feed"
    laughs = "".join(
        f'<!ENTITY {b} "{f"&{a};" * 9}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    yield f'<!DOCTYPE x [<!ENTITY a "ha">{laughs}]><x>&i;</x>'.encode(), "an entity bomb, no feed"
    yield b"<urlset><url><loc>http://a.example/</loc></url></urlset>", "a map of a site, no feed"
    yield gzip.compress(whole, mtime=0), "it is packed"


def _mails() -> Iterator[tuple[bytes, str]]:
    head = b"From: a@a.example\nSubject: News\n"
    multi = head + b"Content-Type: multipart/mixed; boundary=x\n\n"
    for body in (b"", b"\n", b"\n \n\t\n", b"\n\xe2\x80\x8b\n"):
        yield head + body, "headers and no text"
    yield b"The harbour reopened on Monday.\nNobody was hurt.\n", "text without headers"
    yield multi, "several parts are promised, none is there"
    yield multi + b"--x\n--x--\n", "its parts are empty"
    yield multi + b"--x\nContent-Type: image/png\n\nabc\n--x--\n", "its only part is a picture"
    attached = b"--x\nContent-Disposition: attachment; filename=a.txt\n\nThe harbour\n--x--\n"
    yield multi + attached, "its only part is an attachment"
    yield head + b"Content-Type: image/png\n\nabcd\n", "it is a picture"
    yield (
        head + b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0=\n",
        "a PDF",
    )
    yield head + b"Content-Type: text/html\n\n<script>x()</script>\n", "a page with a script alone"
    yield head + b"Content-Type: text/html\n\n<p> </p><img src=a>\n", "a page without text"
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(400)
    )
    yield head + deep, "parts in parts and no text"
    yield pdf_file([["The harbour reopened."]])[:200], "it is the beginning of a PDF"
    yield OLE, "a message as Outlook keeps it"


def _pdfs() -> Iterator[tuple[bytes, str]]:
    whole = pdf_file([["The harbour reopened on Monday."]])
    for end in (5, 9, 60, 200, 400):
        yield whole[:end], "it breaks off before its page"
    yield b"The harbour reopened on Monday.", "it is plain text"
    yield b"x" * 2_000 + whole, "its mark stands too far from its start"
    yield pdf_file([]), "it has no pages"
    yield pdf_file([[]]), "its page is empty"
    yield pdf_file([[" ", "  "]]), "its page has blanks alone"
    yield whole.replace(b"/Type /Catalog /Pages 2 0 R", b"/Type /Catalog"), "no pages are named"
    yield whole.replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]"), "its pages lead to themselves"
    yield (
        whole.replace(b"/Contents 6 0 R", b"/Contents 9 0 R"),
        "the content of its page is missing",
    )
    picture = pdf_stream(b"\0" * 99, b"/Type /XObject /Subtype /Image /Width 3 /Height 11")
    catalog, tree = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    )
    leaf = b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << %s >> >>"
    uses = leaf % b"/XObject << /X 5 0 R >> /Font << /F 6 0 R >>"
    yield pdf_of([catalog, tree, uses, pdf_stream(b"/X Do"), picture]), "a picture and no text"
    for content, why in (
        (pdf_stream(b"\0" * 100_000_000), "100 MB of NULs, packed to 100 KB"),
        (pdf_stream(b"[" * 500_000), "arrays in arrays, and no text"),
        (
            b"<< /Length 4 /Filter [%s] >>\nstream\nxxxx\nendstream" % (b"/LZWDecode " * 999),
            "999 filters",
        ),
        (b"[" * 500_000, "arrays in arrays where its content should be"),
    ):
        yield pdf_of([catalog, tree, uses, content]), why
    keys = b"/O (%s) /U (%s) /P -4" % (b"x" * 32, b"y" * 32)
    protected = b"/Encrypt << /Filter /Standard /V 1 /R 2 %s >> /ID [<00> <00>]" % keys
    yield pdf_of([catalog, tree, leaf % b"", pdf_stream(b"x")], protected), "a password is needed"


def _documents() -> Iterator[tuple[bytes, str]]:
    whole = docx_file(paragraph("The harbour reopened on Monday."))
    for end in (4, 60, len(whole) // 2, len(whole) - 40):
        yield whole[:end], "the directory at its end is missing"
    yield b"The harbour reopened on Monday.", "it is plain text"
    yield b"{\\rtf1 The harbour reopened.}", "it is RTF"
    yield OLE, "a .doc, or a document with a password"
    yield zip_file({"a.txt": b"The harbour"}), "a ZIP with something else"
    yield zip_file({}), "an empty ZIP"
    for body in ("", paragraph(""), paragraph(" \u200b"), "<w:tbl><w:tr><w:tc/></w:tr></w:tbl>"):
        yield docx_file(body), "its body holds nothing that can be seen"
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>The harbour</w:t></w:r></w:p>"
    yield docx_file(hidden), "all of its text is hidden"
    yield docx_file("<w:p><w:del><w:r><w:t>The harbour</w:t></w:r></w:del></w:p>"), "all is deleted"
    for body in ("<w:p>", "</w:p>", "&none;", "<w:sdt>" * 400, "\x01", "<x:a/>", "<w:p a=1/>"):
        yield docx_file(body), "its body is not XML"
    yield zip_file({"word/document.xml": b" " * 30_000_000}), "30 MB of blanks, packed to 30 KB"
    yield zip_file({"a.bin": b"\0" * 101_000_000}), "101 MB of NULs, packed to 100 KB"


def _archives() -> Iterator[tuple[bytes, str]]:
    told = page(["The harbour reopened on Monday."], "News")
    whole = response("http://a.example/", told)
    for end in (4, 30, 100, 260, len(whole) - 20):
        yield whole[:end], "it breaks off in its only record"
    yield whole.replace(b"WARC/1.0", b"WORC/1.0"), "its mark is wrong"
    yield whole.replace(b"Content-Length: ", b"Content-Length: x"), "its length is no number"
    yield (
        whole.replace(b"Content-Length: ", b"Content-Length: 99999999"),
        "it is shorter than it says",
    )
    yield told, "it is a page"
    zipped = "Content-Type: text/html\r\nContent-Encoding"
    for headers, body, why in (
        ("Content-Type: image/png", b"\x89PNG", "its record is a picture"),
        ("Content-Type: text/html", b"", "its page is empty"),
        ("Content-Type: text/html", b"<nav>Home</nav>", "its page holds no article"),
        (f"{zipped}: gzip", gzip.compress(b"\0" * 30_000_000, mtime=0), "its page is a bomb"),
        (f"{zipped}: gzip", b"\x1f\x8bx", "its page is damaged"),
        (f"{zipped}: br", b"\x8b\x02\x80", "its page is packed in a way that is not read"),
    ):  # fmt: skip
        yield response("http://a.example/", body, headers), why
    yield response("http://a.example/", told, status="404 Not Found"), "its page was not found"
    request = record(
        b"GET / HTTP/1.1\r\n\r\n", "WARC-Type: request", "Content-Type: application/http"
    )
    yield request, "it holds a question and no answer"
    yield record(told, "WARC-Type: response", "Content-Type: application/http"), "no HTTP in it"


def _packed_archives() -> Iterator[tuple[bytes, str]]:
    for raw, why in _archives():
        yield gzip.compress(raw, mtime=0), why
    whole = packed(response("http://a.example/", page(["The harbour reopened."], "News")))
    for end in (3, 10, 60, len(whole) - 30):
        yield whole[:end], "it breaks off in its only record"
    yield whole[:20] + b"\xff" * 40 + whole[60:], "it cannot be unpacked"


_SPECIAL = {
    ".txt": _texts,
    ".md": _texts,
    ".json": _json,
    ".jsonl": _json_lines,
    ".csv": lambda: _table(","),
    ".tsv": lambda: _table("\t"),
    ".html": _pages,
    ".xml": lambda: _xml(".xml"),
    ".rss": lambda: _xml(".rss"),
    ".atom": lambda: _xml(".atom"),
    ".eml": _mails,
    ".pdf": _pdfs,
    ".docx": _documents,
    ".warc": _archives,
    ".warc.gz": _packed_archives,
}
