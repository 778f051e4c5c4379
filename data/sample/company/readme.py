"""The sample's README: README.template.md, filled with the truth."""

from pathlib import Path
from string import Template

from company.parameters import FIRST_DAY, LAST_DAY, Company
from company.truth import SCALE

TEMPLATE = Path(__file__).with_name("README.template.md")
COUNTS = ("rows", "customers")


def readme(company: Company, facts: dict) -> str:
    """The page, from the parameters and the truth."""
    template = Template(TEMPLATE.read_text(encoding="utf-8"))
    return template.substitute(
        first_day=FIRST_DAY.isoformat(),
        last_day=LAST_DAY.isoformat(),
        scale=SCALE,
        files=_table(["file", *COUNTS, "sums"], [_file_row(*item) for item in facts["files"].items()]),
        last_four_quarters=_motions(facts["last_four_quarters"]),
        all_24_months=_motions(facts["all_24_months"]),
        channels=_channels(facts["channels"]),
        managers=_managers(facts["account_managers"]),
        **_findings(company, facts),
    )


def _file_row(name: str, counts: dict) -> list[str]:
    sums = ", ".join(f"{column} {value}" for column, value in counts.items() if column not in COUNTS)
    customers = f"{counts['customers']:,}" if "customers" in counts else ""
    return [f"{name}.csv", f"{counts['rows']:,}", customers, sums]


def _motions(facts: dict) -> str:
    """Both motions and the programmes in one window."""
    rows = [_result_row(motion, facts[motion]) for motion in ("acquisition", "retention")]
    rows += [_result_row(f"– {programme}", result) for programme, result in facts["programmes"].items()]
    rows += [_result_row(f"booked: {motion}", result) for motion, result in facts["booked"].items()]
    clock = facts["one_clock"]
    return _table(["", "cost", "margin", "ROI", "marginal ROI"], rows) + (
        f"\n- Baseline share of reorders and referrals: **{facts['baseline_share']:.1%}**\n"
        f"- Share of the budget spent on existing customers: {facts['retention_share_of_budget']:.1%}\n"
        f"- Customers caused by paid spend: {facts['customers_caused_by_acquisition']:,.0f}\n"
        f"- One-clock margins: acquisition {clock['acquisition_margin']:,.0f}, "
        f"retention {clock['retention_margin']:,.0f}, both {clock['both_margin']:,.0f}\n"
    )


def _result_row(name: str, result: dict) -> list[str]:
    marginal = f"{result['marginal_roi']:+.2f}" if "marginal_roi" in result else ""
    return [name, f"{result['cost']:,.0f}", f"{result['margin']:,.0f}", f"{result['roi']:+.2f}", marginal]


def _channels(channels: dict) -> str:
    shown = {
        "base": ("base_per_month", "g"),
        "ceiling": ("ceiling_per_month", "g"),
        "k": ("k_per_eur", "g"),
        "carryover": ("carryover", "g"),
        "spend": ("spend", ",.0f"),
        "caused": ("customers_caused", ",.0f"),
        "CAC of those": ("caused_cac", ".2f"),
        "12-month margin": ("twelve_month_margin_per_customer", ".2f"),
        "ROI": ("roi", "+.2f"),
        "marginal ROI": ("marginal_roi", "+.2f"),
    }
    rows = [
        [name, *(format(facts[key], form) for key, form in shown.values())]
        for name, facts in channels.items()
    ]
    return _table(["channel", *shown], rows)


def _managers(managers: dict) -> str:
    rows = [
        [
            name,
            f"{facts['customers']:,}",
            f"{facts['hospitality_customers']:,}",
            f"{facts['orders_per_week']:.3f}",
            f"{facts['repeat_chance_per_quarter']:.1%}",
            f"{facts['relative_repeat_chance']:.2f}",
        ]
        for name, facts in managers.items()
    ]
    columns = [
        "rep_id",
        "customers",
        "of these hospitality",
        "orders a week",
        "orders in a quarter",
        "against all",
    ]
    return _table(columns, rows)


def _findings(company: Company, facts: dict) -> dict[str, str]:
    """The numbers in the closing sentences."""
    results = facts["all_24_months"]["programmes"]
    loser = min(company.programmes, key=lambda programme: results[programme.name]["roi"])
    referred = facts["referred_customers"]
    return {
        "loser": loser.name,
        "loser_uplift": f"{loser.uplift(loser.offer):.1%}",
        "referred_uplift": f"{referred['uplift']:.1%}",
        "referred_rate": f"{referred['order_rate_factor']:.2f}",
        "referred_price": f"{referred['order_value_factor']:.2f}",
        "loyal": f"{next(p.loyal_factor for p in company.programmes if p.name == 'loyalty_points'):.0%}",
    }


def _table(columns: list[str], rows: list[list[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
