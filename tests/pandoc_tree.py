"""Pandoc's AST in tests: whether it has the form that pandoc wants, and how it is shown in a few lines.

The form is that of https://hackage.haskell.org/package/pandoc-types, module ``Text.Pandoc.Definition``: for each type
the form of its content, and nothing else may be there. `shown` writes words and the blanks between them as one text.
"""

from __future__ import annotations

import json


def check(form, value):
    """Assert that a value has a form: a type, a function, a list of one form, a tuple of forms, names of types."""
    if isinstance(form, list):
        assert isinstance(value, list), value
        for one in value:
            check(form[0], one)
    elif isinstance(form, tuple):
        assert isinstance(value, list), value
        assert len(value) == len(form), value
        for its_form, one in zip(form, value, strict=True):
            check(its_form, one)
    elif isinstance(form, frozenset):
        assert isinstance(value, dict), value
        assert value.keys() == {"t"}, value
        assert value["t"] in form, value
    elif isinstance(form, type):
        assert type(value) is form, value
    else:
        form(value)


def one_of(forms):
    """The form of an element whose type decides what it contains."""

    def check_element(value):
        assert isinstance(value, dict), value
        assert value.get("t") in forms(), value
        form = forms()[value["t"]]
        assert value.keys() == ({"t"} if form is None else {"t", "c"}), value
        if form is not None:
            check(form, value["c"])

    return check_element


def words(value):
    """Text has no blanks in it that could be elements of their own, and is not empty."""
    assert isinstance(value, str), value
    assert value, "an empty text"
    assert not set(value) & set(" \t\n\r"), value


def nothing(value):
    assert value is None, value


def width(value):
    assert value == {"t": "ColWidthDefault"} or (value.keys() == {"t", "c"} and 0 < value["c"] <= 1), value


def values(value):
    assert isinstance(value, dict), value
    for name, one in value.items():
        assert isinstance(name, str)
        META(one)


INLINE, BLOCK, META = one_of(lambda: INLINES), one_of(lambda: BLOCKS), one_of(lambda: META_VALUES)
ATTRIBUTES = (str, [words], [(words, str)])
ALIGNMENT = frozenset({"AlignLeft", "AlignRight", "AlignCenter", "AlignDefault"})
TARGET = (str, str)
ROW = (ATTRIBUTES, [(ATTRIBUTES, ALIGNMENT, int, int, [BLOCK])])
INLINES = {
    "Str": words, "Space": None, "SoftBreak": None, "LineBreak": None,
    **{name: [INLINE] for name in ("Emph", "Underline", "Strong", "Strikeout", "Superscript", "Subscript")},
    "Code": (ATTRIBUTES, str),
    "Link": (ATTRIBUTES, [INLINE], TARGET),
    "Image": (ATTRIBUTES, [INLINE], TARGET),
    "Note": [BLOCK],
    "Span": (ATTRIBUTES, [INLINE]),
}  # fmt: skip
BLOCKS = {
    "Plain": [INLINE], "Para": [INLINE],
    "CodeBlock": (ATTRIBUTES, str),
    "BlockQuote": [BLOCK],
    "OrderedList": ((int, frozenset({"Decimal"}), frozenset({"Period"})), [[BLOCK]]),
    "BulletList": [[BLOCK]],
    "DefinitionList": [([INLINE], [[BLOCK]])],
    "HorizontalRule": None,
    "Header": (int, ATTRIBUTES, [INLINE]),
    "Div": (ATTRIBUTES, [BLOCK]),
    "Table": (
        ATTRIBUTES,
        (nothing, [BLOCK]),
        [(ALIGNMENT, width)],
        (ATTRIBUTES, [ROW]),
        [(ATTRIBUTES, int, [ROW], [ROW])],
        (ATTRIBUTES, [ROW]),
    ),
}  # fmt: skip
META_VALUES = {"MetaString": str, "MetaBool": bool, "MetaList": [META], "MetaMap": values}


def checked(text):
    """The document in a JSON text, after `check`; anchors are unique in it, and tables as wide as they say."""
    document = json.loads(text)
    assert document.keys() == {"pandoc-api-version", "meta", "blocks"}
    check([int], document["pandoc-api-version"])
    values(document["meta"])
    check([BLOCK], document["blocks"])
    anchors = [one for one in anchors_in(document["blocks"]) if one]
    assert len(anchors) == len(set(anchors)), anchors
    return document


def elements(tree):
    """All elements in a tree, without recursion."""
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            one = one.get("c")
        if isinstance(one, list):
            waiting += reversed(one)


def anchors_in(tree):
    """The identifiers of all elements."""
    at = {"Header": 1, **dict.fromkeys(("Div", "Span", "Link", "Image", "Code", "CodeBlock", "Table"), 0)}
    return [one["c"][at[one["t"]]][0] for one in elements(tree) if one.get("t") in at]


