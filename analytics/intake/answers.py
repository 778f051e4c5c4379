"""The analyst's answers: given now, remembered from a file with the same headers, or still to be asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from analytics.intake.messages import Choice, Message, note, question, refuse
from analytics.language import gettext as _

# These concern one file's rows, not the way an export is written: they are asked for every file anew.
NOT_REMEMBERED = frozenset(
    {"E_DATE_OUT_OF_QUARTER", "W_TOTALS_MISMATCH", "E_ID_DAMAGED", "E_HEADER_DUPLICATE"}
)


@dataclass
class Answers:
    """`given` win over `remembered`; what was asked, and what was used, is collected."""

    given: dict[str, str]
    remembered: dict[str, str] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)

    @property
    def all(self) -> dict[str, str]:
        """Every answer there is, by code."""
        return {**{k: v for k, v in self.remembered.items() if k not in NOT_REMEMBERED}, **self.given}

    @property
    def open(self) -> bool:
        """True while a question has no answer."""
        return any(m.severity == "question" for m in self.messages)

    def ask(self, code: str, text: str, choices: tuple[Choice, ...], **where: Any) -> str | None:
        """The answer to a question, or None after having noted it as open."""
        answer = self.all.get(code)
        names = [c.name for c in choices]
        if answer is None:
            self.messages.append(question(code, text, choices, **where))
            return None
        if answer not in names:
            raise refuse(
                "E_ANSWER",
                _("The answer {code}={answer} is not known; choose one of {names}.").format(
                    code=code, answer=answer[:40], names=", ".join(names)
                ),
            )
        self.used[code] = answer
        chosen = next(c for c in choices if c.name == answer)
        if code in self.given:
            self.messages.append(note(code, _("Answered: {chosen}").format(chosen=chosen.text)))
        else:
            self.messages.append(
                note(
                    "N_ANSWER_REMEMBERED",
                    _("Answered as for the last file with these headers: {chosen}").format(
                        chosen=chosen.text
                    ),
                )
            )
            self.messages.append(note(code, _("Answered: {chosen}").format(chosen=chosen.text)))
        return answer
