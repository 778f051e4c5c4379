"""How the numbers of the incentives page are computed, in the words that stand beside them."""

from analytics.language import marked

GRID = marked(
    "Margin caused by offers per unit of their cost, for customers of one segment in one band of tenure (time since the "
    "first order). The larger the dot, the more customers were held out; a filled dot earns more than it costs, a cross "
    "less, at 80 %; a grey ring cannot be told: its interval holds 1, or fewer than 20 customers were treated or held out. "
    "Each cell is fitted to its own customers and days alone. All programmes together: those that can be told."
)
PROGRAMMES = marked(
    "Booked: margin of orders that carry the programme as trigger (of referrals: of the friends) / cost. Caused, evidence "
    "A: eligible customers were left alone by lot. Orders are compared on the days on which an offer was open, and would "
    "have been open for those left alone, with each customer's own rate of buying taken out (gamma-Poisson regression, "
    "all programmes at once); an offer is open for as long as 95 % of redeemed ones followed it. The part of orders under "
    "an open offer that it caused, times their margin. B: those contacted against others like them (doubly robust). C: "
    "assumed, (1 − baseline share) × booked. Bars: 80 % intervals from draws of the fitted parameters, robust over customers. "
    "Kinds are read off the programmes' names."
)
BUYERS = marked(
    "Part of redeemed offers whose order would have come without = 1 − orders caused / offers redeemed, by how many orders "
    "a customer placed in the 365 days before the first offer. Each class is fitted to its own customers."
)
SCHEDULE = marked(
    "Reward: incentive per redeemed offer. Caused: margin that offers caused per redeemed offer, by tenure. Stop: all of the "
    "80 % interval of what is caused lies below what the offers of this band cost. Raise by a quarter: it pays, and causes more "
    "per redeemed offer than the band before with a probability of 90 % or more. Otherwise nothing is changed. The cost "
    "is that of as many redeemed offers as on file."
)
