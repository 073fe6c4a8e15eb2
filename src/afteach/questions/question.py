"""What every question has, and what a kind of question answers for itself; each kind stands in kinds/."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import msgspec

if TYPE_CHECKING:
    from afteach.questions.marking import Verdict

# An answer carries the id of its question, and a line of answers takes none that is longer.
LONGEST_ID = 64
# What is made from the tables is no question of the bank: to practise with, practice.SORT.ROW.ROUND, and what is rated
# before and after, measure.STATEMENT.
PRACTICE, MEASURE = "practice.", "measure."
# A choice is typed by its id, several with commas or spaces between them.
WRITTEN_ID = re.compile(rf"[\w.-]{{1,{LONGEST_ID}}}")
Level = Literal["recall", "understand", "apply", "analyse", "evaluate"]


# msgspec reads annotations: as text, `from __future__`, each would be compiled again for each kind.
class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, eq=False, weakref=True):
    """Anything that stands in a question file: it takes no field that it does not know."""


class Choice(Part, kw_only=True):
    """One choice; `says` is the feedback for whoever chose it and never gives the key away."""

    id: str
    text: str
    says: str = ""
    idea: str = ""  # the wrong idea behind it, by its name in workbook.toml
    right: bool = False


class Slip(Part, kw_only=True):
    """A likely wrong number and what to say to it."""

    value: float
    says: str
    idea: str = ""  # the wrong idea behind it, by its name in workbook.toml


class Rubric(Part, kw_only=True):
    """The three lines by which a student reads an open answer again."""

    claim: str
    evidence: str
    limit: str


class Question(Part, tag_field="kind", kw_only=True):
    """One question. A kind gives its own fields and `typed_as`, `judge`, `read`, `say`, `picks` and `wrong_ideas`.

    The other methods have an answer that fits most kinds.
    """

    id: str
    prompt: str
    goal: str
    level: Level
    evidence: list[str]
    hint: str | list[str]
    explain: str
    shows: str = ""  # what the answer teaches; nobody is sent it before a right answer, two tries, or "Show me"
    guess: bool = False
    notebook: str = ""

    typed_as: ClassVar[str]  # how an answer looks in check("id", ...)
    field: ClassVar[Path | None] = None  # the card's part, if it does not stand in card/kinds
    judged: ClassVar[bool] = True  # right or wrong at all; what is not is recorded
    in_cell: ClassVar[bool] = False  # computed in a cell, never given on a card
    foretells: ClassVar[bool] = False  # asks for a chance, and what came is sealed until then
    keeps_text: ClassVar[bool] = False  # a teacher reads the answers one by one
    is_free: ClassVar[bool] = False  # answers are the student's own, so that the most frequent ones tell something
    keys_have_order: ClassVar[bool] = False  # an answer with its keys in another order is another answer
    is_desk: ClassVar[bool] = False  # its rows are opened one by one, and all of them with the solution
    read_again: ClassVar[bool] = True  # a logged answer can be read once more and stays the same

    @property
    def kind(self) -> str:
        """The word for its kind in a question file."""
        return str(type(self).__struct_config__.tag)

    @property
    def hints(self) -> list[str]:
        """Its hints, in the order in which they are shown."""
        return [self.hint] if isinstance(self.hint, str) else self.hint

    # What each kind answers for itself

    def judge(self, answer: Any) -> "Verdict":
        """Judge an answer in its logged shape that is not blank. Errors: Unreadable, in words for the student."""
        raise NotImplementedError

    def read(self, given: Any, typed: bool) -> Any:
        """The logged form of an answer that is not blank; `typed` says that it comes from a cell.

        Errors: Unanswered where only half is given; Unreadable says what to write instead.
        """
        raise NotImplementedError

    def say(self) -> str:
        """The right answer in words, for a solution or a teacher's guide."""
        raise NotImplementedError

    def picks(self, answer: Any) -> tuple[str, ...]:
        """What a readable answer chose, as short texts that can be counted."""
        return ()

    def wrong_ideas(self) -> list[tuple[str, str]]:
        """Each answer that the bank foresees and that is not right, with what it is told."""
        return []

    # What most kinds need not say

    def offers(self) -> dict[str, list[Choice]]:
        """The lists of choices that a student is shown, by the name of their field."""
        return {}

    def public(self) -> dict[str, Any]:
        """What a browser may know of it before anything is answered: no key, no feedback, no hint."""
        return {name: [[choice.id, choice.text] for choice in offered] for name, offered in self.offers().items()}

    def listed(self) -> list[str]:
        """What it offers as lines of text, for whoever sees no card; none where that is a list of choices."""
        return []

    def texts(self) -> list[str]:
        """Every text of it that a student can see."""
        offered = [
            text for choices in self.offers().values() for choice in choices for text in (choice.text, choice.says)
        ]
        return [self.prompt, self.explain, self.shows, *self.hints, *offered]

    def faults(self) -> list[str]:
        """What its types cannot say, each as the end of a sentence."""
        return [fault for name, choices in self.offers().items() for fault in _choice_faults(name, choices)]

    def ideas(self, answer: Any) -> tuple[str, ...]:
        """The wrong ideas of which a readable answer speaks, by their names in workbook.toml."""
        picked = set(self.picks(answer))
        offered = [choice for choices in self.offers().values() for choice in choices]
        return tuple({c.idea: None for c in offered if c.idea and c.id in picked and not c.right})

    def idea_names(self) -> set[str]:
        """Every wrong idea that it names."""
        return {c.idea for choices in self.offers().values() for c in choices if c.idea}

    def marks(self, answer: Any) -> dict[str, str]:
        """What is "right" and what "wrong" of a readable answer, by the id of what was chosen; never what was not."""
        return {}

    def looked_back(self, answer: Any) -> list[tuple[str, bool, bool]]:
        """Of a guess, what was offered, each with whether it was guessed and whether the record has it."""
        record = [(self.say(), False, True)] if self.say() else []
        return [*((text, True, False) for text in self.picks(answer)), *record]

    def reveal(self, answer: Any) -> dict[str, Any]:
        """What a card shows of a readable answer beside the right one, once the solution is open; as its kind draws it."""
        return {}

    def refuse(self, answer: Any) -> None:
        """Raise Unreadable for what would lose its meaning on the way to JSON, such as a set where order counts."""

    def alike(self, answer: Any) -> Any:
        """What two logged answers share that say the same."""
        return answer

    def resolve(self) -> None:
        """Read the key once, where it stands in the tables; an error says why it cannot be read."""

    def shown(self, answer: Any) -> str:
        """An answer as logged, in words: the texts of what was chosen, and what was typed as it stands."""
        texts = {choice.id: choice.text for offered in self.offers().values() for choice in offered}

        def one(part: Any) -> str:
            if isinstance(part, dict):
                said = (
                    part.values()
                    if "value" in part and "unit" in part
                    else (f"{one(k)}: {one(v)}" for k, v in part.items())
                )
                return (" " if "unit" in part else "; ").join(map(str, said))
            return texts.get(str(part), f"{part:.12g}" if isinstance(part, float) else str(part))

        return "; ".join(map(one, answer)) if isinstance(answer, list) else one(answer)

    def came(self) -> bool:
        """Whether what was asked about came to pass; only what foretells knows."""
        return False

    def right_answers(self) -> list[Any]:
        """Answers, as logged, that must be judged right."""
        return []

    def foreseen_slips(self) -> list[Any]:
        """Answers, as logged, that must not be judged right: one for each that the bank says something to."""
        return []

    def all_picks(self) -> dict[str, str]:
        """Every choice by id, with its text, where a class is counted choice by choice."""
        return {}

    def wrong_picks(self) -> dict[str, str]:
        """What can be picked and is wrong, as `picks` gives it, with its text."""
        return {}

    def told(self) -> dict[str, str]:
        """The wrong picks that its author foresaw, each with what it is told; for most kinds all that are wrong."""
        says = {choice.id: choice.says for choices in self.offers().values() for choice in choices}
        return {pick: says.get(pick, "") for pick in self.wrong_picks()}

    def counted(self, picks: Mapping[str, int]) -> list[str]:
        """Its lines with how often each part was picked, where they say more than a list of its choices; else none."""
        return []

    def coded_key(self, codes: Collection[str]) -> dict[str, str] | None:
        """By what is coded, its settled code, where it asks for these codes; None where it does not."""
        return None


def id_fault(what: str, named: str) -> str:
    """What is wrong with an id."""
    return f"{what} '{named[:80]}' must be 1 to {LONGEST_ID} letters, digits, dots, dashes and low lines"


def _choice_faults(name: str, choices: list[Choice]) -> list[str]:
    found = []
    if len({choice.id.casefold() for choice in choices}) < len(choices):
        found.append(f"two of its {name} have the same id")
    found += [id_fault(f"the id in {name}", c.id) for c in choices if not WRITTEN_ID.fullmatch(c.id)]
    found += [f"'{c.id}' in {name} has no text" for c in choices if not c.text.strip()]
    if len(choices) < 2:
        found.append(f"it has fewer than two {name if name == 'choices' else f'entries in {name}'}")
    return found
