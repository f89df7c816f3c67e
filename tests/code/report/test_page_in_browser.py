"""The page as a steward sees it: in Chromium, on a desk, a phone and paper; and that nothing leaves it."""

import pytest

from pipelines.report.answers import compare
from pipelines.report.page import SECTIONS, render
from tests.code.report.browser import Browser
from tests.code.report.made import past, sample

WIDTHS = {"desktop": 1280, "phone": 390}
LONG = "很长的回答没有空格" * 40 + "x" * 400  # what a page breaks at

LEFT_OF_OR_BEYOND = """
[...document.querySelectorAll("body *")].filter(e => {
  if (e.parentElement.closest(".scroll, nav > div")) return false;  // these scroll by themselves
  const box = e.getBoundingClientRect();
  return box.width && (box.left < -1 || box.right > document.documentElement.clientWidth + 1);
}).map(e => e.tagName + "." + e.className).slice(0, 5)
"""
EMPTY_SECTIONS = """
[...document.querySelectorAll("section")].filter(
  e => e.getBoundingClientRect().height < 60 || e.innerText.trim().length < 20
).length
"""
CUT_PLOTS = """
[...document.querySelectorAll("svg")].flatMap(svg => {
  const box = svg.getBoundingClientRect();
  if (box.width < 200 || box.height < 40) return [svg.getAttribute("aria-label")];
  return [...svg.querySelectorAll("text")].filter(t => {
    const own = t.getBoundingClientRect();
    return own.width && (own.left < box.left - 1 || own.right > box.right + 1 || own.bottom > box.bottom + 1);
  }).map(t => t.textContent);
})
"""
A_MOMENT = "new Promise(done => setTimeout(() => done(1), 300))"
WITHOUT_SIZE = "[...document.images].filter(image => !image.naturalWidth).length"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.close()


@pytest.fixture
def page(facts, tmp_path):
    """The page of a run with long answers and five runs to compare, as a file."""
    answers = compare(
        [
            sample("base", facts_found=0, answer=LONG),
            sample("champion", answer=LONG + "完"),
            sample("candidate", facts_found=0, answer=LONG, prompt=LONG),
            *(sample(model, 2) for model in ("base", "candidate")),
        ]
    )
    runs = [past(version=str(n), key_facts=n / 10) for n in range(1, 5)]
    path = tmp_path / "report.html"
    path.write_text(
        render({**facts, "answers": answers, "history": [*runs, past(own=True)]}), encoding="utf-8"
    )
    return path.as_uri()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_missing_or_runs_over(browser, page, width, language):
    browser.open(f"{page}#{language}", WIDTHS[width])
    assert browser.ask("document.documentElement.lang") == language
    assert browser.ask("document.documentElement.scrollWidth") == WIDTHS[width]
    assert browser.ask(LEFT_OF_OR_BEYOND) == []
    assert browser.ask("document.querySelectorAll('main > section').length") == len(SECTIONS) + 1
    assert browser.ask(EMPTY_SECTIONS) == 0
    assert browser.ask("document.querySelectorAll('svg').length") == 5
    assert browser.ask(CUT_PLOTS) == [] and browser.ask(WITHOUT_SIZE) == 0


def test_the_first_screen_holds_verdict_decision_and_what_changed(browser, page):
    browser.open(f"{page}#zh", WIDTHS["desktop"], height=800)
    assert browser.ask("document.querySelectorAll('.changes li').length") == 3
    assert browser.ask("document.querySelector('.changes').getBoundingClientRect().bottom") < 800


def test_no_request_leaves_the_page_and_none_could(browser, page):
    browser.open(page, WIDTHS["desktop"])
    assert list(browser.requested.values()) == [page] and browser.kept == []
    tried = "fetch('http://127.0.0.1:9/x').then(() => 'sent', () => 'kept')"
    assert browser.ask(tried) == "kept"
    browser.ask(
        f"document.body.append(Object.assign(new Image(), {{src: 'http://127.0.0.1:9/y'}})), {A_MOMENT}"
    )
    assert list(browser.requested.values()) == [page] and "http://127.0.0.1:9/y" in browser.kept


def test_a_customers_script_does_not_run(browser, page):
    browser.open(page, WIDTHS["desktop"])
    made = "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')"
    browser.ask(f"{made}, {A_MOMENT}")
    assert browser.ask("window.ran === undefined")


def test_failures_are_shown_first_and_a_filter_shows_the_rest(browser, page):
    browser.open(f"{page}#en", WIDTHS["desktop"])
    shown = "[...document.querySelectorAll('.answer')].filter(a => !a.hidden).map(a => a.dataset.change)"
    assert browser.ask(shown) == ["worse"]
    browser.ask("document.querySelector('[data-by=change][data-value=\"\"]').click()")
    assert browser.ask(shown) == ["worse", "right"]


def test_a_reader_switches_the_language(browser, page):
    browser.open(f"{page}#zh", WIDTHS["phone"])
    browser.ask(
        "document.querySelector('#en a').click(), new Promise(done => setTimeout(() => done(1), 100))"
    )
    assert browser.ask("document.documentElement.lang") == "en"
    assert browser.ask("document.querySelector('#en-data').offsetHeight") > 0


def test_on_paper_all_is_unfolded_and_nothing_is_cut(browser, page):
    browser.open(f"{page}#zh", 794)  # A4 at 96 dots an inch
    browser("Emulation.setEmulatedMedia", media="print")
    browser.ask("window.dispatchEvent(new Event('beforeprint'))")
    try:
        assert browser.ask("document.querySelectorAll('details:not([open])').length") == 0
        assert browser.ask("document.documentElement.scrollWidth") == 794
        assert browser.ask("getComputedStyle(document.querySelector('nav')).display") == "none"
        assert browser.ask(LEFT_OF_OR_BEYOND) == []
    finally:
        browser("Emulation.setEmulatedMedia", media="")


def test_a_frame_that_opens_no_links_shows_their_addresses(browser, facts, tmp_path):
    page, frame, address = tmp_path / "report.html", tmp_path / "frame.html", "http://127.0.0.1:8080/approve"
    page.write_text(render({**facts, "approve_url": address}), encoding="utf-8")
    frame.write_text(f'<iframe sandbox="allow-scripts" src="{page.as_uri()}"></iframe>')
    texts = {}
    for file in (page, frame):
        browser.open(file.as_uri(), WIDTHS["desktop"])
        texts[file] = browser("DOMSnapshot.captureSnapshot", computedStyles=[])["strings"]
    assert f" {address}" in texts[frame] and f" {address}" not in texts[page]
