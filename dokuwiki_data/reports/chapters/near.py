"""Find names and values that are probably meant to be the same, such as ``Vendor`` and ``vendors``.

Names are compared by what is left of them without case, signs and plural, and keys also by one wrong letter. Each name
gets a few forms, and only names that share a form are compared, so that the time grows with their number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

#: The longest value that is compared; longer ones are texts.
_LONGEST = 80
#: The shortest keys that may differ by a letter.
_SHORTEST = 5

#: Signs between digits count: 1.5 is not 15. Others between words do not.
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[\s_\-.:,;/]+(?=[0-9])")
_IGNORED = re.compile(r"[\s_\-.:,;/'\"„“”‘’()\[\]]+")
_MARK = "\0"


def bare(text: str) -> str:
    """Return what two texts have in common that are probably meant to be the same.

    Example:
        >>> bare("Role: Sales"), bare("role:sale"), bare("1.5 GHz"), bare("15 GHz")
        ('rolesale', 'rolesale', '1\\x005ghz', '15ghz')
    """
    sign = "-" if text[:1] == "-" and text[1:2].isdigit() else ""
    kept = _IGNORED.sub("", _BETWEEN_DIGITS.sub(_MARK, text.casefold()))
    plain = kept.removesuffix("s") if len(kept) > 3 and kept.isalpha() and not kept.endswith("ss") else kept
    return sign + plain


def near_values(counts: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield values that are probably meant to be another one, each with that one, which is more common.

    Args:
        counts: How often each value occurs.
    """
    groups: dict[str, list[str]] = {}
    for value in counts:
        if len(value) <= _LONGEST and (form := bare(value)):
            groups.setdefault(form, []).append(value)
    for group in groups.values():
        if len(group) > 1:
            common, *others = sorted(group, key=lambda value: (-counts[value], value))
            yield from ((other, common) for other in others)


def near_keys(counts: Mapping[str, int], are_together: Callable[[str, str], bool]) -> Iterator[tuple[str, str]]:
    """Yield keys that are probably meant to be another one, as `near_values`; they may also differ by a letter.

    Args:
        counts: How often each key occurs.
        are_together: Returns whether an entry has both of two keys, which then mean different things.
    """
    pairs = dict(near_values(counts))
    forms: dict[str, list[str]] = {}
    for key in counts:
        if _SHORTEST <= len(key) <= _LONGEST:
            for form in _without_a_letter(bare(key)):
                forms.setdefault(form, []).append(key)
    for group in forms.values():
        common, *others = sorted(group, key=lambda key: (-counts[key], key))
        for other in others:
            is_new = other not in pairs and pairs.get(common) != other
            if is_new and differs_by_a_letter(bare(other), bare(common)) and not are_together(other, common):
                pairs[other] = common
    yield from sorted(pairs.items())


def _without_a_letter(text: str) -> Iterable[str]:
    return {text, *(text[:at] + text[at + 1 :] for at in range(len(text)))}


def differs_by_a_letter(one: str, other: str) -> bool:
    """Return whether one letter is missing, wrong, or has changed places with the next one; digits tell names apart."""
    pairs = enumerate(zip(one, other, strict=False))
    begin = next((at for at, (first, second) in pairs if first != second), min(len(one), len(other)))
    rest, others = one[begin:], other[begin:]
    changed = rest[:1] + others[:1]
    if any(letter.isdigit() for letter in changed):
        return False
    swapped = rest[:2] == others[:2][::-1] and rest[2:] == others[2:]
    return rest[1:] == others[1:] or rest[1:] == others or rest == others[1:] or swapped
