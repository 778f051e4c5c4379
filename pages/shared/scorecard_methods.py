"""How the scorecard's numbers are computed, in a few sentences each."""

from analytics.language import Texts, marked

FIGURES = marked(
    "Shares of customers and questions have Wilson's 80 % interval; revenue retention that of the customers' revenues "
    "(delta method with Cornish-Fisher ends); the median number of days lies between two order statistics. The share of "
    "the budget is counted from the books and has none. A goal is nearly met when it is missed by at most 5 % of "
    "itself. A contact counts as an answer when it is outbound, of any channel and stage, on the day of the question "
    "or up to 14 days later, and not held out: contacts are stored by the day, so answers are counted in days. "
    "A question is an inbound contact of a customer with the stage dialogue, or without a stage. Satisfaction is judged "
    "of the customers whose first 180 days ended in the quarter, so that all had the same time."
)
PEOPLE = marked(
    "A customer belongs to the sales person of the first order that names one, else to the one who won the customer as "
    "a prospect. Expected is what the person's customers would have done, had each done as the average customer of all "
    "sales people in the same segment did (indirect standardisation). The ratio of the two is drawn towards 1 by as "
    "much as luck warrants: a hierarchical normal model over all people, its spread averaged over, 80 % interval; with "
    "few customers it stays near 1. Recognised is who lies above 1 with the whole interval. Coming back: customers with "
    "a reorder, of those with any order. Revenue kept: gross retention from quarter to quarter. It says whose customers "
    "stay, not that the person is the cause: nobody drew lots for the customers."
)
MEASURES = Texts(
    {
        "repeat": marked("customers who come back"),
        "kept": marked("revenue kept"),
        "referrals": marked("referrals made by customers"),
        "margin": marked("margin"),
    }
)
PEOPLE_TITLES = Texts(
    {
        "repeat": marked("Customers who come back, by person"),
        "kept": marked("Revenue kept, by person"),
        "referrals": marked("Referrals made by customers, by person"),
        "margin": marked("Margin of customers, by person"),
    }
)
