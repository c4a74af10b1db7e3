"""What is no article text leaves it, with its kind and place; news stays, word for word."""

import random
import time

import pytest

from rag.articles.boilerplate import Parted, part_text
from rag.articles.textfile import read_text
from rag.records import Removed
from tests.conftest import SEEDS

NEWS = "The old bridge over the river was closed on Tuesday for repairs."
MORE = "Buses take another way until the summer, the mayor said."


def seed(number: str) -> tuple[str, Parted]:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    text = read_text(path.read_text("utf-8")).text
    return text, part_text(text)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(part.kind, part.text) for part in part_text(text).removed]


def test_seed_000_loses_its_appeal_and_nothing_else() -> None:
    text, parted = seed("000")
    start = text.index("A Message from The Moscow Times:")
    assert parted.text == text[:start].rstrip()
    assert parted.removed == (Removed("appeal", text[start:], len(parted.text)),)
    assert text.endswith("Remind me later.") and parted.flags == ()


@pytest.mark.parametrize("number", ["001"])
def test_seed_001_stays(number: str) -> None:
    text, parted = seed(number)
    assert parted == Parted(text, (), ())


def test_seed_002_says_who_made_it() -> None:
    text, parted = seed("002")
    start = text.index("[This article has been")
    assert parted.text == text[:start].rstrip()
    assert [part.kind for part in parted.removed] == ["notice", "notice"]
    assert "\n".join(part.text for part in parted.removed) == text[start:]
    assert parted.flags == ("ai_generated",)


def test_seed_003_loses_a_credit_and_two_buttons() -> None:
    text, parted = seed("003")
    expected = text.replace("\n\nPhoto: open sources", "").replace(" Share\n", "\n")
    assert parted.text == expected and parted.flags == ()
    assert [(part.kind, part.text) for part in parted.removed] == [
        ("credit", "Photo: open sources"),
        ("share", "Share"),
        ("share", "Share"),
    ]
    places = [parted.text[: part.before][-20:] for part in parted.removed]
    assert places[0].endswith("Aleppo.\n\n")
    assert places[1].endswith("if not as liberators."[-20:]) and places[2].endswith("lied.")


def test_seed_004_loses_one_word() -> None:
    text, parted = seed("004")
    assert parted.text == text.replace(" Liveuamap\n", "\n") and parted.flags == ()
    assert [(part.kind, part.text) for part in parted.removed] == [("credit", "Liveuamap")]


