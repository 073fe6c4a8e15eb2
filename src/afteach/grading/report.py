"""One page on a class: what it found hard, which wrong idea drew it, and what to teach next."""

from __future__ import annotations

import functools
import random
import re
import statistics
import unicodedata
from collections.abc import Callable

from afteach.grading import items
from afteach.grading.attempts import scored
from afteach.grading.items import Item
from afteach.grading.labels import shown
from afteach.grading.marked import MOST_LETTERS_KEPT
from afteach.grading.matching import Class, Student
from afteach.pages.page import Markup, bars, columns, escape, figure, percent, rich, table
from afteach.pages.page import page as whole_page
from afteach.questions import marking
from afteach.questions.model import Question

HARDEST = 10
WEAK_CORRELATION = 0.1
FEWEST_TO_JUDGE_A_QUESTION = 10
FEWEST_TO_CALL_IT_HARD = 3
MOST_SHOWN_IN_A_LIST = 500

# Finding a word in the reflections is all that needs a script.
SCRIPT = """
(() => {
  const box = document.getElementById("find");
  if (!box) return;
  const field = box.querySelector("input"), said = box.querySelector("[role=status]");
  const texts = [...document.querySelectorAll("blockquote.said")];
  box.hidden = false;
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    let hits = 0;
    for (const one of texts) {
      one.hidden = wanted !== "" && !one.textContent.toLowerCase().includes(wanted);
      hits += !one.hidden;
    }
    for (const group of document.querySelectorAll("details.said")) {
      if (wanted) group.open = Boolean(group.querySelector("blockquote:not([hidden])"));
    }
    said.textContent = wanted ? `${hits} of ${texts.length} reflections` : "";
  });
  addEventListener("beforeprint", () => { for (const one of document.querySelectorAll("details")) one.open = true; });
})();
"""


def page(marked: Class, found: list[Item], anonymous: bool = False) -> str:
    """The whole report as one HTML page that opens from disk; with anonymous, no student's name stands in it."""
    who = names(marked.students, anonymous)
    sections = [
        ("glance", "The class at a glance", _glance(marked)),
        ("progress", "Progress by notebook", _progress(marked, found)),
        ("hardest", "The hardest questions", _hardest(marked, found)),
        ("sure", "Certain and wrong", _sure(found)),
        ("weak", "Questions that do not tell students apart", _weak(found)),
        ("codes", "Code it yourself: agreement", _codes(marked)),
        ("reflections", "Reflections", _reflections(marked, who, anonymous)),
        ("missing", "Who has not started", _missing(marked, who, anonymous)),
        ("problems", "Files and lines to look at", _problems(marked)),
    ]
    lead = (
        "<p>Every answer was marked again from the raw answer, with the instructor’s own bank. "
        "These are self-checks: read them for what to teach next.</p>"
    )
    end = f"<p>Marked with bank {escape(marked.bank.fingerprint)}. This page asks the network for nothing.</p>"
    return whole_page("What the class found hard", lead, sections, SCRIPT, end)


def names(students: list[Student], anonymous: bool) -> Callable[[Student], str]:
    """How each student is called in the report: by name, or by a number that tells nothing."""
    if not anonymous:
        return lambda student: student.name
    order = list(range(1, len(students) + 1))
    # Numbers in the order of names would give a small class away; chance leaves nothing to work back from.
    random.SystemRandom().shuffle(order)
    numbers = {id(student): number for student, number in zip(students, order, strict=True)}
    return lambda student: f"Student {numbers[id(student)]}"


def _glance(marked: Class) -> str:
    given = [student for student in marked.students if student.hand_in]
    asked = [q for q in marked.bank.values() if scored(q)]
    answered = [len(student.results) for student in given]
    shares = [share for student in given if (share := _share(student, asked)) is not None]
    tiles = {
        "students": len(marked.students),
        "handed in": len(given),
        "left blank": len(marked.students) - len(given),
        "files read": marked.files,
        "questions in the bank": len(marked.bank),
        "answered, median": f"{statistics.median(answered):g}" if answered else "–",
        "right now, median": percent(statistics.median(shares)) if shares else "–",
    }
    body = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in tiles.items())
    steps = [
        (f"{10 * i}–{10 * i + 10}", sum(min(int(10 * share + 1e-9), 9) == i for share in shares)) for i in range(10)
    ]
    title = "Students by the share of their answers that are right now"
    chart = columns("spread", title, _spread_said(steps, len(shares)), steps)
    beside = table(title, ["right now, %", "students"], steps, numbers=[1])
    return f'<dl class="tiles">{body}</dl>\n' + (
        figure(chart, beside) if shares else "<p>Nobody has handed in an answer.</p>"
    )


