"""The report: chapters in their order, right numbers, whole files, nothing of texts runs."""

import dataclasses
import io
import re
import shutil
import subprocess
from html.parser import HTMLParser
from zipfile import ZipFile

import pytest
from toy_publication import publication as toy_publication

pytest.importorskip("docx")
pytest.importorskip("typst")

import docx
from PIL import Image

from urbanlayer.errors import CityFileError, PublicationError, TargetError
from urbanlayer.publish import report as reports
from urbanlayer.publish.contact import mail_link
from urbanlayer.publish.data.tables import indicators_csv
from urbanlayer.publish.disclosure import disclosed
from urbanlayer.publish.report import report_of, require_libraries, written
from urbanlayer.publish.report.as_docx import _widths_cm
from urbanlayer.publish.report.blocks import Bullets, Heading, Paragraph, Picture, Report, Table
from urbanlayer.publish.words import Words
from urbanlayer.publish.write import put
from urbanlayer.reporting import write_report

ENGLISH = Words.for_language("en")
HOSTILE = [
    "<script>alert(1)</script>", "#sys.exit() $x$ @a", "*a* _b_ `c`", "\x00\x0b\ud800", "]]>&lt;",
    "東京 Ђорђе Šćepan", "\ue000\uf8ff private use", "\u202eright to left", "a\u200bb\ufeffc",
    "x" * 3000, "= 1 + 1", "\\u{1F600}", "{{ 7 * 7 }}",
]  # fmt: skip


@pytest.fixture(scope="module")
def toy():
    return toy_publication(population_density={})


@pytest.fixture(scope="module")
def report(toy):
    return report_of(toy, None, ENGLISH, pictures=False)


def chapters(report):
    return [
        block.text for block in report.blocks if isinstance(block, Heading) and block.level == 1
    ]


def small(text):
    """A report in which every text is the given one."""
    table = Table(text, (text, text), ((text, text),), frozenset({1}))
    blocks = (Heading(text), Heading(text, 2, sheet=True), Paragraph(text, warning=True), table)
    return Report(text, text, "en", ("2026-06-30", text), text, "Table", "Figure", text, blocks)


def test_a_city_without_a_plan_has_no_chapters_on_one(report):
    assert chapters(report) == [
        "The city in one page", "Urban form", "Neighbourhood sheets", "Method, sources, limits",
    ]  # fmt: skip


def test_the_city_stands_with_the_number_of_the_table(toy, report):
    (table,) = [
        b for b in report.blocks if isinstance(b, Table) and b.caption.startswith("Results")
    ]
    (row,) = table.rows
    number = float(re.sub(r"[^\d.]", "", row[1].split("\N{NO-BREAK SPACE}")[0]))
    published = indicators_csv(disclosed(toy)).decode("utf-8-sig").splitlines()[1].split(",")
    assert number == pytest.approx(float(published[6]), rel=0.005)  # as the page rounds it


def test_each_neighbourhood_has_a_sheet(toy, report):
    heads = [block.text for block in report.blocks if isinstance(block, Heading)]
    first, end = heads.index("Neighbourhood sheets"), heads.index("Method, sources, limits")
    assert heads[first + 1 : end] == list(toy.city.neighbourhoods.names[""])


@pytest.mark.parametrize("file_format", ["html", "docx", "pdf"])
def test_the_same_report_gives_the_same_bytes(report, file_format):
    assert written(report, file_format) == written(report, file_format)


def test_word_has_headings_captions_and_heads_of_tables(report):
    document = docx.Document(io.BytesIO(written(report, "docx")))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == chapters(report)
    tables = [block for block in report.blocks if isinstance(block, Table)]
    assert len(document.tables) == len(tables)
    for table, block in zip(document.tables, tables, strict=True):
        assert [cell.text for cell in table.rows[0].cells] == list(block.head)
        assert "w:tblHeader" in table.rows[0]._tr.xml
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert captions[0] == f"Table 1. {tables[0].caption}"
    assert document.core_properties.language == "en"


