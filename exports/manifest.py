"""What an export holds, so that a figure in a report can be cited for good."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from exports.release import NOTE, Release

_MANIFEST = "manifest.json"
_PROGRAM = "county-budget-warehouse"
_README = """县级部门预决算公开数据 导出
构建编号 {build_id}，建库 {built_at}，导出 {exported_at}

workbook.xlsx     审计工作簿：封面、支出、三公、项目、收入、发现、勾稽、未识别
warehouse.duckdb  脱敏数据库（只读），表在 marts 中，中文视图在 audit 中
parquet/          每表一个 Parquet 文件；超过一百万行的按年度分目录
csv/              每表一个 CSV（UTF-8，含 BOM），datapackage.json 说明各列
manifest.json     每个文件的 SHA-256、各表行数与合计、代码表与规则的版本

{note}
引用数字时请注明构建编号和 manifest.json 中的 SHA-256。
"""


def write(release: Release, folder: Path) -> None:
    """Write ``说明.txt`` and the manifest of all files in ``folder``."""
    readme = _README.format(
        build_id=release.build_id,
        built_at=f"{release.built_at:%Y-%m-%d %H:%M}",
        exported_at=f"{release.exported_at:%Y-%m-%d %H:%M}（UTC）",
        note=NOTE,
    )
    (folder / "说明.txt").write_text(readme, encoding="utf-8-sig")
    manifest: dict[str, Any] = {
        "program": _PROGRAM,
        "build_id": release.build_id,
        "built_at": release.built_at.isoformat(),
        "exported_at": release.exported_at.isoformat(),
        "personal_data": NOTE,
        "masked_texts": release.masked,
        "versions": release.versions,
        "tables": {
            table.name: {"title": table.title, "measures": table.measures}
            for table in release.tables
        },
        "files": [
            {
                "path": path.relative_to(folder).as_posix(),
                "bytes": path.stat().st_size,
                "sha256": _sha256(path),
            }
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        ],
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / _MANIFEST).write_text(f"{text}\n", encoding="utf-8")


def is_export(folder: Path) -> bool:
    """Whether a folder is an export, as its manifest says."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("program") == _PROGRAM


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
