"""The places of the name and the values in a line of an entry, which is found out only when somebody asks."""

from __future__ import annotations

from dokuwiki_data.php import BLANKS

_BLANKS_BEHIND_NAME = BLANKS + "\f"


def name_end(read: str, start: int, value_start: int) -> int:
    """Return the place at which the name of a line ends, given where the line and its value start."""
    name = read[start:value_start].rstrip(_BLANKS_BEHIND_NAME).removesuffix(":")
    return start + len(name.rstrip(_BLANKS_BEHIND_NAME))


def value_places(read: str, at: int, end: int, many: bool) -> list[tuple[int, int]]:
    """Return the start and the end of each value, given where the text of all starts and ends."""
    written = read[at:end]
    if not many or "," not in written:
        value = written.strip(BLANKS)
        at += written.find(value)
        return [(at, at + len(value))] if value else []
    places: list[tuple[int, int]] = []
    for part in written.split(","):
        value = part.strip(BLANKS)
        if value:
            start = at + part.find(value)
            places.append((start, start + len(value)))
        at += len(part) + 1
    return places
