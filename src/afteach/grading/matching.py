"""Whose is it? The right student or a named doubt, never the wrong one; a student may be unreadable, never absent."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from afteach.grading import hand_ins
from afteach.grading.attempts import Result
from afteach.grading.labels import components, folder_of, is_raw, name_from, shown
from afteach.grading.marked import LEFT_BLANK, HandIn, Marker, Problem
from afteach.grading.owners import OWN_LINE, Owner, Owners, download
from afteach.grading.roster import Entry, Match, Roster, fold, loose
from afteach.questions.model import Bank

IN_DOUBT = "in doubt: see problems.csv"
MOST_PAIRS_LISTED = 100
# What people hand in for the file that submit() wrote; anything else beside the answers is nobody's hand-in.
MISTAKEN = ("a Word", "a Writer", "a Pages", "a PDF", "a text with layout", "an old Word", "an Excel", "a Jupyter",
            "a picture", "a RAR", "a 7z", "a gzip", "a zip in a zip", "a Calc", "a Numbers", "a PowerPoint")  # fmt: skip


@dataclass(slots=True, eq=False)
class Student:
    """One line of the gradebook: the hand-in that counts, or none."""

    name: str
    entry: Entry | None
    hand_in: HandIn | None
    status: str

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
    own: list[HandIn] = field(default_factory=list)


def read_class(places: list[Path], bank: Bank, roster: Roster | None = None, skip: Path | None = None) -> Class:
    """Mark every file in turn and settle whose it is."""
    marker = Marker(bank)
    found = [marker.read(one) for one in hand_ins.files(places, skip)]
    students = Matcher(marker, roster).settle(found)
    unkept = sum(student.hand_in.unkept for student in students if student.hand_in)
    return Class(bank, students, marker.problems, len(found), roster, unkept)


class Matcher:
    """Finds the student of every hand-in, and lists what stays in doubt."""

    def __init__(self, marker: Marker, roster: Roster | None) -> None:
        self.marker, self.roster = marker, roster
        self.owners = Owners(marker, roster)
        self.note = self.owners.note

    def settle(self, found: list[HandIn]) -> list[Student]:
        """Say whose each hand-in is, which of several counts, and who on the class list is missing."""
        for name in self.roster.twice if self.roster else ():
            self.note(None, name, "this student stands on the class list twice", "counted once")
        found = self.owners.prepare(found)
        groups: dict[tuple, _Group] = {}
        for one in found:
            if not one.kind and self._is_hand_in(one):
                self._join(groups, one, self.owners.owner(one))
        self._take_documents(groups, [one for one in found if one.kind])
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
    def _join(groups: dict[tuple, _Group], one: HandIn, owner: Owner) -> None:
        one.name = one.name or owner.name
        group = groups.setdefault(owner.key, _Group(owner))
        group.own.append(one)
        if owner.sure > group.owner.sure:
            group.owner = owner

    def _is_hand_in(self, one: HandIn) -> bool:
        """Whether somebody handed this in, readable or not; a text called otherwise may be the teacher's own."""
        if one.readable or one.said:
            return True
        name = components(one.path)[-1].lower()
        if (
            name.endswith((".jsonl", ".ndjson"))
            or name.startswith("answers")
            or (name.endswith(".zip") and len(one.path) > 1)
        ):
            return True
        return bool(self.roster and self.roster.named(shown(name_from(one.path)), file=True).entries)

    # What is no answer file

    def _take_documents(self, groups: dict[tuple, _Group], documents: list[HandIn]) -> None:
        homes: dict[tuple[str, ...], set[tuple]] = defaultdict(set)
        for key, group in groups.items():
            for one in group.own:
                homes[_home(one)].add(key)
        beside: dict[tuple, list[HandIn]] = defaultdict(list)
        for one in documents:
            keys = homes.get(_home(one), set())
            if len(keys) == 1 and (one.said or self._is_own_folder(one, groups[next(iter(keys))])):
                beside[next(iter(keys))].append(one)
            elif one.said or self._is_mistaken(one):
                owner = self.owners.owner(one)
                if owner.key in groups and any(own.readable for own in groups[owner.key].own):
                    beside[owner.key].append(one)
                else:
                    self.note(one, owner.name, one.fault, LEFT_BLANK)
                    self._join(groups, one, owner)
            else:
                self.note(one, "", one.fault, LEFT_BLANK)
        for key, own in beside.items():
            if not any(one.readable for one in groups[key].own):
                for one in own:
                    self.note(one, groups[key].owner.name, one.fault, LEFT_BLANK)
                continue
            rest = [one for one in own if one.kind != "a receipt of Blackboard"]
            if rest:
                names = ", ".join(components(one.path)[-1] for one in rest[:5]) + (", ..." if len(rest) > 5 else "")
                text = f"{len(rest)} files beside the answers hold none: {names}"
                self.note(rest[0], groups[key].owner.name, text, "passed over; the answers are marked")

    def _is_own_folder(self, one: HandIn, group: _Group) -> bool:
        """Whether a folder is one student's: it bears their name, or holds what a kernel wrote."""
        folder = folder_of(one.path)
        if len(folder) < 2 and not any(is_raw(other.path) for other in group.own):
            return False
        name = folder[-1] if folder else ""
        return bool(loose(fold(name)) & loose(fold(group.owner.name))) or any(is_raw(o.path) for o in group.own)

    def _is_mistaken(self, one: HandIn) -> bool:
        if components(one.path)[-1].lower().startswith("answers"):
            return True
        if not one.kind.startswith(MISTAKEN):
            return bool(self.roster and self.roster.named(shown(name_from(one.path)), file=True).entries)
        # A notebook of the workbook is everybody's; only its folder can say whose.
        return shown(name_from(one.path)) not in self.marker.bank.chapters

    # Which counts

    def _apart(self, groups: dict[tuple, _Group]) -> list[_Group]:
        """Two students with one name stay two where a platform tells them apart."""
        found: list[_Group] = []
        for group in groups.values():
            found += self._certain(group, group.owner.entry) if group.owner.entry else self._numbered(group)
        return found

    def _certain(self, group: _Group, entry: Entry) -> list[_Group]:
        """What is only like a name on the list never takes the place of what bears the name itself."""
        kept: list[HandIn] = []
        out: list[_Group] = []
        sure = {id(one): self._sure(one, entry) for one in group.own}
        exact = [one for one in group.own if sure[id(one)] >= 2]
        others = {fold(one.signed) for one in group.own if one.signed and sure[id(one)] < 2}
        for one in group.own:
            if one.signed and sure[id(one)] < 2 and (exact or len(others) > 1):
                rival = "whose own file is here too" if exact else "and so is another name"
                text = f"'{one.signed}' is like '{entry.name}', {rival}"
                self.owners.doubted.add(entry)
                self.note(one, one.signed, text, OWN_LINE)
                out.append(_Group(Owner((), None, one.signed, 0), [one]))
            else:
                kept.append(one)
        return [*(self._numbered(_Group(group.owner, kept)) if kept else []), *out]

    def _sure(self, one: HandIn, entry: Entry) -> int:
        by_platform = max((m.sure for s in one.said if entry in (m := self.roster.of_platform(s)).entries), default=0)
        by_name = self.roster.named(one.signed) if one.signed else Match()
        return max(by_platform, by_name.sure if entry in by_name.entries else 0)

    def _numbered(self, group: _Group) -> list[_Group]:
        entry = group.owner.entry
        numbers: dict[str, dict[str, list[HandIn]]] = defaultdict(lambda: defaultdict(list))
        for one in group.own:
            if one.said and one.number:
                # In another download the same student has another number.
                numbers[download(one)][one.number].append(one)
        split = {number for own in numbers.values() if len(own) > 1 for number in own}
        if not split:
            return [group]
        home = {n for n in split if entry and any(s.number == n and self.roster.of_platform(s).sure == 3
                                                  for o in group.own for s in o.said)}  # fmt: skip
        home = home if len(home) == 1 else set()
        rest = [one for one in group.own if one.number not in split or one.number in home]
        out = []
        for number in sorted(split - home):
            own = [one for one in group.own if one.number == number]
            for one in own:
                text = f"the platform has {len(split)} students who are called '{group.owner.name}'"
                self.note(one, group.owner.name, text, OWN_LINE)
            out.append(_Group(Owner((), None, f"{group.owner.name} ({number})", 0), own))
        if entry and not rest:
            self.owners.doubted.add(entry)
        return [*([_Group(group.owner, rest)] if rest else []), *out]

    def _student(self, group: _Group) -> Student:
        name, entry = group.owner.name, group.owner.entry
        signed = sorted({one.signed for one in group.own if one.signed})
        if len({fold(one) for one in signed}) < len(signed) and len(signed) > 1:
            text = f"one student in {len(signed)} spellings: {'; '.join(signed)}"
            self.note(None, name, text, "counted as one")
        own = self._merged(self._once(name, group.own))
        last = max(own, key=_recent)
        answers = [one for one in own if not one.kind]
        if len(answers) > 1:
            for one in answers:
                text = (
                    "the last of several hand-ins" if one is last else "an earlier hand-in, or one that cannot be read"
                )
                self.note(one, name, text, "this one counts" if one is last else f"passed over for {last.label}")
        if not last.readable:
            return Student(name, entry, None, "cannot be read")
        return Student(name, entry, last, "handed in" if last.results else "no answer in it")

    def _once(self, name: str, own: list[HandIn]) -> list[HandIn]:
        # Only within one student: two students who hand in the same bytes stay two.
        kept: dict[bytes, HandIn] = {}
        for one in own:
            same = kept.setdefault(one.digest or one.label.encode(), one)
            if same is not one:
                self.note(one, name, f"it is the same, byte for byte, as {same.label}", "read once")
        return list(kept.values())

    def _merged(self, own: list[HandIn]) -> list[HandIn]:
        """A kernel writes a file a session; all of one student's together are one hand-in."""
        raw = [one for one in own if one.readable and not one.headed]
        if not raw:
            return own
        whole = max(raw, key=_recent)
        for one in raw:
            if one is whole:
                continue
            for question_id, attempts in one.attempts.items():
                if question_id in whole.attempts:
                    whole.attempts[question_id].join(attempts)
                else:
                    whole.attempts[question_id] = attempts
            for table, when in one.opened.items():
                whole.opened[table] = min(when, whole.opened.get(table, when))
            whole.drawn.extend(one.drawn)
        self.marker.finish(whole)
        return [one for one in own if one not in raw or one is whole]

    # What is said, without a verdict

    def _list_shared(self, students: list[Student]) -> None:
        """Ids are drawn by chance: where two students' files hold the same, one came from the other, or both from one."""
        owners: dict[int, list[Student]] = defaultdict(list)
        for student in students:
            if student.hand_in:
                for drawn in dict.fromkeys(student.hand_in.drawn):
                    owners[drawn].append(student)
        sets: Counter[tuple[Student, ...]] = Counter(tuple(own) for own in owners.values() if len(own) > 1)
        for own, number in sorted(sets.items(), key=lambda pair: [s.name for s in pair[0]])[:MOST_PAIRS_LISTED]:
            names = ", ".join(student.name for student in own[:6]) + (", ..." if len(own) > 6 else "")
            files = "; ".join(student.hand_in.label for student in own[:6])
            text = f"{number} answers with the same random id stand in files of {len(own)} students: {names}"
            self.marker.note(files, "", own[0].name, text, "marked for each; nothing follows from it alone")

    def _list_alike(self, students: list[Student]) -> None:
        alike: dict[str, list[str]] = defaultdict(list)
        for student in students:
            for key in loose(fold(student.name)):
                alike[key].append(student.name)
        told = {tuple(names) for names in alike.values() if len(names) > 1}
        for names in sorted(told):
            self.note(None, names[0], f"these may be one student: {'; '.join(names[:6])}", "kept apart")


def _id(student: Student) -> str:
    return (student.entry.id if student.entry else "") + (student.hand_in.label if student.hand_in else "")


def _home(one: HandIn) -> tuple[str, ...]:
    if one.said:
        return (*components(one.path)[: one.said[0].depth], f"{one.said[0].name} {one.said[0].number}")
    return folder_of(one.path)


def _recent(one: HandIn) -> tuple:
    return (one.readable, one.at, one.label)
