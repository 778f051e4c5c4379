"""Every chart says in words what it shows, and has the table it was drawn from beside it, to read and to take away."""

import json

import pytest

from tests.pages.test_two_languages import EACH_PAGE


def drawn(app) -> dict[str, tuple[str, str]]:
    """Key of each chart → its title, and what is said instead of it."""
    found = {}
    for chart in app.get("plotly_chart"):
        title = json.loads(chart.proto.spec)["layout"]["title"]["text"]
        found[chart.proto.id.partition("-chart ")[2]] = (title, chart.proto.alt)
    return found


@pytest.mark.parametrize("name", [page for page in EACH_PAGE if page.id != "present"])
def test_every_chart_is_told_and_has_its_table(visit, name):
    app = visit("sample", name)
    charts = drawn(app)
    assert charts
    for key, (title, said) in charts.items():
        assert said.startswith("Chart: "), key
        assert len(said) > 60, key
        assert title.removeprefix("<b>")[:12] in said, key
    own = [
        key for key in charts if not key.startswith("funnel-")
    ]  # other sizes of a picture that has its table
    labels = [folded.proto.popover.label for folded in app.get("popover")]
    csv = [button.proto.id for button in app.get("download_button")]
    assert labels.count("Table") == len(own)
    assert all(any(one.endswith(f"csv {key}") for one in csv) for key in own)
