"""Write the sample company's exports, its truth and its README: generate.py [--out DIR]."""

import argparse
import json
from pathlib import Path

from company import books, contacts, managers
from company.parameters import OSTERMEER, SEED
from company.plan import make_plan
from company.population import draw_people
from company.readme import readme
from company.summary import summary
from company.truth import truth
from company.world import Simulation, World

WEEKS_OF_DATA = range(105)
# of forty draws of people, one that grows every quarter and whose holdout shows about the expected effect
TYPICAL_DRAW = 32


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder for the files")
    generate(parser.parse_args().out)


def generate(out: Path) -> None:
    """Write five CSV files, truth.json and README.md into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    kept = _live_and_record()
    looked_after = managers.portfolios(OSTERMEER, kept.people)
    tables = {
        "sales": managers.with_managers(books.sales(kept), kept, looked_after),
        "reorders": managers.with_managers(books.reorders(kept), kept, looked_after),
        "referrals": books.referrals(kept),
        "spend": books.spend(kept),
        "touchpoints": contacts.touchpoints(kept),
    }
    for name, table in tables.items():
        _write(out / f"{name}.csv", _csv(table))
    facts = truth(OSTERMEER, kept.plan) | {
        "account_managers": managers.manager_truth(kept, looked_after),
        "files": summary(tables),
    }
    _write(out / "truth.json", json.dumps(facts, indent=2) + "\n")
    _write(out / "README.md", readme(OSTERMEER, facts))


def _live_and_record() -> books.Books:
    plan = make_plan(OSTERMEER)
    people = draw_people(OSTERMEER, plan, [SEED, 2, TYPICAL_DRAW])
    simulation = Simulation(OSTERMEER, plan, people, [SEED, 3])
    whole = World(last_touch_week=WEEKS_OF_DATA[-1])
    events, _ = simulation.live(whole, simulation.history(), WEEKS_OF_DATA)
    return books.keep_books(OSTERMEER, plan, people, events)


def _csv(table: dict[str, list]) -> str:
    """No value holds a comma, a quote or a line break, so none is quoted."""
    lines = [",".join(table), *map(",".join, zip(*table.values(), strict=True))]
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


if __name__ == "__main__":
    main()
