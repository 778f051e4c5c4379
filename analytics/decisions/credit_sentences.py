"""The credit of channels in words, written from its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.decisions import missing, wording
from analytics.decisions.interval import Interval
from analytics.decisions.journeys import FIRST
from analytics.decisions.missing import Missing
from analytics.language import Texts, marked, ngettext
from analytics.language import gettext as _

if TYPE_CHECKING:
    from analytics.decisions.channel_credit import ChannelCredit
    from analytics.decisions.journeys import JourneyBook

SMALL_CHANGE = 0.02  # a share that moves by less is called unmoved
BY_MODEL = Texts(
    {
        "first": marked("when the first contact gets it all"),
        "last": marked("when the last contact that is on file gets it all"),
        "last_non_direct": marked("when the last contact that is not direct gets it all"),
        "linear": marked("when all contacts of a journey share alike"),
        "position": marked("when the first and the last contact get 40 % each"),
        "time_decay": marked("when a contact counts half as much for every week that it lies back"),
        "markov": marked("once its part in longer journeys is counted"),
        "shapley": marked("once its part in longer journeys is counted"),
        "all": marked("once every part in longer journeys is counted"),
    }
)
MODEL_LABELS = Texts(
    {
        "recorded": marked("as recorded"),
        "first": marked("first contact"),
        "last": marked("last contact"),
        "last_non_direct": marked("last, not direct"),
        "linear": marked("linear"),
        "position": marked("position 40/20/40"),
        "time_decay": marked("time decay"),
        "markov": marked("Markov"),
        "shapley": marked("Shapley"),
    }
)


def model_label(model: str, order: int = 1) -> str:
    """The model's name; the Markov model's with its order."""
    label = MODEL_LABELS[model]
    return _("{model}, order {order}").format(model=label, order=order) if model == "markov" else label


def credited_label(credited: str, leads_to: str) -> str:
    """What is shared out, as it stands after "share of"."""
    first = leads_to == FIRST
    return {
        "conversions": _("first orders") if first else _("reorders"),
        "revenue": _("revenue of first orders") if first else _("revenue of reorders"),
        "margin": _("margin of first orders") if first else _("margin of reorders"),
        "value": _("first-year margin") if first else _("margin of reorders"),
    }[credited]


def headline(found: ChannelCredit) -> str:
    """Which channels deserve the credit, in one or two sentences."""
    if not len(found.named):
        if len(found.lines):
            return _("No channel is recorded with the orders, so none can be credited.")
        return " ".join(lack.what for lack in found.missing)
    if found.model == "recorded":
        return _recorded(found)
    gains = found.named.sort_values("change", kind="stable")
    most, least = gains.iloc[-1], gains.iloc[0]
    if max(most["change"], -least["change"]) < SMALL_CHANGE:
        return _unmoved(found)
    return _sentence(_winner(found, most) + _loser(most, least))


def share_text(share: Interval) -> str:
    """The share with its range; without it where both ends are written alike."""
    alike = wording.percent(share.low) == wording.percent(share.high)
    return wording.percent(share.value) if alike else wording.share_with_range(share)


def _winner(found: ChannelCredit, most) -> str:
    return _("{channel} is credited with {before} of {what} {record}, but {after} {model}").format(
        channel=most["channel"],
        before=wording.percent(most["recorded_share"]),
        what=credited_label(found.choice.credited, found.choice.leads_to),
        record=_by_record(found),
        after=share_text(Interval(most["share"], most["share_low"], most["share_high"])),
        model=BY_MODEL[found.model],
    )


def _loser(most, least) -> str:
    if not least["change"] < -SMALL_CHANGE or least["channel"] == most["channel"]:
        return "."
    return _("; {channel} loses the most ({before} to {after}).").format(
        channel=least["channel"],
        before=wording.percent(least["recorded_share"]),
        after=wording.percent(least["share"]),
    )


def _by_record(found: ChannelCredit) -> str:
    return (
        _("by the last touch on record")
        if found.choice.leads_to == FIRST
        else _("by the programme on record")
    )


def _unmoved(found: ChannelCredit) -> str:
    top = found.named.iloc[0]
    return _sentence(
        _(
            "{channel} leads with {share} of {what}; journeys and the record agree: no channel's share moves by more "
            "than {points} points {model}."
        ).format(
            channel=top["channel"],
            share=wording.percent(top["share"]),
            what=credited_label(found.choice.credited, found.choice.leads_to),
            points=wording.number(100 * found.named["change"].abs().max(), 1),
            model=BY_MODEL["all" if found.model in ("markov", "shapley") else found.model],
        )
    )


def _recorded(found: ChannelCredit) -> str:
    what = credited_label(found.choice.credited, found.choice.leads_to)
    leading = [
        _("{channel} has {share}").format(channel=line["channel"], share=wording.percent(line["share"]))
        for line in found.named.head(3).to_dict("records")
    ]
    record = (
        _("As recorded, by last touch:")
        if found.choice.leads_to == FIRST
        else _("As recorded, by programme:")
    )
    unknown = _("What came before that touch is not known.") if found.missing else ""
    shares = _("{channels} of {what}.").format(channels=wording.listed(leading), what=what)
    return " ".join(part for part in (record, shares, unknown) if part)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def lost(found: ChannelCredit) -> str:
    """How many journeys end without an order, and after which channel most of them do."""
    if not wording.known(found.lost_share) or not len(found.steps):
        return ""
    deaths = found.steps.assign(deaths=found.steps["dies"] * found.steps["contacts"])
    worst = deaths.loc[deaths["deaths"].idxmax()]
    if not worst["deaths"] > 0:
        return _("No journey without an order is on file, so every contact seems to lead to one.")
    return _(
        "{share} of {journeys} journeys end without an order; most of these after {channel} ({part})."
    ).format(
        share=wording.percent(found.lost_share),
        journeys=wording.number(found.journeys),
        channel=worst["channel"],
        part=wording.percent(worst["deaths"] / deaths["deaths"].sum()),
    )


def disagreement(found: ChannelCredit) -> str:
    """The channel on which models differ most: the choice of the model weighs more than chance."""
    shares = found.models[found.models["channel"].notna()].drop(columns="recorded").set_index("channel")
    if len(shares) < 2:
        return ""
    spread = shares.max(axis=1) - shares.min(axis=1)
    channel = spread.idxmax()
    return _(
        "The models differ most on {channel}: {low} to {high}. The intervals above hold chance alone, not the choice "
        "of the model."
    ).format(
        channel=channel,
        low=wording.percent(shares.loc[channel].min()),
        high=wording.percent(shares.loc[channel].max()),
    )


def blended(found: ChannelCredit, currency: str | None) -> str:
    """What one order costs over all of them, paid or not."""
    if not wording.known(found.blended_cac):
        return ""
    text = (
        _("Blended, over all first orders: {cost} each.")
        if found.choice.leads_to == FIRST
        else _("Blended, over all reorders: {cost} each.")
    )
    return text.format(cost=wording.money(found.blended_cac, currency))


def notes(book: JourneyBook) -> tuple[str, ...]:
    """What to know about the numbers that are there."""
    if not book.has_journeys:
        return ()
    found = (
        _(
            "Credit shares out what was observed. It does not say what would have come without a channel: that takes a test."
        ),
        _without_contact(book),
        _without_groups(book),
        _without_failures(book),
        _unfinished(book),
    )
    return tuple(note for note in found if note)


def _without_contact(book: JourneyBook) -> str:
    bare = book.by_record + book.unseen["conversions"]
    if not bare:
        return ""
    return _(
        "{count} orders had no contact in the {days} days before: {recorded} are credited as recorded, {unseen} to none."
    ).format(
        count=wording.number(bare),
        days=wording.number(book.look_back_days),
        recorded=wording.number(book.by_record),
        unseen=wording.number(book.unseen["conversions"]),
    )


def _without_groups(book: JourneyBook) -> str:
    if not book.narrowed:
        return ""
    return _(
        "People who never bought belong to no segment, region or winning channel: with these filters, journeys that "
        "failed before a first order are left out."
    )


def _without_failures(book: JourneyBook) -> str:
    if book.narrowed or book.lost:
        return ""
    return _(
        "The contacts hold nobody who did not buy: export these too, or Markov cannot tell which channels fail."
    )


def _unfinished(book: JourneyBook) -> str:
    if not book.unfinished:
        return ""
    text = ngettext(
        "{count} of {all} journeys without an order was in contact in the last {days} days on file: its order may still come, "
        "and the channels of these days look worse than they are.",
        "{count} of {all} journeys without an order were in contact in the last {days} days on file: their orders may still "
        "come, and the channels of these days look worse than they are.",
        book.unfinished,
    )
    return text.format(
        count=wording.number(book.unfinished),
        all=wording.number(book.lost),
        days=wording.number(book.look_back_days),
    )


# What is missing


def no_such_orders(book: JourneyBook) -> Missing:
    """The window has no order of the kind."""
    if book.leads_to != FIRST:
        return Missing(
            _("There is no reorder in these days."),
            _("Export repeat orders and load them as reorders, or widen the days."),
            "reorders",
        )
    assert book.window is not None
    assert book.known is not None
    return missing.no_orders_in(book.window, book.known)


def no_margin() -> Missing:
    """Margin or value is to be credited and is not known."""
    return Missing(
        _("Not every order has a margin, and no margin rate is set."),
        _("Set a margin rate, export a margin column with the orders, or credit orders or revenue instead."),
    )


def no_contacts(book: JourneyBook) -> Missing:
    """No contact is loaded, or none before an order."""
    if book.contacted:
        return Missing(
            _("No contact lies before these orders."),
            _("Lengthen the look-back, widen the days, or load the contacts of this time as touchpoints."),
            "touchpoints",
        )
    return Missing(
        _(
            "Contacts are not loaded, so only the channel that the company's own system recorded can be credited."
        ),
        _(
            "Export one row per contact with customer number, day and channel, also for people who never bought, and "
            "load it as touchpoints."
        ),
        "touchpoints",
    )
