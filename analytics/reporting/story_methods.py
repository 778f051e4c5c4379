"""How the numbers of a slide are computed, as short as a slide's notes are; the pages say it at length."""

from analytics.language import marked

QUESTION = marked(
    "Return = (margin − cost) / cost. Booked: margin of first orders from paid channels, and of reorders and referred first "
    "orders. Incremental: what the spend caused, over the horizon. Marginal: the next unit of spend, off response curves. "
    "Ranges are 80 % intervals."
)
COVERAGE = marked("Which months of which export are loaded: whole, in part, or not at all.")
SOURCES = marked(
    "Every order has one source: a first order that was not referred, the first order of a referred customer, or a reorder. "
    "Refunds are subtracted where they belong; the parts add up to all revenue. Spend is counted for the days for which it is "
    "known."
)
FUNNELS = marked(
    "AIDAS: people who bought first in these days, or were first contacted in them; a later stage counts in all earlier ones. "
    "Flipped: customers contacted at a stage in these days. Widths are people; cost is the spend of the case, each part once; "
    "margin caused is its incremental lens."
)
CAUSED = marked(
    "Booked: margin of reorders and referred first orders, or of first orders from paid channels. Caused, retention: customers "
    "due for a programme against those left alone (A) or alike ones (B), or (1 − baseline share) × booked (C). Caused, "
    "acquisition: the customers won whom spend caused × (first order + baseline share × their reorders over the horizon). "
    "Baseline share = 1 − caused / booked. Ranges are 80 % intervals."
)
NEXT_UNIT = marked(
    "Channels: customers = base + ceiling × (1 − e^(−k × spend)) with carry-over, fitted to months, × what a customer brings. "
    "Programmes: what they caused per customer, with the bend assumed. Return of the next unit = margin it adds − 1, at "
    "today's spend. Ranges are 80 % intervals over 1,000 draws."
)
PROPOSAL = marked(
    "For each share of today's total that goes to existing customers, the best split within either side, against today's, over "
    "the horizon; the band is the 80 % interval. ★ goes from today towards the best split as far as the chance "
    "to lose by it stays at most 5 %. No line moves beyond 1.5 times its largest month."
)
TEST = marked(
    "Signal: how far the margin of retention lies from what would make both returns equal. Noise: how unlike customers are. "
    "Weeks and share are the pair that leaves the fewest customer-weeks alone, at a power of 80 % for a probability of 90 %."
)
VALUE = marked(
    "Orders expected over the horizon (BG/NBD; Fader, Hardie, Lee 2005) × expected value of an order (Gamma-Gamma; Fader, "
    "Hardie 2013), discounted to today. Customers still to be won: as many a month as in the last 90 days."
)
STAYING = marked(
    "Net: what those who bought in the quarter before brought in this one / what they brought then. Gross: the same, nobody "
    "counted for more than before. Hollow quarters are not finished."
)
DEALS = marked(
    "Amounts of the orders in these days, before refunds: the tick is the median, half of all orders lie in the thick bar, nine "
    "tenths in the thin one."
)
BREAK_EVEN = marked(
    "Both incremental returns are straight lines over the baseline share, the part of reorders and referrals that would have come "
    "without programmes; the grey band is its range, the bar at the crossing the 80 % interval of where they are equal."
)
