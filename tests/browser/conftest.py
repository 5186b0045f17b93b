"""Debian's Chromium for the browser tests: `browser_page(width, scheme)` gives a page that notes what goes wrong.

`axe_violations(page)` says in one line each what axe-core finds; `page_faults(page)` what the console or a script said;
`follow(page, link)` clicks and waits for the next page.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TIMEOUT = 15_000  # milliseconds
HEIGHT = 900
# Waits for the animations that end.
NO_COLOUR_HALFWAY = """() => Promise.allSettled(
    document.getAnimations()
        .filter((one) => one.effect.getComputedTiming().endTime < Infinity)
        .map((one) => one.finished)
).then(() => null)"""

expect.set_options(timeout=TIMEOUT)

PageFactory = Callable[..., Page]
_faults: dict[Page, list[str]] = {}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Debian's Chromium is not installed")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's sync API runs an event loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browser_page(chromium: Browser, live_server: Any) -> Iterator[PageFactory]:
    """Makes pages of a given width and colour scheme, on the test's own server: `page.goto("/missions/")`.

    `client`: a signed-in test client whose session the page takes.
    """
    contexts = []

    def make(width: int = 1280, scheme: Any = "light", client: Any = None, **options: Any) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": HEIGHT},
            color_scheme=scheme,
            locale="fr-FR",
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(TIMEOUT)
        if client:
            session = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        faults = _faults[page] = []
        page.on("console", lambda m: faults.append(f"{m.type}: {m.text}") if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on(
            "response", lambda answer: faults.append(f"{answer.status} {answer.url}") if answer.status >= 400 else 0
        )
        return page

    yield make
    for context in contexts:
        context.close()
    _faults.clear()


def follow(page: Page, target: Locator) -> None:
    """Click what leads to another page, and wait until that page is there: what measures a page does not wait."""
    with page.expect_event("load"):
        target.click()


def page_faults(page: Page) -> list[str]:
    """Errors and warnings of the console, of the scripts and of the answers, since the page was made.

    Ask before `axe_violations`, which itself tries a style that the policy refuses.
    """
    return list(_faults[page])


def axe_violations(page: Page, exclude: list[str] | None = None) -> list[str]:
    """« rule: what is wrong (elements) » for each violation; `exclude`: selectors of what is not ours."""
    page.wait_for_load_state()
    page.evaluate(NO_COLOUR_HALFWAY)
    context: dict[str, Any] = {"exclude": [[selector] for selector in exclude or []]}
    options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
    results = Axe().run(page, context=context if exclude else None, options=options)
    return [
        f"{found['id']}: {found['help']} ({', '.join(str(node['target'][0]) for node in found['nodes'][:8])})"
        for found in results.response["violations"]
    ]


def sideways_scroll(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
