"""The command line: what the pages do, for a quarterly job.

Exit status: 0 done; 2 wrong usage; 3 a question must be answered; 4 refused; 5 not enough data. With
--json, standard output holds one JSON object and nothing else, {"error": {"status", "text"}} where there is no
answer; without it, the first line is the answer.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics import keeping_commands, meeting_commands, printing, question_commands
from analytics.command_line import (
    DONE,
    QUESTION,
    REFUSED,
    TOO_LITTLE,
    USAGE,
    Misunderstood,
    Outcome,
    Parser,
    UsageError,
    choice,
    period,
)
from analytics.intake.contract import KINDS
from analytics.language import LANGUAGES, SOURCE, speaking
from analytics.language import gettext as _

if TYPE_CHECKING:
    from analytics.warehouse.loading import Receipt
    from analytics.warehouse.store import Workspace

__all__ = ["DONE", "QUESTION", "REFUSED", "TOO_LITTLE", "USAGE", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and print what it gives; the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        chosen = _parser().parse_args(given)
    except Misunderstood as problem:
        problem.parser.print_usage(sys.stderr)
        _complain(f"{problem.parser.prog}: {problem}", USAGE, "--json" in given)
        raise SystemExit(USAGE) from None
    with speaking(chosen.language):
        return _answer(chosen)


def _answer(chosen: argparse.Namespace) -> int:
    from analytics.warehouse.errors import WorkspaceError
    from analytics.warehouse.failures import is_interruption

    try:
        outcome = _run(chosen)
    except UsageError as problem:
        return _complain(problem, USAGE, chosen.json)
    except WorkspaceError as problem:
        return _complain(problem, REFUSED, chosen.json)
    except (KeyboardInterrupt, RuntimeError) as problem:
        if not is_interruption(problem):
            raise
        text = _("Stopped. A change is made whole or not at all: `uploads` lists what is stored.")
        return _complain(text, REFUSED, chosen.json)
    except OSError as problem:
        why = problem.strerror or str(problem)
        text = _("Stopped, because a file failed: {name} ({why}).").format(name=problem.filename, why=why)
        return _complain(text, REFUSED, chosen.json)
    return _print(outcome, chosen.json)


def _run(chosen: argparse.Namespace) -> Outcome:
    if chosen.check is not None:
        chosen.check(chosen)
    if not chosen.opens:
        return chosen.command(Path(chosen.workspace), chosen)
    command: Callable[[Workspace, argparse.Namespace], Outcome] = chosen.command
    from analytics.warehouse.store import Workspace

    with Workspace.open(chosen.workspace) as workspace:
        return command(workspace, chosen)


def _complain(problem: object, status: int, as_json: bool) -> int:
    print(problem, file=sys.stderr)
    return _print(Outcome(status, {"error": {"status": status, "text": str(problem)}}, ""), as_json)


def _print(outcome: Outcome, as_json: bool) -> int:
    text = json.dumps(outcome.answer, ensure_ascii=False, allow_nan=False) if as_json else outcome.text
    if not text or sys.stdout is None:  # it was closed before the program began
        return outcome.status
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # the reader (head, less) has seen enough
        _print_nowhere()
    except OSError as problem:
        _print_nowhere()
        why = _("What was asked for is done, but the answer could not be written: {why}.")
        print(why.format(why=os.strerror(problem.errno or 0)), file=sys.stderr)
        return outcome.status or REFUSED
    return outcome.status


def _print_nowhere() -> None:
    """Python flushes standard output once more at the end, which must not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# The commands


def ingest(workspace: Workspace, chosen: argparse.Namespace) -> Outcome:
    """Load one file, or say what must be answered or mended first."""
    receipt = workspace.ingest(
        chosen.file,
        chosen.kind,
        period=chosen.period,
        answers=dict(chosen.answer),
        set_aside=chosen.set_aside,
        replace_period=chosen.replace_period,
        dry_run=chosen.dry_run,
        by=_user(),
    )
    return Outcome(
        _status_of(receipt), printing.receipt_json(receipt), printing.receipt_text(receipt, chosen.dry_run)
    )


def _status_of(receipt: Receipt) -> int:
    return {"ask": QUESTION, "reject": REFUSED}.get(receipt.reading.verdict, DONE)


