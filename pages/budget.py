"""What if we moved the money?"""

from analytics.language import gettext as _
from pages.shared import (
    budget_limits,
    budget_methods,
    budget_panel,
    budget_plan,
    budget_state,
    budget_tests,
    controls,
    equity_calculator,
    layout,
)

controls.sidebar()
found, problem = budget_state.advice()
layout.header(_("What if we moved the money?"), found.sentence, budget_methods.badges(found))

layout.missing(found.missing)
if problem:
    layout.problem(problem)
if found.best:
    budget_panel.panel(found)
    budget_limits.best_split(found)
    budget_limits.limits(found)
    budget_plan.said_and_happened()
    layout.listed(found.notes)
if found.best or found.experiments:
    budget_tests.tests(found)
equity_calculator.calculator(expanded=found.best is None)
