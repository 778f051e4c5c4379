"""The scorecard in words, written from the numbers: one sentence for each outcome."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from analytics.decisions import wording
from analytics.decisions.interval import Interval
from analytics.decisions.missing import Missing
from analytics.language import Texts, marked, ngettext
from analytics.language import gettext as _

if TYPE_CHECKING:
    from analytics.decisions.scorecard import Line, Scorecard
    from analytics.decisions.scorecard_figures import Facts, Quarter
    from analytics.decisions.scorecard_people import People, Recognition

STATUS = Texts({"met": marked("met"), "near": marked("nearly met"), "missed": marked("missed"), "": ""})
FEWEST_OF = 50  # one customer in fifty is the rarest that is said so; rarer shares are written in percent


def headline(found: Scorecard) -> str:
    """How many goals are met, what stands out and what lags; without goals what moved most."""
    if found.quarter is None:
        return _("Not enough data to say how a quarter went. {lacking}").format(
            lacking=" ".join(lack.what for lack in found.missing)
        )
    return _against_goals(found) if found.judged else _against_before(found)


def written(value: float, unit: str, decimals: int | None = None) -> str:
    """A figure as it is read: "65 %", "8.5 %", "3 days"; shares below a fifth with a decimal unless told otherwise."""
    if unit == "days":
        return days(value)
    small = wording.known(value) and 0 < abs(value) < 0.2005
    return wording.percent(value, decimals if decimals is not None else int(small))


def with_range(interval: Interval, unit: str) -> str:
    """A figure with its interval, where there is one: "70.9 % (69.0 to 72.7 %)", "5.5 days (4 to 7)"."""
    value = written(interval.value, unit, 1)
    if not (wording.known(interval.low) and wording.known(interval.high)):
        return value
    if unit == "days":
        return _("{value} ({low} to {high})").format(
            value=value, low=wording.number(interval.low), high=wording.number(interval.high)
        )
    return _("{value} ({low} to {high} %)").format(
        value=value, low=wording.number(100 * interval.low, 1), high=wording.number(100 * interval.high, 1)
    )


def days(value: float) -> str:
    """A number of days, halves included: "3 days", "2.5 days"."""
    if not wording.known(value):
        return _("n/a")
    text = wording.number(value, 0 if value == round(value) else 1)
    return _("1 day") if value == 1 else _("{count} days").format(count=text)


def quarter_label(quarter: Quarter) -> str:
    """ "2026 Q3", and whether it is still running."""
    name = wording.quarter(quarter.first_day)
    return name if quarter.finished else _("{quarter} (unfinished)").format(quarter=name)


def no_such_quarter(day: date, quarters: Sequence[Quarter]) -> str:
    """Nothing was ordered in the quarter that is asked for."""
    return _("There are no orders in {quarter}; there are some from {first} to {last}.").format(
        quarter=wording.quarter(day),
        first=wording.quarter(quarters[0].first_day),
        last=wording.quarter(quarters[-1].first_day),
    )


def badges(found: Scorecard) -> list[str]:
    """The quarter, and that chance is drawn."""
    if found.quarter is None:
        return []
    return [quarter_label(found.quarter), _("ranges: 80 %")]


def recognition(one: Recognition) -> str:
    """Why somebody is recognised."""
    text = {
        "repeat": _("{person}: customers come back {more} more often than in the same segments elsewhere."),
        "kept": _(
            "{person}: customers stay, {more} more of their revenue is kept than in the same segments elsewhere."
        ),
        "referrals": _("{person}: customers refer {more} more often than in the same segments elsewhere."),
    }[one.measure]
    more = Interval(one.ratio.value - 1, one.ratio.low - 1, one.ratio.high - 1)
    return text.format(person=one.rep_id, more=wording.share_with_range(more))


def recognition_missing(people: People) -> str:
    """Nobody stands out by more than luck."""
    return ngettext(
        "There is one person only, and nobody to compare with.",
        "Of {count} people nobody's customers surely stay, come back or refer more than expected: it cannot be told yet.",
        people.count,
    ).format(count=wording.number(people.count))


def _against_goals(found: Scorecard) -> str:
    judged = found.judged
    met = [line for line in judged if line.status == "met"]
    lagging = [line for line in judged if line.status != "met"]
    parts = [phrase(min(met, key=_relative_shortfall))] if met else []
    if lagging:
        parts.append(_lag(max(lagging, key=_relative_shortfall)))
    return _("{count} in {quarter}: {what}.").format(
        count=_met_of(len(met), len(judged)), quarter=_quarter(found), what=_(", but ").join(parts)
    )


def _met_of(met: int, all_goals: int) -> str:
    if all_goals == 1:
        return _("The one goal is met") if met else _("The one goal is not met")
    if met == all_goals:
        return _("All {count} goals are met").format(count=wording.in_words(all_goals))
    if not met:
        return _("None of the {count} goals is met").format(count=wording.in_words(all_goals))
    return ngettext("{met} of {count} goals is met", "{met} of {count} goals are met", met).format(
        met=wording.in_words(met).capitalize(), count=wording.in_words(all_goals)
    )


def _lag(line: Line) -> str:
    goal = written(line.goal, line.definition.unit)
    only = (
        _("only {what} (goal: {goal})") if line.definition.better == "higher" else _("{what} (goal: {goal})")
    )
    return only.format(what=phrase(line), goal=goal)


def phrase(line: Line) -> str:
    """What a figure says, as a part of a sentence."""
    value = line.value.value
    share = written(value, "share")
    if line.name == "referral_rate" and 1 / FEWEST_OF <= value <= 0.5:
        return _("one customer in {count} referred somebody").format(count=wording.in_words(round(1 / value)))
    if line.name == "unanswered_share" and line.status == "met":
        return _("{share} of the questions were answered").format(share=written(1 - value, "share"))
    by_name = {
        "retention_budget_share": _("{share} of the budget goes to existing customers"),
        "repeat_rate": _("{share} of the buyers came back"),
        "nrr": _("{share} of the revenue of the quarter before came again from the same customers"),
        "grr": _("{share} of revenue is kept"),
        "referral_rate": _("{share} of the customers referred somebody"),
        "answer_days": _("the median answer took {days}"),
        "unanswered_share": _("{share} of the questions went unanswered"),
        "satisfaction": _("{share} of the new customers are satisfied"),
    }
    if line.definition.by_orders:
        by_name["satisfaction"] = _("{share} of the new customers came again within 180 days")
    return by_name[line.name].format(share=share, days=days(value))


def _against_before(found: Scorecard) -> str:
    """What moved most in proportion against the quarter and the year before, of all that moved by more than chance."""
    before, year = _most_moved(found, "before"), _most_moved(found, "year_before")
    if not any(_comparable(found, against) for against in ("before", "year_before")):
        return _standing(found)
    if before and year and before.name == year.name:
        return _("In {quarter} the largest move is in {figure}: {now}, after {before} in the quarter before and {year} a year before.").format(
            quarter=_quarter(found), year=_then(before, "year_before"), **_move(before, "before")
        )  # fmt: skip
    parts = []
    if before:
        parts.append(
            _("the largest move against the quarter before is in {figure}: {now}, after {before}").format(
                **_move(before, "before")
            )
        )
    elif _comparable(found, "before"):
        parts.append(_("no figure moved against the quarter before by more than chance does"))
    if year:
        parts.append(
            _("against the year before it is in {figure}: {now}, after {before}").format(
                **_move(year, "year_before")
            )
        )
    elif before and _comparable(found, "year_before"):
        parts.append(_("none moved against the year before by more than chance does"))
    return _("In {quarter} {what}.").format(quarter=_quarter(found), what="; ".join(parts))


def _comparable(found: Scorecard, against: str) -> list[Line]:
    return [line for line in found.lines if wording.known(line.value.value - getattr(line, against).value)]


def _most_moved(found: Scorecard, against: str) -> Line | None:
    moved = [line for line in _comparable(found, against) if line.moved(getattr(line, against))]
    return max(
        moved,
        key=lambda line: _relative_change(line.value.value, getattr(line, against).value),
        default=None,
    )


def _move(line: Line, against: str) -> dict[str, str]:
    now = written(line.value.value, line.definition.unit, 1)
    return {"figure": _lowered(line.definition.label), "now": now, "before": _then(line, against)}


def _then(line: Line, against: str) -> str:
    return written(getattr(line, against).value, line.definition.unit, 1)


def _standing(found: Scorecard) -> str:
    """A first quarter has nothing to be held against."""
    known = [phrase(line) for line in found.lines if line.value.known]
    if not known:
        return _("Nothing can be said about {quarter} yet.").format(quarter=_quarter(found))
    return _("In {quarter} {what}; there is no quarter before to compare with.").format(
        quarter=_quarter(found), what=wording.listed(known[:2])
    )


def missing(found: Scorecard, facts: Facts) -> tuple[Missing, ...]:
    """Which exports would fill the figures that are empty."""
    lacking = []
    if facts.known.spend is None:
        lacking.append(
            Missing(
                _("The share of the budget needs spend, which is not loaded."),
                _("Export month, channel or programme, and amount from the books, and load it as spend."),
                "spend",
            )
        )
    if facts.day("first_contact") is None:
        lacking.append(
            Missing(
                _("How fast customers are answered needs contacts, which are not loaded."),
                _(
                    "Export customer, day, channel, stage and direction of every contact, and load it as touchpoints."
                ),
                "touchpoints",
            )
        )
    if facts.day("first_referral") is None:
        lacking.append(
            Missing(
                _("Who referred needs referrals, which are not loaded."),
                _("Export one row per referral made, and load it as referrals."),
                "referrals",
            )
        )
    if not facts.seen["has_reps"]:
        lacking.append(
            Missing(
                _("The people whose customers stay cannot be named: no order names a sales person."),
                _("Export the column rep_id with sales and reorders."),
                "sales",
            )
        )
    return tuple(lacking)


def notes(found: Scorecard, facts: Facts) -> tuple[str, ...]:
    """What a reader should know beside the figures."""
    said = (
        _unfinished(found),
        _narrowed(found, facts),
        _budget_not_known(found, facts),
        _in_days(facts),
        _by_second_order(found),
        _goals_without_figure(found),
    )
    return tuple(note for note in said if note)


def _unfinished(found: Scorecard) -> str | None:
    if found.quarter is None or found.quarter.finished:
        return None
    return _(
        "{quarter} is not wholly in the data: its figures are of fewer days than those of the quarters that they are "
        "held against."
    ).format(quarter=wording.quarter(found.quarter.first_day))


def _narrowed(found: Scorecard, facts: Facts) -> str | None:
    if not (found.narrowed and facts.workspace.settings.goals):
        return None
    return _(
        "Goals are those of the whole company; the figures are those of the customers chosen at the side."
    )


def _budget_not_known(found: Scorecard, facts: Facts) -> str | None:
    if facts.known.spend is None or found.line("retention_budget_share").value.known:
        return None
    if found.narrowed:
        return _(
            "Spend is not recorded by segment, region or channel of the customers: take these filters away."
        )
    return _("Spend is loaded from {first} to {last}, which leaves out a part of the quarter.").format(
        first=wording.day(facts.known.spend.first_day), last=wording.day(facts.known.spend.last_day)
    )


def _in_days(facts: Facts) -> str | None:
    if facts.day("last_contact") is None:
        return None
    return _(
        "Answers are counted in days, not in hours: contacts are stored by the day, without a time. Questions are left "
        "out until 14 days of contacts have followed them."
    )


def _by_second_order(found: Scorecard) -> str | None:
    if found.by_stage:
        return None
    return _("No contact has the stage satisfaction: a second order within 180 days stands for it.")


def _goals_without_figure(found: Scorecard) -> str | None:
    lacking = [line.definition.label for line in found.lines if wording.known(line.goal) and not line.status]
    if not lacking:
        return None
    return _("Not known, and so not held against their goals: {figures}.").format(
        figures=wording.listed([_lowered(label) for label in lacking])
    )


def _quarter(found: Scorecard) -> str:
    assert found.quarter is not None
    name = wording.quarter(found.quarter.first_day)
    return name if found.quarter.finished else _("{quarter} so far").format(quarter=name)


def _relative_shortfall(line: Line) -> float:
    return line.shortfall / max(abs(line.goal), 1e-9)


def _relative_change(now: float, then: float) -> float:
    return abs(now - then) / max(abs(then), 1e-9)


def _lowered(label: str) -> str:
    return label[0].lower() + label[1:]
