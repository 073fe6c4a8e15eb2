"""Whose is it? The right student or a named doubt, never the wrong one; a student may be unreadable, never absent."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from afteach.grading.attempts import Result
from afteach.grading.encodings import PAGE_BACK, PAGE_TO_KEEP
from afteach.grading.hand_in import LEFT_BLANK, HandIn, Problem
from afteach.grading.hand_ins import files
from afteach.grading.labels import components, folder_of, is_raw, name_from, shown
from afteach.grading.marked import Marker
from afteach.grading.owners import OWN_LINE, Owner, Owners, download
from afteach.grading.roster import Entry, Match, Roster, fold, loose
from afteach.questions.model import Bank

IN_DOUBT = "in doubt: see problems.csv"
MOST_PAIRS_LISTED = 100
# What people hand in for the file that submit() wrote; anything else beside the answers is nobody's hand-in.
MISTAKEN = ("a Word", "a Writer", "a Pages", "a PDF", "a text with layout", "an old Word", "an Excel", "a Jupyter",
            "a picture", "a RAR", "a 7z", "a gzip", "a zip in a zip", "a Calc", "a Numbers", "a PowerPoint", PAGE_TO_KEEP)  # fmt: skip
# What may lie beside the answers without a word.
EXPECTED = ("a receipt of Blackboard", PAGE_TO_KEEP, PAGE_BACK)


@dataclass(slots=True, eq=False)
class Student:
    """One line of the gradebook: the hand-in that counts, or none."""

    name: str
    entry: Entry | None
    hand_in: HandIn | None
    status: str
    late: bool = False

    @property
    def results(self) -> dict[str, Result]:
        return self.hand_in.results if self.hand_in else {}


@dataclass(slots=True)
class Class:
    """A whole class, marked: its students, the bank it was marked with, and everything that went wrong."""

    bank: Bank
    students: list[Student]
    problems: list[Problem]
    files: int
    roster: Roster | None = None
    unkept: int = 0


@dataclass(slots=True)
class _Group:
    owner: Owner
    hand_ins: list[HandIn] = field(default_factory=list)


def read_class(
    places: list[Path], bank: Bank, roster: Roster | None = None, skip: tuple[Path, ...] = (), keep: bool = False
) -> Class:
    """Mark every file in turn and settle whose it is; `skip` names folders of results, `keep` keeps what was answered."""
    marker = Marker(bank, keep)
    marked = [marker.read(file) for file in files(places, skip)]
    students = Matcher(marker, roster).settle(marked)
    unkept = sum(student.hand_in.unkept for student in students if student.hand_in)
    return Class(bank, students, marker.problems, len(marked), roster, unkept)


class Matcher:
    """Finds the student of every hand-in, and lists what stays in doubt."""

    def __init__(self, marker: Marker, roster: Roster | None) -> None:
        self.marker, self.roster = marker, roster
        self.owners = Owners(marker, roster)
        self.note = self.owners.note

    def settle(self, hand_ins: list[HandIn]) -> list[Student]:
        """Say whose each hand-in is, which of several counts, and who on the class list is missing."""
        for doubt in self.roster.doubts if self.roster else ():
            self.note(None, *doubt)
        hand_ins = self.owners.prepare(hand_ins)
        groups: dict[tuple, _Group] = {}
        for hand_in in hand_ins:
            if not hand_in.kind and self._is_hand_in(hand_in):
                self._join(groups, hand_in, self.owners.owner(hand_in))
        self._take_documents(groups, [hand_in for hand_in in hand_ins if hand_in.kind])
        students = [student for group in self._apart(groups) for student in [self._student(group)]]
        here = {student.entry for student in students}
        for entry in self.roster.entries if self.roster else ():
            if entry not in here:
                students.append(
                    Student(entry.name, entry, None, IN_DOUBT if entry in self.owners.doubted else "nothing handed in")
                )
        self._list_shared(students)
        if not self.roster:
            self._list_alike(students)
        return sorted(students, key=lambda student: (fold(student.name), student.name, _id(student)))

    @staticmethod
    def _join(groups: dict[tuple, _Group], hand_in: HandIn, owner: Owner) -> None:
        hand_in.name = hand_in.name or owner.name
        group = groups.setdefault(owner.key, _Group(owner))
        group.hand_ins.append(hand_in)
        if owner.sure > group.owner.sure:
            group.owner = owner

    def _is_hand_in(self, hand_in: HandIn) -> bool:
        """Whether somebody handed this in, readable or not; a text called otherwise may be the teacher's own."""
        if hand_in.readable or hand_in.said:
            return True
        name = components(hand_in.path)[-1].lower()
        if (
            name.endswith((".jsonl", ".ndjson"))
            or name.startswith("answers")
            or (name.endswith(".zip") and len(hand_in.path) > 1)
        ):
            return True
        return bool(self.roster and self.roster.named(shown(name_from(hand_in.path)), file=True).entries)

    # What is no answer file

    def _take_documents(self, groups: dict[tuple, _Group], documents: list[HandIn]) -> None:
        homes: dict[tuple[str, ...], set[tuple]] = defaultdict(set)
        for key, group in groups.items():
            for hand_in in group.hand_ins:
                homes[_home(hand_in)].add(key)
        beside: dict[tuple, list[HandIn]] = defaultdict(list)
        for hand_in in documents:
            if hand_in.kind == PAGE_BACK and not hand_in.said:
                continue  # our own, from an earlier run
            keys = homes.get(_home(hand_in), set())
            if len(keys) == 1 and (hand_in.said or self._is_own_folder(hand_in, groups[next(iter(keys))])):
                beside[next(iter(keys))].append(hand_in)
            elif hand_in.said or self._is_mistaken(hand_in):
                owner = self.owners.owner(hand_in)
                if owner.key in groups and any(other.readable for other in groups[owner.key].hand_ins):
                    beside[owner.key].append(hand_in)
                else:
                    self.note(hand_in, owner.name, hand_in.fault, LEFT_BLANK)
                    self._join(groups, hand_in, owner)
            else:
                self.note(hand_in, "", hand_in.fault, LEFT_BLANK)
        for key, hand_ins in beside.items():
            if not any(hand_in.readable for hand_in in groups[key].hand_ins):
                for hand_in in hand_ins:
                    self.note(hand_in, groups[key].owner.name, hand_in.fault, LEFT_BLANK)
                continue
            rest = [hand_in for hand_in in hand_ins if hand_in.kind not in EXPECTED]
            if rest:
                names = ", ".join(components(hand_in.path)[-1] for hand_in in rest[:5]) + (
                    ", ..." if len(rest) > 5 else ""
                )
                hold = (
                    "1 file beside the answers holds"
                    if len(rest) == 1
                    else f"{len(rest)} files beside the answers hold"
                )
                text = f"{hold} none: {names}"
                self.note(rest[0], groups[key].owner.name, text, "passed over; the answers are marked")

    def _is_own_folder(self, hand_in: HandIn, group: _Group) -> bool:
        """Whether a folder is one student's: it bears their name, or holds what a kernel wrote."""
        folder = folder_of(hand_in.path)
        if len(folder) < 2 and not any(is_raw(other.path) for other in group.hand_ins):
            return False
        name = folder[-1] if folder else ""
        return bool(loose(fold(name)) & loose(fold(group.owner.name))) or any(is_raw(o.path) for o in group.hand_ins)

    def _is_mistaken(self, hand_in: HandIn) -> bool:
        if components(hand_in.path)[-1].lower().startswith("answers"):
            return True
        if not hand_in.kind.startswith(MISTAKEN):
            return bool(self.roster and self.roster.named(shown(name_from(hand_in.path)), file=True).entries)
        # A notebook of the workbook is everybody's; only its folder can say whose.
        return shown(name_from(hand_in.path)) not in self.marker.bank.chapters

    # Which counts

    def _apart(self, groups: dict[tuple, _Group]) -> list[_Group]:
        """Two students with one name stay two where a platform tells them apart."""
        apart: list[_Group] = []
        for group in groups.values():
            entry = group.owner.entry
            apart += self._certain(group, entry, self.roster) if entry and self.roster else self._numbered(group)
        return apart

    def _certain(self, group: _Group, entry: Entry, roster: Roster) -> list[_Group]:
        """What is only like a name on the list never takes the place of what bears the name itself."""
        kept: list[HandIn] = []
        out: list[_Group] = []
        sure = {id(hand_in): _sure(hand_in, entry, roster) for hand_in in group.hand_ins}
        exact = [hand_in for hand_in in group.hand_ins if sure[id(hand_in)] >= 2]
        others = {fold(hand_in.signed) for hand_in in group.hand_ins if hand_in.signed and sure[id(hand_in)] < 2}
        for hand_in in group.hand_ins:
            if hand_in.signed and sure[id(hand_in)] < 2 and (exact or len(others) > 1):
                rival = "whose own file is here too" if exact else "and so is another name"
                text = f"'{hand_in.signed}' is like '{entry.name}', {rival}"
                self.owners.doubted.add(entry)
                self.note(hand_in, hand_in.signed, text, OWN_LINE)
                out.append(_Group(Owner((), None, hand_in.signed, 0), [hand_in]))
            else:
                kept.append(hand_in)
        return [*(self._numbered(_Group(group.owner, kept)) if kept else []), *out]

    def _numbered(self, group: _Group) -> list[_Group]:
        entry = group.owner.entry
        numbers: dict[str, dict[str, list[HandIn]]] = defaultdict(lambda: defaultdict(list))
        for hand_in in group.hand_ins:
            if hand_in.said and hand_in.number:
                # In another download the same student has another number.
                numbers[download(hand_in)][hand_in.number].append(hand_in)
        split = {number for hand_ins in numbers.values() if len(hand_ins) > 1 for number in hand_ins}
        if not split:
            return [group]
        home = {n for n in split if entry and self.roster and any(s.number == n and self.roster.of_platform(s).sure == 3
                                                  for o in group.hand_ins for s in o.said)}  # fmt: skip
        home = home if len(home) == 1 else set()
        rest = [hand_in for hand_in in group.hand_ins if hand_in.number not in split or hand_in.number in home]
        out = []
        for number in sorted(split - home):
            hand_ins = [hand_in for hand_in in group.hand_ins if hand_in.number == number]
            for hand_in in hand_ins:
                text = f"the platform has {len(split)} students who are called '{group.owner.name}'"
                self.note(hand_in, group.owner.name, text, OWN_LINE)
            out.append(_Group(Owner((), None, f"{group.owner.name} ({number})", 0), hand_ins))
        if entry and not rest:
            self.owners.doubted.add(entry)
        return [*([_Group(group.owner, rest)] if rest else []), *out]

    def _student(self, group: _Group) -> Student:
        name, entry = group.owner.name, group.owner.entry
        signed = sorted({hand_in.signed for hand_in in group.hand_ins if hand_in.signed})
        if len({fold(signature) for signature in signed}) < len(signed) and len(signed) > 1:
            text = f"one student in {len(signed)} spellings: {'; '.join(signed)}"
            self.note(None, name, text, "counted as one")
        hand_ins = self._merged(self._once(name, group.hand_ins))
        last = max(hand_ins, key=_recent)
        answers = [hand_in for hand_in in hand_ins if not hand_in.kind]
        if len(answers) > 1:
            for hand_in in answers:
                text = (
                    "the last of several hand-ins"
                    if hand_in is last
                    else "an earlier hand-in, or one that cannot be read"
                )
                self.note(
                    hand_in, name, text, "this one counts" if hand_in is last else f"passed over for {last.label}"
                )
        if not last.readable:
            return Student(name, entry, None, "cannot be read")
        if last.is_answered:
            return Student(name, entry, last, "handed in")
        text = "there is no answer in it; ask whether the answers lie in another folder, and for that folder's file"
        self.note(last, name, text, LEFT_BLANK)
        return Student(name, entry, last, "no answer in it")

    def _once(self, name: str, hand_ins: list[HandIn]) -> list[HandIn]:
        # Only within one student: two students who hand in the same bytes stay two.
        kept: dict[bytes, HandIn] = {}
        for hand_in in hand_ins:
            same = kept.setdefault(hand_in.digest or hand_in.label.encode(), hand_in)
            if same is not hand_in:
                self.note(hand_in, name, f"it is the same, byte for byte, as {same.label}", "read once")
        return list(kept.values())

    def _merged(self, hand_ins: list[HandIn]) -> list[HandIn]:
        """A kernel writes a file a session; all of one student's together are one hand-in."""
        raw = [hand_in for hand_in in hand_ins if hand_in.readable and not hand_in.headed]
        if not raw:
            return hand_ins
        whole = max(raw, key=_recent)
        for hand_in in raw:
            if hand_in is whole:
                continue
            for question_id, attempts in hand_in.attempts.items():
                if question_id in whole.attempts:
                    whole.attempts[question_id].join(attempts)
                else:
                    whole.attempts[question_id] = attempts
            for name, first in hand_in.rated.items():
                whole.rated[name] = min(first, whole.rated.get(name, first))
            for table, when in hand_in.opened.items():
                whole.opened[table] = min(when, whole.opened.get(table, when))
            whole.drawn.extend(hand_in.drawn)
        self.marker.finish(whole)
        return [hand_in for hand_in in hand_ins if hand_in not in raw or hand_in is whole]

    # What is said, without a verdict

    def _list_shared(self, students: list[Student]) -> None:
        """Ids are drawn by chance: where two students' files hold the same, one came from the other, or both from one."""
        owners: dict[int, list[Student]] = defaultdict(list)
        given = [(student, student.hand_in.drawn) for student in students if student.hand_in]
        seen: set[int] = set()
        shared: set[int] = set()
        for _, own in given:
            shared |= seen.intersection(own)
            seen.update(own)
        for student, own in given:
            for drawn in [drawn for drawn in dict.fromkeys(own) if drawn in shared] if shared else []:
                owners[drawn].append(student)
        sets: Counter[tuple[Student, ...]] = Counter(map(tuple, owners.values()))
        for sharing, number in sorted(sets.items(), key=lambda pair: [s.name for s in pair[0]])[:MOST_PAIRS_LISTED]:
            names = ", ".join(student.name for student in sharing[:6]) + (", ..." if len(sharing) > 6 else "")
            labels = "; ".join(student.hand_in.label for student in sharing[:6] if student.hand_in)
            text = f"{number} answers with the same random id stand in files of {len(sharing)} students: {names}"
            self.marker.note(labels, "", sharing[0].name, text, "marked for each; nothing follows from it alone")

    def _list_alike(self, students: list[Student]) -> None:
        alike: dict[str, list[str]] = defaultdict(list)
        for student in students:
            for key in loose(fold(student.name)):
                alike[key].append(student.name)
        spellings = {tuple(names) for names in alike.values() if len(names) > 1}
        for names in sorted(spellings):
            self.note(None, names[0], f"these may be one student: {'; '.join(names[:6])}", "kept apart")


def _id(student: Student) -> str:
    return (student.entry.id if student.entry else "") + (student.hand_in.label if student.hand_in else "")


def _home(hand_in: HandIn) -> tuple[str, ...]:
    if hand_in.said:
        return (*components(hand_in.path)[: hand_in.said[0].depth], f"{hand_in.said[0].name} {hand_in.said[0].number}")
    return folder_of(hand_in.path)


def _recent(hand_in: HandIn) -> tuple:
    # A later file without an answer takes nothing away from an earlier one.
    return (hand_in.readable, hand_in.is_answered, hand_in.at, hand_in.label)


def _sure(hand_in: HandIn, entry: Entry, roster: Roster) -> int:
    by_platform = max((m.sure for s in hand_in.said if entry in (m := roster.of_platform(s)).entries), default=0)
    by_name = roster.named(hand_in.signed) if hand_in.signed else Match()
    return max(by_platform, by_name.sure if entry in by_name.entries else 0)
