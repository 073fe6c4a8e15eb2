"""The shares of a point that a choice can be worth where ticking everything must be worth nothing."""

from __future__ import annotations

from afteach.exchange.items import Option

# Moodle takes these shares of a point and refuses any other.
PARTS = {n: round(100 / n, 5) for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20)}


def shares(options: list[Option]) -> dict[str, float] | None:
    """By id, in per cent: the right ones sum to 100, the wrong ones to -100 or less; None where no share fits."""
    right = [option for option in options if option.right]
    wrong = [option for option in options if option.right is False]
    if len(right) not in PARTS or not wrong:
        return None
    # With more wrong ones than there are shares the next larger one is taken: a wrong tick costs a little more.
    cost = min(part for n, part in PARTS.items() if n <= len(wrong))
    worth = {True: PARTS[len(right)], False: -cost, None: 0.0}
    return {option.id: worth[option.right] for option in options}
