"""How did the quarter go for existing customers?"""

from analytics.decisions import scorecard_sentences
from analytics.decisions.scorecard import scorecard
from analytics.language import gettext as _
from pages.shared import controls, layout, scorecard_goals, scorecard_parts, session

controls.sidebar()
found = session.answer(scorecard, scorecard_parts.chosen_quarter())
layout.header(
    _("How did the quarter go for existing customers?"), found.sentence, scorecard_sentences.badges(found)
)

if found.quarter:
    scorecard_parts.controls(found, scorecard_goals.edit)
    scorecard_parts.figures(found)
layout.missing(found.missing)
if found.quarter:
    scorecard_parts.pictures(found)
    scorecard_parts.people(found)
layout.listed(found.notes)
