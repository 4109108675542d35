"""Pictures of print on the sheets of workbooks are named; others are not."""

from __future__ import annotations

import io
from typing import Any

import pytest
import xlsxwriter

from ingest.document import Document, Paragraph, ParagraphKind, UnreadableDocument
from ingest.readers.spreadsheet import read
from tests.ingest.pixels import encoded, photograph, printed
from tests.ingest.test_spreadsheet_reader import changed

PRINT = encoded(printed())


def workbook(
    picture: bytes, *, scale: float = 1.0, value: Any = "甲", hidden: bool = False
) -> bytes:
    """A sheet with a value, and one with a picture."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet("表一").write(0, 0, value)
    sheet = book.add_worksheet("表二")
    how = {"image_data": io.BytesIO(picture), "x_scale": scale, "y_scale": scale}
    sheet.insert_image(2, 2, "a.png", how)
    if hidden:
        sheet.hide()
    book.close()
    return target.getvalue()


def pictures(document: Document) -> list[str]:
    return [
        block.text
        for block in document.blocks
        if isinstance(block, Paragraph) and block.kind is ParagraphKind.PICTURE
    ]


def test_a_picture_of_print_is_named_with_its_sheet() -> None:
    assert pictures(read(workbook(PRINT))) == ["表二: xl/media/image1.png"]


def test_others_are_not() -> None:
    assert pictures(read(workbook(PRINT, scale=0.2))) == []
    assert pictures(read(workbook(encoded(photograph())))) == []
    assert pictures(read(workbook(PRINT, hidden=True))) == []


def test_a_size_that_only_the_anchor_tells() -> None:
    def move(drawing: str) -> str:
        start, end = drawing.index("<a:xfrm>"), drawing.index("</a:xfrm>") + 9
        size = drawing[drawing.index("<a:ext ") : end].split("/>")[0].replace("a:", "")
        inner = size.replace("<ext", "<xdr:ext") + "/><xdr:pic>"
        return (drawing[:start] + drawing[end:]).replace("<xdr:pic>", inner)

    data = changed(workbook(PRINT), "xl/drawings/drawing1.xml", move)
    assert pictures(read(data)) == ["表二: xl/media/image1.png"]


def test_a_picture_that_is_not_in_the_file_is_told() -> None:
    def lose(relations: str) -> str:
        return relations.replace("image1", "image9")

    data = changed(workbook(PRINT), "xl/drawings/_rels/drawing1.xml.rels", lose)
    assert pictures(read(data)) == ["表二: xl/media/image9.png"]


def test_a_workbook_of_nothing_but_pictures() -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read(workbook(PRINT, value=""))
    assert caught.value.code == "only_pictures"
    with pytest.raises(UnreadableDocument) as caught:
        read(workbook(encoded(photograph()), value=""))
    assert caught.value.code == "nothing_printed"


def test_a_drawing_that_is_no_markup() -> None:
    data = changed(workbook(PRINT), "xl/drawings/drawing1.xml", lambda _: "<")
    with pytest.raises(UnreadableDocument) as caught:
        read(data)
    assert caught.value.code == "damaged_workbook"
