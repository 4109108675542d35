"""The worked notebook: runs it from top to bottom, keeps its outputs, writes a page.

What it needs (a kernel, nbclient, nbconvert) is installed for development only.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from countybudget import Warehouse
from pipeline.settings import PROJECT, Settings

NOTEBOOK = PROJECT / "notebooks" / "worked_example.ipynb"
_SECONDS = 180  # that the start and one cell may take
# The one thing that differs from build to build.
_BUILD = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
_NO_BUILD = "00000000T000000Z-00000000"


def run(notebook: Path, warehouse: Path, disclosures: Path) -> NotebookNode:
    """The notebook with the outputs that this warehouse gives.

    :raises CellExecutionError: a cell fails.
    """
    node: NotebookNode = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        node,
        timeout=_SECONDS,
        startup_timeout=_SECONDS,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(notebook.parent)}},
    )
    # Absolute: the kernel works in the folder of the notebook.
    environment = {
        **os.environ,
        "WAREHOUSE": str(warehouse.absolute()),
        "DISCLOSURES": str(disclosures.absolute()),
    }
    # Sockets of the file system: a port that is free may be taken a moment later.
    with tempfile.TemporaryDirectory() as sockets:
        manager = client.create_kernel_manager()
        manager.transport = "ipc"
        manager.ip = str(Path(sockets) / "kernel")
        client.execute(env=environment)
    for cell in node.cells:
        for output in cell.get("outputs", ()):
            _without_build(output)
    node.metadata = {
        "kernelspec": node.metadata.kernelspec,
        "language_info": {"name": "python"},
    }
    return node


def _without_build(output: NotebookNode) -> None:
    """Put a fixed text in place of the build, so that outputs can be compared."""
    if "text" in output:
        output.text = _BUILD.sub(_NO_BUILD, output.text)
    for kind, content in output.get("data", {}).items():
        if kind.startswith("text/"):
            output.data[kind] = _BUILD.sub(_NO_BUILD, content)


def page(node: NotebookNode) -> str:
    """The notebook as one page of HTML that opens from disk, without a network."""
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True
    )
    body, _ = exporter.from_notebook_node(node)
    title = node.cells[0].source.splitlines()[0].lstrip("# ")
    return _PAGE.format(title=title, body=body)


_PAGE = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1f2933;
  font: 15px/1.6 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC",
  "WenQuanYi Zen Hei", sans-serif; }}
.anchor-link {{ display: none; }}
.highlight {{ background: #f5f7fa; border-left: 3px solid #bcccdc; padding: 0 .8rem; }}
pre {{ overflow-x: auto; font-size: 12.5px; line-height: 1.45; }}
.output pre {{ white-space: pre-wrap; overflow-wrap: anywhere; }}
.highlight .k, .highlight .kn, .highlight .kc {{ color: #8e3b9e; }}
.highlight .s1, .highlight .s2, .highlight .sd {{ color: #2b7a3d; }}
.highlight .c1 {{ color: #7b8794; font-style: italic; }}
.output {{ overflow-x: auto; }}
table {{ border-collapse: collapse; margin: .8rem 0; }}
th, td {{ border-bottom: 1px solid #d9e2ec; padding: .25rem .6rem; }}
img {{ max-width: 100%; height: auto; }}
h2 {{ margin-top: 2.2rem; border-bottom: 1px solid #d9e2ec; }}
em {{ color: #52606d; }}
@media print {{ .highlight {{ display: none; }} }}
</style>
<body>
{body}
</body>
</html>
"""


def main() -> int:
    """``python -m pipeline.notebook``: run it, store its outputs, write the page."""
    settings = Settings.from_environment()
    if not settings.warehouse.exists():
        print(
            f"还没有数据库：{settings.warehouse}。请先运行 make build。",
            file=sys.stderr,
        )
        return 2
    try:
        node = run(NOTEBOOK, settings.warehouse, settings.disclosures)
    except CellExecutionError as error:
        print(
            f"笔记运行失败：{error.ename}：{error.evalue}\n"
            "它问的是样例（disclosures/）；其他数据库请先改其中的 UNIT。",
            file=sys.stderr,
        )
        return 1
    if is_of_samples(settings.warehouse):
        nbformat.write(node, NOTEBOOK)  # type: ignore[no-untyped-call]
        print(f"已更新 {NOTEBOOK.relative_to(PROJECT)}")
    target = NOTEBOOK.with_suffix(".html")
    target.write_text(page(node), encoding="utf-8")
    print(f"用浏览器打开：{target}")
    return 0


def is_of_samples(warehouse: Path) -> bool:
    """Whether it holds the samples alone: others' outputs stay out of the repository."""
    samples = {
        hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (PROJECT / "disclosures").iterdir()
        if file.is_file()
    }
    with Warehouse.open(warehouse) as opened:
        return set(opened.load("dim_document")["file_sha256"]) <= samples


if __name__ == "__main__":
    sys.exit(main())
