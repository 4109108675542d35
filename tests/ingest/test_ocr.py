"""Pages that are pictures: found without recognition, and read with it."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.corpus import read_document
from ingest.document import Document, Limits, UnreadableDocument
from ingest.readers import ocr, pdf
from tests.scans import HEIGHT, WIDTH, paper, picture, scanned

needs_ocr = pytest.mark.skipif(
    not ocr.is_installed(), reason="the extra ocr is not installed: make ocr"
)

HEAD = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
ROWS = (
    ("科目", "<", "2024年预算数", "<", "<"),
    HEAD,
    ("合计", "", "365.30", "300.10", "65.20"),
    ("208", "社会保障和就业支出", "275.30", "210.10", "65.20"),
    ("2080101", "行政运行", "150.10", "150.10", ""),
    ("2080109", "社会保险经办机构", "125.20", "60.00", "65.20"),
    ("221", "住房保障支出", "90.00", "90.00", "0"),
)
PAPER = paper(
    [
        (("2024年部门支出预算总表", "单位：万元"), ROWS),
        (("2024年部门收入预算总表", "单位：万元"), ROWS),
    ]
)


def _texts(document: Document) -> list[dict[tuple[int, int, int, int], str]]:
    """The texts of each table by row, column and spans."""
    return [
        {
            (cell.row, cell.column, cell.row_span, cell.column_span): cell.text
            for cell in table.cells
            if cell.text
        }
        for table in document.tables()
    ]


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)


# Without recognition ---------------------------------------------------------


@pytest.mark.usefixtures("without_ocr")
@pytest.mark.parametrize("stamp", ["", "- 1 -"])
def test_a_scan_without_recognition_is_rejected_with_its_reason(stamp: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        pdf.read(scanned(PAPER, stamp=stamp))
    assert caught.value.code == "no_text_layer"


@pytest.mark.usefixtures("without_ocr")
@pytest.mark.parametrize("stamp", ["", "长治市屯留区社会保险中心 - 2 -"])
def test_scanned_pages_of_a_mixed_document_are_named(stamp: str) -> None:
    document = pdf.read(scanned(PAPER, [1], stamp=stamp))
    assert document.scanned_pages == (2,)
    assert document.recognised_pages == document.unread_pages == ()
    assert [table.page for table in document.tables()] == [1]


@pytest.mark.usefixtures("without_ocr")
def test_ordinary_pages_are_no_scans() -> None:
    assert pdf.read(PAPER).scanned_pages == ()


def _with_picture(image: Image.Image, box: tuple[float, ...], text: bool) -> bytes:
    """A page of paper with a picture on it, above or below its text."""
    paper_page = picture(PAPER, 0)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT))
    canvas.drawImage(ImageReader(image), *box)
    if text:
        for row in range(30):
            canvas.drawString(60, 800 - 25 * row, "1,009.29 " * 9)
    canvas.showPage()
    canvas.drawImage(ImageReader(paper_page), 0, 0, WIDTH, HEIGHT)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@pytest.mark.usefixtures("without_ocr")
def test_a_background_under_text_is_no_scan() -> None:
    background = picture(PAPER, 0)
    data = _with_picture(background, (0, 0, WIDTH, HEIGHT), text=True)
    assert pdf.read(data).scanned_pages == (2,)


@pytest.mark.usefixtures("without_ocr")
def test_a_photograph_and_an_empty_sheet_are_no_scans() -> None:
    shades = np.add.outer(np.arange(300), np.arange(300)) % 256
    photograph = Image.fromarray(shades.astype(np.uint8))
    empty = Image.new("L", (300, 300), 250)
    for image in (photograph, empty):
        data = _with_picture(image, (50, 300, 450, 450), text=False)
        with pytest.raises(UnreadableDocument):
            pdf.read(data)  # the second page is a scan
        data = _with_picture(image, (50, 300, 450, 450), text=True)
        assert pdf.read(data).scanned_pages == (2,)


@pytest.mark.usefixtures("without_ocr")
def test_a_table_as_picture_between_text_is_named() -> None:
    table = picture(PAPER, 0).crop((100, 280, 1150, 720))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT))
    for row in range(12):
        canvas.drawString(60, 800 - 25 * row, "1,009.29 " * 9)
    canvas.drawImage(ImageReader(table), 60, 150, 480, 210)
    canvas.save()
    document = pdf.read(buffer.getvalue())
    assert document.scanned_pages == (1,)
    assert len(list(document.paragraphs())) == 12


@pytest.mark.usefixtures("without_ocr")
def test_print_turned_into_curves_is_named() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT))
    canvas.drawString(60, 800, "1")
    canvas.showPage()
    for row in range(20):
        for column in range(20):
            path = canvas.beginPath()
            path.moveTo(60 + 20 * column, 60 + 30 * row)
            for step in range(6):
                x, y = 60 + 20 * column + 2 * step, 60 + 30 * row + step % 2 * 8
                path.curveTo(x, y + 2, x + 1, y + 3, x + 2, y)
            canvas.drawPath(path, fill=1)
    canvas.save()
    assert pdf.read(buffer.getvalue()).scanned_pages == (2,)


@pytest.mark.usefixtures("without_ocr")
def test_an_invisible_text_layer_counts_as_recognised() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT))
    image = picture(PAPER, 0)
    canvas.drawImage(ImageReader(image), 0, 0, WIDTH, HEIGHT)
    for row in range(20):
        canvas.drawString(60, 700 - 24 * row, "1,009.29 " * 8, mode=3)
    canvas.save()
    document = pdf.read(buffer.getvalue())
    assert (document.scanned_pages, document.recognised_pages) == ((), (1,))


def test_pages_beyond_the_limit_are_named() -> None:
    limits = Limits(recognised_pages=1) if ocr.is_installed() else Limits()
    data = scanned(paper([((f"{n}",), ROWS) for n in range(3)]), [1, 2])
    document = pdf.read(data, limits)
    if ocr.is_installed():
        assert (document.recognised_pages, document.scanned_pages) == ((2,), (3,))
    else:
        assert (document.recognised_pages, document.scanned_pages) == ((), (2, 3))


# With recognition ------------------------------------------------------------


@needs_ocr
@pytest.mark.parametrize(
    ("dpi", "skew", "noise"), [(200, 0.0, 0.0), (150, 0.5, 8.0), (150, -1.3, 0.0)]
)
def test_a_scan_gives_the_cells_of_its_paper(
    dpi: int, skew: float, noise: float
) -> None:
    data = scanned(PAPER, [0], dpi=dpi, skew=skew, noise=noise)
    document = pdf.read(data)
    assert _texts(document) == _texts(pdf.read(PAPER))
    assert (document.recognised_pages, document.scanned_pages) == ((1,), ())
    lines = [paragraph.text for paragraph in document.paragraphs()]
    assert lines[:2] == ["2024年部门支出预算总表", "单位：万元"]


@needs_ocr
def test_boxes_lead_to_the_place_on_the_skewed_page() -> None:
    skewed = pdf.read(scanned(PAPER, [0], skew=2.0))
    upright = next(pdf.read(PAPER).tables())
    table = next(skewed.tables())
    there = {(c.row, c.column): c.box for c in upright.cells if c.box}
    # About the centre of the page: what is right of it went up.
    for cell in table.cells:
        assert cell.box is not None
        box = there[cell.row, cell.column]
        middle = (box.left + box.right) / 2 - WIDTH / 2
        rise = middle * np.sin(np.radians(2.0))
        assert cell.box.top == pytest.approx(box.top - rise, abs=4)


@needs_ocr
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_on_its_side_or_head_is_read(turn: int) -> None:
    image = picture(PAPER, 0).rotate(turn, expand=True)
    size = (HEIGHT, WIDTH) if turn % 180 else (WIDTH, HEIGHT)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size)
    canvas.drawImage(ImageReader(image), 0, 0, *size)
    canvas.save()
    document = pdf.read(buffer.getvalue())
    assert _texts(document) == _texts(pdf.read(PAPER))[:1]
    (code,) = (
        cell.box
        for table in document.tables()
        for cell in table.cells
        if cell.text == "2080109"
    )
    assert code is not None
    x = {90: 288, 180: 535, 270: 554}[turn]
    assert x - 60 < (code.left + code.right) / 2 < x + 60


@needs_ocr
def test_a_page_of_lone_digits_is_not_turned() -> None:
    zeros = (
        HEAD,
        *((str(number), "行政运行", "0", "0", "0") for number in range(1, 9)),
    )
    data = paper([(("单位：万元",), zeros)])
    assert _texts(pdf.read(scanned(data, dpi=200))) == _texts(pdf.read(data))


@needs_ocr
def test_a_table_as_picture_between_text_is_read_and_the_text_stays() -> None:
    table = picture(PAPER, 0, dpi=200).crop((140, 380, 1520, 920))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT))
    for row in range(12):
        canvas.drawString(60, 800 - 25 * row, f"{row} " + "1,009.29 " * 9)
    canvas.drawImage(ImageReader(table), 60, 150, 480, 188)
    canvas.save()
    document = pdf.read(buffer.getvalue())
    assert document.recognised_pages == (1,)
    assert [p.text.split()[0] for p in document.paragraphs()] == [
        str(row) for row in range(12)
    ]
    (texts,) = _texts(document)
    assert list(texts.values()) == [
        t for row in ROWS for t in row if t not in ("", "<")
    ]


@needs_ocr
def test_a_name_that_overhangs_its_cell_stays_whole() -> None:
    rows = (HEAD, ("20801", "人力资源和社会保障管理事务支出", "275.30", "210.10", ""))
    data = paper([(("单位：万元",), rows)])
    assert _texts(pdf.read(scanned(data, dpi=200))) == _texts(pdf.read(data))


@needs_ocr
def test_the_same_scan_reads_the_same_twice() -> None:
    data = scanned(PAPER, [0], noise=12.0)
    assert pdf.read(data) == pdf.read(data)


# Pictures as files -----------------------------------------------------------


def _file(format_: str, pages: int = 1, **options: object) -> bytes:
    images = [picture(PAPER, page, dpi=150) for page in range(pages)]
    buffer = io.BytesIO()
    if pages > 1:
        options |= {"save_all": True, "append_images": images[1:]}
    images[0].save(buffer, format_, **options)
    return buffer.getvalue()


@pytest.mark.usefixtures("without_ocr")
def test_a_picture_without_recognition_is_rejected_with_its_reason() -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read_document(_file("PNG"), Limits())
    assert caught.value.code == "scanned_picture"


@needs_ocr
@pytest.mark.parametrize(
    ("format_", "options"), [("PNG", {}), ("JPEG", {"dpi": (150, 150), "quality": 90})]
)
def test_a_picture_gives_the_cells_of_its_paper(
    format_: str, options: dict[str, object]
) -> None:
    document = read_document(_file(format_, **options), Limits())
    assert _texts(document) == _texts(pdf.read(PAPER))[:1]
    assert (document.format, document.recognised_pages) == ("picture", (1,))
    table = next(document.tables())
    assert table.box is not None
    assert table.box.left == pytest.approx(60, abs=3)
    assert table.box.right == pytest.approx(535, abs=3)


@needs_ocr
def test_each_picture_of_a_tiff_is_a_page() -> None:
    data = _file("TIFF", pages=2, dpi=(150, 150))
    document = read_document(data, Limits(recognised_pages=1))
    assert (document.recognised_pages, document.scanned_pages) == ((1,), (2,))
    assert [table.page for table in document.tables()] == [1]


@needs_ocr
def test_a_broken_picture_is_rejected_with_its_reason() -> None:
    for data in (_file("PNG")[:4000], b"\xff\xd8\xff\xe0" + bytes(200)):
        with pytest.raises(UnreadableDocument) as caught:
            read_document(data, Limits())
        assert caught.value.code == "damaged_document"