def _check_ingest(chosen: argparse.Namespace) -> None:
    if chosen.replace_period and chosen.period is None:
        raise UsageError(_("--replace-period needs --period: say which period the file replaces."))
    if not Path(chosen.file).is_file():
        raise UsageError(_("There is no file {file}.").format(file=chosen.file))
    if not os.access(chosen.file, os.R_OK):
        raise UsageError(
            _("The file {file} may not be read; change its permissions.").format(file=chosen.file)
        )


def uploads(workspace: Workspace, _chosen: argparse.Namespace) -> Outcome:
    """List every upload that was ever committed."""
    entries = workspace.entries[::-1]
    answer = {"uploads": [printing.upload_json(e) for e in entries], "snapshot": workspace.snapshot}
    return Outcome(DONE, answer, printing.uploads_text(entries))


def undo(workspace: Workspace, chosen: argparse.Namespace) -> Outcome:
    """Take one upload back."""
    workspace.undo(chosen.upload_id)
    answer = {"upload_id": chosen.upload_id, "undone": True, "snapshot": workspace.snapshot}
    return Outcome(
        DONE,
        answer,
        _("Undone: {upload_id}. Everything is as it was without it.").format(upload_id=chosen.upload_id),
    )


def sample(workspace: Workspace, _chosen: argparse.Namespace) -> Outcome:
    """Load the sample company."""
    receipts = workspace.load_sample(by=_user())
    status = max(_status_of(receipt) for receipt in receipts)
    answer = {"uploads": [printing.receipt_json(r) for r in receipts], "snapshot": workspace.snapshot}
    lines = [printing.receipt_text(receipt, dry_run=False).splitlines()[0] for receipt in receipts]
    return Outcome(status, answer, "\n".join([_("The workspace holds the sample company."), *lines]))


def export(workspace: Workspace, chosen: argparse.Namespace) -> Outcome:
    """Write the active tables as CSV and Parquet."""
    rows = workspace.export(chosen.directory)
    answer = {"directory": str(chosen.directory), "rows": rows, "snapshot": workspace.snapshot}
    lines = [
        _("  {name}: {count} rows").format(name=name, count=f"{count:,}") for name, count in rows.items()
    ]
    return Outcome(
        DONE, answer, "\n".join([_("Written to {directory}:").format(directory=chosen.directory), *lines])
    )


def doctor(workspace: Workspace, chosen: argparse.Namespace) -> Outcome:
    """Check that ledger, files, journal and marts agree."""
    findings = workspace.doctor(deep=chosen.deep)
    answer = {
        "sound": not findings,
        "findings": [{"severity": f.severity, "text": f.text} for f in findings],
        "snapshot": workspace.snapshot,
    }
    lines = [f"{f.severity}: {f.text}" for f in findings]
    first = (
        _("Not sound: {count} findings.").format(count=len(findings))
        if findings
        else _("Sound: ledger, files and tables agree.")
    )
    return Outcome(REFUSED if findings else DONE, answer, "\n".join([first, *lines]))


def settings(workspace: Workspace, chosen: argparse.Namespace) -> Outcome:
    """Show the settings, after changing those that are named."""
    from analytics.warehouse.experiments import experiments_after
    from analytics.warehouse.settings import goals_after, settings_to_json

    changes = {name: value for name, value in vars(chosen.changes).items() if value is not None}
    if "goals" in changes:
        changes["goals"] = goals_after(workspace.settings, changes["goals"])
    if "experiments" in changes:
        kept = workspace.settings.experiments
        changes["experiments"] = experiments_after(kept, changes["experiments"])
    if changes:
        workspace.change_settings(**changes)
    now = settings_to_json(workspace.settings)
    lines = [f"{name} = {printing.plain(value)}" for name, value in now.items()]
    return Outcome(DONE, {"settings": now, "snapshot": workspace.snapshot}, "\n".join(lines))


# The arguments


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m analytics", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _ingest_arguments(_command(commands, "ingest", ingest, _check_ingest))
    _command(commands, "uploads", uploads)
    _command(commands, "undo", undo).add_argument(
        "upload_id", metavar="UPLOAD_ID", help="the upload, as `uploads` names it"
    )
    _command(commands, "sample", sample)
    _command(commands, "export", export).add_argument(
        "directory", metavar="DIR", type=Path, help="where to write: empty, or an earlier export"
    )
    _command(commands, "doctor", doctor).add_argument(
        "--deep", action="store_true", help="also build every table anew and compare"
    )
    _settings_arguments(_command(commands, "settings", settings, _collect_changes))
    question_commands.add_questions(partial(_command, commands))
    meeting_commands.add_meetings(partial(_command, commands))
    keeping_commands.add_keeping(partial(_command, commands))
    return parser