_LINES = {
    "share": """
Share
SHARE:
Share this article
Share this story!
Share on Facebook
Tweet
Share via e-mail
Share Tweet Email
Facebook Twitter WhatsApp Copy link
Share 12 Comments
Teilen
Auf Facebook teilen
Artikel teilen
Partager
Partager sur Facebook
Partager l'article
Compartir
Compartir en WhatsApp
Поделиться
Поделиться в Telegram
► Share
[Share]
""",
    "link": """
Read more: Syria's war explained
Read more
READ MORE:
Read also: Who are the rebels?
Also read: Who are the rebels?
See also: the map
Related: The bridge in figures
RELATED:'It shook': what drivers heard
Related articles
Related article The bridge in figures
► RELATED: The bridge in figures
More:How the bridge was built
More: 12 bridges at risk
MORE: It is old. How old is it?
MORE: It is old. It creaks.
For subscribers: Who pays for it.
Watch: The bridge from above
Watch the video here.
WATCH | The bridge from above
Watch live: The bridge
You may also like: Rivers | Lee
Must read: The bridge
Don’t miss: The bridge
Up next: The bridge
Most read: The bridge
Click here to see the map.
Click here
Read our full report on bridges.
Read the full story here.
For more news from the valley, click here.
Follow us on Telegram
Follow Ann Lee on Twitter: @annlee
Follow this reporter on X @ann
Follow our live coverage here.
Contact Ann Lee at ann@example.com. Follow her on X @ann
Contact reporter Ann Lee at ann@example.com or 555-0100.
Have an idea for a story? Contact reporter Ann Lee at ann@example.com.
Ann Lee covers trade for Coast News. Reach her at ann@example.com
Lesen Sie auch: Die Brücke
Mehr zum Thema: Die Brücke
Lire aussi : Le pont
À lire aussi : Le pont
Lea también: El puente
Читайте также: Мост закрыт
Folgen Sie uns auf Telegram
Suivez-nous sur Telegram
""",
    "credit": """
Photo: open sources
Photo: Ann Lee
Photo by Ann Lee/Reuters
(Photo by Ann Lee/AFP)
Image: Getty
Image credit: Getty Images
Photo credit: Ann Lee / AP
Picture: press service
Ann Lee/Getty Images
Ann Lee/AFP/Getty Images
Getty Images
Foto: dpa
Bild: imago
Photo : AFP
Crédit photo : Ann Lee
Фото: из открытых источников
Фото: соцсети
Contributing: Ann Lee, Coast News; The Associated Press
Ann Lee contributed to this report.
— Ann Lee and Bo Day contributed reporting.
""",
    "notice": """
This story has been updated with additional details.
This article was updated on Monday.
Correction: This story has been updated to correct a name.
This story and headline have been updated.
This story will be updated.
This article was originally published in March.
A version of this story appeared in a newsletter.
This is a developing story. Check back for updates.
© 2024 Coast News. All rights reserved.
Copyright 2024 Coast News
(c) 2024 Coast News
All rights reserved.
This material may not be published, broadcast or rewritten.
We use cookies to improve your visit. You can opt out.
This website uses cookies.
By continuing to use this site you agree to our terms.
Accept all cookies
Cookie settings
Please enable JavaScript to see this page.
ADVERTISEMENT
Story continues below video
Your feed is customized.
The views expressed in this column are the author's own.
Anzeige
Alle Rechte vorbehalten.
Diese Webseite verwendet Cookies.
Video player was slow to load content Audio was too loud
Wir verwenden Cookies, um die Seite zu verbessern.
Tous droits réservés
Nous utilisons des cookies pour mesurer.
Publicité
Todos los derechos reservados
Utilizamos cookies propias.
Publicidad
Все права защищены
Мы используем файлы cookie.
Реклама
""",
    "appeal": """
Sign up for our newsletter
Subscribe to The Valley Herald Get the facts. Subscribe and save.
We are providing this story free to all readers.
For unlimited access, subscribe.
By supporting Coast News, you keep it free.
Sign up for Coast News' weekly newsletter. It is free.
Want more? Sign up for our newsletter to get it first.
Like what you read?: Sign up for the Daily Briefing in your inbox
Get the valley's news in your inbox every day.
Subscribe now for unlimited access.
Subscribe to our newsletter.
Subscribe to coastnews.org today.
Support independent journalism. Every coin counts.
Support our newsroom today.
If you value our work, please become a member.
Please consider supporting us.
Please subscribe.
Become a member
Donate now
Donate to us today.
Your donation keeps our newsroom going.
Thank you for supporting our journalism.
To continue reading, log in.
Already a subscriber? Sign in.
Join our Telegram channel
Ann Lee is a columnist for Coast News. To read her, please subscribe today.
Abonnieren Sie unseren Newsletter.
Unterstützen Sie unsere Arbeit mit einer Spende.
Melden Sie sich jetzt für unseren Newsletter an.
Abonnez-vous à notre journal.
Soutenez-nous.
Faites un don
Inscrivez-vous à notre newsletter
Suscríbete a nuestro boletín
Apoya nuestro periodismo
Haz una donación
Подпишитесь на наш Telegram
Подписывайтесь на нас
Поддержите нашу редакцию
""",
}
BOILERPLATE = [(kind, line) for kind in _LINES for line in _LINES[kind].strip().splitlines()]


@pytest.mark.parametrize(("kind", "line"), BOILERPLATE, ids=[line for _, line in BOILERPLATE])
def test_whole_lines(kind: str, line: str) -> None:
    parted = part_text(f"{NEWS}\n\n{line}\n\n{MORE}")
    assert parted.text == f"{NEWS}\n\n{MORE}"
    assert [(part.kind, part.text) for part in parted.removed] == [(kind, line)]
    assert parted.text[parted.removed[0].before :] == MORE


