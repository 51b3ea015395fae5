"""Check that a compiled build, which is installed alone, parses and writes a page. The release tries each wheel so."""

import dokuwiki_data as dw

PAGE = "====== Hello ======\n**a** [[b]] ((c))\n  * d\n^ e | f |\n---- dataentry ----\nname: x\n----\n"

page = dw.parse(PAGE)
assert dw.compiled, dw.__file__
assert (page.title, len(page.entries), str(page)) == ("Hello", 1, PAGE)
assert dw.render.json(page)["version"] == 1
assert dw.render.instructions(page)[-1][0] == "document_end"
assert "<strong>a</strong>" in dw.render.html(page)