def test_pdf_is_tagged_and_says_its_language(report):
    made = written(report, "pdf")
    assert made.startswith(b"%PDF-")
    assert b"/MarkInfo" in made
    assert b"pdfuaid:part" in made  # PDF/UA-1
    assert b"pdfaid:part" in made  # PDF/A-2a
    assert b"/Lang" in made


def test_pdf_tags_paragraphs_captions_and_heads_of_tables_for_screen_readers(tmp_path):
    if shutil.which("pdfinfo") is None:
        pytest.skip("needs poppler-utils")
    table = Table("Caption", ("Head", "B"), (("cell", "1"),))
    texts = (Paragraph("Finding.", see=1), table, Paragraph("Remark.", quiet=True),
             Paragraph("Warning.", warning=True))  # fmt: skip
    (tmp_path / "r.pdf").write_bytes(written(_of_blocks(Heading("One"), *texts), "pdf"))
    command = ["pdfinfo", "-struct-text", tmp_path / "r.pdf"]
    tree = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.sub(r"\s+", " ", re.sub(r"^ *(/|Span).*$", "", tree, flags=re.MULTILINE))
    assert 'H1 "One" (block)' in found
    assert 'P (block) "Finding. (" Link (inline) "Table 1"' in found
    assert 'P (block) "Remark."' in found
    assert 'P (block) "Warning."' in found
    assert 'Caption "Table 1: Caption"' in found
    assert re.search(r'TH <\w+>: "Head"', found)
    assert 'TD: "cell"' in found


class _Parsed(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.texts = [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_a_text_in_every_format(text):
    report = small(text)
    page = _Parsed()
    page.feed(written(report, "html").decode("utf-8", errors="replace"))
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "iframe", "object", "link"})
    assert not [name for _, attributes in page.tags for name in attributes if name[:2] == "on"]
    document = docx.Document(io.BytesIO(written(report, "docx")))
    visible = re.sub(r"[^\w]", "", document.tables[0].rows[0].cells[0].text)
    assert visible == re.sub(r"[^\w]", "", text)
    assert written(report, "pdf").startswith(b"%PDF-")