@pytest.mark.parametrize(
    "line",
    [
        "“Share this article,” he said.",
        "Share prices fell by a fifth.",
        "Share with care: limit what you post.",
        "The share of renewables rose. Their share",
        "Facebook",
        "Facebook and Twitter",
        "Apple Loses Ground on Google in the U.S. Share",
        "Buyers weigh the offer of Acme Inc. Share",
        "Read the letter, he urged, before you judge.",
        "“Read more: it is good for you,” she said.",
        "More: he was late again.",
        "More than 100 people came.",
        "Watch: the central bank will decide on Wednesday.",
        "Related parties sold their stakes.",
        "Watch out for ice on the roads.",
        "Contact the clerk at clerk@valley.gov to vote by mail.",
        "Photo: The mayor waves to the crowd as the bridge is closed.",
        "The photo: a burning tank.",
        "A photo by Reuters shows the tank.",
        "Photo evidence was shown in court.",
        "Reuters reported the strike.",
        "Ann Lee contributed $500 to the campaign.",
        "Copyright law protects such songs.",
        "This bridge has been updated with new cables.",
        "Cookies are baked at ten.",
        "By continuing the siege, the army hopes to win.",
        "The newspaper said it was using cookies.",
        "Correction: An earlier version misspelled the mayor's name.",
        "Subscribe to that theory and you will lose.",
        "Sign up for Medicare by 7 December.",
        "Get a flu shot, doctors advise.",
        "“Support our journalism,” the editor told readers.",
        "Support our journalism, the editor said on Tuesday.",
        "Support our troops, the banner read.",
        "Donate blood at the town hall on Monday.",
        "Donations to the newsroom doubled after the attack.",
        "The newsletter reached a million readers.",
        "“We need your help,” the minister said.",
        "We need your help",
        "Dear readers,",
        "A message from the president was read out.",
        "Your support of the rebels must end, the minister wrote.",
        "Support from readers makes our difference, he said.",
        "This article was written for the court by two professors.",
        "The views expressed were those of the minister.",
        "Anzeigen gegen den Minister wurden erstattet.",
    ],
)
def test_news_stays(line: str) -> None:
    text = f"{NEWS}\n\n{line}\n\n{MORE}"
    assert part_text(text) == Parted(text, (), ())


@pytest.mark.parametrize(
    ("line", "left", "marks"),
    [
        ("It fell. Share", "It fell.", [("share", "Share")]),
        ("It “fell.” Share this article", "It “fell.”", [("share", "Share this article")]),
        ("Er fiel. Teilen", "Er fiel.", [("share", "Teilen")]),
        ("Il tomba. Partager", "Il tomba.", [("share", "Partager")]),
        ("Cayó. Compartir", "Cayó.", [("share", "Compartir")]),
        ("Он пал. Поделиться", "Он пал.", [("share", "Поделиться")]),
        ("It fell. Read more.", "It fell.", [("link", "Read more.")]),
        ("It fell. Getty Images", "It fell.", [("credit", "Getty Images")]),
        ("It fell. Ann Lee/AFP/Getty Images", "It fell.", [("credit", "Ann Lee/AFP/Getty Images")]),
        ("It fell (Photo by Ann Lee/AP)", "It fell", [("credit", "(Photo by Ann Lee/AP)")]),
        ("It fell Hide Caption 3 of 12", "It fell", [("link", "Hide Caption 3 of 12")]),
        ("It fell. Liveuamap Share", "It fell. Liveuamap Share", []),
        ("It fell. AP Share", "It fell. AP Share", []),
        ("It fell. Reuters Read more", "It fell. Reuters Read more", []),
        ("It fell. Share. Share", "It fell. Share.", [("share", "Share")]),
        ("It fell. Read more. Share", "It fell.", [("link", "Read more."), ("share", "Share")]),
        ("It is their share", "It is their share", []),
        ("They wanted a fair Share", "They wanted a fair Share", []),
        ("It fell. He shared", "It fell. He shared", []),
    ],
)
def test_marks_at_the_end(line: str, left: str, marks: list[tuple[str, str]]) -> None:
    parted = part_text(f"{line}\n{NEWS}")
    assert parted.text == f"{left}\n{NEWS}"
    assert [(part.kind, part.text) for part in parted.removed] == marks
    assert all(part.before == len(left) for part in parted.removed[:1] if len(marks) == 1)


