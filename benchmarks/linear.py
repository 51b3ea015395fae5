"""Does the time to parse grow in proportion to the text, whatever stands in it? The time to write it?

    python benchmarks/linear.py [--size BYTES] [--release RELEASE] [--to html|mediawiki|pandoc|gfm|…] [FAMILY…]
    python benchmarks/linear.py --search COUNT [--seed SEED] [--release RELEASE] [--to html|mediawiki|pandoc|gfm|…]

Every family of hostile pages repeats one piece of markup, most of it unclosed. A page of 1 MB may take at
most 12 times as long as an eighth of it. Ends with 1 if one takes longer.

With ``--search``, random pairs of the pieces of all families are tried instead: one that may stand open, and
one that repeats behind it. Small pages show which pairs are worth measuring. There are some 70,000 pairs.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import dokuwiki_data as dw
from dokuwiki_data.plugins import BUILT_IN, DATA
from dokuwiki_data.writers.markdown import DIALECTS

#: What is measured: it reads a page.
Read = Callable[[str], object]

FACTOR, ALLOWED = 8, 12.0

#: A search reads pages of this size in bytes, and compares those that are read at fewer bytes a second.
SEARCH_SIZE, SLOW = 8_000, 500_000

#: Pieces of markup by what they try.
FAMILIES = {
    "formatting": [
        "**a ", "//a ", "__a ", "''a ", "<sub>a ", "<sup>a ", "<del>a ", "a** ", "**a **b //c** ", "//a __b ", "**//__",
        "**", "//", "__", "''", "'' ''", "**a\n", "**a\n\n", "<sub>a </sub", "<del>a </del>", "//a http://b// ", "*",
        "_a_ ",
    ],
    "footnotes": ["((a ", "((", "((a))", "(( ))((", "((a\n", "))", "((\n  * a", "((\n| a", "((\n> a", "((a)"],
    "links": [
        "[[a ", "[[a|", "[[a]", "[[", "]]", "[[a|{{b", "[[a|{{b}}", "[[#", "[[a@", "[[a@b.", "[[a>b", "[[a://b",
        "[[\\\\a\\", "http://", "http://a.b/", "http://a,,,", "http://.", "://", "www.", "www.a", "www.a.", "ftp.",
        "a@b.", "<a@b.", "<a.b.c", "<a@b.c", "\\\\a\\", "\\\\a", "AaA", "irc://a mailto:b ",
    ],
    "media": [
        "{{a ", "{{a|", "{{", "}}", "{{}}", "{{a}", "{{a?1", "{{a?1x", "{{rss>a ", "{{rss>a}", "{{rss>a } ", "{{rss>",
    ],
    "unparsed": [
        "<nowiki>a ", "<nowiki>", "</nowiki>", "<nowiki></nowiki>a", "%%a ", "%%", "%% %%", "<code>a ", "<code",
        "<code [", "<code [a=", "<code a ", "</code>", "<file>a ", "<code></code>", "<html>a ", "<php>",
    ],
    "headings": ["=", "== ", "====", "==a", "= a =\n", "\n== a", "\n== a ==", "\n==a= b\n", " ==", "\n  == a"],
    "rules": ["-", "----", "----\n", "\n----", "\n ----", "---- ", "----- a", "\n-----a"],
    "lists": [
        "  * a\n", "  * a\n    * b\n", "\n  * ", "\n  - a\n    * b", "\n  *", "\n\t- a", "  * **a\n", "  * <code>\n",
        "* ", "\n   * a\n     * b", "\n    * a\n  - b",
    ],
    "tables": [
        "^|", "| a ", "|", "^", "\n| a", "\n|", "\n|||", "\n| a || b |", "\n|a|b|c|", ":::", "|:::", "|::: ",
        "\n|:::|:::|", "\n^ a ^ b |", "\n| **a", "\n| ((a", "\n| **a**::: |", "|  ", "\n| a |\n\n", "\n| <code>",
    ],
    "quotations": [
        ">", ">>>>", "> ", "\n> a", "\n>> a\n> b", "\n> > a", "\n>**a", "\n> ((a", "\n>  * a", "\n> | a", ">\n",
    ],
    "blanks": [
        "\n", "\n\n", " \n", "  \n", "\n ", "\n  ", "\n  a", "\n\t", " ", "\t", "\r\n", "\r", "  a\n", "\\\\ ", "\\\\",
        "\\",
    ],
    "replacements": [
        "\"a", "\"a\" ", "'a", "' ", ":-", ":-) ", "8-", "FIXME ", "FIX", "A.B.C.", "TL;DR ", "TL;", "->", "<-", "<->",
        "--", "---", "...", ".", "(c", "(tm", "(c)", "1x", "x1", "1x2x3", "12345", "0x", "~~", "~~NOTOC", "~~NOTOC~~",
        "~~INFO:a", "~~INFO:a~~",
    ],
    "data": [
        "---- dataentry ----\n", "\n---- dataentry ----\na: b", "---- dataentry", "\n---- dataentry ----\n----\n",
        "---- datatable ----\n", "---- data", "----dataentry a ",
    ],
    # Read with all plugins that are built in.
    "plugins": [
        "/* ", "a /*", " /* a */", "{{keywords>", "{{description>a", "{{tag>", "{{tag>}}", "{{tag>}}\n", "{{topic>a ",
        "{{searchtags", "{{searchtags&", "{{count>", "{{tagpage>x", "{{tagpage>a}} ", "**{{tag>", "{{page>a",
        "{{section>", "~~DISCUSSION", "~~DISCUSSION\n", "~~DISCUSSION ~", "{{threads>", "~~REDIRECT>",
        "~~REDIRECT>a\n", "\n#redirect", "a\n\n#redirec ", "{{indexmenu>", "{{indexmenu_n>", "{{gallery>",
        "{{gallery>}", "<gallery", "<gallery>", "<gallery>x", "{{youtube>", "{{ youtube>a}", "~~A", "~~A:", "~~A:b\n",
        "~~A~~ ", "{{$", "{{$a}", "{{$a.b ? ", "---- struct table ----\n", "---- struct table ----\na: b\n",
        "---- struct list", " --", "  -", "- ---- struct", "<WRAP", "<WRAP>", "<WRAP a>\n", "<wrap>", "<wrap>a</wrap",
        "<div ", "<note>", "<note", "<note>a</note>", "<color a>", "<color", "++++", "++++ a |", "++ a |", "++",
        "[{{a", "[{{a|b", "<imgcaption a|>{{a.png}}</imgcaption> ", "<tabcaption a|b>x</tabcaption> ", "{{ref>a}} ",
        "{{count>*}}\n", "{{indexmenu>.}}\n",
    ],
    # Read in the flavours that prefer Markdown, and in the one that does not.
    "markdown": [
        "*", "**", "***", "*a ", "* a* ", "**a ", "***a ", "*a\n", "_", "__", "___", "_a ", "__a ", "___a ", "a_",
        "a*", "~", "~~", "~~a ", "`", "``", "```", "`a ", "``a ", "` `` ", "`a\n", "`a\n\n", "\n```", "\n```\n",
        "\n```a", "\n~~~", "\n\n~~~\n", "\n\n```a\n", "[", "[a", "[a](", "[a](b", "[a](b)", "[a](b[", "[![a](b",
        "[![a](b)](c", "![", "![a](", "![a](b", "![a](b)", "](", "[\\", "[a](\\", "[a](b\\)", ">", "> ", "\n>",
        "\n> a", "\n> > a\n> b", "> - ", "\n> - a", "\n- > a", "\n>> - a", "- ", "- - ", "\n- a", "\n- a\n",
        "\n- a\n\n", "\n  - a\n- b", "\n- a\n  b", "\n  -", "\n- a\n\tb", "\n-\t", "\n1. a", "\n1. a\n- b", "\n1)",
        "\n123456789", "\n- `a", "\n- **a", "\n- ((a", "\n- | a |", "|", "\n|", "\n| a ", "\n| a |", "a|b\n",
        "\na|b\n-|-\n", "\na|b\n-|", "\n-|-", "\n|-|\n|-|", "\n| a\n|-|\n| `b", "\n|a|\n|-|-|\n", "\\|", "\\", "\\*",
        "\\\n", "a  \n", "  \n", "\n    a", "\n    ", "&", "&amp;", "&amp", "&#1;", "&a;b", "#", "\n#", "\n# a",
        "\n# a #", "---\n", "***\n", "\n___", "<http://", "<http://a", "<http://a>", "< http://a ", "http://a)",
        "http://a(", "http://a&b;", "http://a)))", "www.a.b)", "www.a.b&c;", ")", "(", "(http://a) ",
    ],
    "characters": [
        "\0", "a\0", "a\udc80", "\ufeff", "\udc80", "\ud800", "é", "日本", "𝄞", "\u00a0", "\x0b", "a", "a b ",
    ],
}  # fmt: skip

#: Pages that do not repeat one piece: something open in front, and much behind it.
FRAMED = {
    "an entry of many lines": ("---- dataentry ----\n", "a_s: b, c # d\n", "----\n"),
    "an entry of one line": ("---- dataentry ----\na: ", "b, ", "\n----\n"),
    "an entry of commas": ("---- dataentry ----\nas: ", ",", "\n----\n"),
    "an entry of comments": ("---- dataentry ----\n", "a\\#b #", "\n----\n"),
    "a query of many filters": ("---- datatable ----\ncols: a\n", "filteror: a != b\n", "----\n"),
    "a query of many columns": ("---- datatable ----\ncols: a", ", a_dts", "\n----\n"),
    "a query of quotes": ("---- datatable ----\nheaders: ", '"a', "\n----\n"),
    "a query of operators": ("---- datatable ----\nfilter: ", "!=", "\n----\n"),
    "a table of one row": ("|", " a |", "\n"),
    "a table of spans": ("| a |\n", "| ::: |\n", ""),
    "a link with a long label": ("[[a|", "b ", "]]"),
    "a long heading": ("== ", "a = b ", " =="),
    "a long list item": ("  * ", "a **b** ", "\n"),
    "a search of quotes": ("---- struct table ----\ncols: ", '"a', "\n----\n"),
    "a search of many filters": ("---- struct table ----\n", "filter: a *~ b\n", "----\n"),
    "a value of quotes": ("{{$a.b ? ", '"a" ', "}}"),
    "a deep quotation": ("", ">", " a"),
    "a list before lines of blanks": ("  * a\n", "  \n", ""),
    "a list that leaps": ("  * a\n", "  ", "* b\n"),
    "code": ("<code>", "a < b\n", "</code>"),
    "text and empty markup": ("a", "%%%%abcd", ""),
    "formatting before a far comment": ("", "**a\nb** ", " " * 100_000 + "/* c */"),
    "empty lines before a comment": ("a", "\n  \n\n", "/* b */"),
    "many tags": ("{{tag>", '"a" ', "}}"),
    "code options": ("<code a [", 'b="c" ', "]>d</code>"),
}

#: The same for the flavours that prefer Markdown.
FRAMED_MARKDOWN = {
    "an address of brackets": ("http://a/", ")", ""),
    "an address of open brackets": ("http://a/", "(", "b"),
    "an address of references": ("http://a/", "&b;", ""),
    "a code block": ("```\n", "a `b` c\n", "```"),
    "a code span": ("`", "a *b* ", "`"),
    "a label": ("[", "a *b* ", "](c)"),
    "a row of many cells": ("\n", "a | ", "\n-|-\n"),
    "a row of many dashes": ("\n a | b\n", "-|", "-\n"),
    "a table of many rows": ("\n|a|b|\n|-|-|\n", "| *c* | d |\n", ""),
    "a table that is text": ("\n|a|b|\n|-|\n", "| *c* | d |\n", ""),
    "a table of escapes": ("\n|a|b|\n|-|-|\n", "\\|", ""),
    "a list that leaps": ("- a\n", "  ", "- b\n"),
    "a list that ends late": ("- a\n", "\n", "  b"),
    "a list that does not go on": ("- a\n", " \n", "b"),
    "an item of many lines": ("- a\n", "  b *c*\n", ""),
    "an item of many tabs": ("- a\n", "\t*c* ", "\n"),
    "a deep quotation of lists": ("", "> - ", "a"),
    "formatting before a far star": ("*a", " b", "*"),
}


def page(before: str, piece: str, behind: str, size: int) -> str:
    """A page of about ``size`` bytes."""
    return before + piece * (size // len(piece.encode(errors="surrogatepass"))) + behind


def reader(syntax: dw.Syntax, to: str | None) -> Read:
    """Return what is measured: a function that parses a page, and writes it if a format is given."""
    if to is None:
        return lambda text: dw.parse(text, syntax=syntax)
    if to == "html":
        return lambda text: dw.render.html(dw.parse(text, syntax=syntax))
    if to == "mediawiki":
        return lambda text: dw.render.mediawiki(dw.parse(text, syntax=syntax))
    if to == "pandoc":
        return lambda text: dw.render.pandoc(dw.parse(text, syntax=syntax))
    return lambda text: dw.render.markdown(dw.parse(text, syntax=syntax), dialect=to)


def seconds(text: str, read: Read) -> float:
    """How much time of the processor it takes to read a page."""
    gc.collect()
    start = time.process_time()
    read(text)
    return time.process_time() - start


def compare(small: str, large: str, read: Read) -> tuple[float, float]:
    """The time of both; where it looks too long they are measured again, since the machine may be busy."""
    part, whole = min(seconds(small, read) for _ in range(3)), seconds(large, read)
    for _ in range(4):
        if not grows(part, whole):
            break
        part, whole = min(part, seconds(small, read)), min(whole, seconds(large, read))
    return part, whole


def grows(part: float, whole: float) -> bool:
    """Return whether a page takes too long, compared with an eighth of it."""
    return whole > ALLOWED * part


def random_pairs(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield pairs of pieces, each once: what may stand open, and what repeats behind it."""
    pieces = [piece for several in FAMILIES.values() for piece in several]
    pairs = len(pieces) ** 2
    for number in random.Random(seed).sample(range(pairs), min(count, pairs)):
        yield pieces[number // len(pieces)], pieces[number % len(pieces)]


def search(count: int, seed: int, read: Read) -> int:
    """Try random pairs, print those whose time grows too fast, and return the status of the process."""
    slow = 0
    for before, piece in random_pairs(count, seed):
        text = page(before, piece, "", SEARCH_SIZE)
        start = time.process_time()
        read(text)
        if time.process_time() - start < SEARCH_SIZE / SLOW:
            continue
        larger = page(before, piece, "", SEARCH_SIZE * FACTOR)
        part, whole = compare(text, larger, read)
        if grows(part, whole):
            slow += 1
            print(f"{before!r} before {piece!r}: {part * 1000:.1f} ms, {whole * 1000:.1f} ms", flush=True)
    print(f"seed {seed}, {count} pairs: {slow} take more than {ALLOWED:.0f} times as long for {FACTOR} times the text")
    return 1 if slow else 0


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("families", nargs="*", metavar="FAMILY", choices=[[], *FAMILIES, "framed"])
    arguments.add_argument("--size", type=int, default=1_000_000, help="size of the larger page in bytes")
    arguments.add_argument("--release", default=dw.Syntax().release, help="the release of DokuWiki to read as")
    arguments.add_argument("--to", choices=["html", "mediawiki", "pandoc", *DIALECTS], help="write the page as well")
    arguments.add_argument("--search", type=int, metavar="COUNT", help="try as many random pairs of pieces instead")
    arguments.add_argument("--seed", type=int, default=1, help="the seed of a search")
    arguments.add_argument(
        "--flavours",
        type=lambda text: text.split(","),
        default=["md"],
        help="those of the family markdown, as in md,dw+md",
    )
    given = arguments.parse_args()
    core = reader(dw.Syntax(release=given.release), given.to)
    every = reader(dw.Syntax(release=given.release, plugins=(DATA, *BUILT_IN)), given.to)
    if given.search is not None:
        return search(given.search, given.seed, every)
    pages = [(kind, repr(piece), ("", piece, "")) for kind, pieces in FAMILIES.items() for piece in pieces]
    pages += [("framed", name, parts) for name, parts in FRAMED.items()]
    pages += [("markdown", name, parts) for name, parts in FRAMED_MARKDOWN.items()]
    flavours = {name: reader(dw.Syntax(flavour=name), given.to) for name in given.flavours}
    pages = [
        (kind, f"{flavour} {name}" if flavour else name, parts, flavour)
        for kind, name, parts in pages
        for flavour in (flavours if kind == "markdown" else [""])
    ]
    print(f"load {os.getloadavg()[0]:.2f}\n{'':<42}{'1/8':>10}{'whole':>10}{'times':>8}")
    worst = 0.0
    failed = []
    for kind, name, parts, flavour in pages:
        if given.families and kind not in given.families:
            continue
        read_with = (
            flavours[flavour]
            if flavour
            else every
            if kind == "plugins" or parts[0].startswith(("{{", "---- struct"))
            else core
        )
        part, whole = compare(page(*parts, given.size // FACTOR), page(*parts, given.size), read_with)
        times = whole / part
        worst = max(worst, times)
        if grows(part, whole):
            failed.append(name)
        print(
            f"{kind:<13} {name:<28}{part * 1000:>7.1f} ms{whole * 1000:>7.1f} ms{times:>8.1f}{' !' * (times > ALLOWED)}"
        )
    print(f"\nworst: {worst:.1f} times as long for {FACTOR} times the text; {ALLOWED:.0f} are allowed")
    if failed:
        print(f"too slow: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
