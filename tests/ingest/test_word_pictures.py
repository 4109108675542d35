"""Pictures of print in Word documents are named; seals and photographs are not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from PIL import Image

from ingest.document import ParagraphKind, Table, UnreadableDocument
from ingest.readers.docx import read
from tests.ingest.pixels import encoded, photograph, printed
from tests.ingest.word import (
    document_xml,
    p,
    package,
    picture,
    r,
    relations,
    tbl,
    tc,
    tr,
)

NAME = "word/media/a.png"


PRINT = encoded(printed())


def blocks(
    *body: str, files: Mapping[str, bytes] | None = None, target: str = "media/a.png"
) -> list[str]:
    """Texts, names of pictures in brackets, and tables as a sign."""
    parts = {
        "word/document.xml": document_xml(*body),
        "word/_rels/document.xml.rels": relations(r1=target),
        **({NAME: PRINT} if files is None else files),
    }
    return [
        "#"
        if isinstance(block, Table)
        else f"[{block.text}]"
        if block.kind is ParagraphKind.PICTURE
        else block.text
        for block in read(package(parts)).blocks
    ]


def test_a_picture_of_print_is_named_where_it_stands() -> None:
    assert blocks(p("甲"), p("乙", picture("r1")), p("丙")) == [
        *("甲", "乙"),
        *(f"[{NAME}]", "丙"),
    ]


@pytest.mark.parametrize(
    "shown",
    [picture("r1", 90, 90), picture("r1", 450, 60), picture("r1", 0, 0)],
    ids=["a seal", "a line", "nothing"],
)
def test_a_small_picture_is_not(shown: str) -> None:
    assert blocks(p("甲"), p(shown)) == ["甲"]


@pytest.mark.parametrize(
    ("data", "is_told"),
    [
        (encoded(photograph()), False),
        (encoded(Image.new("L", (400, 300), "white")), False),
        (encoded(Image.new("RGB", (400, 300), "navy"), "JPEG"), False),
        (encoded(printed("RGB"), "JPEG"), True),
        (encoded(printed("P"), "GIF"), True),
        (encoded(printed("RGBA")), True),
        (encoded(printed("1")), True),
        (b"\x01\0\0\0 EMF", True),
        (PRINT[:2_000], True),
        (b"", True),
    ],
    ids=[
        *("photograph", "white", "navy", "jpeg", "gif", "rgba", "bits", "curves"),
        *("cut", "empty"),
    ],
)
def test_what_the_pixels_tell(data: bytes, is_told: bool) -> None:
    found = blocks(p("甲"), p(picture("r1")), files={NAME: data})
    assert found == (["甲", f"[{NAME}]"] if is_told else ["甲"])


def test_a_page_that_was_scanned_is_not_unpacked() -> None:
    large = encoded(Image.new("1", (8_000, 6_000)))
    found = blocks(p("甲"), p(picture("r1")), files={NAME: large})
    assert found == ["甲", f"[{NAME}]"]


def test_a_picture_that_is_not_in_the_file_is_told() -> None:
    assert blocks(p("甲"), p(picture("r1")), files={}) == ["甲", f"[{NAME}]"]
    assert blocks(p("甲"), p(picture("r9"))) == ["甲", "[r9]"]
    up = "../../../etc/a.png"
    assert blocks(p("甲"), p(picture("r1")), target=up) == ["甲", "[etc/a.png]"]


OBJECT = (
    '<w:r><w:object><v:shape style="width:415.3pt;height:{}"><v:imagedata rel:id="r1"/>'
    '</v:shape><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>'
)


def test_cells_of_a_workbook_that_lie_in_the_document() -> None:
    files = {NAME: b"\x01\0\0\0 EMF"}
    assert blocks(p("甲"), p(OBJECT.format("250pt")), files=files) == [
        *("甲", f"[{NAME}]")
    ]
    assert blocks(p("甲"), p(OBJECT.format("15pt")), files=files) == ["甲"]
    assert blocks(p("甲"), p(OBJECT.format("1.2.3pt")), files=files) == ["甲"]


def test_a_picture_in_a_cell_follows_its_table() -> None:
    table = tbl(tr("项目", "金额"), tr(tc(p(picture("r1"))), "1.50"))
    assert blocks(table, p("乙")) == ["#", f"[{NAME}]", "乙"]


def test_a_picture_in_a_box_and_in_an_alternative() -> None:
    box = f"<w:r><w:txbxContent>{p(picture('r1'))}</w:txbxContent></w:r>"
    assert blocks(p("甲", box)) == ["甲", f"[{NAME}]"]
    choice = (
        f"<mc:AlternateContent><mc:Choice>{picture('r1')}</mc:Choice>"
        f"<mc:Fallback>{picture('r1')}</mc:Fallback></mc:AlternateContent>"
    )
    assert blocks(p("甲", f"<w:r>{choice}</w:r>")) == ["甲", f"[{NAME}]"]


def test_a_hidden_picture_and_the_ground_of_a_shape_are_not_shown() -> None:
    hidden = picture("r1").replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>", 1)
    assert blocks(p("甲"), p(hidden)) == ["甲"]
    ground = picture("r1").replace("pic:pic>", "a:wsp>")
    assert blocks(p("甲"), p(ground)) == ["甲"]


def test_a_table_does_not_go_on_behind_a_picture_of_print() -> None:
    table = tbl(tr("甲", "1.50"))
    assert blocks(table, p(picture("r1", 90, 90)), table) == ["#"]
    assert blocks(table, p(picture("r1")), table) == ["#", f"[{NAME}]", "#"]


def test_a_document_of_nothing_but_pictures() -> None:
    with pytest.raises(UnreadableDocument) as caught:
        blocks(p(picture("r1")), p(r(" ")))
    assert caught.value.code == "only_pictures"