APPEAL = [
    "A message from our editor:",
    "Dear readers,",
    "We have been threatened again for what we print.",
    "The court fined the paper twice.",
    "We will go on, and your help counts.",
    "Your support keeps our newsroom free.",
]


def test_an_appeal_goes_from_its_heading_to_its_last_plea() -> None:
    parted = part_text("\n\n".join([NEWS, *APPEAL, MORE, NEWS[:-1]]))
    assert parted.text == "\n\n".join([NEWS, MORE, NEWS[:-1]])
    assert parted.removed == (Removed("appeal", "\n\n".join(APPEAL), len(NEWS) + 2),)


@pytest.mark.parametrize(
    "heading",
    [
        *("A Message from Coast News:", "A personal letter to our readers", "Dear readers,"),
        *("Dear friends!", "Before you go", "Why your support matters", "Support us today"),
        *(
            "Help our newsroom stay free",
            "We need your help!",
            "Since you're here...",
            "Дорогие друзья!",
        ),
        *(
            "Liebe Leserinnen und Leser,",
            "In eigener Sache",
            "Chers lecteurs,",
            "Queridos lectores,",
        ),
        *("Chères lectrices, chers lecteurs,", "Уважаемые читатели!", "Обращение редакции"),
    ],
)
def test_headings_of_appeals(heading: str) -> None:
    plea = [heading, "We go on.", "Your support keeps our newsroom free.", "We thank you."]
    assert kinds("\n".join([NEWS, *plea, MORE])) == [("appeal", "\n".join(plea))]
    assert kinds("\n".join([NEWS, heading, MORE])) == []


def test_how_far_an_appeal_reaches() -> None:
    plea = "Your support keeps our newsroom free."
    for words, taken in ((14, 16), (15, 1)):
        lines = ["Dear readers,", *[f"We went on, {i} times." for i in range(words)], plea]
        assert kinds("\n".join([NEWS, *lines])) == [("appeal", "\n".join(lines[-taken:]))]
    assert kinds(f"{NEWS}\nDear readers,\nRemind me later.\n{MORE}") == []


def test_an_appeal_ends_where_it_closes() -> None:
    closed = [*APPEAL[:3], "The court fined the paper.", "Thank you for standing with us."]
    parted = part_text("\n".join([NEWS, *closed, "We saw the bridge ourselves."]))
    assert parted.text == f"{NEWS}\nWe saw the bridge ourselves."


@pytest.mark.parametrize(
    "lines",
    [
        ["Dear readers,", "We saw the bridge ourselves.", MORE],  # no plea
        ["Dear readers,", MORE, "The river rose."],
        ["Dear readers,", "“We need you,” she said.", "“Your donation keeps us alive.”"],
        ["We need your help", "We asked the minister, who said no.", MORE],
    ],
)
def test_what_is_no_appeal(lines: list[str]) -> None:
    text = "\n\n".join([NEWS, *lines])
    assert "appeal" not in [part.kind for part in part_text(text).removed]


def test_an_appeal_does_not_reach_over_news() -> None:
    far = ["Dear readers,", "We went there.", MORE, "The river rose.", "Donate to us today."]
    assert kinds("\n\n".join([NEWS, *far])) == [("appeal", "Donate to us today.")]
    long = ["Dear readers,", *[f"We went there, and {i} others: {'x ' * 200}" for i in range(10)]]
    assert kinds("\n\n".join([NEWS, *long, "Donate to us today."])) == [
        ("appeal", "Donate to us today.")
    ]


def test_buttons_around_a_share_button() -> None:
    assert part_text(f"Share\n{NEWS}\nFacebook").text == f"{NEWS}\nFacebook"
    text = f"{NEWS}\nFacebook\nShare\nTwitter\nCopy link\n{MORE}\nFacebook"
    parted = part_text(text)
    assert parted.text == f"{NEWS}\n{MORE}\nFacebook"
    assert [part.text for part in parted.removed] == ["Facebook", "Share", "Twitter", "Copy link"]


