"""What kind of answer a question asks for, and of what."""

import pytest

from rag.read.kinds import Kind, read_kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who leads Hayat Tahrir al-Sham?", "person"),
        ("Who is Hassan Abdulghani?", "person"),
        ("The rebels were led by whom?", "person"),
        ("Which minister resigned over the flood?", "person"),
        ("The medal was pinned on which general?", "person"),
        ("Where did the rebels stop?", "place"),
        ("Farmers working where went on strike?", "place"),
        ("Which city fell on Sunday?", "place"),
        ("The ferry sank off which island?", "place"),
        ("What is the capital of Idlib province?", "place"),
        ("When did the civil war begin?", "date"),
        ("Since when has Russia kept a base in Tartus?", "date"),
        ("What year did Russia step in?", "date"),
        ("In which month does the court sit?", "date"),
        ("On what date was the truce signed?", "date"),
        ("What time does the polling station close?", "date"),
        ("How long ago was the base built?", "date"),
        ("How many people were displaced?", "number"),
        ("How old is the mayor?", "number"),
        ("How far is Ariha from Idlib?", "number"),
        ("What was the final score of the derby?", "number"),
        ("What is the death toll in Idlib?", "number"),
        ("By how much did the river rise?", "number"),
        ("How much did the stadium cost?", "money"),
        ("How much will drivers pay at the bridge?", "money"),
        ("What is the price of a ticket?", "money"),
        ("The painting went at what price?", "money"),
        ("What percentage of voters stayed at home?", "percent"),
        ("What share of the wheat was lost?", "percent"),
        ("What is the inflation rate in Turkey?", "percent"),
        ("A law bans the sale of what?", "thing"),
        ("Which airline lost a door over the sea?", "thing"),
        ("The bakery renamed its oldest loaf. What is it called?", "thing"),
        ("Who said that 25 people were killed?", "speaker"),
        ("Who reported the strikes on Idlib?", "speaker"),
        ("Who claims to hold Hama?", "speaker"),
        ("Who counts the dead?", "speaker"),
        ("According to whom did 370 people die?", "speaker"),
        ("According to which monitor did Aleppo fall?", "speaker"),
        ("Aleppo fell on Sunday according to whom?", "speaker"),
        ("Whose figure is 320 militants?", "speaker"),
        ("Why did the army withdraw?", "reason"),
        ("What caused the blackout?", "reason"),
        ("What are Putin's reasons for propping up Assad?", "reason"),
        ("What turned the protest into a riot?", "reason"),
        ("In what ways was the mayor helped?", "manner"),
        ("Besides the dead, how many were hurt when the market burned?", "number"),
        ("For the mayor, what was the reason when he left?", "reason"),
        ("What prompted the walkout?", "reason"),
        ("What was the purpose of the raid?", "reason"),
        ("For what reason was the bridge shut?", "reason"),
        ("How did the rebels enter Aleppo?", "manner"),
        ("How can residents leave the city?", "manner"),
        ("Did the Syrian army hold Hama?", "yes_no"),
        ("Is Aleppo under rebel control?", "yes_no"),
        ("Hasn't the truce ended?", "yes_no"),
        ("Will the airport which was shelled reopen?", "yes_no"),
        ("List the groups that took part.", "list"),
        ("Name the towns that were shelled.", "list"),
        ("Which countries back Assad?", "list"),
        ("Who are the main parties to the war?", "list"),
        ("What are the demands of the strikers?", "list"),
        ("What happened in Aleppo?", "account"),
        ("What happened when the truce ended?", "account"),
        ("What's going on in Hama?", "account"),
        ("What is the latest on the strike?", "account"),
        ("Tell me about the ceasefire.", "account"),
        ("Summarise the fighting in Idlib.", "account"),
        ("Aleppo", "account"),
        ("Syria ceasefire?", "account"),
        ("Hayat Tahrir al-Sham", "account"),
        ("How has the death toll changed since Friday?", "comparison"),
        ("Compare the reports of the two agencies.", "comparison"),
        ("What is the difference between HTS and the army?", "comparison"),
        ("Were there more or fewer arrests than before?", "comparison"),
        ("How many homes burned compared with last year?", "comparison"),
    ],
)  # fmt: skip
def test_the_kind_is_what_is_asked_for(question: str, kind: Kind) -> None:
    assert read_kind(question).kind == kind


@pytest.mark.parametrize(
    ("question", "kind", "focus"),
    [
        ("Which automaker recalled its vans?", "thing", "automaker"),
        ("Which US state became the first to vote?", "place", "US state"),
        ("Which member of the royal family gave up the title?", "person", "member"),
        ("Which of the following senators was absent?", "person", "senators"),
        ("Which president's plane was delayed?", "person", "president"),
        ("What type of boats were seized?", "thing", "type of boats"),
        ("Which rebel groups control the airport?", "list", "rebel groups"),
        ("What is the name of the ferry that sank?", "thing", "ferry"),
        ("What was the name of the town where it happened?", "place", "town"),
        ("The outbreak was of which highly infectious disease?", "thing",
         "highly infectious disease"),
        ("Which British racing driver crashed?", "person", "British racing driver"),
        ("Which group fighting in Hama withdrew?", "thing", "group"),
        ("What collapsed in the storm?", "thing", None),
        ("What makes the river rise?", "thing", None),
        ("Who took over?", "person", None),
    ],
)  # fmt: skip
def test_the_focus_is_the_head_of_which_x(question: str, kind: Kind, focus: str | None) -> None:
    asked = read_kind(question)
    assert (asked.kind, asked.focus) == (kind, focus)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Ten towns flooded. Which town was hit first? Thanks.", "place"),
        ("Who knows. When did it end?", "date"),
        ("How did the U.S. Senate vote on Jan. 7?", "manner"),
        ("When rebels entered the city, who fled?", "person"),
        ("After the army left, how many shops opened?", "number"),
        ("The truce, which began on Friday, was broken by whom?", "person"),
        ("A plane was forced down by which country when it crossed the sea?", "place"),
        ("The man who sold the ferry was fined in what town?", "place"),
        ("In the town where he was born, who took over?", "person"),
        ("He must stand trial in which county, whose judge had refused?", "place"),
        ("Can you tell me why the market closed?", "reason"),
        ("Do you know who won?", "person"),
        ("I want to know when it began", "date"),
        ("What’s happening in Homs?", "account"),
        ("  WHERE   is he?\n", "place"),
        ("", "account"),
        ("rain fell on the fields near the old mill", "thing"),
    ],
)  # fmt: skip
def test_the_word_that_asks_may_stand_anywhere(question: str, kind: Kind) -> None:
    assert read_kind(question).kind == kind


@pytest.mark.timeout(60)  # what is not linear would take hours
@pytest.mark.parametrize("part", ["which ", "what is the ", "how has ", "who, ", "A. ", "so ", "?"])
def test_a_hostile_question_ends(part: str) -> None:
    read_kind(part * (100_000 // len(part)))
