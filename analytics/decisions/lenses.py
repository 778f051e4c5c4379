"""Three readings of the same return: booked, incremental and (once response curves are fitted) marginal.

Booked: what the books show. Incremental: what the spend caused, here under evidence grade C, where the part
of reorders and referrals that would have come anyway (the baseline share b) is the analyst's assumption:

    acquisition  first-order margin of the customers it won + b × the reorders expected over the horizon
    retention    (1 − b) × margin of reorders and of referred first orders

so that the two add up to what both caused.
"""

from dataclasses import dataclass

import numpy as np

from analytics.decisions import interval
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.economics import NAN, roi, share
from analytics.decisions.interval import NOT_KNOWN, Interval, PairSums

DRAWS = 8_000
SEED = 1_898


@dataclass(frozen=True)
class CustomerSums:
    """Sums of products over customers of four amounts each: won (margin of first orders that spend won),
    value (what these customers are expected to reorder over the horizon), kept (margin of reorders and
    referred first orders) and incentive (costs paid to the customer and not in any programme's spend).

    second: (4, 4), in that order. third: (4,) sums of cubes. kept_kept_incentive and
    kept_incentive_incentive: the two mixed third powers that the ratio kept / incentive needs.
    """

    second: np.ndarray
    third: np.ndarray
    kept_kept_incentive: float
    kept_incentive_incentive: float


@dataclass(frozen=True)
class Evidence:
    """Everything that the lenses are computed from; money, NaN where not known."""

    acquisition_spend: float
    customers_won: int
    won_margin: float
    value_per_customer: float
    programme_spend: float
    incentive_cost: float
    kept_margin: float
    sums: CustomerSums

    @property
    def retention_spend(self) -> float:
        """Programmes, and incentives and rewards that no programme's spend contains."""
        return self.programme_spend + self.incentive_cost

    @property
    def expected_value(self) -> float:
        """Expected reorder margin over the horizon of all customers that spend won, programmes included."""
        return self.customers_won * self.value_per_customer if self.customers_won else 0.0


@dataclass(frozen=True)
class Lens:
    """Margin that a side owns under one reading, and its return on that side's spend."""

    margin: Interval = NOT_KNOWN
    roi: Interval = NOT_KNOWN


@dataclass(frozen=True)
class Incremental:
    """Both sides' incremental lens, the baseline share at which they are equal, and P(retention's ROI is
    higher).
    """

    acquisition: Lens
    retention: Lens
    break_even: Interval
    probability_retention_better: float


def booked_acquisition(evidence: Evidence) -> Lens:
    """Margin of first orders from paid channels in the window, against acquisition spend."""
    second, third = evidence.sums.second[0, 0], evidence.sums.third[0]
    margin = interval.of_total(evidence.won_margin, second, third)
    pair = PairSums(evidence.won_margin, 0.0, second, 0.0, 0.0, third, 0.0, 0.0, 0.0)
    return Lens(margin, interval.of_ratio(pair, evidence.acquisition_spend).plus(-1))


def booked_retention(evidence: Evidence) -> Lens:
    """Margin of reorders and referred first orders in the window, against retention spend."""
    second, third = evidence.sums.second, evidence.sums.third
    margin = interval.of_total(evidence.kept_margin, second[2, 2], third[2])
    pair = PairSums(
        x=evidence.kept_margin,
        y=evidence.incentive_cost,
        xx=second[2, 2],
        xy=second[2, 3],
        yy=second[3, 3],
        xxx=third[2],
        xxy=evidence.sums.kept_kept_incentive,
        xyy=evidence.sums.kept_incentive_incentive,
        yyy=third[3],
    )
    return Lens(margin, interval.of_ratio(pair, evidence.programme_spend).plus(-1))