def test_headlines_under_a_label() -> None:
    teasers = ["Bridge in the valley reopens", "Why bridges grow old"]
    label = "Related articles"
    for end in ("\n\n".join([label, *teasers]), "\n".join([label, *teasers])):
        assert part_text(f"{NEWS}\n\n{end}").text == NEWS
    rights = "© 2024 Coast News"
    assert part_text("\n\n".join([NEWS, label, *teasers, rights])).text == NEWS
    upon = "\n".join([label, *teasers])
    assert part_text(f"{NEWS}\n\n{upon}\n\nWhat comes next\n\n{MORE}").text == (
        f"{NEWS}\n\nWhat comes next\n\n{MORE}"
    )
    apart = "\n\n".join([NEWS, label, "What comes next", MORE])
    assert part_text(apart).text == "\n\n".join([NEWS, "What comes next", MORE])
    sentence = f"{NEWS}\n\n{label}\n{MORE}\nIn the end"
    assert part_text(sentence).text == f"{NEWS}\n\n{MORE}\nIn the end"


@pytest.mark.parametrize(
    "line",
    [
        *("The bridge", f"Why {'very ' * 30}old bridges fall", "It fell twice to-day."),
        *(f"{quote}It shook us twice" for quote in "\"'“‘„«‹"),
    ],
)
def test_what_is_no_headline_under_a_label(line: str) -> None:
    assert part_text(f"{NEWS}\n\nRelated:\n{line}").text == f"{NEWS}\n\n{line}"


def test_only_a_bare_label_has_headlines_under_it() -> None:
    text = f"{NEWS}\nRead more: The bridge in figures\nWhat comes next in the valley"
    assert part_text(text).text == f"{NEWS}\nWhat comes next in the valley"


def test_copies() -> None:
    other = "A third sentence about the valley, long enough to be told from a list's field."
    assert kinds(f"{NEWS}\n\n{NEWS}\n\n{MORE}") == [("repeated", NEWS)]
    block = "\n\n".join([NEWS, MORE + " It will take long.", other])
    assert part_text(f"{block}\n\nThe end of it came.\n\n{block}\n\nThis is new.").text == (
        f"{block}\n\nThe end of it came.\n\nThis is new."
    )
    assert part_text(f"{block}\n\nAnd then.\n\n{NEWS}").text == f"{block}\n\nAnd then."
    two = f"{NEWS}\n\n{other}\n\nAnd then.\n\n{NEWS}\n\n{other}"
    assert part_text(two).text == f"{NEWS}\n\n{other}\n\nAnd then."


@pytest.mark.parametrize(
    "lines",
    [
        ["Monday", NEWS, "Tuesday", NEWS, "Wednesday"],  # may be news each time
        [NEWS, "Monday", NEWS, "Tuesday"],
        ["Monday", NEWS, "Tuesday", NEWS],
        [NEWS, "Monday", f"{MORE} It will take long.", "Tuesday", f"{MORE} It will take long."],
        ["x" * 59, "Tuesday", "x" * 59],
        ["Best film: A", "Best song: B", "No", "Best film: A", "Best song: B", "No", "End"],
        ["One two three", "One two three", MORE],
        [NEWS, "It rained on us.", MORE, "It rained on us."],
    ],
)
def test_what_comes_again_may_be_news(lines: list[str]) -> None:
    text = "\n\n".join(lines)
    assert part_text(text) == Parted(text, (), ())


