"""A document that the models cannot carry is set aside; the others are worked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import build as build_command
from pipeline.checking import ExpectationsFailed, Results
from pipeline.load import connect
from pipeline.progress import Progress
from pipeline.settings import Settings
from pipeline.transform import Models, TransformFailed
from pipeline.working import Worker, culprit
from tests.building import Build, build, environment, prepare
from tests.test_documents import TUNLIU, corpus

# --- finding it ---------------------------------------------------------------


@given(st.sets(st.integers(0, 40), min_size=1), st.integers(0, 10))
def test_the_document_that_fails_is_found(bad: set[int], more: int) -> None:
    documents = [str(number) for number in range(max(bad) + 1 + more)]
    trials: list[Sequence[str]] = []

    def fails(tried: Sequence[str]) -> bool:
        trials.append(tried)
        return any(int(document) in bad for document in tried)

    assert culprit(documents, fails) == str(min(bad))
    assert len(trials) <= 7


def test_of_documents_that_fail_only_together_the_last_is_found() -> None:
    assert culprit("abcdefg", lambda tried: {"b", "e"} <= set(tried)) == "e"


def test_where_nothing_fails_as_well_no_document_is_to_blame() -> None:
    assert culprit("abc", lambda tried: True) is None


class Trial(Worker):
    """A worker whose models fail with some documents, or with any."""

    def __init__(self, bad: str, *, by_check: bool = False, always: bool = False):
        self._aside = set()
        self.bad = set(bad)
        self.by_check = by_check
        self.always = always
        self._corpus = self  # type: ignore[assignment]

    def relative_path(self, document: str) -> str:
        return f"{document}.pdf"

    def _try(self, documents: Sequence[str]) -> Results | TransformFailed:
        self.worked = [name for name in documents if name not in self._aside]
        failed = self.always or bool(self.bad.intersection(self.worked))
        if failed and not self.by_check:
            return TransformFailed("int_row: Conversion Error: no number")
        check = {"table_name": "marts.fct_revenue", "description": "金额不空"}
        return [check | {"severity": "critical", "succeeded": not failed}]


@pytest.mark.parametrize("by_check", [False, True])
def test_the_others_are_worked(by_check: bool) -> None:
    batch = [f"d{number}" for number in range(120)]
    worker = Trial("", by_check=by_check)
    worker.bad = {"d7", "d100"}
    (result,) = worker.work(batch)
    assert result["succeeded"]
    assert worker.worked == [name for name in batch if name not in worker.bad]
    # With others that it is linked to it is set aside as well.
    assert worker.work(["d7", "d8"]) == [result]
    assert worker.worked == ["d8"]


def test_where_many_fail_it_is_the_program() -> None:
    with pytest.raises(TransformFailed, match="no number"):
        Trial("abcd").work("abcdef")
    (result,) = Trial("abcd", by_check=True).work("abcdef")
    assert not result["succeeded"]


def test_a_few_of_a_small_folder_may_fail() -> None:
    (result,) = Trial("ace", by_check=True).work("abcdef")
    assert result["succeeded"]


def test_a_fault_of_the_program_is_no_document_s() -> None:
    worker = Trial("", always=True)
    with pytest.raises(TransformFailed, match="no number"):
        worker.work("abc")
    assert not worker._aside
    worker = Trial("", always=True, by_check=True)
    (result,) = worker.work("abc")
    assert not result["succeeded"]
    assert worker.worked == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("said", "is_of_machine"),
    [
        ("int_row: Out of Memory Error: failed to pin block", True),
        ("int_row: IO Error: Could not write file", True),
        ("int_row: Corrupt database file: computed checksum 1", True),
        ("int_row: Conversion Error: Could not convert string 'IO' to INT32", False),
    ],
)
def test_what_the_machine_cannot_is_no_document_s_fault(
    said: str, is_of_machine: bool
) -> None:
    assert TransformFailed(said).is_of_machine is is_of_machine


def test_a_check_that_could_not_be_made_is_no_document_s_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the disk is full, say: a document would be rejected for good."""

    def nothing(*_: object) -> None: ...

    for name in ("publication.lay", "set_aside", "hand_on"):
        monkeypatch.setattr(f"pipeline.working.{name}", nothing)
    said = "duckdb.IOException: IO Error: Could not write file: No space left on device"
    check = {"severity": "critical", "succeeded": False, "message": said}
    worker = Worker(
        Settings.from_environment(),
        corpus=SimpleNamespace(load=nothing),  # type: ignore[arg-type]
        models=SimpleNamespace(run=nothing),  # type: ignore[arg-type]
        expectations=SimpleNamespace(run=lambda *_: [check]),  # type: ignore[arg-type]
    )
    with pytest.raises(ExpectationsFailed, match="No space left"):
        worker.work("abc")
    assert not worker._aside


# --- in a build ---------------------------------------------------------------

BAD = f"{TUNLIU}/水利局2024年部门预算.txt"
OTHERS = (f"{TUNLIU}/统计/统计局.txt", f"{TUNLIU}/统计/普查中心.txt")


class FailingModels(Models):
    """Models that cannot carry one document."""

    def run(self, database: Path) -> None:
        with connect(database, read_only=True) as connection:
            found = connection.execute(
                "select 1 from raw.files inner join raw.cells using (content_id) "
                "where relative_path = ?",
                [BAD],
            ).fetchone()
        if found:
            raise TransformFailed("int_row: Conversion Error: no number")
        super().run(database)


def _write(folder: Path, names: Sequence[str]) -> Path:
    texts = corpus()
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[name], encoding="utf-8")
    return folder


def test_one_document_never_stops_the_others(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = tmp_path / "built"
    _write(folder / "disclosures", [BAD, *OTHERS])
    prepare(folder / "work")
    for name, value in environment(folder / "disclosures", folder).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(build_command, "Models", FailingModels)
    settings = Settings.from_environment()
    assert build_command.build(settings, Progress()) == 0
    assert "模型处理该文件时出错" in capsys.readouterr().out
    assert f"{BAD} is set aside" in caplog.text
    assert "int_row: Conversion Error: no number" in caplog.text
    built = Build(settings.warehouse, 0, "", "")
    alone = build(_write(tmp_path / "others", OTHERS), tmp_path / "alone")
    states = "select file_name, status, status_reason from marts.dim_document"
    (bad,) = (row for row in built.rows(states) if row not in alone.rows(states))
    assert bad["file_name"] == Path(BAD).name
    assert bad["status"] == "rejected"
    assert "模型处理该文件时出错" in bad["status_reason"]
    for table in ("fct_functional", "fct_revenue", "fct_identity"):
        found, expected = (
            sorted(map(repr, each.rows(f"select * from marts.{table}")))
            for each in (built, alone)
        )
        assert found == expected
    assert built.value("select count(*) > 0 from marts.fct_identity")