def incremental(evidence: Evidence, assumptions: Assumptions) -> Incremental:
    """Both sides under grade C; the intervals hold chance in customers and the range of b."""
    b = assumptions.baseline_share
    won, value, kept, incentive = _drawn(evidence)
    drawn_b = _drawn_shares(assumptions)
    drawn_spend = evidence.programme_spend + incentive
    drawn_acquisition, drawn_retention = won + drawn_b * value, (1 - drawn_b) * kept
    margins = acquisition_margin(evidence, b), retention_margin(evidence, b)
    rois = roi(margins[0], evidence.acquisition_spend), roi(margins[1], evidence.retention_spend)
    roi_draws = _ratio(drawn_acquisition, evidence.acquisition_spend), _ratio(drawn_retention, drawn_spend)
    return Incremental(
        Lens(interval.of_draws(margins[0], drawn_acquisition), interval.of_draws(rois[0], roi_draws[0] - 1)),
        Lens(interval.of_draws(margins[1], drawn_retention), interval.of_draws(rois[1], roi_draws[1] - 1)),
        _break_even_interval(evidence, won, value, kept, drawn_spend),
        _share_ahead(roi_draws[1], roi_draws[0]),
    )


def acquisition_margin(evidence: Evidence, baseline_share: float) -> float:
    """What acquisition caused: first orders it won, and what would follow without programmes."""
    return evidence.won_margin + baseline_share * evidence.expected_value


def retention_margin(evidence: Evidence, baseline_share: float) -> float:
    """What retention caused: the part of reorders and referrals that would not have come anyway."""
    return (1 - baseline_share) * evidence.kept_margin


def break_even_baseline_share(evidence: Evidence) -> float:
    """The baseline share at which both incremental ROIs are equal; linear, so solved in closed form.

    Below 0 retention is behind, above 1 it is ahead, whatever the share. NaN when a spend or margin is not
    known or zero, or when a larger share would not weaken retention (more was refunded than bought).
    """
    return float(
        _break_even(
            _ratio(evidence.won_margin, evidence.acquisition_spend),
            _ratio(evidence.expected_value, evidence.acquisition_spend),
            _ratio(evidence.kept_margin, evidence.retention_spend),
        )
    )


def _break_even(won, value, kept):
    """(1 − b) × kept = won + b × value, each per unit of its side's spend."""
    slope = kept + value
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.greater(slope, 0), np.divide(kept - won, slope), NAN)


def _break_even_interval(evidence: Evidence, won, value, kept, drawn_spend) -> Interval:
    spend = evidence.acquisition_spend
    drawn = _break_even(_ratio(won, spend), _ratio(value, spend), _ratio(kept, drawn_spend))
    point = break_even_baseline_share(evidence)
    around = interval.of_draws(point, drawn)
    return around if around.known else Interval(point, NAN, NAN)


def _drawn(evidence: Evidence) -> np.ndarray:
    """Draws of the four totals, shape (4, DRAWS); NaN where a total is not known."""
    totals = np.array(
        [evidence.won_margin, evidence.expected_value, evidence.kept_margin, evidence.incentive_cost],
        dtype=float,
    )
    drawn = interval.draws(np.nan_to_num(totals), evidence.sums.second, evidence.sums.third, DRAWS, SEED)
    return np.where(np.isfinite(totals)[:, None], drawn.T, NAN)


def _drawn_shares(assumptions: Assumptions) -> np.ndarray:
    """Baseline shares spread evenly over their range, in random order."""
    steps = (np.random.default_rng(SEED + 1).permutation(DRAWS) + 0.5) / DRAWS
    baseline = assumptions.baseline
    return baseline.low + steps * (baseline.high - baseline.low)


def _ratio(margin, spend):
    """margin / spend for numbers and arrays; NaN where nothing, or nothing known, was spent."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.greater(spend, 0), np.divide(margin, spend), NAN)


def _share_ahead(first: np.ndarray, second: np.ndarray) -> float:
    """The share of draws in which the first is larger; a tie counts half, NaN anywhere gives NaN."""
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return NAN
    return share(float(np.sum(first > second) + np.sum(first == second) / 2), len(first))
