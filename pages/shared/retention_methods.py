"""How the numbers of the retention page are computed, in the words that stand beside them."""

from analytics.language import marked

COHORTS = marked(
    "A cohort is everybody whose first order lies in one month; customers from before the data belong to none. Active in "
    "month n: placed an order in the n-th calendar month after it. Active in month n or later: placed one then or at any "
    "time after. Revenue and margin: what the cohort brought in that month (or from it on) / what it brought in month 0, "
    'refunds subtracted. Hatched cells are not finished: the month is not over, or, for "or later", fewer than two '
    "months have followed, so that a pause cannot be told from leaving. They are left out of the average, which is "
    "weighted: all that is active / all customers of the cohorts that have finished that month."
)
AGE = marked(
    "One month since the first order, followed from cohort to cohort; only finished cells. Bars are 80 % intervals of a "
    "share in so many customers. Better or worse is said when the four newest cohorts and the four before differ by more "
    "than chance (80 %) explains."
)
QUARTERS = marked(
    "Net revenue retention = revenue in the quarter from those who had brought revenue in the quarter that it is held "
    "against / their revenue then. Gross: nobody counts for more than then, so it is never above 100 % nor above net. "
    "New customers are in neither. A hollow mark is a quarter that is not wholly in the data. A loss of c in so many days "
    "is 1 − (1 − c)^(365 / days) in a year, never c × 365 / days."
)
FORECAST = marked(
    "Chance that a customer places no order within the horizon (90 days unless set otherwise): logistic regression and "
    "gradient-boosted trees on what was known on one day (days since the last order, orders, value, tenure, gaps, trend, "
    "refunds, season, channel, segment), averaged and calibrated. It is learnt at one past day and judged on a later "
    "stretch; every feature carries the latest day that it looks at, and one after the cut-off is refused. The forecast "
    "for today is learnt anew, in the same way, on the newest stretch. AUC: of two customers, one who left and one who "
    "stayed, how often the higher chance is with the one who left. Brier: mean squared error of the chances."
)
SAVE = marked(
    "Among the 2,000 dearest who are silent for longer than usual, sorted by value at risk = what a customer brought per year (over at least a year) × the chance of no order. Why: the "
    "two things that raise the chance most, against the same customer with that one thing as it is, typically, with those "
    "who came back. P(alive) is the other view, from BG/NBD on order days alone; it is 100 % for everybody who ordered on "
    "one day only. Whom an offer would keep is not known without a test on some and a holdout of others: the list is by "
    "what is at risk, not by what an offer adds."
)