def text_of(tree):
    """The text that a tree shows, without blanks."""
    shown = []
    for one in elements(tree):
        if one["t"] == "Str":
            shown.append(one["c"])
        elif one["t"] in ("Code", "CodeBlock"):
            shown.append(one["c"][1])
    return "".join("".join(shown).split())


# ------------------------------------------------------------------------------------------------------- as lines


def shown(blocks, indent=""):
    """Blocks as lines: each with its type, its attributes, and what is in it."""
    return "".join(_block(block, indent) for block in blocks)


def _block(block, indent):
    kind, content = block["t"], block.get("c")
    inner = f"{indent}  "
    if kind in ("Para", "Plain"):
        return f"{indent}{kind} {_line(content)}\n"
    if kind == "Header":
        return f"{indent}Header {content[0]}{_attributes(content[1])} {_line(content[2])}\n"
    if kind == "CodeBlock":
        return f"{indent}CodeBlock{_attributes(content[0])} {json.dumps(content[1], ensure_ascii=False)}\n"
    if kind == "Div":
        return f"{indent}Div{_attributes(content[0])}\n{shown(content[1], inner)}"
    if kind == "BlockQuote":
        return f"{indent}{kind}\n{shown(content, inner)}"
    if kind in ("BulletList", "OrderedList"):
        items = content if kind == "BulletList" else content[1]
        first = f" from {content[0][0]}" if kind == "OrderedList" and content[0][0] != 1 else ""
        return f"{indent}{kind}{first}\n" + "".join(f"{inner}-\n{shown(item, f'{inner}  ')}" for item in items)
    if kind == "DefinitionList":
        lines = [f"{indent}{kind}\n"]
        for term, definitions in content:
            lines.append(f"{inner}{_line(term)}\n")
            lines += (shown(one, f"{inner}  ") for one in definitions)
        return "".join(lines)
    if kind == "Table":
        return _table(content, indent)
    assert content is None, kind
    return f"{indent}{kind}\n"


def _table(content, indent):
    attributes, _, columns, head, bodies, _ = content
    aligned = " ".join(f"{one['t'].removeprefix('Align')}{_percent(width)}" for one, width in columns)
    lines = [f"{indent}Table{_attributes(attributes)} {aligned}\n", *_rows("head", head[1], indent)]
    for _, header_columns, own_head, rows in bodies:
        name = f"body, header columns: {header_columns}" if header_columns else "body"
        lines.append(f"{indent}  {name}\n")
        lines += [*_rows("head", own_head, f"{indent}  "), *_rows("rows", rows, f"{indent}  ")]
    return "".join(lines)


def _percent(width):
    return f" {width['c']:.0%}" if "c" in width else ""


def _rows(name, rows, indent):
    for _, cells in rows:
        yield f"{indent}  {name}: {' | '.join(map(_cell, cells))}\n"


def _cell(cell):
    attributes, alignment, rowspan, colspan, blocks = cell
    parts = [_attributes(attributes).strip(), alignment["t"].removeprefix("Align").replace("Default", "")]
    parts += [f"rowspan={rowspan}" * (rowspan > 1), f"colspan={colspan}" * (colspan > 1)]
    inside = "; ".join(shown([block]).strip().replace("\n", " / ").removeprefix("Plain ") for block in blocks)
    return " ".join(filter(None, (*parts, inside)))


def _attributes(attributes):
    identifier, classes, pairs = attributes
    parts = [f"#{identifier}"] if identifier else []
    parts += [f".{name}" for name in classes] + [f"{name}={value}" for name, value in pairs]
    return f" {{{' '.join(parts)}}}" if parts else ""


def _line(inlines):
    parts, text = [], ""
    for one in inlines:
        kind, content = one["t"], one.get("c")
        plain = {"Str": content, "Space": " ", "SoftBreak": "\n"}.get(kind)
        if plain is not None:
            text += plain
            continue
        if text:
            parts.append(json.dumps(text, ensure_ascii=False))
            text = ""
        parts.append(_inline(kind, content))
    if text:
        parts.append(json.dumps(text, ensure_ascii=False))
    return f"[{', '.join(parts)}]"


def _inline(kind, content):
    if kind == "LineBreak":
        return kind
    if kind == "Code":
        return f"Code{_attributes(content[0])} {json.dumps(content[1], ensure_ascii=False)}"
    if kind in ("Link", "Image"):
        return f"{kind}{_attributes(content[0])} {_line(content[1])} {content[2][0]}"
    if kind == "Span":
        return f"Span{_attributes(content[0])} {_line(content[1])}"
    if kind == "Note":
        return f"Note [{shown(content).strip()}]".replace("\n", " / ")
    return f"{kind} {_line(content)}"
