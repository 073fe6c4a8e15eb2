"""Whose a single hand-in is: what a platform, a signature and a class list say of it, and what stays in doubt."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from afteach.files import LONGEST_NAME
from afteach.grading.hand_in import HandIn
from afteach.grading.labels import Said, components, folder_of, is_raw, name_from, shown
from afteach.grading.marked import Marker
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

    def note(self, hand_in: HandIn | None, student: str, problem: str, done: str) -> None:
        """Put one line into problems.csv."""
        self.marker.note(hand_in.label if hand_in else "", "", student, problem, done)

    def prepare(self, hand_ins: list[HandIn]) -> list[HandIn]:
        """Settle what all hand-ins together say of each; returns those that add something."""
        _name_by_receipt(hand_ins)
        self._weigh(hand_ins)
        hand_ins = self._without_copies(hand_ins)
        for hand_in in hand_ins:
            for name in (hand_in.signed, hand_in.said[0].name if hand_in.said else ""):
                self._filed[as_file(name)].add(fold(name))
            if hand_in.said and hand_in.number and (hand_in.signed or hand_in.said[0].name):
                key = (download(hand_in), hand_in.said[0].platform, hand_in.number)
                said = hand_in.said[0].name
                if hand_in.signed and (not said or _agree(hand_in.said[0], hand_in.signed)):
                    # Of two ways to write a name the student's own has its capitals and spaces.
                    self._called[key] = hand_in.signed
                else:
                    self._called.setdefault(key, said or hand_in.signed)
        return hand_ins

    def _weigh(self, hand_ins: list[HandIn]) -> None:
        """Take away what looks like a platform's name and is none, or names nobody."""
        names: dict[tuple[str, str], set[str]] = defaultdict(set)
        numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
        for hand_in in hand_ins:
            for said in hand_in.said:
                numbers[(said.platform, said.name)].add(said.number)
                if hand_in.signed:
                    names[(said.platform, f"{said.name} {said.number}")].add(fold(hand_in.signed))
        for hand_in in hand_ins:
            kept = []
            for said in hand_in.said:
                # "quiz_1_2_answers.jsonl" reads like Canvas; but Canvas gives every student a number of their own.
                chance = not said.certain and len(names[(said.platform, f"{said.name} {said.number}")]) > 1
                if chance and not (self.roster and self.roster.of_platform(said).sure == 3):
                    continue
                # Under anonymous marking Moodle calls everybody "Participant", in the language of the site.
                of_all = len(numbers[(said.platform, said.name)]) > 1 and said.platform == "moodle"
                if said.name == "Participant" or (of_all and self._is_nobody(said, names)):
                    said = said._replace(name="")
                kept.append(said)
            hand_in.said = kept

    def _is_nobody(self, said: Said, names: dict[tuple[str, str], set[str]]) -> bool:
        if " " in said.name or (self.roster and self.roster.of_platform(said).entries):
            return False
        signed = {name for (platform, key), signatures in names.items() for name in signatures
                  if platform == said.platform and key.startswith(f"{said.name} ")}  # fmt: skip
        return fold(said.name) not in signed

    def _without_copies(self, hand_ins: list[HandIn]) -> list[HandIn]:
        """The hand-ins without a kernel's own files all of whose answers stand in a file that was signed."""
        unsigned = {one for one in hand_ins if one.readable and not one.headed and is_raw(one.path)}
        firsts = {one.drawn[0] for one in unsigned if one.drawn}
        owners: dict[int, list[HandIn]] = defaultdict(list)
        homes: dict[tuple[str, ...], list[HandIn]] = defaultdict(list)
        for hand_in in hand_ins:
            if hand_in.headed:
                homes[folder_of(hand_in.path)].append(hand_in)
                for drawn in firsts.intersection(hand_in.drawn):
                    owners[drawn].append(hand_in)
        kept = []
        for hand_in in hand_ins:
            if hand_in not in unsigned:
                kept.append(hand_in)
                continue
            beside = homes.get(folder_of(hand_in.path), [])
            signers = (
                [other for other in owners.get(hand_in.drawn[0], []) if self._may_be_one(hand_in, other)]
                if hand_in.drawn
                else []
            )
            for other in [*beside, *signers]:
                if hand_in.drawn and set(hand_in.drawn) <= set(other.drawn):
                    break
            else:
                if not hand_in.said and len({fold(other.signed) for other in beside}) == 1:
                    hand_in.name = beside[0].signed
                    hand_in.said = beside[0].said
                kept.append(hand_in)
                continue
            self._forget(hand_in)
        return kept

    def _may_be_one(self, hand_in: HandIn, other: HandIn) -> bool:
        return not hand_in.said or [s[:3] for s in hand_in.said] == [s[:3] for s in other.said]

    def _forget(self, hand_in: HandIn) -> None:
        unheaded = [p for p in self.marker.problems if p.file == hand_in.label and "no header line" in p.problem]
        for problem in unheaded:
            self.marker.problems.remove(problem)

    def owner(self, hand_in: HandIn) -> Owner:
        """Whose this hand-in is."""
        if self.roster:
            return self._on_roster(hand_in, self.roster)
        said = hand_in.said[0] if hand_in.said else None
        if not said:
            name = hand_in.signed or hand_in.name or shown(name_from(hand_in.path), LONGEST_NAME)
            if not hand_in.signed and len(others := self._filed.get(as_file(name), ())) == 1:
                # submit names a file after its author, so that even a file nobody can read says whose it is.
                return Owner(("name", *others), None, name, 0)
            return Owner(("name", fold(name)), None, name, 2 if hand_in.signed else 0)
        name = self._called.get((download(hand_in), said.platform, hand_in.number)) or said.name or _numbered(said)
        if hand_in.signed and not _agree(said, hand_in.signed):
            text = f"the file is signed '{hand_in.signed}'; the platform says that it is from '{said.name}'"
            self.note(hand_in, name, text, f"counted for {name}")
        return Owner(("name", fold(name)), None, name, 2)

    def _on_roster(self, hand_in: HandIn, roster: Roster) -> Owner:
        by_signature = roster.named(hand_in.signed) if hand_in.signed else Match()
        match, said = _platform(hand_in, roster)
        if match.entry:
            entry = match.entry
            hand_in.said.sort(key=lambda other: other is not said)
            if match.note:
                self.note(hand_in, entry.name, match.note, f"counted for {entry.name}")
            if hand_in.signed and entry not in by_signature.entries:
                text = f"the file is signed '{hand_in.signed}'; the platform says that it is from '{entry.name}'"
                self.note(hand_in, entry.name, text, f"counted for {entry.name}")
            return Owner(("entry", id(entry)), entry, entry.name, match.sure)
        if said and match.entries:
            return self._doubt(hand_in, said.name or hand_in.signed or said.number, match)
        if said and said.name and (said.certain or (hand_in.signed and not _agree(said, hand_in.signed))):
            text = f"the platform's name '{said.name}' is not on the class list"
            text += (
                f"; the file is signed '{hand_in.signed}'"
                if hand_in.signed and not _agree(said, hand_in.signed)
                else ""
            )
            self.doubted.update(by_signature.entries)
            self.note(hand_in, said.name, text, OWN_LINE)
            return Owner(("name", fold(said.name), said.number), None, said.name, 2)
        if hand_in.signed:
            match, name = by_signature, hand_in.signed
        else:
            of_file = _numbered(said) if said and said.certain else shown(name_from(hand_in.path), LONGEST_NAME)
            name = hand_in.name or of_file
            match = roster.named(name, file=not hand_in.name)
        if match.entry:
            entry = match.entry
            if match.note:
                self.note(hand_in, entry.name, match.note, f"counted for {entry.name}, the only one it can be")
            return Owner(("entry", id(entry)), entry, entry.name, min(match.sure, 2 if hand_in.signed else 1))
        if match.entries:
            return self._doubt(hand_in, name, match)
        self.note(hand_in, name, "this name is not on the class list", OWN_LINE)
        return Owner(("name", fold(name), hand_in.number), None, name, 0)

    def _doubt(self, hand_in: HandIn, name: str, match: Match) -> Owner:
        alike = len({fold(entry.name) for entry in match.entries}) == 1
        text = match.note if match.note and match.sure > 1 else ""
        if not text:
            what = "have this name" if alike else f"could be meant ({', '.join(e.name for e in match.entries[:4])})"
            text = f"{len(match.entries)} students on the class list {what}"
        self.doubted.update(match.entries)
        self.note(hand_in, name, text, OWN_LINE)
        return Owner(("doubt", fold(name), hand_in.number), None, name, 0)


