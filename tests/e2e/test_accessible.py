"""axe-core looks at every page: nothing serious that this project's own markup or settings bring about."""

import os

import pytest

from tests.e2e.conftest import REQUIRED
from tests.e2e.dashboard import REPOSITORY
from tests.e2e.screenshots import PAGES, settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = REPOSITORY / "tests" / "e2e" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = """async () => {
    const {violations} = await axe.run(document, {resultTypes: ["violations"]});
    return violations.filter(rule => ["serious", "critical"].includes(rule.impact)).flatMap(
        rule => rule.nodes.map(node => `${rule.id}: ${node.target.join(" ")} ${node.html.slice(0, 200)}`));
}"""


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's script; skips where it is not installed, unless the browser tests are required."""
    if AXE.is_file():
        return AXE.read_text(encoding="utf-8")
    how = "axe-core is not installed: npm ci --prefix tests/e2e"
    return pytest.fail(how) if os.environ.get(REQUIRED) == "1" else pytest.skip(how)


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 1280), ("en", "dark", 1280), ("en", "light", 390), ("ko", "light", 1280)],
)
def test_axe_finds_nothing_serious(visit, axe, language, scheme, width):
    page, found = visit.page, []
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    for name in PAGES:
        page.goto(f"{visit.address}/{'' if name == 'case' else name}?workspace=sample&lang={language}")
        settle(page)
        page.evaluate(axe)
        found += [f"{name}: {one}" for one in page.evaluate(SERIOUS)]
    assert found == []
