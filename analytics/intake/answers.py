"""The analyst's answers: given now, remembered from a file with the same headers, or still to be asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from analytics.intake.messages import Choice, Message, note, question, refuse
from analytics.language import gettext as _

# These concern one file's rows, not the way an export is written: they are asked for every file anew.
NOT_REMEMBERED = frozenset(
    {
        "E_DATE_OUT_OF_QUARTER",
        "W_TOTALS_MISMATCH",
        "E_ID_DAMAGED",
        "E_HEADER_DUPLICATE",
        "E_LAST_LINE",
        "E_MOTION_UNKNOWN",
    }
)
# Equal rows that are copies in one file may be separate lines in the next.
_NOT_REMEMBERED_ANSWERS = frozenset({("W_DUPLICATE_ROWS", "drop")})
_ABOUT, _AND = ":about", " | "


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
        kept = {
            code: answer
            for code, answer in self.remembered.items()
            if code not in NOT_REMEMBERED and (code, answer) not in _NOT_REMEMBERED_ANSWERS
        }
        return {**kept, **self.given}

    def known_about(self, code: str) -> frozenset[str]:
        """What the remembered answer to a question was about; empty where there is none, or where one is given now."""
        about = self.remembered.get(code + _ABOUT, "") if code not in self.given else ""
        return frozenset(filter(None, about.split(_AND)))

    @property
    def open(self) -> bool:
        """True while a question has no answer."""
        return any(m.severity == "question" for m in self.messages)

    def ask(
        self, code: str, text: str, choices: tuple[Choice, ...], about: tuple[str, ...] = (), **where: Any
    ) -> str | None:
        """The answer to a question, or None after having noted it as open.

        `about` names what the answer is about (the spellings, the signs): a remembered answer holds only for
        what it was given for, and only where it is still one of the choices.
        """
        names = [c.name for c in choices]
        answer = self.all.get(code)
        if code not in self.given and (answer not in names or not self._was_about(code, about)):
            answer = None
        if answer is None:
            self._put(question(code, text, choices, **where))
            return None
        if answer not in names:
            raise refuse(
                "E_ANSWER",
                _("The answer {code}={answer} is not known; choose one of {names}.").format(
                    code=code, answer=answer[:40], names=", ".join(names)
                ),
            )
        self.used[code] = answer
        if about:
            before = filter(None, self.used.get(code + _ABOUT, "").split(_AND))
            self.used[code + _ABOUT] = _AND.join(sorted({*before, *about}))
        chosen = next(c for c in choices if c.name == answer)
        if code not in self.given:
            self.say_remembered(chosen.text)
        self.messages.append(note(code, _("Answered: {chosen}").format(chosen=chosen.text)))
        return answer

    def _put(self, asked: Message) -> None:
        """Adds a question; one code is one question, so a second one of its kind is asked together with the first."""
        for i, before in enumerate(self.messages):
            if before.severity == "question" and before.code == asked.code:
                names = {c.name for c in asked.choices}
                both = tuple(c for c in before.choices if c.name in names)
                self.messages[i] = replace(before, text=f"{before.text} {asked.text}", choices=both)
                return
        self.messages.append(asked)

    def say_remembered(self, chosen: str) -> None:
        """Tells that an answer is that of the last file with these headers."""
        self.messages.append(
            note(
                "N_ANSWER_REMEMBERED",
                _("Answered as for the last file with these headers: {chosen}").format(chosen=chosen),
            )
        )

    def _was_about(self, code: str, about: tuple[str, ...]) -> bool:
        return set(about) <= set(self.remembered.get(code + _ABOUT, "").split(_AND))
