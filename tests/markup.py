"""Random pages for laws: pieces of every kind of markup in any order, and brackets around them."""

from hypothesis import settings
from hypothesis import strategies as st

import dokuwiki_data as dw
from dokuwiki_data.plugins import BUILT_IN, DATA

BRACKETS = [
    ("**", "**"), ("//", "//"), ("__", "__"), ("''", "''"), ("<sub>", "</sub>"), ("<sup>", "</sup>"),
    ("<del>", "</del>"), ("((", "))"), ("[[", "]]"), ("[[a|", "]]"), ("{{", "}}"), ("{{a|", "}}"), ("{{rss>", "}}"),
    ("<nowiki>", "</nowiki>"), ("%%", "%%"), ("<code>", "</code>"), ("<file a b.c>", "</file>"), ('"', '"'), ("'", "'"),
    ("\n== ", " ==\n"), ("\n====== ", " ======\n"), ("\n  * ", "\n"), ("\n    - ", "\n"), ("\n| ", " |\n"),
    ("\n^ ", " | "), ("\n> ", "\n"), ("\n>> ", "\n"), ("\n  ", "\n"), ("\n\n", "\n\n"),
    ("---- dataentry a b ----\n", "\n----\n"), ("---- datatable ----\n", "\n----\n"), ("---- datalist\n", "\n---"),
    ("<WRAP a 50%>", "</WRAP>"), ("<wrap b>", "</wrap>"), ("<note tip>", "</note>"), ("<color red>", "</color>"),
    ("++++ a |", "++++"), ("++ a |", "++"), ("<imgcaption a|b>", "</imgcaption>"), ("<tabcaption a>", "</tabcaption>"),
    ("/* ", "*/"), (" /*", " */"), ("{{tag>", "}}"), ("<gallery>\n", "</gallery>"),
    ("---- struct table ----\n", "\n----\n"),
]  # fmt: skip
LINES = [
    "\n", "\n\n", "\r\n", "\r", "\n----\n", "\n  * ", "\n  - ", "\n\t* ", "\n      - ", "\n| ", " | ", "\n^ ", " ^ ",
    "||", "|\n", " ::: ", "\n> ", "\n>>> ", "\n ", "\n  ", "\n\t", "\n== a ==\n", "  ", "\t", "\\\\ ", "\\\\\n",
    "name: value\n", "tags: a, b # c\n", "cols: %pageid%, a_dts\n", "headers: \"a, b\", c\n", "filter: a != b\n",
    "or: a*~b\n", "sort: ^a\n", "max: 3\n", "# nothing\n", ": a\n", "0\n",
]  # fmt: skip
WORDS = [
    "a", "b c", " ", "é", "日本", "𝄞", "\u00a0", "0", "12x3", "0x1", ":-)", "8-)", "FIXME", "HTML", "TL;DR", "->",
    "<->", "---", "...", "(c)", "~~NOTOC~~", "~~NOCACHE~~", "~~INFO:a~~", "http://a.example/?b=c,", "www.a.example",
    "ftp.a.b", "mailto:", "<a@b.example>", "a@b.example", "\\\\a\\b$", "[[wp>a]]", "[[#a]]", "[[a|{{b.png}}]]",
    "[[a@b.example]]",
    "{{a.png?2x3&nolink}}", "{{ a.png |b}}",
    "{{https://a.example/b}}", "{{rss>a 1 by 2d}}", "CamelCase", "<html>",
    "<php>", "/* a */", "{{page>a#b&c}}", "~~DISCUSSION~~", "~~REDIRECT>a~~", "\n#redirect a\n", "~~A:b~~", "<WRAP a/>",
    "{{threads>a&count=2}}", "{{indexmenu>a#1|b}}", "{{gallery>a?b}}", "{{youtube>a?1x2|b}}", "{{$a.b}}", "<imgref a>",
    "=", "*", "/", "_", "'", "<", ">", "(", ")", "[", "]", "{", "}", "%", "\\", "#", "-", "~", ":",
]  # fmt: skip
STRANGE = ["\0", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u200b", "\ufeff", "\ud800", "\udc80", "\udfff", "\x1b[1m"]

PIECES = st.sampled_from([*LINES, *WORDS, *STRANGE, *(mark for pair in BRACKETS for mark in pair)])


def pages(pieces: st.SearchStrategy[str], brackets: list[tuple[str, str]]) -> st.SearchStrategy[str]:
    """Pages where most brackets are closed, and anything else may stand in between."""
    return st.recursive(
        pieces | st.text(st.characters(codec="utf-8"), max_size=3),
        lambda parts: st.builds(
            lambda pair, inside: pair[0] + "".join(inside) + pair[1],
            st.sampled_from([*brackets, ("", "")]),
            st.lists(parts, max_size=6),
        ),
        max_leaves=25,
    )


PAGES = pages(PIECES, BRACKETS)


def examples(times: float) -> settings:
    """As many examples as the profile has, so many times; ``explore`` has far more than the other."""
    return settings(max_examples=round(times * settings().max_examples))


#: Any text at all, halves of surrogate pairs included.
TEXTS = st.text(st.characters(exclude_categories=()), max_size=60)

SYNTAXES = st.builds(
    dw.Syntax,
    release=st.sampled_from(["2026-07-14", "2025-05-14"]),
    typography=st.sampled_from([0, 1, 2]),
    camelcase=st.booleans(),
    plugins=st.sampled_from([(), (DATA,), (DATA, *BUILT_IN)]),
    acronyms=st.sampled_from([None, (), ("a", "ab")]),
    schemes=st.sampled_from([None, (), ("http",)]),
)


MARKDOWN_BRACKETS = [
    ("*", "*"), ("_", "_"), ("**", "**"), ("***", "***"), ("~~", "~~"), ("`", "`"), ("``", "``"), ("[a](", ")"),
    ("[", "](a)"), ("![a](", ")"), ("\n```\n", "\n```\n"), ("\n~~~ a b\n", "\n~~~\n"), ("\n# ", " #\n"), ("\n- ", "\n"),
    ("\n  1. ", "\n"), ("\n| a | b |\n|---|:-:|\n| ", " |\n"), ("\n> ", "\n"), ("((", "))"), ("<sub>", "</sub>"),
    ("**a", "b**"), ("<WRAP>", "</WRAP>"), ("[[", "]]"), ("<code>", "</code>"), ("%%", "%%"), ("  * ", "\n"),
]  # fmt: skip
MARKDOWN_PIECES = [
    "\n- ", "\n  + ", "\n1) ", "\n\t- ", "\n    ", "\n  ", "\n\t", "  \n", "\\\n", "\n***\n", "\n```", "\n|-|\n", "|",
    "\n|", "\n\n", "\n", "\n \n", "\r\n", "> ", "\n>> ", "\\*", "\\", "\\\\ ", "&amp;", "&#0;", "<http://a.example>",
    "http://a.example/b)", "\\|", "!", "`", "```", "+", "#", "*", "**", "_", "~", "[", "](", ")", "((", "{{rss>a}}",
    "{{a.png}}", "---- dataentry ----\na: b\n----", "a", "b c", " ", "é", "日本", "0", "\0", "->", '"', "HTML",
    "/* a */", "  * a\n", "~~NOTOC~~", ":-|", "== a ==\n",
]  # fmt: skip
MARKDOWN_PAGES = pages(st.sampled_from(MARKDOWN_PIECES), MARKDOWN_BRACKETS)
MARKDOWN_SYNTAXES = st.builds(
    dw.Syntax,
    flavour=st.sampled_from(["md", "dw+md", "md+dw"]),
    typography=st.sampled_from([1, 2]),
    plugins=st.sampled_from([(DATA,), (DATA, *BUILT_IN)]),
)
