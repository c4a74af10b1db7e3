"""The page for everybody: axe-core finds nothing, in light and dark, wide and narrow; and nothing
moves while an answer is made."""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.chat.conftest import Tab

Open = Callable[..., Tab]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def findings(page: Page) -> list[str]:
    """What axe-core calls a violation, of any weight, with the elements."""
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate("axe.run().then((all) => all.violations)")
    return [f"{one['impact']} {one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(scripted: str, open_tab: Open, scheme: str, width: int) -> None:
    # The page's own policy lets no foreign script in, axe neither.
    size = {"width": width, "height": 860}
    tab = open_tab(scripted, color_scheme=scheme, viewport=size, bypass_csp=True)
    assert findings(tab.page) == []
    tab.ask("How many were hurt?")
    tab.answered(1)
    tab.page.click("#answer-1 button.mark >> nth=0")
    for part in ("#controls", "#adding"):
        tab.page.click(f"{part} button >> nth=0")
    tab.page.wait_for_selector("#since input:visible, #since textarea:visible")
    assert findings(tab.page) == []
    tab.ask("refuse this")
    tab.answered(2)
    assert findings(tab.page) == []


def test_axe_would_find_something(scripted: str, open_tab: Open) -> None:
    tab = open_tab(scripted, bypass_csp=True)
    tab.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=data:,>')")
    assert any("image-alt" in one for one in findings(tab.page))


def test_nothing_moves_while_an_answer_is_made(scripted: str, open_tab: Open) -> None:
    tab = open_tab(scripted)
    tab.page.evaluate(
        "() => { const frame = window.requestAnimationFrame; window.frames_asked = 0;"
        " window.requestAnimationFrame = (draw) => { window.frames_asked += 1;"
        " return frame(draw); } }"
    )
    tab.ask("slow")
    tab.page.wait_for_selector("#answer-1 .working")
    tab.page.evaluate("window.frames_asked = 0")
    tab.page.wait_for_timeout(2_000)
    # Gradio asks for sixty a second, each only once the one before was drawn.
    assert tab.page.evaluate("window.frames_asked") < 40
    assert tab.page.evaluate("document.getAnimations().length") == 0
    tab.page.click("#stop")