def _spread_said(steps: list[tuple[str, int]], total: int) -> str:
    label, most = max(steps, key=lambda step: step[1])
    return f"{total} students in ten groups; the largest, {most}, has {label} % of its answers right."


def _share(student: Student, asked: list[Question]) -> float | None:
    own = [student.results[q.id].now for q in asked if q.id in student.results]
    marks = [score for score in own if isinstance(score, float)]
    return sum(score == 1 for score in marks) / len(marks) if marks else None


def _progress(marked: Class, found: list[Item]) -> str:
    given = [student for student in marked.students if student.hand_in]
    rows, lines = [], []
    for stem, chapter in marked.bank.chapters.items():
        own = [q.id for q in marked.bank.of(stem)]
        per_head = [sum(one in student.results for one in own) for student in given]
        begun = [count for count in per_head if count]
        first, now = (_pooled(found, stem, part) for part in ("first", "now"))
        began = len(begun) / len(given) if given else None
        rows.append((stem, [began, first, now]))
        median = f"{statistics.median(begun):g} of {len(own)}" if begun else f"– of {len(own)}"
        lines.append([f"{stem}: {chapter.title}", len(begun), median, percent(first), percent(now)])
    if not rows:
        return "<p>The bank has no notebook.</p>"
    said = " ".join(
        f"{stem}: begun by {percent(b)}, right at first try {percent(f)}, right now {percent(n)}."
        for stem, (b, f, n) in rows
    )
    chart = bars("by-notebook", "Progress by notebook", said, rows, ["began it", "right at first try", "right now"])
    head = ["notebook", "began it", "questions answered, median", "right at first try", "right now"]
    note = '<p class="soft">Began it: of those who handed in. Right: of the answers given in that notebook.</p>'
    return figure(chart, table("Progress by notebook", head, lines, numbers=[1, 2, 3, 4]), wide=True) + note


def _pooled(found: list[Item], stem: str, part: str) -> float | None:
    own = [(getattr(item, part), item.n) for item in found if item.question.notebook == stem]
    own = [(share, n) for share, n in own if share is not None and n]
    return sum(share * n for share, n in own) / sum(n for _, n in own) if own else None


def _hardest(marked: Class, found: list[Item]) -> str:
    fewest = min(FEWEST_TO_CALL_IT_HARD, sum(student.hand_in is not None for student in marked.students))
    hard = [item for item in found if item.first is not None and item.first < 1 and item.n >= max(fewest, 1)]
    hard = sorted(hard, key=lambda item: (item.first, -item.n, item.question.id))[:HARDEST]
    if not hard:
        return "<p>No question was answered wrong at first try by enough students to say anything.</p>"
    said = " ".join(f"{item.question.id}: {percent(item.first)} right at first try." for item in hard)
    chart = bars("hard", "The hardest questions", said, [(item.question.id, [item.first, item.now]) for item in hard],
                 ["right at first try", "right now"])  # fmt: skip
    lines = [[item.question.id, item.n, percent(item.first), percent(item.now), f"{item.tries:g}"] for item in hard]
    head = ["question", "n", "right at first try", "right now", "tries, median"]
    return figure(chart, table("The hardest questions", head, lines, numbers=[1, 2, 3, 4])) + "".join(map(_hard, hard))


