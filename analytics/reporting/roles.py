"""The roles that things play in every chart and table: one colour, one shape and one word each.

Colours are of Okabe and Ito's set for colour-blind readers, bright and dark enough for white and for black pages.
Colour is never the only signal: the shape or the word says the same.
"""

from dataclasses import dataclass

from analytics.language import Texts, marked
from analytics.language import gettext as _


@dataclass(frozen=True)
class Role:
    """Colour of marks and bars, symbol of points, and what it is called in the source's language."""

    color: str
    symbol: str
    called: str

    @property
    def label(self) -> str:
        """What it is called."""
        return _(self.called)


ROLES = {
    "acquisition": Role("#0072b2", "circle", marked("acquisition")),
    "retention": Role("#d55e00", "diamond", marked("retention")),
    "referral": Role("#009e73", "square", marked("referral")),
    "neutral": Role("#7b8794", "circle-open", marked("neither")),
}
BY_SOURCE = {"new": "acquisition", "referral": "referral", "reorder": "retention"}
SOURCE_LABELS = Texts(
    {
        "new": marked("new customers"),
        "referral": marked("referred customers"),
        "reorder": marked("reorders"),
        "unknown": marked("no customer number"),
    }
)
LENS_LABELS = Texts(
    {"booked": marked("Booked"), "incremental": marked("Incremental"), "marginal": marked("Marginal")}
)
MOTION_LABELS = Texts(
    {
        "acquisition": marked("acquisition"),
        "retention": marked("retention"),
        "referral": marked("referral"),
        "unassigned": marked("without a motion"),
        "unknown": marked("no customer"),
    }
)


def faded(color: str, strength: float) -> str:
    """A color that lets through what lies behind it; strength 1 lets through nothing."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{strength:.2f})"


def role(name: str) -> Role:
    """The role called `name`; everything without a role of its own is neutral."""
    return ROLES.get(name, ROLES["neutral"])


def role_of_source(source: str) -> Role:
    """The role that a source of revenue plays."""
    return role(BY_SOURCE.get(source, "neutral"))
