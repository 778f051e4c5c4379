"""The commands that answer a question; each says what its page says."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from analytics import printing
from analytics.command_line import (
    DONE,
    TOO_LITTLE,
    AddCommand,
    Outcome,
    UsageError,
    amount,
    day,
    period,
)

if TYPE_CHECKING:
    from analytics.warehouse.store import Workspace

Answer = TypeVar("Answer")


def add_questions(add: AddCommand) -> None:
    """Add them to the command line."""
    case_arguments(add("case", case))
    add("churn", churn)
    add("referrals", referrals)
    add("incentives", incentives)
    add("scorecard", scorecard).add_argument(
        "--quarter", type=period, metavar="2026Q3", help="default: the newest one that is wholly in the data"
    )
    case_arguments(add("funnels", funnels))
    _value_arguments(add("value", value))
    _attribution_arguments(add("attribution", attribution))
    _budget_arguments(add("budget", budget))


def case(workspace: Workspace, chosen: argparse.Namespace) -> Outcome:
    """Say whether the next unit of budget earns more with new or with existing customers."""
    from analytics.decisions.case import case as make_case
    from analytics.decisions.case_json import case_json

    made = asked(make_case, workspace, chosen)
    text = "\n".join([made.sentence, *(m.text for m in made.missing), *made.notes])
    return Outcome(TOO_LITTLE if made.missing else DONE, case_json(made), text)


def attribution(workspace: Workspace, chosen: argparse.Namespace) -> Outcome:
    """Say which channels deserve the credit for orders."""
    from analytics.decisions.channel_credit import CreditChoice, channel_credit, credit_json

    try:
        choice = CreditChoice(
            chosen.model, chosen.order, chosen.credit, chosen.look_back_days, chosen.journeys_to
        )
        found = channel_credit(workspace, choice=choice)
    except ValueError as problem:
        raise UsageError(str(problem)) from problem
    text = "\n".join(
        [found.sentence, *printing.credit_lines(found), *(m.text for m in found.missing), *found.notes]
    )
    return Outcome(TOO_LITTLE if found.missing else DONE, credit_json(found), text)


def value(workspace: Workspace, chosen: argparse.Namespace) -> Outcome:
    """Say what a deal and a customer are worth."""
    from analytics.decisions.customer_value import customer_value
    from analytics.decisions.value_json import value_json

    made = asked(customer_value, workspace, chosen)
    text = "\n".join([made.sentence, *(m.text for m in made.missing), *made.notes])
    return Outcome(DONE if made.fit else TOO_LITTLE, value_json(made), text)


def funnels(workspace: Workspace, chosen: argparse.Namespace) -> Outcome:
    """Set AIDAS beside the flipped funnel: people, cost and margin at every stage, and what 1,000 of cost yield."""
    from analytics.decisions.funnel_json import funnels_json, stage_lines
    from analytics.decisions.funnels import funnels as make_funnels

    found = asked(make_funnels, workspace, chosen)
    lines = [found.sentence, *stage_lines(found), *(m.text for m in found.missing), *found.notes]
    return Outcome(DONE if found.people else TOO_LITTLE, funnels_json(found), "\n".join(lines))


def incentives(workspace: Workspace, _chosen: argparse.Namespace) -> Outcome:
    """Say which rewards pay, for whom, and what cannot be told."""
    from analytics.decisions.incentive_json import incentives_json
    from analytics.decisions.incentives import incentives as find_incentives

    found = find_incentives(workspace)
    lines = [found.sentence, *(lack.text for lack in found.missing), *found.notes]
    return Outcome(DONE if len(found.programmes) else TOO_LITTLE, incentives_json(found), "\n".join(lines))


def churn(workspace: Workspace, _chosen: argparse.Namespace) -> Outcome:
    """Say who is leaving, and how good the forecast was on days that it had not seen."""
    from analytics.decisions.leaving import leaving, leaving_json

    found = leaving(workspace)
    lines = [found.sentence, *(lack.text for lack in found.missing)]
    return Outcome(TOO_LITTLE if found.missing else DONE, leaving_json(found), "\n".join(lines))


def scorecard(workspace: Workspace, chosen: argparse.Namespace) -> Outcome:
    """Say how a quarter went for existing customers, and whose customers stay."""
    from analytics.decisions.scorecard import scorecard as make_scorecard
    from analytics.decisions.scorecard_json import scorecard_json, scorecard_lines

    try:
        found = make_scorecard(workspace, quarter=chosen.quarter.first_day if chosen.quarter else None)
    except ValueError as problem:
        raise UsageError(str(problem)) from problem
    text = "\n".join([found.sentence, *scorecard_lines(found)])
    return Outcome(DONE if found.quarter else TOO_LITTLE, scorecard_json(found), text)


def referrals(workspace: Workspace, _chosen: argparse.Namespace) -> Outcome:
    """Say who brings whom, how far it goes, and what it is worth."""
    from analytics.decisions.referral_json import referral_json
    from analytics.decisions.referrals import referrals as find

    found = find(workspace)
    lines = [found.sentence, *(lack.text for lack in found.missing), *found.notes]
    return Outcome(DONE if found.reach.invitations else TOO_LITTLE, referral_json(found), "\n".join(lines))


def budget(workspace: Workspace, chosen: argparse.Namespace) -> Outcome:
    """Say how to split the monthly budget, and what moving the money would bring."""
    from analytics.decisions.budget import Wish
    from analytics.decisions.budget import budget as find_budget
    from analytics.decisions.budget_json import budget_json, split_lines

    ends = [(name, money, None) for name, money in chosen.min]
    ends += [(name, None, money) for name, money in chosen.max]
    wish = Wish(
        chosen.total,
        chosen.target_marginal_roi,
        tuple(ends),
        tuple(chosen.lock),
        chosen.risk or Wish().risk,
    )
    try:
        found = find_budget(workspace, wish=wish)
    except ValueError as problem:
        raise UsageError(str(problem)) from problem
    lines = [found.sentence, *split_lines(found), *(lack.text for lack in found.missing), *found.notes]
    return Outcome(DONE if found.best else TOO_LITTLE, budget_json(found), "\n".join(lines))


# The arguments


def asked(question: Callable[..., Answer], workspace: Workspace, chosen: argparse.Namespace) -> Answer:
    """question(workspace, filters, assumptions), days and assumptions as the arguments say.

    Raises UsageError for what cannot be meant.
    """
    from analytics.decisions.assumptions import Assumptions
    from analytics.warehouse.filters import Filters

    try:
        assumptions = Assumptions.of(
            workspace.settings,
            margin_rate=chosen.margin_rate,
            baseline_share=getattr(chosen, "baseline_share", None),  # the value of a customer knows none
            discount_rate=chosen.discount_rate,
            horizon_months=chosen.horizon,
        )
        return question(workspace, Filters(first_day=chosen.first, last_day=chosen.last), assumptions)
    except ValueError as problem:
        raise UsageError(str(problem)) from problem


def case_arguments(parser: argparse.ArgumentParser) -> None:
    """Days and assumptions, as every command takes them that speaks of the case."""
    parser.add_argument("--from", type=day, dest="first", metavar="DAY", help="first day, as 2026-07-01")
    parser.add_argument("--to", type=day, dest="last", metavar="DAY", help="last day, included")
    parser.add_argument(
        "--horizon", type=int, metavar="12", help="months over which a customer's value is counted"
    )
    parser.add_argument(
        "--margin-rate", type=float, metavar="R", help="margin / revenue of rows without a margin"
    )
    parser.add_argument("--baseline-share", type=float, metavar="B", help="share that would have come anyway")
    parser.add_argument("--discount-rate", type=float, metavar="0.1", help="per year")


def _attribution_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model",
        default="markov",
        metavar="M",
        help="markov (default), shapley, first, last, last_non_direct, linear, position, time_decay or recorded",
    )
    parser.add_argument(
        "--order", type=int, default=1, metavar="K", help="of the Markov model: 1 (default), 2 or 3"
    )
    parser.add_argument(
        "--credit",
        default="conversions",
        metavar="WHAT",
        help="conversions (default), revenue, margin, or value: the margin of the first twelve months",
    )
    parser.add_argument(
        "--look-back-days", type=int, default=90, metavar="90", help="how long before an order contacts count"
    )
    parser.add_argument(
        "--journeys-to", default="first", metavar="WHICH", help="first (default) or reorder: the orders"
    )


def _value_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", type=day, dest="first", metavar="DAY", help="first day of deals and of cac")
    parser.add_argument("--to", type=day, dest="last", metavar="DAY", help="last day of these, included")
    parser.add_argument("--horizon", type=int, metavar="12", help="months over which value is counted")
    parser.add_argument(
        "--margin-rate", type=float, metavar="R", help="margin / revenue of rows without a margin"
    )
    parser.add_argument("--discount-rate", type=float, metavar="0.1", help="per year")


def _budget_arguments(parser: argparse.ArgumentParser) -> None:
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--total", type=float, metavar="X", help="money a month; default: as much as now")
    size.add_argument(
        "--target-marginal-roi",
        type=float,
        metavar="R",
        help="as much as still earns this beyond each further unit of money",
    )
    for name, text in (
        ("lock", "a spend that stays as given"),
        ("min", "the least that a line may get"),
        ("max", "the most that a line may get"),
    ):
        parser.add_argument(
            f"--{name}",
            type=amount,
            action="append",
            default=[],
            metavar="CHANNEL=X",
            help=f"{text}, a month",
        )
    risk = parser.add_mutually_exclusive_group()
    risk.add_argument(
        "--cautious",
        dest="risk",
        action="store_const",
        const="cautious",
        help="only as far as the chance to lose by it stays at most 5 %% (default)",
    )
    risk.add_argument(
        "--expected",
        dest="risk",
        action="store_const",
        const="expected",
        help="best for the mean of what may be true",
    )
