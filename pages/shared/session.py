"""What a visitor looks at: workspace, filters and assumptions, kept while moving between pages.

A keyed widget forgets its value when its page is left, so the view is one frozen dataclass in st.session_state,
mirrored in the page's address: a link reproduces the view.
"""

from __future__ import annotations

import re
import runpy
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import FunctionType
from typing import Any

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from analytics import language
from analytics.decisions.assumptions import Assumptions
from analytics.language import gettext as _
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.filters import Filters
from analytics.warehouse.sample import SAMPLE_WORKSPACE
from analytics.warehouse.store import Workspace, home
from pages.shared.plain import plain

OWN_WORKSPACE = "my-company"
NAME = re.compile(r"[^\W_][\w\- ]{0,39}")
VIEW = "view"
APP = Path(__file__).resolve().parents[2] / "app.py"
CHOICE = re.compile(r"[a-z]{1,20}-[a-z-]{1,20}")


@dataclass(frozen=True)
class View:
    """What is looked at; None among the assumptions means: as in the workspace's settings.

    choices: (name, value) of the controls of single pages, by name; names hold a hyphen: attribution-model.
    language: of analytics.language; None is what the browser speaks.
    """

    workspace: str
    filters: Filters = field(default_factory=Filters)
    margin_rate: float | None = None
    baseline_share: float | None = None
    horizon_months: int | None = None
    choices: tuple[tuple[str, str], ...] = ()
    language: str | None = None


def through_app() -> None:
    """Draw the page by way of app.py, which sets it up and navigates.

    Until app.py has run once in this process, Streamlit takes a folder called pages for its older kind of navigation
    and runs the page of a deep link alone. Not st.rerun(): it would lose the click that this run is about.
    """
    if PagesManager.uses_pages_directory:
        runpy.run_path(str(APP))
        st.stop()


def view() -> View:
    """The visitor's view; at the start of a visit it is read from the address."""
    if VIEW not in st.session_state:
        st.session_state[VIEW] = from_address(st.query_params.to_dict(), _all_values())
    return st.session_state[VIEW]


def change(**changes: Any) -> None:
    """Change parts of the view; parts of the filters by their own names."""
    here = view()
    own = {name: value for name, value in changes.items() if name in View.__dataclass_fields__}
    rest = {name: value for name, value in changes.items() if name not in own}
    st.session_state[VIEW] = replace(here, **{"filters": replace(here.filters, **rest), **own})


def switch(name: str) -> None:
    """Look at another workspace; filters and assumptions of the last one do not apply to it."""
    st.session_state[VIEW] = View(name, language=view().language)


def spoken() -> str:
    """The visitor's language: the one chosen, else the browser's where it is one of ours, else the source's."""
    return view().language or browser_language()


def choose_language(code: str) -> None:
    """Speak this language from now on; the address says so where the browser does not."""
    change(language=None if code == browser_language() else code)


def browser_language() -> str:
    """What the visitor's browser speaks ("ko-KR" is "ko"), where it is one of ours, else the source's language."""
    wished = (st.context.locale or "").lower().partition("-")[0]
    return wished if wished in language.LANGUAGES else language.SOURCE


def look(every: Mapping[str, list[str]]) -> None:
    """Look at what an address describes, in the workspace in hand."""
    asked = from_address({name: values[-1] for name, values in every.items()}, every)
    st.session_state[VIEW] = replace(asked, workspace=view().workspace, language=view().language)


def mirror() -> None:
    """Write the view into the address."""
    wanted = to_address(view())
    if {key: list(values) for key, values in wanted.items()} != _all_values():
        st.query_params.from_dict(wanted)


def workspace() -> Workspace:
    """The workspace of the view, open; the sample company is loaded into its workspace at the first visit."""
    name = view().workspace
    with _refusals_shown():
        opened = _opened(str(home() / name))
        if name == SAMPLE_WORKSPACE and not opened.entries:
            _load_sample(opened)
    return opened


@contextmanager
def _refusals_shown() -> Iterator[None]:
    """What a damaged or busy workspace refuses stands on the page, with a way out, and nothing after it is drawn."""
    try:
        yield
    except WorkspaceError as problem:
        st.error(plain(str(problem)))
        if view().workspace != SAMPLE_WORKSPACE:
            st.button(_("Look at the sample company"), on_click=switch, args=(SAMPLE_WORKSPACE,))
        st.stop()


def assumptions() -> Assumptions:
    """The workspace's settings, with what the visitor changed for this view."""
    here = view()
    return Assumptions.of(
        workspace().settings,
        margin_rate=here.margin_rate,
        baseline_share=here.baseline_share,
        horizon_months=here.horizon_months,
    )


def choice(name: str, known: Sequence[str], default: str) -> str:
    """What was chosen in a page's own control; the default where nothing, or nothing known, was."""
    chosen = dict(view().choices).get(name, default)
    return chosen if chosen in known else default


def written(name: str) -> str:
    """The choice as it stands in the address, for a page that reads it itself; empty where there is none."""
    return dict(view().choices).get(name, "")


