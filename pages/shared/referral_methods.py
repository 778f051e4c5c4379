"""How the numbers of the referrals page are computed, in the words that stand beside them."""

from analytics.language import marked

GENERATIONS = marked(
    "First generation: referred by a customer who was not referred; second: referred by one of the first; and so on. A "
    "customer is referred when a referral names this one at most 90 days (a setting) before the first order; the earliest "
    "that closes no ring gets the credit. Value: what a customer has brought and is expected to bring over the horizon. "
    "Days choose by the first order. Bars and ranges are 80 % intervals."
)
SPREAD = marked(
    "K = invitations per customer × conversion. Invitations: referrals made in these days by customers, without those that "
    "invite nobody new. Per customer: over all who had ordered by the last day, those who invited nobody included. "
    "Conversion: invitations to which a first order is credited. Below 1 growth by word of mouth ends at customers / (1 − "
    "K): 3.5 invitations × 0.22 = 0.77 makes 4,348 of 1,000 and no more. K is that of the days looked at: longer ones "
    "have a higher one. The cycle is the median of days from the invitation to the friend's first order. Ranges: a Poisson "
    "bootstrap over customers, and order statistics for medians (80 %)."
)
MAP = marked(
    "Customer referral value, CRV = caused share × value of the friends who bought + (1 − caused share) × acquisition cost "
    "saved on them − rewards paid for all referrals (Kumar, Petersen, Leone: How valuable is word of mouth?, Harvard "
    "Business Review, October 2007). Value of a friend: bought so far and expected over the horizon. Cost saved: CAC of "
    "the paid channels. Caused share: friends who would not have come otherwise. The paper learns it by asking new "
    "customers; the default of 50 % is as many of one kind as of the other, a start and no finding: it is one of the "
    "workspace's settings. CLV: what a customer is expected to bring over the horizon, discounted; high above its median. "
    "CRV is high above 0. Dots at the edge lie beyond it."
)
TREES = marked(
    "A tree: somebody who was not referred (diamond), and all who came through this one, directly or not (squares), "
    "generations from left to right. Areas grow with what a customer has brought and is expected to bring. Of each tree "
    "only the people with most below them are drawn, to six generations; +3 means three more directly below."
)
KINDS = marked(
    "Content: something to pass on; conversation: talked about; commendation: recommended in so many words (Jaffe, Flip "
    "the Funnel, 2010). Other words in the export are counted as other. Conversion: invitations to which a first order is "
    "credited. Value: what each of these friends has brought and is expected to bring. Reward: all rewards paid for "
    "invitations of the kind / friends who bought. Ranges are 80 % intervals over referrers, and over friends."
)
LEAD = marked(
    "Referred customers whose first months are over, each held against customers who came otherwise in the same quarter, "
    "with the same segment, region and quarter of first-order values; where fewer than five of these exist, region, then "
    "value, then segment are given up. Difference = mean of the referred − mean of their peers, which may be negative: it "
    "was among customers of a telecoms provider (Wolters, Gedenk 2019). The range is that of a Poisson bootstrap over all "
    "these customers (80 %). Grey band: the same for all quarters. What else made the referred different is not known, so "
    "the difference is not proven to be caused. Return of the reward = (difference − reward) / reward: 40 for 25 is 0.60 "
    "(Schmitt, Skiera, Van den Bulte 2011)."
)
PEOPLE = marked(
    "Value of all below: what the customer's friends, their friends and so on have brought and are expected to bring, down "
    "to the first, second, third and last generation. Silent hubs: among those who brought anybody the quarter who brought "
    "most, of whom no order, no reward and no contact lies in the last 180 days. Who is deliberately left alone (holdout) "
    "counts as not contacted."
)
ABUSE = marked(
    "Referrals made in these days. Ring: the referrer came, directly or not, through the one who is referred. Second "
    "referrer: the customer is credited to an earlier referral. Never bought: a reward was paid, and whoever was referred "
    "has no order. A referral may stand in several lines."
)
