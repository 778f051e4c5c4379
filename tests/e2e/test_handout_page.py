"""The hand-out in a real browser, opened from the disk: charts are drawn, nothing is fetched, nothing comes alive."""

import math
import shutil
import subprocess

import pandas as pd
import pytest

from analytics.reporting import charts
from analytics.reporting.columns import described
from analytics.reporting.handout import handout
from analytics.reporting.slides import Entry
from tests.e2e.dashboard import ARGUMENTS
from tests.reporting.stories import HOSTILE, slide, story

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVIL = '</script><script>window.alive=1</script><img src="http://evil.example/x" onerror="window.alive=1">\u202e\u2028'
LINK = '<a href="javascript:window.alive=1">click</a><b onmouseover="window.alive=1">b</b>'
CONTRAST = """
() => {
  const light = (c) => { const v = c / 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const of = (rgb) => 0.2126 * light(rgb[0]) + 0.7152 * light(rgb[1]) + 0.0722 * light(rgb[2]);
  const read = (text) => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const found = read(getComputedStyle(node).backgroundColor);
      if (found.length < 4 || found[3] > 0.99) return found;
    }
    return [255, 255, 255];
  };
  const said = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || node.closest("svg, script, .skip") || !node.getClientRects().length) continue;
    const a = of(read(getComputedStyle(node).color)), b = of(behind(node));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) said.push([node.className, node.textContent.slice(0, 40), ratio]);
  }
  return said;
}
"""


@pytest.fixture
def window(browser_path):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        yield opened
        opened.close()


class Seen:
    """A page opened from a file, and everything that went on while it was."""

    def __init__(self, browser, file, **look):
        self.context = browser.new_context(
            viewport=look.pop("viewport", {"width": 1280, "height": 800}), **look
        )
        self.page = self.context.new_page()
        self.said, self.asked, self.dialogs = [], [], []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda problem: self.said.append(str(problem)))
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        self.address = file.as_uri()
        self.page.goto(self.address)
        self.page.locator("html[data-ready=yes]").wait_for()
        self.page.locator(".chart .main-svg").first.wait_for()

    def is_quiet(self) -> bool:
        return (self.said, self.dialogs) == ([], []) and set(self.asked) == {self.address}


