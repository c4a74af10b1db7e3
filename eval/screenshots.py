"""Pictures of the page for the README, taken of the real page over seeds/.

    python -m eval.screenshots eval/screenshots

Needs the test group (Playwright) and a Chromium of the system. The pictures show what the default
model answers.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, sync_playwright

from eval.served import SWITCHES, chromium, served

_PICTURES: tuple[tuple[str, Literal["light", "dark"], int], ...] = (
    ("light", "light", 1280),
    ("narrow-dark", "dark", 400),
)
_QUESTION = "How many people have been killed?"
_LONGEST = 120_000  # milliseconds for an answer


def main() -> None:
    """Takes them."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.screenshots",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, served(Path(scratch)) as address:
        _take(address, folder)


def _take(address: str, folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        for name, scheme, width in _PICTURES:
            page = browser.new_page(
                viewport={"width": width, "height": 860}, color_scheme=scheme, device_scale_factor=1
            )
            _ask(page, address)
            page.screenshot(path=folder / f"{name}.png")
        browser.close()


def _ask(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_text("the newest of").wait_for()  # the page is ready
    page.wait_for_timeout(1_000)
    page.locator("#question textarea").fill(_QUESTION)
    page.keyboard.press("Enter")
    page.locator("#live", has_text="Answered:").wait_for(state="attached", timeout=_LONGEST)
    page.locator("button.mark").first.click()


if __name__ == "__main__":
    main()
