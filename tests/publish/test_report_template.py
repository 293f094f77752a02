"""The city's own Word template: fields filled, chapters in their place, nothing in it runs."""

import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

pytest.importorskip("docxtpl")

import docx

from urbanlayer.errors import PublicationError
from urbanlayer.publish.report import as_template
from urbanlayer.publish.report.as_template import FIELDS, check_template, from_template
from urbanlayer.publish.report.blocks import Bullets, Heading, Paragraph, Report, Table
from urbanlayer.reporting import write_report

HOSTILE = [
    "<w:p/>", "{{ 7 * 7 }}", "{% for a in b %}", "{_{ 7 }_}", "]]>&lt;", "\x00\x0b\ud800", "a & b",
    "\ue000urbanlayer:report\ue000",
]  # fmt: skip


def template(*paragraphs):
    """A Word document with these paragraphs."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def report(text="Toy", notice="Generated data."):
    blocks = (
        Heading("Chapter"), Bullets((f"fact {text}",)), Paragraph(text, see=1),
        Table("Caption", ("A", "B"), ((text, "1"),), frozenset({1})),
    )  # fmt: skip
    return Report(text, text, "en", ("2026-06-30", "Data of 30 June"), notice, "Table", "Figure",
                  "Contents", blocks)  # fmt: skip


def checked_and_filled(form):
    check_template("city.docx", form)
    return from_template(report(), "city.docx", form)


def opened(content):
    return docx.Document(io.BytesIO(content))


def test_fields_are_filled_and_chapters_stand_where_the_template_wants_them():
    made = from_template(
        report(),
        "city.docx",
        template(
            "Council of {{ city }}, {{ date }}", "{{ report }}", "Signed",
            "{% for fact in facts %}{{ fact }}{% endfor %}",
        ),
    )  # fmt: skip
    texts = [one.text for one in opened(made).paragraphs if one.text]
    assert texts == [
        "Council of Toy, Data of 30 June", "Chapter", "fact Toy", "Toy (Table 1)",
        "Table 1. Caption", "Signed", "fact Toy",
    ]  # fmt: skip
    (table,) = opened(made).tables
    assert [cell.text for row in table.rows for cell in row.cells] == ["A", "B", "Toy", "1"]


def test_the_notice_stands_on_every_page_whatever_the_template_says():
    footer = opened(from_template(report(), "city.docx", template("{{ city }}"))).sections[0].footer
    assert "Generated data." in "\n".join(one.text for one in footer.paragraphs)


def test_tables_of_a_chapter_can_be_named():
    rows = "{% for row in chapters[0].tables[0].rows %}{{ row | join('/') }}{% endfor %}"
    made = from_template(report(), "city.docx", template(rows))
    assert opened(made).paragraphs[0].text == "Toy/1"


def test_the_same_report_and_template_give_the_same_bytes():
    form = template("{{ title }}", "{{ report }}")
    assert from_template(report(), "a", form) == from_template(report(), "a", form)


def test_unknown_fields_are_named_at_once_with_those_that_there_are():
    with pytest.raises(
        PublicationError, match=r"city\.docx: there is no field budgett, mayor;"
    ) as e:
        check_template("city.docx", template("{{ mayor }} {{ budgett }} {{ city }}"))
    assert all(field in str(e.value) for field in FIELDS)


@pytest.mark.parametrize(
    "text",
    [
        "{{ city.__class__.__mro__ }}", "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ city.nothing }}", "{{ 'x' * 1000000000 }}", "{{ 9 ** 9 ** 9 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ city | center(999999999) }}", "{{ city.format }}{{ city.zfill(999999999) }}",
        "{% include '/etc/passwd' %}", "{{ city", "{% for x in %}", "{{ chapters[7].title }}",
        "{% for a in 5 %}{% endfor %}", "{{ city.join(facts).ljust(999999999) }}",
    ],
)  # fmt: skip
def test_what_is_not_allowed_or_wrong_is_one_clear_message(text):
    form = template(text)
    with pytest.raises(PublicationError, match=r"^city\.docx: ") as error:
        checked_and_filled(form)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}", "{{ city.__init__ }}", "{{ 9 ** 9 ** 9 }}",
        "{% for one in chapters %}{{ one.title.__class__ }}{% endfor %}",
    ],
)  # fmt: skip
def test_unsafe_expressions_are_refused_before_the_city_is_read(text):
    with pytest.raises(PublicationError, match=r"^city\.docx: .*(unsafe|not allowed)"):
        check_template("city.docx", template(text))


@pytest.mark.parametrize(
    "name", ["range", "lipsum", "cycler", "namespace", "joiner", "dict", "self"]
)
def test_functions_of_the_template_language_are_no_fields(name):
    form = template("{{ " + name + "(3) }}")
    with pytest.raises(PublicationError, match=r"city\.docx"):
        checked_and_filled(form)


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_layers_are_neither_fields_nor_markup(text):
    made = opened(from_template(report(text), "a", template("{{ city }}", "{{ report }}", "End")))
    assert [one.text for one in made.paragraphs][-1] == "End"
    assert "49" not in "".join(one.text for one in made.paragraphs)
    assert len(made.tables) == 1


def test_what_is_no_word_document_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(as_template, "_LARGEST", 1_000_000)
    archive = io.BytesIO()
    with ZipFile(archive, "w", ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", "0" * 1_000_001)
    for content in (b"", b"%PDF-1.7", archive.getvalue(), template()[:-40]):
        with pytest.raises(PublicationError, match=r"^city\.docx: (is no Word|unpacks to)"):
            check_template("city.docx", content)
    with pytest.raises(PublicationError, match="cannot be read"):
        write_report("none.toml", template=tmp_path / "missing.docx")
    with pytest.raises(PublicationError, match="for --format docx"):
        write_report("none.toml", template=tmp_path / "missing.docx", file_format="html")