def _hard(item: Item) -> str:
    one = item.question
    parts = [
        f'<article class="card"><h3>{escape(one.id)}: {rich(one.prompt)}</h3>',
        f'<p class="soft">{escape(one.notebook)}, {escape(one.kind)}, {escape(one.level)}. Right at first try: '
        f"{percent(item.first)} of {item.n}; right now: {percent(item.now)}.</p>",
    ]
    drew = item.drew_most()
    if drew:
        pick, count = drew
        says = next((c.says for c in getattr(one, "choices", []) if c.id == pick and c.says), "")
        parts.append(f'<p class="drew"><strong>The wrong choice that drew most:</strong> {rich(items.wrong_picks(one)[pick])} '
                     f"({count} of {item.n})" + (f"<br><span class=soft>What it was told: {rich(says)}</span>" if says else "") + "</p>")  # fmt: skip
    elif one.kind in ("number", "value", "text") and item.picks:
        given = "; ".join(f"{shown(pick, 40)} ({count})" for pick, count in items.ranked(item)[:5])
        parts.append(f'<p class="drew"><strong>First answers most given:</strong> {escape(given)}</p>')
    parts.append(f'<p class="right"><strong>Right:</strong> {rich(_right(one))}<br>{rich(one.explain)}</p>')
    own = items.all_picks(one)
    if own:
        texts = {c.id: c.text for c in one.choices}
        rows = [[Markup(rich(texts[pick])), item.picks[pick], percent(item.picks[pick] / item.n)] for pick in own]
        told = table(f"First answers to {one.id}", ["choice", "students", "share"], rows, numbers=[1, 2])
        parts.append(f"<details><summary>All choices</summary>{told}</details>")
    return "".join(parts) + "</article>\n"


def _right(question: Question) -> str:
    return shown(marking.answer_text(question), 600)


def _sure(found: list[Item]) -> str:
    asked = [item for item in found if item.certain_and_wrong]
    asked.sort(key=lambda item: (-(item.certain_and_wrong or 0), -item.said_how_sure, item.question.id))
    if not asked:
        return "<p>Nobody who said “certain” was wrong at first try, or nobody said how sure they were.</p>"
    rows = [[item.question.id, Markup(rich(item.question.prompt)), item.said_how_sure, percent(item.certain_and_wrong),
             Markup(_drew(item))] for item in asked[:HARDEST]]  # fmt: skip
    head = ["question", "what it asks", "said how sure", "certain and wrong", "the wrong choice that drew most"]
    note = '<p class="soft">Of those who said how sure they were at their first try. What people are sure of is slow to change: start here.</p>'
    return note + table("Certain and wrong", head, rows, numbers=[2, 3])


def _drew(item: Item) -> str:
    drew = item.drew_most()
    return f"{rich(items.wrong_picks(item.question)[drew[0]])} ({drew[1]})" if drew else "–"


def _weak(found: list[Item]) -> str:
    rows = [[item.question.id, Markup(rich(item.question.prompt)), item.n, percent(item.first), f"{item.discrimination:.2f}"]
            for item in found if item.discrimination is not None and item.n >= FEWEST_TO_JUDGE_A_QUESTION
            and item.discrimination < WEAK_CORRELATION]  # fmt: skip
    note = (
        f'<p class="soft">Being right here goes hardly with being right elsewhere (correlation below {WEAK_CORRELATION:g}, '
        f"at least {FEWEST_TO_JUDGE_A_QUESTION} answers): the question is probably badly put. In a small class this is a hint, not a finding.</p>"
    )
    if not rows:
        return note + "<p>No such question was found.</p>"
    head = ["question", "what it asks", "n", "right at first try", "correlation"]
    return note + table("Questions that do not tell students apart", head, rows, numbers=[2, 3, 4])


def _codes(marked: Class) -> str:
    found = items.agreements(marked.bank, marked.students)
    if not found:
        return "<p>Nobody has answered a question that asks for a code, or the bank has none.</p>"
    rows = [[one.column, ", ".join(one.questions), one.pairs, percent(one.raw),
             "–" if one.kappa != one.kappa else f"{one.kappa:.2f}"] for one in found]  # fmt: skip
    note = (
        '<p class="soft">The codes of all students at their first try, pooled, against the settled codes. '
        "Cohen’s kappa takes off the agreement that chance alone would give.</p>"
    )
    head = ["column", "questions", "codes given", "same code", "kappa"]
    shares = [(one.column, [one.raw]) for one in found]
    said = " ".join(f"{one.column}: the same code for {percent(one.raw)} of {one.pairs}." for one in found)
    chart = bars("agree", "The same code as the table", said, shares, ["same code"])
    return note + figure(chart, table("Agreement with the settled codes", head, rows, numbers=[2, 3, 4]))