def _command(
    commands: Any,
    name: str,
    command: Callable[..., Outcome],
    check: Callable[[argparse.Namespace], None] | None = None,
    opens: bool = True,
) -> argparse.ArgumentParser:
    """opens: the command is given the open workspace, else its directory."""
    parser = commands.add_parser(name, help=command.__doc__, description=command.__doc__)
    parser.add_argument("--workspace", required=True, metavar="DIR", help="the workspace's directory")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--language",
        choices=tuple(LANGUAGES),
        default=SOURCE,
        help="of sentences; names in JSON stay as they are",
    )
    parser.set_defaults(command=command, check=check, opens=opens)
    return parser


def _ingest_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", choices=tuple(KINDS), help=", ".join(KINDS))
    parser.add_argument("file", metavar="FILE", help="the export: .csv, .tsv, .csv.gz or .xlsx")
    parser.add_argument("--period", type=period, metavar="2026Q3", help="the days that the file should cover")
    parser.add_argument(
        "--answer",
        type=choice,
        action="append",
        default=[],
        metavar="CODE=CHOICE",
        help="answer to a question",
    )
    parser.add_argument("--set-aside", action="store_true", help="load the good rows without the bad ones")
    parser.add_argument(
        "--replace-period", action="store_true", help="rows of the period that the file lacks no longer stand"
    )
    parser.add_argument("--dry-run", action="store_true", help="store nothing")


def _settings_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--currency", type=str.upper, metavar="EUR", help="code of the money of the workspace"
    )
    parser.add_argument(
        "--margin-rate",
        type=float,
        metavar="0.4",
        help="margin / revenue of rows without a margin of their own",
    )
    parser.add_argument(
        "--baseline-share",
        type=float,
        metavar="0.6",
        help="part of reorders and referrals that would have come anyway",
    )
    parser.add_argument(
        "--baseline-share-range", type=float, metavar="0.2", help="give or take, around that share"
    )
    parser.add_argument(
        "--referral-caused-share",
        type=float,
        metavar="0.5",
        help="part of referred customers who would not have come otherwise",
    )
    parser.add_argument("--discount-rate", type=float, metavar="0.1", help="yearly discount rate")
    parser.add_argument(
        "--horizon-months", type=int, metavar="12", help="months over which a customer is valued"
    )
    parser.add_argument(
        "--referral-window-days",
        type=int,
        metavar="90",
        help="days that a referral may lie before the first order",
    )
    parser.add_argument(
        "--churn-horizon-days", type=int, metavar="90", help="days without an order that count as having left"
    )
    parser.add_argument(
        "--motion",
        type=choice,
        action="append",
        dest="motions",
        metavar="NAME=MOTION",
        help="what a spend line is for",
    )
    _points_argument(parser)
    _goal_argument(parser)
    _experiment_argument(parser)


def _points_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--points-outstanding",
        type=float,
        metavar="5000",
        help="what redeeming all loyalty points that customers hold would cost",
    )


def _goal_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--goal",
        type=choice,
        action="append",
        dest="goals",
        metavar="NAME=VALUE",
        help="what a figure of the scorecard should reach: repeat_rate=0.7; none takes a goal away",
    )


def _experiment_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--experiment",
        type=choice,
        action="append",
        dest="experiments",
        metavar="NAME=RESULT",
        help="what a holdout or geo test measured: LINE,MOTION,FIRST_DAY,LAST_DAY,SPEND_WITH,SPEND_WITHOUT,EFFECT,LOW,HIGH, "
        "spends a month, the effect over the test's days with its 80 %% range; none takes an experiment away",
    )


def _collect_changes(chosen: argparse.Namespace) -> None:
    names = ("currency", "margin_rate", "baseline_share", "baseline_share_range", "discount_rate")
    names += ("referral_caused_share", "points_outstanding")
    names += ("horizon_months", "referral_window_days", "churn_horizon_days", "motions")
    names += ("goals", "experiments")
    chosen.changes = argparse.Namespace(**{name: getattr(chosen, name) for name in names})


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a job may run under a number without a name
        return ""