def point_at(page) -> None:
    """The mouse over a bar of the first chart."""
    chart = page.locator(".chart").first
    chart.scroll_into_view_if_needed()
    bar = max((b.bounding_box() for b in chart.locator(".point path").all()), key=lambda box: box["width"])
    page.mouse.move(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    page.mouse.move(bar["x"] + bar["width"] / 2 + 2, bar["y"] + bar["height"] / 2)


def usual(tmp_path):
    heat = charts.figure(
        [{"type": "heatmap", "z": [[1, 2], [3, 4]], "x": ["a", "b"], "y": ["c", "d"], "showscale": False}],
        "Heat",
    )
    long = pd.DataFrame({"row": range(60), "share": [0.5] * 60})
    made = story(
        slide(), slide(key="two", figure=heat, table=described(long, shares=("share",))), slide(figure=None)
    )
    file = tmp_path / "handout.html"
    file.write_text(handout(made), encoding="utf-8")
    return file


def hostile(tmp_path):
    """A story in which every text tries to come alive; its charts hold them as they are, not escaped."""
    names = [EVIL, LINK, *HOSTILE]
    figure = charts.figure(
        [{"type": "bar", "orientation": "h", "x": list(range(len(names))), "y": names, "text": names, "customdata": names,
          "hovertemplate": "%{customdata}"}],
        EVIL + LINK, x={"title": EVIL}, annotations=[{"text": LINK, "x": 1, "y": 0, "showarrow": False}],
    )  # fmt: skip
    words = EVIL + LINK
    odd = slide(
        figure=figure, table=pd.DataFrame({words: names}), headline=words, question=words, name=words, points=(words,),
        method=words, evidence=words, question_asked=words, reply=words, days=words, settings=(Entry(words, words),),
    )  # fmt: skip
    company = f'{words}"; }} body {{ display: none }} @import url(http://evil.example/y); a {{ b: "'
    made = story(
        odd, title=words, company=company, days=company, snapshot=company, definitions=(Entry(words, words),)
    )
    file = tmp_path / "hostile.html"
    file.write_text(handout(made), encoding="utf-8")
    return file


def test_it_works_from_a_file_without_a_network(window, tmp_path):
    seen = Seen(window, usual(tmp_path), offline=True)
    assert seen.page.locator(".js-plotly-plot").count() == 2
    assert seen.page.locator(".chart.undrawn").count() == 0
    seen.page.locator("summary").first.focus()
    seen.page.keyboard.press("Enter")
    assert seen.page.locator("details").first.get_attribute("open") is not None
    point_at(seen.page)
    seen.page.locator(".hovertext").first.wait_for()
    assert seen.is_quiet(), (seen.said, seen.asked)


def test_no_name_comes_alive(window, tmp_path):
    seen = Seen(window, hostile(tmp_path))
    point_at(seen.page)
    seen.page.locator(".hovertext").first.wait_for()
    assert seen.page.evaluate("window.alive") is None
    assert seen.page.locator("img").count() == 0
    assert seen.page.locator("[onerror], [onmouseover], [href^='javascript']").count() == 0
    assert seen.page.locator("script").count() == 4
    assert seen.page.locator("body").is_visible()
    assert seen.is_quiet(), (seen.said, seen.asked)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(window, tmp_path, scheme):
    seen = Seen(window, usual(tmp_path), color_scheme=scheme)
    seen.page.locator("summary").first.click()
    assert seen.page.evaluate(CONTRAST) == []
    ink = seen.page.evaluate("getComputedStyle(document.querySelector('.js-plotly-plot text')).fill")
    assert ink == seen.page.evaluate("getComputedStyle(document.body).color")


def test_it_fits_a_phone(window, tmp_path):
    seen = Seen(window, usual(tmp_path), viewport={"width": 390, "height": 844})
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert seen.is_quiet()


def test_paper_is_light_and_shows_each_slide_on_a_page(window, tmp_path):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed.")
    seen = Seen(window, usual(tmp_path), color_scheme="dark")
    paper = tmp_path / "handout.pdf"
    seen.page.pdf(path=str(paper), prefer_css_page_size=True)
    pages = subprocess.run(
        ["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True
    ).stdout.split("\f")
    pages = [page for page in pages if page.strip()]
    assert len(pages) == 5  # the answer, three slides, and what they rest on
    for page in pages:
        assert "Example company" in page
        assert "1 October 2025 to 30 September 2026" in page
        assert "Snapshot a1b2c3d4" in page
    assert "Page 2 / 5" in pages[1]
    assert "search" in pages[1]  # a small table is printed
    assert "Table: Customers by channel, 60 rows" not in pages[2]  # a long one is not
    seen.page.emulate_media(media="print", color_scheme="dark")
    assert seen.page.evaluate("getComputedStyle(document.body).color") == "rgb(31, 41, 51)"
    assert seen.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert seen.is_quiet()


def test_no_chart_is_cut_in_two_and_it_is_as_before_after_printing(window, tmp_path):
    seen = Seen(window, usual(tmp_path))
    before = seen.page.locator(".chart").first.bounding_box()
    seen.page.pdf(prefer_css_page_size=True)
    for figure in seen.page.locator("figure").all():
        assert (
            figure.evaluate(
                "(node) => { window.dispatchEvent(new Event('beforeprint')); return node.offsetHeight; }"
            )
            < 900
        )
    seen.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    after = seen.page.locator(".chart").first.bounding_box()
    assert math.isclose(before["width"], after["width"], abs_tol=1)
    assert math.isclose(before["height"], after["height"], abs_tol=1)
