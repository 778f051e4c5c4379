"""Three readings of the same return: booked, incremental and marginal.

Booked: what the books show. Incremental: what the spend caused. b is the baseline share, the part of reorders and
referrals that would have come anyway, and w the part of the customers won whom the spend caused:

    acquisition  w × (first-order margin of the customers it won + b × the reorders expected over the horizon)
    retention    (1 − b) × margin of reorders and of referred first orders

so that the two add up to what both caused. Under evidence grade C, b is the analyst's assumption. Under A and B
retention's margin is what was measured, and b follows from it. Marginal: the same for the next unit of spend, off the
response curves.
"""

from dataclasses import dataclass, field

import numpy as np

from analytics.decisions import interval
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.channel_responses import ChannelResponses
from analytics.decisions.economics import NAN, roi, share
from analytics.decisions.interval import NOT_KNOWN, Interval, PairSums
from analytics.decisions.response_priors import elasticity_draws
from analytics.decisions.retention_effect import RetentionEffect

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
    """Everything that the lenses are computed from; money, NaN where not known. value_spread: see HorizonValue.spread."""

    acquisition_spend: float
    customers_won: int
    won_margin: float
    value_per_customer: float
    programme_spend: float
    incentive_cost: float
    kept_margin: float
    sums: CustomerSums
    value_spread: np.ndarray = field(default_factory=lambda: np.ones(1), compare=False)

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
    """Both sides' incremental lens, the baseline share with its range, the share at which both are equal, and
    P(retention's ROI is higher). draws: what all of it is made of.
    """

    acquisition: Lens
    retention: Lens
    baseline: Interval
    break_even: Interval
    probability_retention_better: float
    draws: "Drawn"


@dataclass(frozen=True, eq=False)
class Drawn:
    """Draws, shape (DRAWS,): b, margins of both sides, and value: of one customer won, without programmes."""

    b: np.ndarray
    acquisition: np.ndarray
    retention: np.ndarray
    value: np.ndarray


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


def incremental(
    evidence: Evidence,
    assumptions: Assumptions,
    effect: RetentionEffect | None = None,
    caused: np.ndarray | None = None,
) -> Incremental:
    """Both sides; the intervals hold chance in customers, and what is not known of b and of w.

    effect: what programmes caused, where it is measured or adjusted; None: b is assumed. caused: draws of w; None: all
    customers won are taken as caused.
    """
    won, value, kept, incentive = _drawn(evidence)
    w = np.ones(DRAWS) if caused is None or not len(caused) else np.resize(caused, DRAWS)
    mean_w = float(w.mean())
    if effect is None:
        b, drawn_b = assumptions.baseline_share, _drawn_shares(assumptions)
        retention, drawn_retention = retention_margin(evidence, b), (1 - drawn_b) * kept
        baseline = assumptions.baseline
    else:
        b, drawn_b = _measured_share(effect, evidence.kept_margin)
        retention, drawn_retention = effect.margin.value, effect.draws
        baseline = interval.of_draws(b, drawn_b)
    drawn_spend = evidence.programme_spend + incentive
    drawn_acquisition = w * (won + drawn_b * value)
    margins = mean_w * acquisition_margin(evidence, b), retention
    rois = roi(margins[0], evidence.acquisition_spend), roi(margins[1], evidence.retention_spend)
    roi_draws = _ratio(drawn_acquisition, evidence.acquisition_spend), _ratio(drawn_retention, drawn_spend)
    customers = evidence.customers_won or NAN
    return Incremental(
        Lens(interval.of_draws(margins[0], drawn_acquisition), interval.of_draws(rois[0], roi_draws[0] - 1)),
        Lens(interval.of_draws(margins[1], drawn_retention), interval.of_draws(rois[1], roi_draws[1] - 1)),
        baseline,
        _break_even_interval(evidence, w * won, w * value, kept, drawn_spend, mean_w),
        _share_ahead(roi_draws[1], roi_draws[0]),
        Drawn(drawn_b, drawn_acquisition, drawn_retention, (won + drawn_b * value) / customers),
    )


def marginal(found: Incremental, evidence: Evidence, responses: ChannelResponses) -> tuple[Lens, Lens]:
    """Acquisition and retention: the return of 1 % more on every line; not known where no curve is.

    What programmes cause is known at one level of spend: how it bends is the prior of the response curves.
    """
    if not responses.channels:
        return Lens(), Lens()
    won = np.resize(responses.marginal_share, DRAWS) * found.draws.value - 1
    bend = np.resize(elasticity_draws(len(responses.marginal_share)), DRAWS)
    kept = bend * _ratio(found.draws.retention, evidence.retention_spend) - 1
    return _lens_of(won), _lens_of(kept)


def _lens_of(roi_draws: np.ndarray) -> Lens:
    return Lens(roi=interval.of_draws(float(np.mean(roi_draws)), roi_draws))


def _measured_share(effect: RetentionEffect, kept_margin: float) -> tuple[float, np.ndarray]:
    """The baseline share that a measured effect leaves, and its draws."""
    drawn = 1 - _ratio(effect.window_draws, kept_margin)
    return float(1 - _ratio(effect.in_window.value, kept_margin)), np.clip(drawn, 0.0, 1.0)


def acquisition_margin(evidence: Evidence, baseline_share: float) -> float:
    """What acquisition caused: first orders it won, and what would follow without programmes."""
    return evidence.won_margin + baseline_share * evidence.expected_value


def retention_margin(evidence: Evidence, baseline_share: float) -> float:
    """What retention caused: the part of reorders and referrals that would not have come anyway."""
    return (1 - baseline_share) * evidence.kept_margin


def break_even_baseline_share(evidence: Evidence, caused: float = 1.0) -> float:
    """The baseline share at which both incremental ROIs are equal; linear, so solved in closed form.

    caused: the part of the customers won whom the spend caused.

    Below 0 retention is behind, above 1 it is ahead, whatever the share. NaN when a spend or margin is not
    known or zero, or when a larger share would not weaken retention (more was refunded than bought).
    """
    return float(
        _break_even(
            caused * _ratio(evidence.won_margin, evidence.acquisition_spend),
            caused * _ratio(evidence.expected_value, evidence.acquisition_spend),
            _ratio(evidence.kept_margin, evidence.retention_spend),
        )
    )


def _break_even(won, value, kept):
    """(1 − b) × kept = won + b × value, each per unit of its side's spend."""
    slope = kept + value
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.greater(slope, 0), np.divide(kept - won, slope), NAN)


def _break_even_interval(evidence: Evidence, won, value, kept, drawn_spend, caused: float) -> Interval:
    spend = evidence.acquisition_spend
    drawn = _break_even(_ratio(won, spend), _ratio(value, spend), _ratio(kept, drawn_spend))
    point = break_even_baseline_share(evidence, caused)
    around = interval.of_draws(point, drawn)
    return around if around.known else Interval(point, NAN, NAN)


def _drawn(evidence: Evidence) -> np.ndarray:
    """Draws of the four totals, shape (4, DRAWS); NaN where a total is not known."""
    totals = np.array(
        [evidence.won_margin, evidence.expected_value, evidence.kept_margin, evidence.incentive_cost],
        dtype=float,
    )
    drawn = interval.draws(np.nan_to_num(totals), evidence.sums.second, evidence.sums.third, DRAWS, SEED)
    drawn = np.where(np.isfinite(totals)[:, None], drawn.T, NAN)
    drawn[1] *= np.resize(evidence.value_spread, DRAWS)
    return drawn


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
