"""Whose a single hand-in is: what a platform, a signature and a class list say of it, and what stays in doubt."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from afteach.files import LONGEST_NAME
from afteach.grading.labels import Said, components, folder_of, is_raw, name_from, shown
from afteach.grading.marked import HandIn, Marker
from afteach.grading.roster import Entry, Match, Roster, as_file, fold, loose, squash

OWN_LINE = "given a line of its own"


class Owner(NamedTuple):
    """Whose a hand-in is held to be: a key that all of one student share, the line of the list, the name to show.

    `sure` as in Match; 0 where only the name of a file says so.
    """

    key: tuple
    entry: Entry | None
    name: str
    sure: int


class Owners:
    """Finds whose each hand-in is, and lists every doubt."""

    def __init__(self, marker: Marker, roster: Roster | None) -> None:
        self.marker, self.roster = marker, roster
        self.doubted: set[Entry] = set()
        self._called: dict[tuple, str] = {}
        self._filed: dict[str, set[str]] = defaultdict(set)

    def note(self, one: HandIn | None, student: str, problem: str, done: str) -> None:
        """Put one line into problems.csv."""
        self.marker.note(one.label if one else "", "", student, problem, done)

    def prepare(self, found: list[HandIn]) -> list[HandIn]:
        """Settle what all hand-ins together say of each; returns those that add something."""
        _name_by_receipt(found)
        self._weigh(found)
        found = self._without_copies(found)
        for one in found:
            for name in (one.signed, one.said[0].name if one.said else ""):
                self._filed[as_file(name)].add(fold(name))
            if one.said and one.number and (one.signed or one.said[0].name):
                key = (download(one), one.said[0].platform, one.number)
                said = one.said[0].name
                if one.signed and (not said or _agree(one.said[0], one.signed)):
                    # Of two ways to write a name the student's own has its capitals and spaces.
                    self._called[key] = one.signed
                else:
                    self._called.setdefault(key, said or one.signed)
        return found

    def _weigh(self, found: list[HandIn]) -> None:
        """Take away what looks like a platform's name and is none, or names nobody."""
        names: dict[tuple[str, str], set[str]] = defaultdict(set)
        numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one in found:
            for said in one.said:
                numbers[(said.platform, said.name)].add(said.number)
                if one.signed:
                    names[(said.platform, f"{said.name} {said.number}")].add(fold(one.signed))
        for one in found:
            kept = []
            for said in one.said:
                # "quiz_1_2_answers.jsonl" reads like Canvas; but Canvas gives every student a number of their own.
                chance = not said.certain and len(names[(said.platform, f"{said.name} {said.number}")]) > 1
                if chance and not (self.roster and self.roster.of_platform(said).sure == 3):
                    continue
                # Under anonymous marking Moodle calls everybody "Participant", in the language of the site.
                of_all = len(numbers[(said.platform, said.name)]) > 1 and said.platform == "moodle"
                if said.name == "Participant" or (of_all and self._is_nobody(said, names)):
                    said = said._replace(name="")
                kept.append(said)
            one.said = kept

    def _is_nobody(self, said: Said, names: dict[tuple[str, str], set[str]]) -> bool:
        if " " in said.name or (self.roster and self.roster.of_platform(said).entries):
            return False
        signed = {name for (platform, key), own in names.items() for name in own
                  if platform == said.platform and key.startswith(f"{said.name} ")}  # fmt: skip
        return fold(said.name) not in signed

    def _without_copies(self, files: list[HandIn]) -> list[HandIn]:
        """The hand-ins without a kernel's own files all of whose answers stand in a file that was signed."""
        owners: dict[int, list[HandIn]] = defaultdict(list)
        homes: dict[tuple[str, ...], list[HandIn]] = defaultdict(list)
        for one in files:
            if one.headed:
                homes[folder_of(one.path)].append(one)
                for drawn in one.drawn:
                    owners[drawn].append(one)
        kept = []
        for one in files:
            if one.headed or not one.readable or not is_raw(one.path):
                kept.append(one)
                continue
            beside = homes.get(folder_of(one.path), [])
            signers = (
                [other for other in owners.get(one.drawn[0], []) if self._may_be_one(one, other)] if one.drawn else []
            )
            for other in [*beside, *signers]:
                if one.drawn and set(one.drawn) <= set(other.drawn):
                    break
            else:
                if not one.said and len({fold(other.signed) for other in beside}) == 1:
                    one.name = beside[0].signed
                    one.said = beside[0].said
                kept.append(one)
                continue
            self._forget(one)
        return kept

    def _may_be_one(self, one: HandIn, other: HandIn) -> bool:
        return not one.said or [s[:3] for s in one.said] == [s[:3] for s in other.said]

    def _forget(self, one: HandIn) -> None:
        told = [p for p in self.marker.problems if p.file == one.label and "no header line" in p.problem]
        for problem in told:
            self.marker.problems.remove(problem)

    def owner(self, one: HandIn) -> Owner:
        """Whose this hand-in is."""
        if self.roster:
            return self._on_roster(one)
        said = one.said[0] if one.said else None
        if not said:
            name = one.signed or one.name or shown(name_from(one.path), LONGEST_NAME)
            if not one.signed and len(others := self._filed.get(as_file(name), ())) == 1:
                # submit names a file after its author, so that even a file nobody can read says whose it is.
                return Owner(("name", *others), None, name, 0)
            return Owner(("name", fold(name)), None, name, 2 if one.signed else 0)
        name = self._called.get((download(one), said.platform, one.number)) or said.name or _numbered(said)
        if one.signed and not _agree(said, one.signed):
            text = f"the file is signed '{one.signed}'; the platform says that it is from '{said.name}'"
            self.note(one, name, text, f"counted for {name}")
        return Owner(("name", fold(name)), None, name, 2)

    def _on_roster(self, one: HandIn) -> Owner:
        roster = self.roster
        by_signature = roster.named(one.signed) if one.signed else Match()
        match, said = self._platform(one)
        if match.entry:
            entry = match.entry
            one.said.sort(key=lambda other: other is not said)
            if match.note:
                self.note(one, entry.name, match.note, f"counted for {entry.name}")
            if one.signed and entry not in by_signature.entries:
                text = f"the file is signed '{one.signed}'; the platform says that it is from '{entry.name}'"
                self.note(one, entry.name, text, f"counted for {entry.name}")
            return Owner(("entry", id(entry)), entry, entry.name, match.sure)
        if match.entries:
            return self._doubt(one, said.name or one.signed or said.number, match)
        if said and said.name and (said.certain or (one.signed and not _agree(said, one.signed))):
            text = f"the platform's name '{said.name}' is not on the class list"
            text += f"; the file is signed '{one.signed}'" if one.signed and not _agree(said, one.signed) else ""
            self.doubted.update(by_signature.entries)
            self.note(one, said.name, text, OWN_LINE)
            return Owner(("name", fold(said.name), said.number), None, said.name, 2)
        if one.signed:
            match, name = by_signature, one.signed
        else:
            of_file = _numbered(said) if said and said.certain else shown(name_from(one.path), LONGEST_NAME)
            name = one.name or of_file
            match = roster.named(name, file=not one.name)
        if match.entry:
            entry = match.entry
            if match.note:
                self.note(one, entry.name, match.note, f"counted for {entry.name}, the only one it can be")
            return Owner(("entry", id(entry)), entry, entry.name, min(match.sure, 2 if one.signed else 1))
        if match.entries:
            return self._doubt(one, name, match)
        self.note(one, name, "this name is not on the class list", OWN_LINE)
        return Owner(("name", fold(name), one.number), None, name, 0)

    def _platform(self, one: HandIn) -> tuple[Match, Said | None]:
        """Whom the outermost name that a platform wrote means; what stands further in, the student may have written."""
        for depth in dict.fromkeys(said.depth for said in one.said):
            here = [(self.roster.of_platform(said), said) for said in one.said if said.depth == depth]
            best = max(match.sure for match, _ in here)
            found = [(match, said) for match, said in here if match.entries and match.sure == best]
            entries = tuple(dict.fromkeys(entry for match, _ in found for entry in match.entries))
            if len(entries) > 1:
                return Match(entries, best, found[0][0].note), found[0][1]
            if entries:
                return found[0]
            if here[0][1].certain:
                return Match(), here[0][1]
        return Match(), one.said[0] if one.said else None

    def _doubt(self, one: HandIn, name: str, match: Match) -> Owner:
        alike = len({fold(entry.name) for entry in match.entries}) == 1
        text = match.note if match.note and match.sure > 1 else ""
        if not text:
            what = "have this name" if alike else f"could be meant ({', '.join(e.name for e in match.entries[:4])})"
            text = f"{len(match.entries)} students on the class list {what}"
        self.doubted.update(match.entries)
        self.note(one, name, text, OWN_LINE)
        return Owner(("doubt", fold(name), one.number), None, name, 0)


def download(one: HandIn) -> str:
    return "/".join(components(one.path)[: one.said[0].depth])


def _agree(said: Said, signed: str) -> bool:
    """Whether a signature is the name that a platform wrote, as far as it can be told."""
    if not said.name:
        return True
    if said.platform == "canvas":
        words = fold(signed).replace(",", " ").split()
        return squash(said.name) in {squash("".join(words[i:] + words[:i])) for i in range(len(words))}
    return any(loose(fold(name)) & loose(fold(signed)) for name in (said.name, said.name.partition("-")[2]) if name)


def _numbered(said: Said) -> str:
    return f"Participant {said.number}" if said.platform == "moodle" else said.number


def _name_by_receipt(found: list[HandIn]) -> None:
    """Blackboard's receipts say whom a user name belongs to."""
    names = {one.receipt[1].casefold(): one.receipt[0] for one in found if one.receipt}
    for one in found:
        one.said = [
            said._replace(name=names.get(said.number.casefold(), "")) if said.platform == "blackboard" else said
            for said in one.said
        ]