_SELF = {
    "ai_generated": """
This article was written by ChatGPT.
This story was generated with the help of AI.
This article was created using artificial intelligence and reviewed by an editor.
This text was generated by AI. It was reviewed by our editors.
AI-generated summary
Generated by AI
Summary written by ChatGPT
Mit KI erstellt
This text was generated by AI. It may contain errors.
By ChatGPT
Written by ChatGPT.
(This story was generated by AI.)
This article is AI-generated.
AI was used to write parts of this article.
Generative AI is experimental.
Dieser Artikel wurde mit Hilfe von KI erstellt.
Dieser Text wurde von ChatGPT geschrieben.
Cet article a été généré par une intelligence artificielle.
Este artículo fue generado con inteligencia artificial.
Эта статья была создана с помощью искусственного интеллекта.
Этот текст сгенерирован нейросетью.
""",
    "machine_translated": """
This article was machine-translated from Arabic.
Machine translated
This story was automatically translated.
This article has been translated by DeepL.
Maschinell übersetzt
Dieser Artikel wurde automatisch ins Deutsche übersetzt.
Traduction automatique
Aus dem Englischen automatisch übersetzt.
Traduit automatiquement
Traducido automáticamente
Переведено автоматически
Машинный перевод
""",
    "sponsored": """
Sponsored content
SPONSORED POST
Advertorial
Paid content
Paid for by Acme Bank
This article is sponsored by Acme.
Bezahlter Inhalt
Contenu sponsorisé
Contenido patrocinado
На правах рекламы
""",
    "satire": """
Satire
This is satire.
Dieser Text ist Satire.
Сатира
""",
}
FLAGS = [(flag, line) for flag in _SELF for line in _SELF[flag].strip().splitlines()]


@pytest.mark.parametrize(("flag", "line"), FLAGS, ids=[line for _, line in FLAGS])
def test_what_an_article_says_of_itself(flag: str, line: str) -> None:
    body = [f"{i}. {NEWS}" for i in range(12)]
    bracketed = line.startswith("(")
    for place, counts in ((0, 1), (2, 1), (3, bracketed), (6, bracketed), (7, 1), (12, 1)):
        parted = part_text("\n\n".join([*body[:place], line, *body[place:]]))
        assert parted.flags == ((flag,) if counts else ())
        assert (line not in parted.text) is bool(counts)


@pytest.mark.parametrize(
    "line",
    [
        "Opinion", "COMMENTARY", "Op-Ed", "Meinung", "Kommentar", "Opinión", "Мнение",
        "The views expressed in this commentary are her own.",
    ],
)  # fmt: skip
def test_opinion_stands_at_the_top(line: str) -> None:
    parted = part_text(f"{line}\n\n{NEWS}\n\n{MORE}")
    assert parted.flags == ("opinion",) and parted.text == f"{NEWS}\n\n{MORE}"


def test_opinion_below_is_a_heading() -> None:
    text = f"{NEWS}\n\n{MORE}\n\nIt rained.\n\nOpinion\n\nIt did not."
    assert part_text(text) == Parted(text, (), ())
    quote = f"{NEWS}\n\n“The views expressed here are mine,” he said."
    assert part_text(quote).flags == ()
    note = "Editor’s note: Ann Lee teaches. The opinions expressed here are hers alone."
    assert part_text(f"{NEWS}\n\n{note}") == Parted(f"{NEWS}\n\n{note}", (), ("opinion",))


@pytest.mark.parametrize(
    "line",
    [
        "“This article was written by ChatGPT,” the note at the bottom read.",
        "The article was generated by AI, the paper admitted.",
        "This article was not written by AI.",
        "This article was written by ChatGPT. Or so its author claims.",
        "This story about AI was reported over six months.",
        "Generative AI is changing how newsrooms work.",
        "AI-generated images flooded the web after the vote.",
        "Machine translation is improving fast.",
        "Sponsored content has grown, publishers say.",
        "Satire is no crime.",
        "Opinions differ on the bridge.",
    ],
)
def test_an_article_about_such_things_is_not_flagged(line: str) -> None:
    text = f"{line}\n\n{NEWS}\n\n{MORE}"
    assert part_text(text) == Parted(text, (), ())


def test_several_flags_are_in_order() -> None:
    text = f"Sponsored content\n\nOpinion\n\n{NEWS}\n\nMachine translated\n\nGenerated by AI"
    flags = ("ai_generated", "machine_translated", "opinion", "sponsored")
    assert part_text(text).flags == flags


