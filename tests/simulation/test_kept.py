"""A run of judgements that is interrupted goes on where it stopped."""

import math

import pytest

from analytics.decisions.interval import Interval
from tests.simulation import kept
from tests.simulation.judging import Judgement, Split

NAN = math.nan


def judgement(kind: str, seed: int, split: Split | None = None) -> Judgement:
    known, unknown = Interval(0.3, 0.1, 0.5), Interval(NAN, NAN, NAN)
    return Judgement(kind, seed, "A", "retention", "even", 0.2, 1.2, known, unknown, 3.0, split)


class Judging(list):
    """The pairs that were judged, in their order; interrupted once `most` of them are."""

    most = math.inf

    def judge_each(self, pairs, _jobs):
        for kind, seed in pairs:
            if len(self) == self.most:
                raise KeyboardInterrupt
            self.append((kind, seed))
            yield judgement(kind, seed, Split(1.0, 2.0, 3.0) if seed else None)


@pytest.fixture
def judged(monkeypatch):
    judging = Judging()
    monkeypatch.setattr(kept, "judge_each", judging.judge_each)
    return judging


def run(file, seeds=2):
    return kept.judge_missing(["tiny", "even"], range(seeds), 1, file, lambda _one: None)


def test_an_interrupted_run_goes_on(judged, tmp_path):
    file = tmp_path / "judged.jsonl"
    judged.most = 3
    with pytest.raises(KeyboardInterrupt):
        run(file)
    judged.most = math.inf
    again = run(file)
    assert judged == [("tiny", 0), ("tiny", 1), ("even", 0), ("even", 1)]
    assert [(one.kind, one.seed) for one in again] == judged
    assert [one.split for one in again] == [None, Split(1.0, 2.0, 3.0)] * 2
    assert again[0].acquisition_roi == Interval(0.3, 0.1, 0.5)
    assert math.isnan(again[0].retention_roi.value)
    assert len(run(file, seeds=3)) == 6  # more seeds: only the new ones
    assert judged[4:] == [("tiny", 2), ("even", 2)]


def test_a_line_that_was_cut_off_is_judged_again(judged, tmp_path):
    file = tmp_path / "judged.jsonl"
    run(file)
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines[:-1], lines[-1][:40]]) + "\n", encoding="utf-8")
    run(file)
    assert judged[4:] == [("even", 1)]


def test_other_code_judges_anew(judged, tmp_path, monkeypatch):
    file = tmp_path / "judged.jsonl"
    run(file)
    monkeypatch.setattr(kept, "code_version", lambda: "another")
    run(file)
    assert len(judged) == 8


def test_nothing_has_to_be_kept(judged):
    assert len(run(None)) == 4


def test_the_code_has_a_name():
    assert len(kept.code_version()) == 16
    assert kept.code_version() == kept.code_version()
