"""The widget: what travels to a reader, and how soon the form can be typed into.

Goal: at most 15 kB, compressed, with French and English.
"""

import gzip
import shutil
import statistics
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, sync_playwright

from benchmarks import servers

GOAL_KB = 15.0
VISITS = 9
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FORM = "document.querySelector('moderation-comments')?.shadowRoot?.querySelector('textarea')"
WATCH = f"""
    const look = () => {FORM} ? window.typable = performance.now() : requestAnimationFrame(look);
    addEventListener('DOMContentLoaded', look);
"""
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


def main() -> None:
    """Print the size of the script, and times from the click to the form."""
    with servers.service() as ours:
        url = f"http://127.0.0.1:{ours.port}"
        measure_size(url)
        program = next(filter(None, map(shutil.which, BROWSERS)), None)
        if program is None:
            print("  no browser here: install chromium-headless-shell for the time to the form")
            return
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            measure_time(browser, f"{url}/demo")
            browser.close()


def measure_size(url: str) -> None:
    """Print how many bytes a reader's browser fetches."""
    request = Request(f"{url}/embed.js", headers={"Accept-Encoding": "gzip"})
    with urlopen(request) as reply:
        body = reply.read()
    plain = len(gzip.decompress(body))
    print(f"  embed.js               {len(body) / 1000:6.2f} kB of gzip   (goal ≤ {GOAL_KB:.0f})")
    print(f"                         {plain / 1000:6.2f} kB unpacked")


def measure_time(browser: Browser, page_url: str) -> None:
    """Print the time until the form of a first visit can be typed into, beside the page alone."""
    alone = statistics.median(_visit(browser, page_url, javascript=False) for _ in range(VISITS))
    typable = statistics.median(_visit(browser, page_url, javascript=True) for _ in range(VISITS))
    print(f"  the page alone, loaded {alone:6.0f} ms")
    print(f"  the form, to type into {typable:6.0f} ms")
    print(f"  ratio                  {typable / alone:6.2f}")


def _visit(browser: Browser, page_url: str, *, javascript: bool) -> float:
    """Return milliseconds since the navigation began; nothing is cached."""
    context = browser.new_context(java_script_enabled=javascript, bypass_csp=True)
    page = context.new_page()
    if javascript:
        page.add_init_script(WATCH)
    page.goto(page_url, wait_until="load")
    if javascript:
        page.evaluate("document.querySelector('moderation-comments').scrollIntoView()")
        page.wait_for_function("window.typable")
    milliseconds = page.evaluate("window.typable" if javascript else LOADED)
    context.close()
    return float(milliseconds)