def _reflections(marked: Class, who: Callable[[Student], str], anonymous: bool) -> str:
    asked = [q for q in marked.bank.values() if q.kind == "reflect"]
    groups = []
    for question in asked:
        said = [(student, student.results[question.id].text) for student in marked.students
                if question.id in student.results and student.results[question.id].text]  # fmt: skip
        if anonymous:
            # The order of the class list would say what the names do not.
            said.sort(key=lambda pair: int(who(pair[0]).rpartition(" ")[2]))
        if said:
            quotes = "".join(
                _quote(who(student), _without_name(text, student) if anonymous else text) for student, text in said
            )
            rubric = question.rubric
            told = f"Claim: {rubric.claim} Evidence: {rubric.evidence} Limit: {rubric.limit}"
            groups.append(f'<details class="said"><summary>{escape(question.id)}: {rich(question.prompt)} ({len(said)})</summary>'
                          f'<p class="soft">{rich(told)}</p>{quotes}</details>\n')  # fmt: skip
    if not groups:
        return "<p>Nobody has written a reflection.</p>"
    find = (
        '<div class="find" id="find" hidden role="search"><label for="find-text">Find in reflections</label>'
        '<input id="find-text" type="search" autocomplete="off"><span role="status"></span></div>\n'
    )
    note = (
        "<p class=soft>Writers’ own names were taken out of their texts as whole words; other forms of them, and names of "
        "others, may still stand there.</p>"
        if anonymous
        else ""
    )
    if marked.unkept:
        note += (
            f"<p><strong>{marked.unkept} reflections are not shown here</strong>: a report holds {MOST_LETTERS_KEPT:,} "
            "letters of them. Grade the class in parts to read them all.</p>"
        )
    return note + find + "".join(groups)


def _quote(name: str, text: str) -> str:
    return f'<blockquote class="said"><p>{escape(_printable(text))}</p><footer>{escape(name)}</footer></blockquote>\n'


def _printable(text: str) -> str:
    # Control and direction marks could turn the text around them; line breaks are the writer's own.
    return "\n".join(shown(line, 10_000) for line in text.splitlines())


def _without_name(text: str, student: Student) -> str:
    text = unicodedata.normalize("NFC", text)
    spoken = {student.name, student.hand_in.name if student.hand_in else ""}
    spoken |= {student.hand_in.signed} if student.hand_in else set()
    words = {word for name in spoken for word in [name, *re.split(r"[\s,-]+", name)] if word}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        # "An" and "Do" are names too, and words that everybody writes: short ones count as they are written.
        flags = re.IGNORECASE if len(word) > 2 else 0
        text = re.sub(re.escape(word), functools.partial(_masked, text=text), text, flags=flags)
    return text


def _masked(match: re.Match[str], text: str) -> str:
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    # Chinese, Japanese and Korean set no spaces; there a name of two letters is a word.
    alone = len(match[0]) > 1 and unicodedata.name(match[0][0], "").startswith(
        ("CJK", "HANGUL", "HIRAGANA", "KATAKANA")
    )
    return "[name]" if alone or not (_in_word(before) or _in_word(after)) else match[0]


def _in_word(letter: str) -> bool:
    # Vowel signs belong to the word, though they are no letters.
    return bool(letter) and unicodedata.category(letter)[0] in "LMN"


def _missing(marked: Class, who: Callable[[Student], str], anonymous: bool) -> str:
    absent = [student for student in marked.students if not student.results]
    if not absent:
        return "<p>Every student of whom we know has answered something.</p>" + _roster_note(marked)
    if anonymous:
        return (
            f"<p>{len(absent)} of {len(marked.students)} students. Who they are stands in gradebook.csv.</p>"
            + _roster_note(marked)
        )
    rows = [[who(student), student.status] for student in absent[:MOST_SHOWN_IN_A_LIST]]
    more = f"<p>And {len(absent) - len(rows)} more: see gradebook.csv.</p>" if len(absent) > len(rows) else ""
    return table("Students without an answer", ["student", "what there is"], rows) + more + _roster_note(marked)


def _roster_note(marked: Class) -> str:
    return "" if marked.roster else '<p class="soft">Without a class list (--roster) nobody can say who is missing.</p>'


def _problems(marked: Class) -> str:
    if not marked.problems:
        return "<p>None.</p>"
    counts: dict[str, int] = {}
    for problem in marked.problems:
        counts[problem.done.partition(" for ")[0]] = counts.get(problem.done.partition(" for ")[0], 0) + 1
    rows = sorted(counts.items(), key=lambda pair: -pair[1])
    note = "<p>Each is a line of problems.csv, with file, line and reason. Nobody was given a 0 for a file that cannot be read.</p>"
    return note + table("What was done about them", ["what was done", "lines"], rows, numbers=[1])
