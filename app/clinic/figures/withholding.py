"""Counts that could point at somebody are not shown, and neither is what they could be worked out from.

A count of one to four people is withheld. A total that is shown would give a single withheld count away, and two of them together
if they are few; so as many others are withheld, the smallest first, as it takes. Whether anything can still be worked out is not
guessed: the sums are solved, as somebody curious would.
"""

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction

LEAST = 5

Place = Hashable
Line = Sequence[Place]  # its last place is the total of the others


def withheld(counts: Mapping[Place, int], lines: Sequence[Line], settled: Mapping[Place, bool] = {}) -> set[Place]:
    """The places not to be shown. settled: whether places that are shown elsewhere too are withheld there."""
    hidden = {place for place, n in counts.items() if settled.get(place, 0 < n < LEAST)}
    while (line := _betraying(counts, lines, hidden)) is not None:
        open_ones = [place for place in line if place not in hidden and place not in settled]
        if not open_ones:
            return set(counts)
        # Among the parts first, and zeros last: they hide little.
        hidden.add(min(open_ones, key=lambda place: (place == line[-1], counts[place] == 0, counts[place])))
    return hidden


def _betraying(counts: Mapping[Place, int], lines: Sequence[Line], hidden: set[Place]) -> Line | None:
    """A line by which something withheld can be known, or all too nearly."""
    for line in lines:
        *parts, total = line
        inside = [place for place in parts if place in hidden]
        if inside and total not in hidden and (len(inside) < 2 or sum(counts[place] for place in inside) < LEAST):
            return line
    known = _solved(lines, hidden)
    return next((line for line in lines if known & set(line)), None)


def _solved(lines: Sequence[Line], hidden: set[Place]) -> set[Place]:
    """Withheld places of which the sums leave only one value."""
    unknown = sorted(hidden, key=repr)
    rows = [[Fraction((place in line[:-1]) - (place == line[-1])) for place in unknown] for line in lines]
    for column in range(len(unknown)):
        pivot = next((row for row in rows if row[column] and not any(row[:column])), None)
        if pivot is None:
            continue
        first = pivot[column]
        pivot[:] = [value / first for value in pivot]
        for row in rows:
            if row is not pivot and row[column]:
                factor = row[column]
                row[:] = [a - factor * b for a, b in zip(row, pivot, strict=True)]
    alone = [[n for n, value in enumerate(row) if value] for row in rows]
    return {unknown[places[0]] for places in alone if len(places) == 1}
