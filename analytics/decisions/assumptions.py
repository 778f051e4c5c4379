"""What the analyst assumes where the exports cannot know."""

from dataclasses import dataclass, fields

from analytics.decisions.interval import Interval
from analytics.language import gettext as _


@dataclass(frozen=True)
class Assumptions:
    """margin_rate: margin / amount of rows without a margin (None: not known). baseline_share: the part of
    reorders and referrals that would have come anyway, give or take baseline_share_range; it counts where the share is
    not measured, or where baseline_is_given for this one view. discount_rate: per year.
    """

    margin_rate: float | None = None
    baseline_share: float = 0.6
    baseline_share_range: float = 0.2
    discount_rate: float = 0.1
    horizon_months: int = 12
    baseline_is_given: bool = False

    def __post_init__(self):
        _check(
            0 <= self.baseline_share <= 1,
            _("The baseline share is {value}: it has to be between 0 and 1."),
            self.baseline_share,
        )
        _check(
            0 <= self.baseline_share_range <= 1,
            _("The baseline share's range is {value}: it has to be between 0 and 1."),
            self.baseline_share_range,
        )
        _check(
            self.margin_rate is None or -1 <= self.margin_rate <= 1,
            _("The margin rate is {value}: it has to be between -1 and 1."),
            self.margin_rate,
        )
        _check(
            -1 < self.discount_rate <= 10,
            _("The yearly discount rate is {value}: it has to be above -1, as 0.1 for 10 %."),
            self.discount_rate,
        )
        _check(
            1 <= self.horizon_months <= 120,
            _("The horizon is {value}: it has to be between 1 and 120 months."),
            self.horizon_months,
        )

    @classmethod
    def of(cls, settings, **overrides) -> "Assumptions":
        """The workspace's settings, except for what is named in overrides (None there means: as in the
        settings).
        """
        known = {f.name: getattr(settings, f.name) for f in fields(cls) if f.name != "baseline_is_given"}
        given = {name: value for name, value in overrides.items() if value is not None}
        return cls(**(known | {"baseline_is_given": "baseline_share" in given} | given))

    @property
    def baseline(self) -> Interval:
        """The baseline share between the smallest and the largest held possible; all are alike."""
        low = max(0.0, self.baseline_share - self.baseline_share_range)
        return Interval(self.baseline_share, low, min(1.0, self.baseline_share + self.baseline_share_range))


def _check(holds: bool, text: str, value: object) -> None:
    if not holds:
        raise ValueError(text.format(value=value))
