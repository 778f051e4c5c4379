"""A company of nine people, small enough to work out both funnels by hand; data until 20 December 2026.

a bought after four contacts, came back to awareness, was thanked, got points, was activated, and brought d. b and c
bought after one contact each. x was a customer before. p1 to p4 never bought. b was to be activated, and left alone.
"""

from datetime import date
from pathlib import Path

from analytics.warehouse import loading
from analytics.warehouse.filters import Filters
from analytics.warehouse.loading import Request
from analytics.warehouse.store import Workspace

FIRST_QUARTER = Filters(date(2026, 1, 1), date(2026, 3, 31))
SALES = """order_id,customer_id,order_date,channel,amount,margin,segment
s1,a,2026-01-20,search,100,40,home
s2,b,2026-02-10,fair,100,40,home
s3,c,2026-02-15,fair,100,40,office
s4,d,2026-03-01,display,100,40,office
"""
REORDERS = """order_id,customer_id,order_date,amount,margin,trigger,incentive_cost,segment
r1,a,2026-03-01,50,20,points,5,home
r2,x,2026-01-15,75,30,gift,7,office
r3,b,2026-12-20,50,20,,,home
"""
REFERRALS = """referral_id,referrer_id,referred_at,referred_id,status,channel
f1,a,2026-02-20,d,converted,word
"""
SPEND = """month,channel,amount,motion,stage
2026-01,search,300,acquisition,
2026-01,events,80,acquisition,interest
2026-02,fair,60,acquisition,
2026-02,display,50,acquisition,
2026-03,posters,20,acquisition,
2026-01,points,40,retention,
2026-02,ambassador,30,retention,
2026-03,club,10,retention,acknowledgement
2026-12,search,1,acquisition,
2026-12,points,1,retention,
"""
TOUCHPOINTS = """customer_id,touched_at,channel,stage,direction,cost,arm
a,2026-01-02,search,awareness,inbound,,
a,2026-01-05,search,interest,inbound,,
a,2026-01-10,search,desire,inbound,,
a,2026-01-20,search,action,inbound,,
a,2026-02-01,search,awareness,inbound,,
b,2026-02-01,fair,awareness,inbound,,
c,2026-02-05,fair,desire,inbound,,
p1,2026-01-08,mail,awareness,outbound,2,
p2,2026-02-02,mail,interest,inbound,,
p3,2026-03-03,mail,desire,inbound,,
p3,2026-03-05,mail,awareness,inbound,,
p4,2026-03-10,mail,action,inbound,,
a,2026-01-21,card,acknowledgement,outbound,,
x,2026-02-02,card,acknowledgement,outbound,,
x,2026-02-04,chat,dialogue,inbound,3,
a,2026-02-10,ambassador,activation,outbound,,treated
b,2026-02-20,ambassador,activation,outbound,,holdout
a,2026-02-20,survey,satisfaction,inbound,,
c,2026-09-30,survey,satisfaction,inbound,,
"""
FILES = {
    "sales": SALES, "reorders": REORDERS, "referrals": REFERRALS, "spend": SPEND, "touchpoints": TOUCHPOINTS,
}  # fmt: skip


def opened(directory: Path, *without: str, **other: str) -> Workspace:
    """The company's workspace, without some kinds of export, or with others in their place.

    All files are stored at once, as the sample's are: the marts are built once, not after each.
    """
    workspace = Workspace.open(directory / "workspace")
    requests = []
    for kind, text in {**FILES, **other}.items():
        if kind not in without:
            file = directory / f"{kind}.csv"
            file.write_text(text, encoding="utf-8")
            requests.append(Request(file, kind))
    books = workspace._books
    with books.scratch_directory() as scratch:
        read = [
            (loading.read_file(books, request, _made(scratch / request.kind)), request)
            for request in requests
        ]
        for receipt in loading.store(books, read, dry_run=False, tell=lambda *_: None):
            assert receipt.committed, [message.text for message in receipt.reading.messages]
    return workspace


def _made(directory: Path) -> Path:
    directory.mkdir()
    return directory
