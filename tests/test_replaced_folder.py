"""A folder that a command writes is replaced whole, or stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import command
from pipeline import folder as folders
from pipeline.folder import FolderBusy, FolderRefused, replaced


def is_ours(folder: Path) -> bool:
    return (folder / "ours").exists()


def write(folder: Path, text: str) -> None:
    with replaced(folder, "PLACE", is_ours) as beside:
        (beside / "ours").write_text(text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written = tmp_path / "deep" / "place"
    write(written, "old")
    return written


@pytest.fixture(params=["in one step", "in two steps"])
def steps(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of putting the new folder into its place."""
    if request.param == "in two steps":
        monkeypatch.setattr(folders, "exchange", lambda one, other: False)


def beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir())


@pytest.mark.usefixtures("steps")
def test_a_folder_is_replaced(folder: Path) -> None:
    (folder / "page").touch()
    write(folder, "new")
    assert [path.name for path in folder.iterdir()] == ["ours"]
    assert (folder / "ours").read_text() == "new"
    assert beside(folder) == [".place.lock", "place"]


@pytest.mark.usefixtures("steps")
def test_it_stays_when_the_new_one_fails(folder: Path) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        replaced(folder, "PLACE", is_ours) as new,
    ):
        (new / "ours").write_text("half")
        raise ZeroDivisionError
    assert (folder / "ours").read_text() == "old"
    assert beside(folder) == [".place.lock", "place"]


def test_the_new_one_cannot_be_put_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.suffix == ".next":
            raise PermissionError
        return rename(path, target)

    monkeypatch.setattr(folders, "exchange", lambda one, other: False)
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError):
        write(folder, "new")
    assert (folder / "ours").read_text() == "old"
    assert beside(folder) == [".place.lock", "place"]


@pytest.mark.parametrize("is_replaced", [True, False])
def test_what_a_killed_one_left_is_cleared_away(
    folder: Path, is_replaced: bool
) -> None:
    """Killed between the two renames, or after both; half of a new folder is there."""
    former = folder.with_name(".place.former")
    folder.rename(former)
    if is_replaced:
        folder.mkdir()
        (folder / "ours").write_text("second")
    (folder.parent / ".place.next" / "half").mkdir(parents=True)
    with pytest.raises(ZeroDivisionError), replaced(folder, "PLACE", is_ours):
        kept = "second" if is_replaced else "old"
        assert (folder / "ours").read_text() == kept
        raise ZeroDivisionError
    assert beside(folder) == [".place.lock", "place"]


def test_two_at_once(folder: Path) -> None:
    with replaced(folder, "PLACE", is_ours) as new:
        (new / "ours").write_text("first")
        with pytest.raises(FolderBusy, match=r"稍后再试：进程 \d+"):
            write(folder, "second")
        # A command tells it by the code that a build has for it.
        assert command.run(lambda: _written(folder)) == 4
    assert (folder / "ours").read_text() == "first"


def _written(folder: Path) -> int:
    write(folder, "second")
    return 0


def test_the_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("mine")
    with pytest.raises(FolderRefused, match="不予覆盖。请用 PLACE= 另选"):
        write(tmp_path, "new")
    with pytest.raises(FolderRefused, match="是文件"):
        write(letter, "new")
    assert letter.read_text() == "mine"


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    write(tmp_path / "place", "new")
    assert (tmp_path / "place" / "ours").read_text() == "new"


def test_behind_a_link_its_target_is_replaced(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    write(link, "new")
    assert link.is_symlink() and (folder / "ours").read_text() == "new"
    assert beside(folder) == [".place.lock", "place"]
