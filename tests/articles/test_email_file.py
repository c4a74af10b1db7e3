"""E-mails become articles: their text, subject, date and sender, whatever the headers claim."""

import random
import time

import pytest

from rag.articles.email_file import read_email
from rag.articles.raw import Given, RawArticle
from rag.errors import InputError

HEAD = (
    b"From: A. Writer <a@paper.example>\r\nSubject: A title\r\n"
    b"Date: Sun, 01 Dec 2024 10:00:00 +0300\r\nMIME-Version: 1.0\r\n"
)


def read(raw: bytes) -> RawArticle:
    (article,) = read_email(raw, Given())
    assert isinstance(article, RawArticle)
    return article


def parts(*bodies: bytes, kind: bytes = b"mixed") -> bytes:
    inside = b"".join(b"--b\r\n" + body + b"\r\n" for body in bodies)
    opening = b"Content-Type: multipart/" + kind + b'; boundary="b"\r\n\r\npreamble\r\n'
    return HEAD + opening + inside + b"--b--\r\nepilogue\r\n"


PLAIN = b"Content-Type: text/plain\r\n\r\nPlain."
HTML = b"Content-Type: text/html\r\n\r\n<p>One &amp; two.</p><p>Three.</p>"


def test_a_plain_message() -> None:
    body = b"\r\nOne.\r\n> quoted\r\n-- \r\nA. Writer\r\n"
    assert read(HEAD + body) == RawArticle(
        "One.\r\n> quoted\r\n-- \r\nA. Writer", title="A title", author="A. Writer",
        published="Sun, 01 Dec 2024 10:00:00 +0300", date_note="the e-mail's Date",
    )  # fmt: skip


def test_html_is_read_where_there_is_no_plain_text() -> None:
    assert read(HEAD + HTML).text == "One & two.\nThree."
    assert read(parts(HTML, PLAIN, kind=b"alternative")).text == "Plain."
    assert read(parts(PLAIN, HTML, kind=b"alternative")).text == "Plain."
    blank = b"Content-Type: text/plain\r\n\r\n \r\n"
    assert read(parts(blank, HTML)).text == "One & two.\nThree."
    empty = b"Content-Type: text/html\r\n\r\n<p> </p>"
    assert read(parts(empty, HTML)).text == "One & two.\nThree."


def test_what_is_attached_is_not_read() -> None:
    attached = b"Content-Disposition: ATTACHMENT; filename=x.txt\r\n" + PLAIN
    inline = b"Content-Disposition: inline\r\n\r\nInline."
    image = b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA"
    assert read(parts(PLAIN, image, attached, inline)).text == "Plain.\n\nInline."
    with pytest.raises(InputError, match="the article has no text"):
        read(parts(attached, image))


def test_a_message_within_a_message() -> None:
    inner = b"Content-Type: message/rfc822\r\n\r\nSubject: Inner\r\n\r\nInner text."
    article = read(parts(inner))
    assert (article.title, article.text) == ("A title", "Inner text.")


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (b"8bit", "Caf\xe9.".encode()),
        (b"quoted-printable", b"Caf=C3=A9=\r\n."),
        (b"base64", b"Q2Fmw6ku"),
        (b"base64", b"!Q2F\r\nmw6ku"),
        (b"nonsense", "Caf\xe9.".encode()),
    ],
)
def test_transfer_encodings(encoding: bytes, body: bytes) -> None:
    head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
    assert read(HEAD + head + encoding + b"\r\n\r\n" + body).text == "Caf\xe9."


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        (b"iso-8859-1", b"Caf\xe9."),
        (b'"windows-1252"', b"Caf\xe9."),
        (b"utf-8", b"Caf\xe9."),
        (b"x-unknown", "Caf\xe9.".encode()),
        (b"punycode", "Caf\xe9.".encode()),
        (b"utf-16", "Caf\xe9.".encode()),
        (b"iso-8859-1''x\xff", "Caf\xe9.".encode()),
        (b"", "Caf\xe9.".encode()),
    ],
)
def test_character_sets(charset: bytes, body: bytes) -> None:
    article = read(HEAD + b"Content-Type: text/plain; charset=" + charset + b"\r\n\r\n" + body)
    assert article.text == "Caf\xe9." or charset == b"utf-16"


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        (b"=?utf-8?q?Caf=C3=A9_x?= now", "Caf\xe9 x now"),
        (b"=?UTF-8?B?Q2Fmw6k=?=", "Caf\xe9"),
        (b"=?utf-8?b?Q2Fmw6k?=", "Caf\xe9"),
        (b"A =?utf-8?q?b?= =?utf-8?q?_c?= d", "A b c d"),
        (b"=?utf-8?q?Caf=C3?=\r\n =?utf-8?q?=A9?= x", "Caf\xe9 x"),
        (b"=?iso-8859-1?q?=E9?= =?utf-8?q?=C3=A9?=", "\xe9\xe9"),
        (b"=?utf-8*en?q?a?=", "a"),
        (b"=?nonsense?q?a=C3=A9?=", "a\xe9"),
        (b"=?utf-8?b?!?=", "!"),
        (b"=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("Caf\xe9 \u0416".encode(), "Caf\xe9 \u0416"),
        (b"Caf\xe9", "Caf\xe9"),
        (b"folded\r\n   line\r\n\tmore", "folded line more"),
        (b"", None),
        (b"=?utf-8?q??=", None),
        (b"x" * 5000, "x" * 2000),
    ],
    ids=range(16),
)
def test_subjects(subject: bytes, title: str | None) -> None:
    assert read(b"Date: x\r\nSubject: " + subject + b"\r\n\r\nText.").title == title


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        (b'"Writer, A. \\"Bee\\"" <a@b.example>', 'Writer, A. "Bee"'),
        (b"=?utf-8?q?J=C3=A9r=C3=B4me?= D <a@b.example>", "J\xe9r\xf4me D"),
        (b"a@b.example (A. Writer)", "A. Writer"),
        (b"a@b.example", None),
        (b"<a@b.example>", None),
        (b'"("' * 50_000, None),
        (b"", None),
    ],
    ids=range(7),
)
def test_senders(sender: bytes, name: str | None) -> None:
    assert read(b"From: " + sender + b"\r\nSubject: x\r\n\r\nText.").author == name


