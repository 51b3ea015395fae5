"""The two documents that the project began with: a role's page, and the text of the skill that it describes."""

import pytest
from helpers import check_page

import dokuwiki_data as dw
from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.plugins.comments import Comment
from dokuwiki_data.plugins.description import Description
from dokuwiki_data.plugins.keywords import Keywords

OF_THE_ROLE = [f"{how}_pages=role:Sales support" for how in ("responsible", "accountable", "consulted", "informed")]


@pytest.fixture(scope="module")
def role(shared):
    (path,) = shared.joinpath("seeds").glob("000_*.txt")
    return dw.parse(path.read_text("utf-8"), page_id="role:sales_support")


def test_both_seeds_parse(shared):
    paths = sorted(shared.joinpath("seeds").glob("*.txt"))
    assert len(paths) == 2
    for path in paths:
        page = dw.parse(path.read_bytes().decode())
        check_page(page)
        assert page.diagnostics == ()


def test_the_text_of_the_skill_has_no_markup_but_an_indented_list(shared):
    (path,) = shared.joinpath("seeds").glob("002_*.txt")
    page = dw.parse(path.read_text("utf-8"))
    assert {type(node) for node in page.walk()} == {
        dw.Page, blocks.Paragraph, blocks.Preformatted, inline.Text,
    }  # fmt: skip
    (indented,) = page.find_all(blocks.Preformatted)
    assert indented.text.count("\n") == 3
    assert page.title == ""


def test_title(role):
    assert role.title == "Role: Sales support (SSUP)"


def test_headings(role):
    assert [(heading.level, heading.title) for heading in role.headings] == [
        (2, "Role: Sales support (SSUP)"),
        (3, "Description"),
        *((3, f"SFIA Level {level}") for level in range(1, 7)),
        (3, "Processes"),
        (3, "Practices"),
        (3, "Tools used"),
        (4, "Sources:"),
        (4, "Continue Reading:"),
    ]


def test_entry(role):
    (entry,) = role.entries
    assert entry.class_name == "roles"
    assert entry.classes == ("roles",)
    assert entry.position == (2, 1)
    assert entry.source.startswith("---- dataentry roles ----\n")
    assert {field.column.name: field.values for field in entry.fields} == {
        "type": ("role",),
        "name": ("Sales support",),
        "category": ("Client interface",),
        "subcategory": ("Client support",),
        "summary": (),
        "groups_pages": (),
    }
    groups = entry.fields[-1].column
    assert (groups.key, groups.title, groups.type, groups.many) == ("groups", "groups", "page", True)
    assert [field.position.line for field in entry.fields] == [3, 4, 5, 6, 7, 8]
    assert all(field.comment is None for field in entry.fields)


@pytest.mark.parametrize(
    ("number", "section", "columns", "headers", "type_", "sort"),
    [
        (0, "Processes", "Name, AMageid%", "Name, Details", "process", "name"),
        (1, "Practices", "maturity, AMageid%", "Maturity, Practice", "practice", "maturity"),
        (2, "Tools used", "Name, AMageid%", "Name, Details", "tools", "name"),
    ],
)
def test_query(role, number, section, columns, headers, type_, sort):
    assert len(role.queries) == 3
    node = role.queries[number]
    query = node.query
    (around,) = [part for part in role.sections if node in part.content]
    assert around.heading.title == section
    assert (node.kind, node.classes) == ("table", ())
    assert ", ".join(column.name for column in query.columns) == (
        f"{columns}, responsible_pages, accountable_pages, consulted_pages, informed_pages"
    )
    assert [column.key for column in query.columns[2:]] == ["responsible", "accountable", "consulted", "informed"]
    assert all((column.type, column.many) == ("page", True) for column in query.columns[2:])
    assert ", ".join(query.headers) == f"{headers}, Responsible, Accountable, Consulted, Informed"
    assert [f"{filter_.column}{filter_.operator}{filter_.value}" for filter_ in query.filters] == [
        f"type={type_}",
        *OF_THE_ROLE,
    ]
    assert [filter_.logic for filter_ in query.filters] == ["AND", "AND", "OR", "OR", "OR"]
    assert [option.name for option in node.options] == [
        "cols", "headers", "filter", "filterand", "filteror", "filteror", "filteror", "sort",
    ]  # fmt: skip
    assert (query.sort.column.name, query.sort.descending) == (sort, False)
    assert query.limit is None
    assert query.minimum == 0
    assert (query.dynfilters, query.summarize, query.sepbyheaders) == (False, False, False)
    assert node.problems == ()
    assert node.source.startswith("---- datatable ----\ncols     : ")
    assert node.source.endswith("\n----")


def test_links(role):
    external, internal = role.links
    assert isinstance(external, inline.ExternalLink)
    assert external.target == "http://www.sfia.org.uk"
    assert external.label == "Skills Framework for the Information Age"
    assert isinstance(internal, inline.InternalLink)
    assert internal.target == ":roles:roles_introduction"
    assert internal.label == "To the complete list of roles"


def test_comments(role):
    comments = list(role.find_all(Comment))
    assert [comment.position.line for comment in comments] == [75, 80, 81]
    assert all(comment.source == f"/* {comment.text} */" for comment in comments)
    assert [len(comment.text.split()) for comment in comments] == [13, 9, 16]


def test_keywords_and_description(role):
    (keywords,) = role.find_all(Keywords)
    assert keywords.keywords == ("ALM", "it best practices", "the sdlc", "application development")
    (description,) = role.find_all(Description)
    assert description.text.startswith("Description of the Sales support role")
    assert [keywords.position, description.position] == [(85, 1), (86, 1)]


def test_without_the_plugins_they_read_as_core_dokuwiki_reads_them(role):
    page = dw.parse(str(role), syntax=dw.Syntax(plugins=("data",)))
    keywords, description = page.media
    assert isinstance(keywords, inline.ExternalMedia)
    assert keywords.target.startswith("keywords>ALM")
    assert description.target.startswith("description>Description of the")
    comments = [node.text for node in page.find_all(inline.Text) if node.text.startswith("/*")]
    assert len(comments) == 2
