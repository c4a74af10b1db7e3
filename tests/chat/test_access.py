"""That the page works without a mouse, without eyes, on a small screen, in light and dark.

A small check of our own: every control has a name, texts stand out from what is behind them, the
keyboard reaches everything in the order of reading, the parts of the page are named.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.chat.conftest import Tab

Open = Callable[..., Tab]

NAMELESS = """() => [...document.querySelectorAll(
  'button, input:not([type=hidden]), textarea, select, a[href], summary, [role=button]'
)].filter(one => one.checkVisibility({checkVisibilityCSS: true}) && !(
  (one.getAttribute('aria-label') || '').trim() || one.innerText?.trim() || one.title ||
  one.closest('label')?.innerText.trim() ||
  (one.id && document.querySelector(`label[for="${CSS.escape(one.id)}"]`)?.innerText.trim()) ||
  (one.getAttribute('aria-labelledby') || '').split(' ').some(
    id => document.getElementById(id)?.innerText.trim())
)).map(one => one.outerHTML.slice(0, 200))"""

# The contrast of every piece of text with the nearest colour behind it (WCAG 2, 1.4.3).
PALE = """() => {
  const rgb = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = c => {
    const [r, g, b] = c.slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = one => {
    for (let at = one; at; at = at.parentElement) {
      const c = rgb(getComputedStyle(at).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const one = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim()) continue;
    if (one.closest('script, style, .unseen, #status')) continue;
    if (!one.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    const style = getComputedStyle(one);
    const [a, b] = [light(rgb(style.color)), light(behind(one))].sort((x, y) => y - x);
    const big = parseFloat(style.fontSize) >= 24;
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (big ? 3 : 4.5)) found.push([ratio, style.color, one.outerHTML.slice(0, 160)]);
  }
  return found;
}"""


def open_everything(tab: Tab) -> Page:
    page = tab.page
    for part in ("#controls", "#adding", "#keeping"):
        page.click(f"{part} button >> nth=0")
    tab.ask("How many were hurt?")
    tab.answered(1)
    tab.ask("follow: and there?")
    tab.answered(2)
    page.click('#answer-2 .claims [data-card="card-2-1"]')
    page.wait_for_timeout(400)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_have_names_and_texts_stand_out(
    scripted: str, open_tab: Open, scheme: str
) -> None:
    page = open_everything(open_tab(scripted, color_scheme=scheme))
    assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(PALE) == []


def test_the_checks_find_what_is_wrong(scripted: str, open_tab: Open) -> None:
    page = open_tab(scripted).page
    page.evaluate(
        "document.querySelector('.masthead').insertAdjacentHTML('beforeend', "
        "'<button></button><p style=\"color:#999\">pale</p>')"
    )
    assert len(page.evaluate(NAMELESS)) == len(page.evaluate(PALE)) == 1


def test_parts_are_named_and_headings_in_order(scripted: str, open_tab: Open) -> None:
    page = open_everything(open_tab(scripted))
    assert page.locator("html[lang=en]").count() == 1
    assert page.get_by_role("main").count() == 1 and page.get_by_role("banner").count() <= 1
    assert page.get_by_role("complementary", name="Evidence").count() == 1
    assert page.get_by_role("region", name="Conversation").count() == 1
    assert page.get_by_role("heading", level=1).all_inner_texts() == ["Ask your articles"]
    assert page.get_by_role("heading", level=2).all_inner_texts() == [
        "In order of time",
        "In order of time",
        "Sources",
    ]


def test_the_answer_is_told_when_it_is_whole(scripted: str, open_tab: Open) -> None:
    tab = open_tab(scripted)
    live = tab.page.locator('#live[aria-live="polite"][role="status"]')
    tab.ask("How many were hurt?")
    tab.answered(1)
    tab.page.wait_for_function(
        "document.querySelector('#live').textContent.startsWith('Answered: 2 statements')"
    )
    assert live.count() == 1
    assert tab.page.locator('#chat [aria-live="polite"]').count() == 0


def test_the_keyboard_reaches_all_in_the_order_of_reading(scripted: str, open_tab: Open) -> None:
    tab = open_tab(scripted)
    page = tab.page
    tab.ask("How many were hurt?")
    tab.answered(1)
    page.evaluate("(it => { it.tabIndex = -1; it.focus(); })(document.querySelector('.masthead'))")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(document.activeElement.dataset.card || document.activeElement.closest("
                "'#question, #send, #controls, #adding, #keeping, .card, #chat')?.id || '')"
            )
        )
    wanted = ["card-1-1", "card-1-2", "question", "send", "controls", "adding", "keeping"]
    assert [reached.index(one) for one in wanted] == sorted(reached.index(one) for one in wanted)
    assert "card-1-1" in reached[reached.index("keeping") :]


def test_a_small_screen_shows_all_below_each_other(scripted: str, open_tab: Open) -> None:
    page = open_everything(open_tab(scripted, viewport={"width": 360, "height": 740}))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    conversation = page.locator("#conversation").bounding_box()
    panel = page.locator("#evidence-panel").bounding_box()
    assert conversation and panel and panel["y"] >= conversation["y"] + conversation["height"]
    small = page.evaluate(
        "[...document.querySelectorAll('.mark, .back, summary, #send, #stop')]"
        ".filter(one => one.checkVisibility()).map(one => one.getBoundingClientRect())"
        ".filter(box => box.height < 24 || box.width < 24).length"
    )
    assert small == 0