def choose(name: str, value: str) -> None:
    """Keep a choice of a page's own control, also in the address; an empty one is forgotten."""
    chosen = {**dict(view().choices), name: value}
    change(choices=tuple(sorted((name, value) for name, value in chosen.items() if value)))


def answer(question: FunctionType, *asked: Hashable) -> Any:
    """question(workspace, filters, assumptions, *asked) for the view, computed once per data, language and all these."""
    open_workspace = workspace()
    name = f"{question.__module__}.{question.__qualname__}"
    key = (name, str(open_workspace.directory), open_workspace.snapshot, language.current())
    with _refusals_shown():
        return _answer(key, view().filters, assumptions(), asked, question, open_workspace)


def known(question: FunctionType) -> Any:
    """question(workspace), computed once per state of the data and language."""
    open_workspace = workspace()
    name = f"{question.__module__}.{question.__qualname__}"
    key = (name, str(open_workspace.directory), open_workspace.snapshot, language.current())
    with _refusals_shown():
        return _known(key, question, open_workspace)


def is_name(text: str) -> bool:
    """Whether a workspace may be called so: letters, digits, blanks, - and _; never a path."""
    return NAME.fullmatch(text) is not None and text == text.strip()


def names() -> tuple[str, ...]:
    """Every workspace there is, by name; one whose database is gone is named all the same, and says so when opened."""
    files = [*home().glob("*/warehouse.duckdb"), *home().glob("*/journal.jsonl")]
    return tuple(sorted({file.parent.name for file in files if is_name(file.parent.name)}))


def starting_workspace() -> str:
    """Where a visit begins: the own workspace that was changed last, else the sample company."""
    used = [(_changed_at(name), name) for name in names() if name != SAMPLE_WORKSPACE]
    used = [(when, name) for when, name in used if when]
    return max(used)[1] if used else SAMPLE_WORKSPACE


def from_address(single: Mapping[str, str], every: Mapping[str, list[str]]) -> View:
    """The view that an address describes; whatever it says that cannot be read is left out."""
    name = single.get("workspace", "")
    if not (is_name(name) and (name in names() or name == SAMPLE_WORKSPACE)):
        name = starting_workspace()
    first, last = _day(single.get("from")), _day(single.get("to"))
    if first and last and last < first:
        first = last = None
    groups = {f"{part}s": tuple(every.get(part, ())) for part in ("segment", "region", "channel")}
    horizon = _within(single.get("horizon"), 1, 120)
    return View(
        name,
        Filters(first, last, **groups),
        _within(single.get("margin"), 0, 1),
        _within(single.get("baseline"), 0, 1),
        None if horizon is None else int(horizon),
        tuple(sorted((name, value) for name, value in single.items() if CHOICE.fullmatch(name))),
        single["lang"] if single.get("lang") in language.LANGUAGES else None,
    )


def to_address(here: View) -> dict[str, list[str]]:
    """The address's parameters that describe a view; what is not narrowed or changed is left out."""
    filters = here.filters
    parts = {
        "workspace": [here.workspace],
        "from": [filters.first_day.isoformat()] if filters.first_day else [],
        "to": [filters.last_day.isoformat()] if filters.last_day else [],
        "segment": list(filters.segments),
        "region": list(filters.regions),
        "channel": list(filters.channels),
        "margin": [] if here.margin_rate is None else [f"{here.margin_rate:g}"],
        "baseline": [] if here.baseline_share is None else [f"{here.baseline_share:g}"],
        "horizon": [] if here.horizon_months is None else [str(here.horizon_months)],
        "lang": [here.language] if here.language else [],
        **{name: [value] for name, value in here.choices},
    }
    return {key: values for key, values in parts.items() if values}


def _all_values() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in st.query_params}


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _within(text: str | None, low: float, high: float) -> float | None:
    try:
        value = float(text) if text else None
    except ValueError:
        return None
    return value if value is not None and low <= value <= high else None


def _changed_at(name: str) -> float:
    journal = Path(home() / name / "journal.jsonl")
    return journal.stat().st_mtime if journal.is_file() else 0.0


@st.cache_resource(show_spinner=False, on_release=Workspace.close)
def _opened(directory: str) -> Workspace:
    return Workspace.open(directory)


@st.cache_resource(max_entries=100, show_spinner=False)
def _answer(
    name_and_data: tuple[str, ...],
    filters: Filters,
    assumptions: Assumptions,
    asked: tuple[Hashable, ...],
    _question,
    _workspace,
) -> Any:
    return _question(_workspace, filters, assumptions, *asked)


@st.cache_resource(max_entries=50, show_spinner=False)
def _known(name_and_data: tuple[str, ...], _question, _workspace) -> Any:
    return _question(_workspace)


def _load_sample(opened: Workspace) -> None:
    with st.spinner(_("Opening the sample company. This takes a few seconds, once.")):
        receipts = opened.load_sample()
    for receipt in receipts:
        for message in receipt.reading.messages:
            if message.severity == "error":
                st.error(plain(message.text))


def _of_the_visitor() -> str:
    """The language in a callback, a fragment, or other work that app.py is not run before."""
    return spoken() if get_script_run_ctx(suppress_warning=True) else language.SOURCE


language.when_not_told(_of_the_visitor)