def test_word_has_no_clock(report):
    with ZipFile(io.BytesIO(written(report, "docx"))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(("file_format", "needed"), [("docx", "python-docx"), ("pdf", "typst")])
def test_a_missing_library_is_named_before_anything_is_read(monkeypatch, file_format, needed):
    monkeypatch.setattr(reports, "find_spec", lambda _: None)
    with pytest.raises(PublicationError, match=f"needs {needed}"):
        require_libraries(file_format)
    with pytest.raises(PublicationError, match=r"urbanlayer\[reports\]"):
        write_report("there-is-no-such.toml", file_format=file_format)


def test_mistakes_are_told_before_the_city_is_read(tmp_path):
    city = tmp_path / "city.toml"
    (tmp_path / "n.gpkg").touch()
    city.write_text(
        'name = "A"\ncrs = "EPSG:25834"\nas_of = 2026-06-30\n'
        'licence = "CC0-1.0"\n[layers]\nneighbourhoods = { path = "n.gpkg", key = "id" }\n'
    )
    with pytest.raises(CityFileError, match="no words in 'xx'"):
        write_report(city, language="xx", pictures=False)
    with pytest.raises(TargetError, match="is a folder"):
        write_report(city, tmp_path, pictures=False)
    with pytest.raises(TargetError, match="cannot be written"):
        write_report(city, tmp_path / "n.gpkg/r.docx", pictures=False)


def test_an_internal_report_says_so_on_every_page(toy):
    exact = toy.spec.publish.model_copy(update={"disclosure": "internal"})
    internal = dataclasses.replace(toy, spec=toy.spec.model_copy(update={"publish": exact}))
    report = report_of(internal, None, ENGLISH, pictures=False)
    assert "nternal" in report.notice
    document = docx.Document(io.BytesIO(written(report, "docx")))
    assert report.notice in document.sections[0].footer.paragraphs[0].text


def test_a_report_that_cannot_be_written_leaves_nothing_behind(report, tmp_path):
    """A folder stands where the file would, and a file where its folder would."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(TargetError, match="cannot be"):
        put(lambda: written(report, "html"), tmp_path / "file" / "r.html")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_no_column_of_word_breaks_a_word_that_has_room():
    head = ("Neighbourhood", "Low–high", "Target")
    block = Table("c", head, (("A long name of a place", "1–2", "3"),), frozenset({1, 2}))
    widths = _widths_cm(block)
    assert sum(widths) == pytest.approx(16.4)
    assert all(width > 0.18 * len(text) + 0.4 for width, text in zip(widths, head, strict=True))


def _lines(count):
    return tuple(Paragraph(f"Line {number}.") for number in range(count))


def _of_blocks(*blocks):
    return Report("T", "C", "en", ("2026-06-30", "d"), "", "Table", "Figure", "Contents", blocks)


@pytest.mark.parametrize("lines", [26, 30, 34, 38])
def test_a_caption_and_what_leads_to_it_stand_on_the_page_of_their_short_table(lines, tmp_path):
    table = Table("Caption", ("A", "B"), tuple((f"row {n}", "1") for n in range(9)), frozenset({1}))
    report = _of_blocks(Heading("One"), *_lines(lines), Paragraph("Leads.", see=1), table)
    pages = _pages(report, tmp_path)
    (page,) = [page for page in pages if "Table 1: Caption" in page]
    assert "Leads." in page
    assert all(f"row {number}" in page for number in range(9))


def _pages(report, folder):
    if shutil.which("pdftotext") is None:
        pytest.skip("needs poppler-utils")
    (folder / "r.pdf").write_bytes(written(report, "pdf"))
    command = ["pdftotext", "-layout", folder / "r.pdf", "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\f")


def test_a_long_sheet_stands_whole_with_its_heading_and_facts(tmp_path):
    rows = tuple((f"row {number}", "1") for number in range(30))
    sheet = (Heading("Sheet", 2), Bullets(("Fact",)), Table("S", ("A", "B"), rows, whole=True))
    pages = _pages(_of_blocks(Heading("One"), *_lines(30), *sheet), tmp_path)
    (page,) = [page for page in pages if "Fact" in page]
    assert "Sheet" in page
    assert all(f"row {number}" in page for number in range(30))


def test_a_long_list_does_not_go_to_the_next_page_with_the_picture_below_it(tmp_path):
    drawn = io.BytesIO()
    Image.new("RGB", (100, 80)).save(drawn, "PNG")
    picture = Picture("P", "alt", drawn.getvalue())
    listed = (Heading("Listed", 2), Bullets(tuple(f"item {n}" for n in range(12))), picture)
    pages = _pages(_of_blocks(Heading("One"), *_lines(18), *listed), tmp_path)
    (page,) = [page for page in pages if "Listed" in page]
    assert "Line 17." in page
    assert "item 0" in page


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("gis+maps@example.org", "mailto:gis+maps@example.org"),
        ("a?cc=b@example.org", "mailto:a%3Fcc%3Db@example.org"),  # RFC 6068, 2: no second reader
        ("javascript:alert(1)", ""),
        ("City hall, room 4, gis@example.org", ""),
    ],
)
def test_only_an_address_is_written_to(contact, link):
    assert mail_link(contact) == link


@pytest.mark.parametrize(
    ("contact", "link"),
    [("gis@example.org", "mailto:gis@example.org"), ("javascript:alert(1)", "")],
)
def test_an_address_to_write_to_is_a_link_in_every_format(toy, contact, link, tmp_path):
    spec = toy.spec.model_copy(update={"contact": contact})
    report = report_of(dataclasses.replace(toy, spec=spec), None, ENGLISH, pictures=False)
    html = written(report, "html").decode()
    assert re.findall(r'href="([^#"]+)"', html) == ([link] if link else [])
    document = docx.Document(io.BytesIO(written(report, "docx")))
    assert [r.target_ref for r in document.part.rels.values() if r.is_external] == (
        [link] if link else []
    )
    assert document.paragraphs[-1].text == f"{spec.name}: {contact}"
    targets = re.findall(rb"/URI ?\(([^)]*)\)", written(report, "pdf"))
    assert targets == ([link.encode()] if link else [])
    assert f": {contact}" in " ".join(_pages(report, tmp_path))


@pytest.mark.parametrize("language", ["en", "sr_Latn_ME", "mk", "de"])
def test_the_citation_has_one_full_stop_after_the_date(toy, language):
    """Some languages end a date with a full stop: 30. jun 2026."""
    report = report_of(toy, None, Words.for_language(language), pictures=False)
    (cited,) = [
        b.text for b in report.blocks if isinstance(b, Paragraph) and "urbanlayer" in b.text
    ]
    assert ".." not in cited
    assert "2026" in cited


def test_words_that_have_room_are_not_broken_in_a_language_that_they_are_not_of(tmp_path):
    office = "Sekretarijat za socijalno staranje"  # a German rule breaks staran-je
    row = ("A kindergarten near every home", "Kindergarten, 500 m zu Fuß", "41 %", "90 %", office)
    table = Table("T", ("Ziel", "Indikator", "Neu versorgte Menschen", "Zielwert", "Zuständig"),
                  (row,), frozenset({2, 3}))  # fmt: skip
    report = dataclasses.replace(_of_blocks(Heading("One"), table), language="de")
    text = "".join(_pages(report, tmp_path))
    assert "\N{SOFT HYPHEN}" not in text
    assert {"versorgte", "Menschen", "socijalno", "staranje"} <= set(text.split())


def test_a_short_chapter_goes_on_where_the_one_before_ends():
    report = _of_blocks(Heading("One"), *_lines(2), Heading("Two", flows=True), *_lines(2))
    document = docx.Document(io.BytesIO(written(report, "docx")))
    breaks = {
        p.text: p.paragraph_format.page_break_before
        for p in document.paragraphs
        if p.style.name == "Heading 1"
    }
    assert breaks == {"One": True, "Two": False}
    assert b'<h2 id="chapter-2" class="flows">' in written(report, "html")


def test_contents_of_word_lead_to_chapters_and_pages_are_numbered(report):
    document = docx.Document(io.BytesIO(written(report, "docx")))
    body, foot = document.element.xml, document.sections[0].footer._element.xml
    anchors = re.findall(r'w:anchor="(_Toc_\d+)"', body)
    assert len(anchors) == len(chapters(report))
    assert all(f'w:name="{anchor}"' in body for anchor in anchors)
    assert 'w:dirty="true"' in body  # Word adds the pages as it opens the document
    assert "PAGE" in foot


@pytest.mark.parametrize(("size", "width"), [((200, 100), 14.6), ((100, 200), 5.75)])
def test_a_high_picture_leaves_room_for_its_table(size, width):
    """11.5 cm at most: 5.75 cm wide where it is twice as high as wide."""
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"".join(n.to_bytes(4, "big") for n in size)
    assert Picture("c", "a", png, shares_page=True).width_cm(14.6) == pytest.approx(width)
    assert Picture("c", "a", png).width_cm(14.6) == 14.6


@pytest.mark.slow
def test_maps_have_alternative_texts_and_captions(toy):
    pytest.importorskip("matplotlib")
    report = report_of(toy, None, ENGLISH)
    document = docx.Document(io.BytesIO(written(report, "docx")))
    texts = re.findall(r'descr="([^"]+)"', document.element.xml)
    assert len(texts) == len(toy.results)
    assert all("Toy" in text for text in texts)
    assert re.search(rb"<figure id=\"[^\"]+\"><img src=", written(report, "html"))
    assert written(report, "pdf").startswith(b"%PDF-")


@pytest.mark.slow
def test_libreoffice_opens_the_word_document(report, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("needs LibreOffice: apt-get install libreoffice-writer-nogui")
    (tmp_path / "report.docx").write_bytes(written(report, "docx"))
    subprocess.run(
        [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
         "txt:Text", "--outdir", tmp_path, tmp_path / "report.docx"],
        check=True, capture_output=True,
    )  # fmt: skip
    text = (tmp_path / "report.txt").read_text(encoding="utf-8", errors="replace")
    assert all(chapter in text for chapter in chapters(report))
    assert text.count("Table ") >= sum(isinstance(block, Table) for block in report.blocks)
