"""Parts of the referrals page: generations, the map with its lists, trees, the three Cs, the comparison, and abuse."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions import referral_sentences, wording
from analytics.decisions.referral_advocates import MOST_LISTED
from analytics.decisions.referral_network import read_network
from analytics.decisions.referrals import referrals
from analytics.language import gettext as _
from analytics.reporting import referral_charts, referral_tables
from pages.shared import layout, referral_methods, session

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from analytics.decisions.assumptions import Assumptions
    from analytics.decisions.referral_network import Network
    from analytics.decisions.referrals import Referrals

CORNER = "referrals-corner"
SHOWN = 200


def answer() -> Referrals:
    """Who brings whom; people and values are read once, whatever is looked at."""
    return session.answer(_referrals)


def _referrals(workspace, filters, assumptions) -> Referrals:
    neutral = replace(assumptions, baseline_share=0.0, baseline_share_range=0.0)  # enters none of this
    return referrals(
        workspace,
        filters,
        assumptions,
        lambda today: _network(str(workspace.directory), workspace.snapshot, neutral, today, workspace),
    )


@st.cache_resource(max_entries=1, show_spinner=False)
def _network(directory: str, snapshot: str, assumptions: Assumptions, today: date, _workspace) -> Network:
    return read_network(_workspace, assumptions, today)


def generations(found: Referrals) -> None:
    """Who came in which generation, whether the second one grows, and how far it all goes."""
    if found.generations.referred:
        left, right = st.columns(2, gap="large")
        with left:
            layout.chart(
                referral_charts.generation_chart(found.generations.totals, found.currency),
                referral_tables.generation_table(found.generations),
                _("Generations"),
                _(referral_methods.GENERATIONS),
            )
        with right:
            layout.chart(
                referral_charts.second_generation_chart(found.generations),
                referral_tables.generation_quarter_table(found.generations),
                _("Second generation by quarter"),
                _(referral_methods.GENERATIONS),
            )
    said = [
        getattr(referral_sentences, part)(found) for part in ("spread", "cycle", "second_generation", "worth")
    ]
    layout.listed([text for text in said if text])
    if found.reach.invitations:
        with st.popover(_("How is this computed?"), type="tertiary", key="spread method"):
            layout.text(_(referral_methods.SPREAD))


def value_map(found: Referrals) -> None:
    """The map of customers, and the list of one corner."""
    if not len(found.points):
        return
    expected = _("expected over {horizon}").format(horizon=wording.months(found.assumptions.horizon_months))
    bought = _("bought so far")
    titles = (
        _("lifetime value (CLV): {what}").format(what=expected if found.expects else bought),
        _("referral value (CRV)"),
    )
    layout.chart(
        referral_charts.map_chart(found.points, found.map, found.currency, titles),
        referral_tables.map_table(found.map),
        _("Map of customers"),
        _(referral_methods.MAP),
    )
    layout.quiet(referral_sentences.light_and_heavy(found))
    _corner(found)


def _corner(found: Referrals) -> None:
    corners = list(referral_sentences.CORNER_LABELS)
    chosen = session.choice(CORNER, corners, "advocates")
    st.session_state[CORNER] = chosen
    st.segmented_control(
        _("List of"), corners, key=CORNER, format_func=referral_sentences.CORNER_LABELS.__getitem__, required=True,
        on_change=lambda: session.choose(CORNER, st.session_state[CORNER]),
    )  # fmt: skip
    layout.text(referral_sentences.NEXT_STEPS[chosen])
    name = referral_sentences.CORNER_LABELS[chosen]
    _people(found.lists[chosen], name, _all_of(found, chosen))
    layout.csv(
        referral_tables.tenth_table(found.map), _("Referral value by tenth"), _("By tenth of CLV, as CSV")
    )


def _all_of(found: Referrals, corner: str) -> int:
    corners = found.map.corners
    return int(corners.loc[corners["corner"] == corner, "customers"].iloc[0])


def people(found: Referrals) -> None:
    """Top advocates and silent hubs."""
    if len(found.advocates):
        layout.title(_("Top advocates: whoever brought most, through all generations"))
        _people(found.advocates, _("Top advocates"), len(found.advocates))
    layout.title(_("Silent hubs: they brought much, and hear nothing"))
    layout.text(referral_sentences.hubs(found))
    if len(found.hubs):
        _people(found.hubs, _("Silent hubs"), len(found.hubs))


def _people(people: pd.DataFrame, name: str, of: int) -> None:
    table = referral_tables.people_table(people)
    money = {label: st.column_config.NumberColumn(format="%,.2f") for label in referral_tables.MONEY.values()}
    share = {referral_tables.COUNTS["conversion"]: st.column_config.NumberColumn(format="percent")}
    st.dataframe(
        table.head(SHOWN), hide_index=True, height=layout.table_height(min(len(table), 8)), placeholder=_("n/a"),
        column_config={**money, **share}, key=f"table {name}",
    )  # fmt: skip
    if of > MOST_LISTED:
        layout.quiet(
            _("The list holds the first {listed} of {all}.").format(
                listed=wording.number(MOST_LISTED), all=wording.number(of)
            )
        )
    with st.container(horizontal=True, gap="small"):
        layout.csv(table, name, _("All {n} as CSV").format(n=wording.number(len(table))))
        with st.popover(_("How is this computed?"), type="tertiary", key=f"method {name}"):
            layout.text(_(referral_methods.PEOPLE) if "value_all" in people else _(referral_methods.MAP))


def trees(found: Referrals) -> None:
    """The picture of the largest communities."""
    if not found.communities.drawn:
        return
    layout.chart(
        referral_charts.tree_chart(found.communities, found.currency),
        referral_tables.tree_table(found.communities),
        _("Largest trees"),
        _(referral_methods.TREES),
    )
    layout.quiet(referral_sentences.trees(found))


def kinds(found: Referrals) -> None:
    """Content, conversation and commendation."""
    if not len(found.kinds):
        return
    what = _("worth of each") if found.in_margin else _("revenue of each")
    layout.chart(
        referral_charts.kind_chart(found.kinds, found.currency, what),
        referral_tables.kind_table(found.kinds),
        _("Three Cs"),
        _(referral_methods.KINDS),
    )


def comparison(found: Referrals) -> None:
    """Referred against matched customers who came otherwise."""
    leads = found.leads
    if not found.reach.invitations:
        return
    if len(leads.by_quarter):
        what = _("margin") if found.in_margin else _("revenue")
        title = _("Referred customers against comparable others: {what} of the first {months}").format(
            what=what, months=wording.months(leads.months)
        )
        layout.chart(
            referral_charts.lead_chart(leads.by_quarter, leads.margin.difference, title, found.currency),
            referral_tables.lead_table(leads),
            _("Referred against others"),
            _(referral_methods.LEAD),
        )
    layout.text(referral_sentences.comparison(found))


def abuse(found: Referrals) -> None:
    """What is wrong with referrals, counted and listed."""
    if not len(found.abuse.counts):
        return
    layout.title(_("Self-referrals, rings and rewards for nothing"))
    layout.text(referral_sentences.abuse(found))
    counts = referral_tables.abuse_table(found.abuse.counts)
    st.dataframe(counts, hide_index=True, height=layout.table_height(len(counts)))
    rows = referral_tables.abuse_rows_table(found.abuse.rows)
    with st.container(horizontal=True, gap="small"):
        if len(rows):
            layout.csv(rows, _("Referrals to look at"), _("These referrals as CSV"))
        with st.popover(_("How is this computed?"), type="tertiary", key="abuse method"):
            layout.text(_(referral_methods.ABUSE))
    if len(rows):
        with st.expander(_("The referrals")):
            st.dataframe(rows.head(SHOWN), hide_index=True, placeholder=_("n/a"))
