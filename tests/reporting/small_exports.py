"""Exports of a small company, in a real workspace: customers won by search, and existing ones with one reorder each."""

from pathlib import Path

from analytics.warehouse.store import Workspace

MARGIN = 20


def load(directory: Path, acquisition_spend: float, retention_spend: float, won: int = 100, kept: int = 100):
    """The workspace, open, with 60 % (40 to 80 %) assumed to come anyway and nothing discounted.

    Each customer's order has a margin of 20, so a side's booked margin is 20 × its customers.
    """
    sales = ["order_id,customer_id,order_date,channel,amount,margin"]
    sales += [f"s{i},n{i},2025-01-05,search,50,{MARGIN}" for i in range(won)]
    reorders = ["order_id,customer_id,order_date,amount,margin"]
    reorders += [f"r{i},e{i},2025-01-10,50,{MARGIN}" for i in range(kept)]
    reorders += ["z,z,2025-03-31,0.01,0"]
    spend = ["month,channel,amount,motion"]
    spend += [f"2025-01,search,{acquisition_spend},acquisition", f"2025-03,club,{retention_spend},retention"]
    workspace = Workspace.open(directory)
    for kind, lines in (("sales", sales), ("reorders", reorders), ("spend", spend)):
        file = directory.parent / f"{kind}.csv"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        receipt = workspace.ingest(file, kind)
        assert receipt.committed, receipt.reading.messages
    workspace.change_settings(discount_rate=0.0)
    return workspace
