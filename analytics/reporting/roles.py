"""The roles that things play in every chart and table: one colour, one shape and one word each.

Colours are of Okabe and Ito's set for colour-blind readers, bright and dark enough for white and for black pages.
Colour is never the only signal: the shape or the word says the same.
"""

from dataclasses import dataclass

from analytics.language import gettext as _


@dataclass(frozen=True)
class Role:
    """Colour of marks and bars, symbol of points, and what it is called."""

    color: str
    symbol: str
    label: str


ROLES = {
    "acquisition": Role("#0072b2", "circle", _("acquisition")),
    "retention": Role("#d55e00", "diamond", _("retention")),
    "referral": Role("#009e73", "square", _("referral")),
    "neutral": Role("#7b8794", "circle-open", _("neither")),
}
BY_SOURCE = {"new": "acquisition", "referral": "referral", "reorder": "retention"}
SOURCE_LABELS = {
    "new": _("new customers"),
    "referral": _("referred customers"),
    "reorder": _("reorders"),
    "unknown": _("no customer number"),
}
LENS_LABELS = {"booked": _("Booked"), "incremental": _("Incremental"), "marginal": _("Marginal")}
MOTION_LABELS = {
    "acquisition": _("acquisition"),
    "retention": _("retention"),
    "referral": _("referral"),
    "unassigned": _("without a motion"),
    "unknown": _("no customer"),
}


def role(name: str) -> Role:
    """The role called `name`; everything without a role of its own is neutral."""
    return ROLES.get(name, ROLES["neutral"])


def role_of_source(source: str) -> Role:
    """The role that a source of revenue plays."""
    return role(BY_SOURCE.get(source, "neutral"))
