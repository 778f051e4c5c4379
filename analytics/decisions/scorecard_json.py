"""The scorecard as one JSON object: the shape that scripts rely on."""

from analytics.decisions import scorecard_sentences as sentences
from analytics.decisions.interval import Interval
from analytics.decisions.scorecard import Line, Scorecard
from analytics.decisions.scorecard_people import People
from analytics.decisions.wording import known, quarter
from analytics.language import gettext as _


def scorecard_json(found: Scorecard) -> dict:
    """Shares and ratios with six decimals, money with two, unknown null, an interval {value, low, high}."""
    return {
        "snapshot": found.snapshot,
        "quarter": quarter(found.quarter.first_day).replace(" ", "") if found.quarter else None,
        "finished": found.quarter.finished if found.quarter else None,
        "sentence": found.sentence,
        "figures": [_figure(line) for line in found.lines],
        "people": _people(found.people),
        "people_from": found.people.first_day.isoformat() if found.people.first_day else None,
        "people_to": found.people.last_day.isoformat() if found.people.last_day else None,
        "missing": [lack.text for lack in found.missing],
        "notes": list(found.notes),
    }


def scorecard_lines(found: Scorecard) -> list[str]:
    """For a terminal: one line per figure, who is recognised, what is missing, what to know."""
    return [
        *(_figure_line(line) for line in found.lines),
        *(sentences.recognition(one) for one in found.people.recognised),
        *(lack.text for lack in found.missing),
        *found.notes,
    ]


def _figure_line(line: Line) -> str:
    unit = line.definition.unit
    text = _("  {figure}: {value}; quarter before {before}, year before {year}").format(
        figure=line.definition.label,
        value=sentences.with_range(line.value, unit),
        before=sentences.written(line.before.value, unit, 1),
        year=sentences.written(line.year_before.value, unit, 1),
    )
    if not line.status:
        return text
    return _("{line}; goal {goal}: {status}").format(
        line=text, goal=sentences.written(line.goal, unit, 1), status=sentences.STATUS[line.status]
    )


def _figure(line: Line) -> dict:
    return {
        "name": line.name,
        "unit": line.definition.unit,
        **_parts(line.value),
        "before": _number(line.before.value),
        "year_before": _number(line.year_before.value),
        "goal": _number(line.goal),
        "status": line.status or None,
    }


def _people(people: People) -> list[dict]:
    found = {}
    for row in people.rows.to_dict("records"):
        person = found.setdefault(
            row["rep_id"], {"rep_id": row["rep_id"], "customers": int(row["customers"])}
        )
        decimals = 2 if row["measure"] == "margin" else 6
        person[row["measure"]] = {
            "value": _number(row["value"], decimals),
            "expected": _number(row["expected"], decimals),
            "ratio": _parts(Interval(row["ratio"], row["low"], row["high"])),
            "verdict": row["verdict"],
        }
    return list(found.values())


def _parts(interval: Interval) -> dict:
    return {name: _number(getattr(interval, name)) for name in ("value", "low", "high")}


def _number(value: float, decimals: int = 6) -> float | None:
    return round(float(value), decimals) + 0.0 if known(value) else None