def test_gaps_where_something_went() -> None:
    assert part_text(f"  {NEWS}\n\n\n\nShare\n{MORE}  ").text == f"{NEWS}\n\n\n\n{MORE}"
    assert part_text(f"{NEWS}\nShare\n\n{MORE}").text == f"{NEWS}\n\n{MORE}"
    assert part_text(f"{NEWS}\n\nShare\n  {MORE}").text == f"{NEWS}\n\n  {MORE}"
    assert part_text(f"{NEWS}\n  Share  \n{MORE}").text == f"{NEWS}\n{MORE}"
    assert part_text(f"Share\n\n  {NEWS}").text == NEWS
    assert part_text(f"{NEWS}\n\nShare\n\nTweet").text == NEWS
    assert part_text(f"{NEWS}\n\n\n\n{MORE}").text == f"{NEWS}\n\n\n\n{MORE}"
    assert part_text(f"Share\n{NEWS} Share\n{MORE}").removed == (
        Removed("share", "Share", 0),
        Removed("share", "Share", len(NEWS)),
    )


def test_lines_wrapped_by_hand_are_one_paragraph() -> None:
    wrapped = (
        "The old bridge over the river was closed on\nTuesday for repairs that take until the\n"
        "summer, and buses go another way round for\nall that time, the mayor of the town said."
    )
    plea = "Support our newsroom with a gift today, so\nthat we can go on with our work for you."
    parted = part_text(f"{wrapped}\n\n{plea}")
    assert parted.text == wrapped and [part.text for part in parted.removed] == [plea]
    inside = wrapped.replace("Tuesday for repairs that", "copyright 2024 and to repairs")
    assert part_text(inside).text == inside


@pytest.mark.parametrize(
    "text", ["Share", "Share\n\nRead more", "", " \n ", "Sign up for our newsletter"]
)
def test_a_text_of_nothing_else_stays(text: str) -> None:
    assert part_text(text) == Parted(text.strip(), (), ())


def test_long_paragraphs_are_text() -> None:
    long = f"Sign up for our newsletter. {'And so on and on. ' * 40}".strip()
    assert part_text(f"{NEWS}\n\n{long}").removed == ()
    credit = f"Photo: {'Ann ' * 200}".strip()
    assert part_text(f"{NEWS}\n\n{credit}").removed == ()


def test_noise_keeps_every_word_in_its_order() -> None:
    rng = random.Random(11)
    pieces = (
        [line for _, line in BOILERPLATE] + [line for _, line in FLAGS] + [NEWS, MORE, "Facebook"]
    )
    gaps = ["\n", "\n\n", "\n\n\n", " \n", " "]
    for _ in range(200):
        text = "".join(rng.choice(pieces) + rng.choice(gaps) for _ in range(25)) + MORE
        parted = part_text(text)
        rebuilt = parted.text
        for part in reversed(parted.removed):
            assert 0 <= part.before <= len(parted.text)
            rebuilt = f"{rebuilt[: part.before]} {part.text} {rebuilt[part.before :]}"
        assert rebuilt.split() == text.split()
        assert parted.text == parted.text.strip()


HOSTILE = [
    "Share\n",
    "Share ",
    "Related:\n",
    "Related:\nA b c\n",
    "Read more on this:\n",
    "Dear readers,\n",
    "Dear readers,\nWe\n",
    "A/",
    "Ann Lee/",
    "Photo: A a ",
    "Photo: A, A / A via A\n",
    "this article ",
    "This article was written made created AI ",
    "This article written AI AI\n",
    "[",
    "[]",
    "“",
    "x. ",
    "we ",
    "Sign up for a ",
    "Contact a@b. ",
    "A is a, ",
    "A A A is a . ",
    "by using ",
    "  \n",
    "All rights ",
    "Hide Caption 1 of ",
    "(Photo ",
    "Get a",
    "A contributed ",
    "Contributing: A, A; ",
    "a\xa0",
    "if you value ",
    "The old bridge over the river was closed on Tuesday for repairs.\n",
    "Facebook ",
    "1 comment ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts_take_linear_time(piece: str) -> None:
    lines = "\n".join((piece * 600)[:598].strip("\n") for _ in range(250))
    for text in ((piece * 150_000)[:150_000], lines):
        started = time.process_time()
        part_text(text)
        assert time.process_time() - started < 3  # a tenth of it where it was measured


def test_a_hostile_megabyte() -> None:
    text = "\n".join((piece * 600)[:598].strip("\n") for piece in HOSTILE * 50)[:1_000_000]
    started = time.process_time()
    part_text(text + "Dear readers,\n" * 20_000)
    assert time.process_time() - started < 20  # 2 s where it was measured
