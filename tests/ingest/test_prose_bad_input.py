"""Running text that nobody should publish: read in linear time, without harm."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence

import pytest

from ingest.document import Paragraph
from ingest.prose.reader import Prose, ProseReader
from tests.warehouse import ROOT

MEGABYTES_5 = 5_000_000
SENTENCE = (
    "2025年支出预算1,009.29万元，其中：基本支出739.03万元，占73.22%；"
    "项目支出270.26万元，占26.78%，比2024年减少514.61万元，下降65.57%。"
)


@pytest.fixture(scope="module")
def reader() -> ProseReader:
    return ProseReader(ROOT / "seeds")


def paragraphs(texts: Sequence[str]) -> Iterator[tuple[int, Paragraph | None]]:
    for block, text in enumerate(texts):
        yield block, Paragraph(text, line=block + 1)


def read(reader: ProseReader, *texts: str) -> tuple[Prose, float]:
    began = time.process_time()
    prose = reader.read(paragraphs(texts))
    return prose, time.process_time() - began


def pieces(size: int) -> dict[str, str]:
    """Texts of about ``size`` bytes that a grammar could choke on."""
    rng = random.Random(5)
    signs = "占其中：（）〔〕“”，；。、比增加减少下降%万元亿0123456789.各和分别为至"
    half = size // 6
    return {
        "sentences": SENTENCE * (size // len(SENTENCE.encode())),
        "one sentence": SENTENCE.replace("。", "，") * (size // len(SENTENCE.encode())),
        "brackets": "（" * half + "）" * half,
        "of which": "其中：" * (size // 9),
        "digits": "9" * size,
        "groups": "1,234," * (size // 6),
        "numbers": "1.00万元、" * (size // 13),
        "units": "万元" * (size // 6),
        "blanks": " " * size,
        "no end": "支出" * (size // 6),
        "numerals": "二十五亿三千" * (size // 18),
        "noise": "".join(rng.choice(signs) for _ in range(size // 3)),
    }


@pytest.mark.parametrize("name", pieces(60))
def test_time_grows_as_the_text_does(reader: ProseReader, name: str) -> None:
    """Eight times the text takes about eight times as long, far from sixty-four."""
    read(reader, SENTENCE)
    small, large = (
        min(read(reader, pieces(size)[name])[1] for _ in range(2))
        for size in (30_000, 240_000)
    )
    assert large < 24 * max(small, 0.02), f"{small:.2f} s, then {large:.2f} s"


@pytest.mark.parametrize("name", ("digits", "no end", "brackets"))
def test_a_paragraph_of_five_megabytes(reader: ProseReader, name: str) -> None:
    """One of sentences takes a minute and is left to the growth above."""
    _, seconds = read(reader, pieces(MEGABYTES_5)[name])
    assert seconds < 120


def test_a_long_paragraph_gives_all_its_figures(reader: ProseReader) -> None:
    text = pieces(200_000)["sentences"]
    prose, _ = read(reader, text)
    assert len(prose.sentences) == text.count("。")
    assert sum(figure.is_placed for figure in prose.figures) == 7 * text.count("。")


def test_every_place_is_in_the_text(reader: ProseReader) -> None:
    """Wherever lines and blanks are torn, a figure stands where it says."""
    rng = random.Random(7)
    for _ in range(60):
        torn = "".join(
            sign + rng.choice(("", "", "", "\n", " ", "　")) for sign in SENTENCE
        )
        texts = torn.split("\n")
        prose, _ = read(reader, *texts)
        for figure in prose.figures:
            if figure.block == figure.end_block:
                shown = texts[figure.block][
                    figure.character_start : figure.character_end
                ]
            else:
                shown = (
                    texts[figure.block][figure.character_start :]
                    + "".join(texts[figure.block + 1 : figure.end_block])
                    + texts[figure.end_block][: figure.character_end]
                )
            assert "".join(shown.split()) == "".join(figure.printed_text.split())


def test_the_same_figures_without_blanks_and_with_a_break_at_each_sign(
    reader: ProseReader,
) -> None:
    def said(*texts: str) -> set[tuple[object, ...]]:
        prose, _ = read(reader, *texts)
        return {
            (f.meaning, f.number_text, f.value_unit, f.direction, f.measure)
            for f in prose.figures
            if f.is_placed
        }

    right = said(SENTENCE)
    assert len(right) == 7
    assert said(" ".join(SENTENCE)) == right
    assert said(*SENTENCE) <= right


def test_a_contradiction_is_read_as_printed(reader: ProseReader) -> None:
    prose, _ = read(
        reader, "2025年支出预算100.00万元，比2024年增加10.00万元，下降9.09%。"
    )
    directions = {f.meaning: f.direction for f in prose.figures if f.is_placed}
    assert directions.get("change", 1) == 1
    assert directions.get("growth", -1) == -1