def test_the_first_of_a_header_counts() -> None:
    article = read(b"Subject: one\r\nSubject: two\r\n\r\nText.")
    assert article.title == "one" and article.published is article.date_note is None


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it is empty"),
        (b"\r\n\r\n", "it is empty"),
        (b"No e-mail at all.\n\nText.", "it is no e-mail: it opens without headers"),
        (b"Key: value\n\nText.", "it is no e-mail: it opens without headers"),
        (b"\x00\x01\xff" * 50, "it is no e-mail"),
        (HEAD + b"\r\n \r\n", "the article has no text"),
        (HEAD, "the article has no text"),
        (HEAD + b"Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\nx", "the article has no text"),
        (HEAD + b"Content-Type: text/plain; " + b';"' * 2000 + b"\r\n\r\nx", "header of it is too"),
        (HEAD + b"Content-Type: text/plain;\r\n" + b" a=b;\r\n" * 700 + b"\r\nx", "too long"),
        (parts(*[PLAIN] * 1000), "it has more than 1000 parts"),
        (b"x" * 32_000_001, "at most 32,000,000 of an e-mail are read"),
        (HEAD + b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
                         for n in range(3000)) + b"x", "its parts are nested too deeply"),
        (HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 3000 + b"x", "nested too deeply"),
    ],
    ids=range(14),
)  # fmt: skip
def test_files_that_cannot_be_used(raw: bytes, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        read(raw)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "header", ["From", "Subject", "Date", "To", "Received", "Message-ID", "MIME-Version"]
)
def test_one_header_makes_an_email(header: str) -> None:
    assert read(f"{header}: x\r\n\r\nText.".encode()).text == "Text."


def test_what_the_library_fails_on(monkeypatch) -> None:
    def fails(self: object, raw: bytes) -> None:
        raise IndexError

    monkeypatch.setattr("email.parser.BytesParser.parsebytes", fails)
    with pytest.raises(InputError, match="its headers are damaged"):
        read(HEAD + PLAIN)


def test_a_boundary_that_never_comes() -> None:
    assert read(parts(PLAIN).replace(b"--b--", b"")).text == "Plain.\r\n\r\nepilogue"
    raw = HEAD + b'Content-Type: multipart/mixed; boundary="zz"\r\n\r\nText.'
    with pytest.raises(InputError, match="no text"):
        read(raw)
    assert read(parts(*[PLAIN] * 998)).text.count("Plain.") == 998


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: " + b"a" * 500_000 + b"\r\n\r\nText.",
        b"Subject: " + b"=?utf-8?q?a?= " * 40_000 + b"\r\n\r\nText.",
        b"Subject: " + b"=?" * 200_000 + b"\r\n\r\nText.",
        b"From: " + b"(" * 500_000 + b"\r\nSubject: x\r\n\r\nText.",
        b"Subject: x\r\n" + b"X:\r\n" * 50_000 + b"\r\nText.",
        b"Subject: x\r\n\r\n" + b"\r" * 300_000 + b"Text.",
        b"Subject: x\r\nContent-Type: text/plain; " + b"a*0=x;" * 600 + b"\r\n\r\nText.",
        b"Subject: x\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=" * 500_000,
        b"Subject: x\r\nContent-Type: text/html\r\n\r\n" + b"<b>" * 100_000 + b"Text.",
        b"Content-type: x\r\nSubject: x\r\n\r\n" + b"Content-a:\n x\n" * 30_000,
    ],
    ids=range(10),
)
def test_long_headers_take_linear_time(raw: bytes) -> None:
    start = time.process_time()
    try:
        read(raw)
    except InputError as error:
        assert "no text" in str(error)
    assert time.process_time() - start < 5


def test_damaged_messages_are_told() -> None:
    good = parts(
        PLAIN + "\u0416".encode(), HTML,
        b"Content-Type: text/plain; charset=hz\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA",
        b"Content-Type: message/rfc822\r\n\r\nSubject: =?utf-8?b?w6k=?=\r\n\r\nInner.",
    ).replace(b"A title", b"=?utf-8?q?=C3=A9?= t =?iso-8859-1?b?6Q==?=")  # fmt: skip
    for seed in range(500):
        rng = random.Random(seed)
        raw = bytearray(good)
        for _ in range(rng.randint(1, 8)):
            at = rng.randrange(len(raw))
            match rng.randrange(4):
                case 0:
                    raw[at] = rng.randrange(256)
                case 1:
                    del raw[at : at + rng.randint(1, 20)]
                case 2:
                    raw[at:at] = rng.choice([b";", b'"', b"=?", b"*0*=", b"\r\n", b"\x00", b"\xff"])
                case _:
                    raw[at:at] = raw[at : at + rng.randint(1, 90)]
            raw = raw or bytearray(b"x")
        try:
            read(bytes(raw)).text.encode("utf-8", "surrogatepass")
        except InputError as error:
            assert "\n" not in str(error)
