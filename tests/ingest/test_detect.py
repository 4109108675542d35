"""What a file is, and what its text says, by its bytes alone."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.detect import decode_text, delimiter_of, detect_format
from ingest.document import UnreadableDocument

TEXT = "青禾县数据局\n单位：万元\n合计\t12.50\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def archive(*names: str, content: bytes = b"<x/>", stored: bool = False) -> bytes:
    target = io.BytesIO()
    kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(target, "w", kind) as file:
        for name in names:
            file.writestr(name, content)
    return target.getvalue()


def container(*streams: str) -> bytes:
    """An OLE file reduced to its head and its directory."""
    entries = ["Root Entry\0".encode("utf-16-le")]
    entries += [(stream + "\0").encode("utf-16-le") for stream in streams]
    return OLE.ljust(512, b"\0") + b"".join(e.ljust(128, b"\0") for e in entries)


def code_of(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        detect_format(data)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7\n1 0 obj\n", "pdf"),
        (b"\xef\xbb\xbf\n%PDF-1.4\n", "pdf"),
        (b"mail header\r\n\r\n%PDF-1.4\n1 0 obj\n<<>>", "pdf"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (archive("[Content_Types].xml", "XL\\Workbook.xml"), "xlsx"),
        (archive("[Content_Types].xml", "xl/workbook.bin"), "xlsb"),
        (archive("_rels/.rels", "word/document.xml", "[Content_Types].xml"), "docx"),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), "pptx"),
        (archive("OFD.xml", "Doc_0/Document.xml"), "ofd"),
        (archive("表一.xls", "表二.xls"), "zip"),
        (archive("word/letter.txt"), "zip"),
        (archive(), "zip"),
        (b"PK\x03\x04", "zip"),
        (container("Workbook"), "xls"),
        (container("Book"), "xls"),
        (container("WordDocument", "ObjectPool", "Workbook"), "doc"),
        (container("Workbook", "MBD1", "WordDocument"), "xls"),
        (container("PowerPoint Document"), "ppt"),
        (container("EncryptionInfo", "EncryptedPackage"), "encrypted"),
        (container("Bookmarks"), "ole"),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(8), "xls"),
        (b"{\\rtf1\\ansi", "rtf"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(8), "rar"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(8), "7z"),
        (b"\x1f\x8b\x08\x00" + bytes(8), "gzip"),
        (b"a.txt".ljust(257, b"\0") + b"ustar\x0000", "tar"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "mhtml"),
        (b"<!DOCTYPE html>\n<p>", "html"),
        (b"\xef\xbb\xbf <!-- saved -->\n<HTML xmlns:o='x'>", "html"),
        (b"<?xml version='1.0'?>\n<html>", "html"),
        (b"<table><tr><td>1</td></tr></table>\n", "html"),
        ("<meta charset=gb2312><p>合计</p>".encode("gb18030"), "html"),
        (b"<?xml version='1.0'?><Workbook/>", "xml"),
        (b"<table><tr><td>1</td></tr></table>\n\nand prose\n", "text"),
        ("<b>合计</b>\t1\n".encode(), "text"),
        ("说明：表格见 %PDF-1.4 文件。".encode(), "text"),
        (TEXT.encode(), "text"),
        (TEXT.encode("utf-8-sig"), "text"),
        (TEXT.encode("utf-16"), "text"),
        (TEXT.encode("gb18030"), "text"),
        (b"\x00".join([b"total\t1", b"2", b"3\n"]), "text"),
        (b"1,2,3\n", "text"),
        (("科目,名称,合计,备注\n" * 3).encode("gb18030"), "csv"),
        (("科目;名称;合计;备注\n" * 3).encode("utf-16"), "csv"),
        (('"合,计","1,234.50",2,3\n' * 3).encode(), "csv"),
        (("合计 1,234.50 1,234.50 1,234.50\n" * 3).encode(), "text"),
        (b"<table border=1><tr><td>1,2,3,4</td></tr>\n</table>\n" * 3, "html"),
    ],
)
def test_names_the_format_by_content(data: bytes, name: str) -> None:
    assert detect_format(data) == name


def test_a_stream_is_found_in_the_directory_only() -> None:
    data = bytearray(container("WordDocument"))
    name = "Workbook\0".encode("utf-16-le")
    data[100 : 100 + len(name)] = name
    assert detect_format(bytes(data)) == "doc"


def test_archive_of_workbooks_is_no_workbook() -> None:
    inner = archive("[Content_Types].xml", "xl/workbook.xml", stored=True)
    assert detect_format(archive("a.xlsx", content=inner, stored=True)) == "zip"


def test_workbook_cut_short_is_still_a_workbook() -> None:
    whole = archive("[Content_Types].xml", "xl/workbook.xml", content=bytes(500))
    assert detect_format(whole[: whole.rfind(b"PK\x01\x02") - 20]) == "xlsx"


def test_open_document_by_its_type() -> None:
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    assert detect_format(archive("mimetype", content=kind, stored=True)) == "ods"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \r\n\t",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        "\u3000\n".encode(),
        "\n \n".encode("utf-16"),
    ],
)
def test_nothing_printed_is_an_empty_file(data: bytes) -> None:
    assert code_of(data) == "empty_file"


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 4,
        bytes(100),
        b"\x01\x02\x03",
        struct.pack("<40i", *range(40)),
    ],
)
def test_binary_data_is_unsupported(data: bytes) -> None:
    assert code_of(data) == "unsupported_format"


@pytest.mark.parametrize(
    "mark", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"II*\0", b"MM\0*"]
)
def test_a_picture_is_known_by_its_signature(mark: bytes) -> None:
    assert detect_format(mark + bytes(20)) == "picture"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_decodes_what_it_promises(encoding: str) -> None:
    assert decode_text(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("order", ["le", "be"])
def test_decodes_utf_16_of_both_orders(order: str) -> None:
    assert decode_text(("\ufeff" + TEXT).encode(f"utf-16-{order}")) == TEXT


def test_declared_gb2312_is_gb18030() -> None:
    # 镕 is in GBK, 𠮷 only in GB18030; a file that says gb2312 prints them.
    text = "charset=gb2312 镕 𠮷"
    assert decode_text(text.encode("gb18030")) == text


def test_mark_of_gb18030_is_dropped() -> None:
    assert decode_text(("\ufeff" + TEXT).encode("gb18030")) == TEXT


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe\x00",  # half a character
        "\ufeff合计".encode("utf-16-be") + b"\xd8\x00",  # half a pair
        "合计".encode("gb18030") + b"\xff\xff",
    ],
)
def test_undecodable_text_is_said_to_be(data: bytes) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        decode_text(data)
    assert caught.value.code == "undecodable_text"
    assert detect_format(data) == "text"


def test_damaged_utf_8_is_not_read_as_other_characters() -> None:
    text = "青禾县支出合计按项目列示并附说明"
    damaged = text.encode()[:-2]  # the last character is not whole
    assert damaged.decode("gb18030") != text  # it would read, as something else
    with pytest.raises(UnreadableDocument) as caught:
        decode_text(damaged)
    assert caught.value.code == "undecodable_text"


@given(st.binary(max_size=300))
def test_detection_is_total(data: bytes) -> None:
    try:
        assert detect_format(data)
    except UnreadableDocument as error:
        assert error.code in {"empty_file", "unsupported_format"}


@given(st.binary(max_size=300))
def test_decoding_is_total(data: bytes) -> None:
    try:
        decode_text(data)
    except UnreadableDocument as error:
        assert error.code == "undecodable_text"


@given(st.binary(max_size=200), st.sampled_from([b"PK\x03\x04", b"PK\x05\x06", OLE]))
def test_damaged_containers_are_named(rest: bytes, mark: bytes) -> None:
    assert detect_format(mark + rest)


@given(st.text(min_size=1))
def test_utf_8_round_trips(text: str) -> None:
    assert decode_text(text.encode("utf-8-sig")) == text


def test_a_sheet_written_with_tabs_is_one_sheet() -> None:
    """Every line has as many tabs, the title too; a text has lines without any."""
    sheet = "支出总表\t\t\n单位：万元\t\t\n编码\t名称\t合计\n208\t社会保障\t3.00\n"
    text = "支出总表\n单位：万元\n科目编码\t科目名称\t合计\n208\t社会保障\t3.00\n"
    assert detect_format(sheet.encode()) == "csv"
    assert delimiter_of(sheet) == "\t"
    assert detect_format(text.encode()) == "text"


def test_a_narrow_table_needs_two_commas_in_every_line() -> None:
    table = "科目编码,科目名称,合计\n,合计,16.50\n208,社会保障,10.50\n210,卫生,6.00\n"
    figures = "1,234,567\n2,345,678\n3,456,789\n4,567,890\n"
    assert detect_format(table.encode()) == "csv"
    assert detect_format(figures.encode()) == "text"
