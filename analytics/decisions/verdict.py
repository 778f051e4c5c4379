"""From a probability to an advice."""

import math

RETENTION, ACQUISITION, TOO_CLOSE = "retention", "acquisition", "too close to call"
SURELY_RETENTION, SURELY_ACQUISITION = 0.9, 0.1


def verdict(probability_retention_better: float) -> str | None:
    """Which side the next budget should go to; None when the data do not suffice to compare them."""
    if not math.isfinite(probability_retention_better):
        return None
    if probability_retention_better >= SURELY_RETENTION:
        return RETENTION
    return ACQUISITION if probability_retention_better <= SURELY_ACQUISITION else TOO_CLOSE