def _platform(hand_in: HandIn, roster: Roster) -> tuple[Match, Said | None]:
    """Whom the outermost name that a platform wrote means; what stands further in, the student may have written."""
    for depth in dict.fromkeys(said.depth for said in hand_in.said):
        here = [(roster.of_platform(said), said) for said in hand_in.said if said.depth == depth]
        best = max(match.sure for match, _ in here)
        matches = [(match, said) for match, said in here if match.entries and match.sure == best]
        entries = tuple(dict.fromkeys(entry for match, _ in matches for entry in match.entries))
        if len(entries) > 1:
            return Match(entries, best, matches[0][0].note), matches[0][1]
        if entries:
            return matches[0]
        if here[0][1].certain:
            return Match(), here[0][1]
    return Match(), hand_in.said[0] if hand_in.said else None


def download(hand_in: HandIn) -> str:
    return "/".join(components(hand_in.path)[: hand_in.said[0].depth])


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


def _name_by_receipt(hand_ins: list[HandIn]) -> None:
    """Blackboard's receipts say whom a user name belongs to."""
    names = {hand_in.receipt[1].casefold(): hand_in.receipt[0] for hand_in in hand_ins if hand_in.receipt}
    for hand_in in hand_ins:
        hand_in.said = [
            said._replace(name=names.get(said.number.casefold(), "")) if said.platform == "blackboard" else said
            for said in hand_in.said
        ]
