"""Writes docs/performance.md and its chart from what the benches measured.

python -m tests.bench.report
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import altair as alt
import vl_convert

from tests.bench.results import RESULTS, ROOT, Measurement, latest, read, slope

PAGE = ROOT / "docs" / "performance.md"
CHART = ROOT / "docs" / "performance.svg"
_GB = 1 << 10  # in MB
_SIZE = 100_000  # documents, for which the targets are set
_READERS = ["our reader", "library underneath", "pdfplumber", "camelot", "another"]
_PARTS = {
    "pdf": "pages",
    "xlsx": "sheets",
    "xls": "sheets",
}


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of Markdown; all columns but the first to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def digits(value: float) -> str:
    """Three digits that count: 0.0123, 1.23, 12.3, 123, 1,234."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 1 else f"{value:.{2 - (abs(value) >= 10)}f}"


# Formats ----------------------------------------------------------------------


def speed_of_formats(formats: Mapping[str, Measurement]) -> str:
    """Our reader beside the library underneath."""
    rows = []
    for name in sorted(formats):
        one = formats[name]
        parts = f"{one['parts']} {_PARTS.get(name.split()[-1], 'tables')}"
        rows.append(
            (
                name,
                one["documents"],
                parts,
                digits(one["documents"] / one["ours"]),
                digits(one["parts"] / one["ours"]),
                one["library"],
                digits(one["documents"] / one["bare"]),
                digits(one["parts"] / one["bare"]),
                digits(share(one)),
                digits(1 / median(one["ratios"])),
            )
        )
    head = (
        *("format", "documents", "parts", "documents/s", "parts/s", "library"),
        *("its documents/s", "its parts/s", "ours : library", "median"),
    )
    return table(head, rows)


def share(one: Measurement) -> float:
    """How fast the reader is, as a share of the speed of the library underneath."""
    return float(one["bare"] / one["ours"])


def times_faster(one: Measurement, library: str) -> float | None:
    """How many times the speed of another library, on what that one could read."""
    if library not in one["others"]:
        return None
    theirs, own = one["others"][library]
    return float(theirs / own)


def speed_of_others(formats: Mapping[str, Measurement]) -> str:
    """Other libraries on the same files."""
    rows = [
        (name, library, digits(theirs), digits(own), digits(theirs / own))
        for name in sorted(formats)
        for library, (theirs, own) in sorted(formats[name]["others"].items())
    ]
    head = ("format", "other library", "its seconds", "our seconds", "times faster")
    return table(head, rows)


# Builds -----------------------------------------------------------------------


def per_second(build: Measurement) -> float:
    return float(build["documents"] / build["full"]["seconds"])


def builds_by_size(builds: Mapping[int, Measurement]) -> str:
    rows = []
    for count in sorted(builds):
        one = builds[count]
        full, refresh, no_op = one["full"], one["refresh"], one["no_op"]
        rows.append(
            (
                f"{count:,}",
                digits(full["seconds"]),
                digits(per_second(one)),
                digits(full["processor"]),
                digits(full["memory_mb"] / _GB),
                digits(refresh["seconds"]),
                digits(100 * refresh["seconds"] / full["seconds"]) + " %",
                digits(no_op["seconds"]),
                f"{one['facts']:,}",
                digits(one["warehouse_bytes"] / one["facts"]),
            )
        )
    head = (
        *(
            "documents",
            "full build, s",
            "documents/s",
            "processor, s",
            "peak memory, GB",
        ),
        *("one document more, s", "of full", "no-op, s", "facts", "bytes a fact"),
    )
    return table(head, rows)


def where_time_goes(builds: Mapping[int, Measurement]) -> str:
    steps = sorted({step for one in builds.values() for step in one["steps"]})
    rows = [
        (
            f"{count:,}",
            *(
                f"{100 * one['steps'].get(step, 0) / one['full']['seconds']:.0f} %"
                for step in steps
            ),
            digits(one["full"]["seconds"] - sum(one["steps"].values())),
        )
        for count, one in sorted(builds.items())
    ]
    return table(("documents", *steps, "the rest, s"), rows)


def slopes(builds: Mapping[int, Measurement]) -> dict[str, float | None]:
    """Growth of time with the number of documents: of the clock, of the processor."""
    return {
        unit: slope({count: one["full"][unit] for count, one in builds.items()})
        for unit in ("seconds", "processor")
    }


# Queries ----------------------------------------------------------------------


def query_times(one: Measurement) -> str:
    rows = [
        (
            f"`{name}`",
            f"{got['rows']:,}",
            digits(got["first_ms"]),
            digits(got["warm_ms"]),
            digits(got["processor_ms"]),
            digits(got["parquet_first_ms"]),
            digits(got["parquet_warm_ms"]),
            digits(got["parquet_processor_ms"]),
            digits(got["parquet_processor_ms"] / got["processor_ms"]),
        )
        for name, got in one["answers"].items()
    ]
    head = (
        *("question", "rows", "first, ms", "warm, ms", "processor, ms"),
        *("Parquet first, ms", "warm, ms", "processor, ms", "Parquet : warehouse"),
    )
    return table(head, rows)


# Targets ----------------------------------------------------------------------


def targets(
    formats: Mapping[str, Measurement],
    builds: Mapping[int, Measurement],
    queries: Mapping[int, Measurement],
) -> list[tuple[str, str, bool | None]]:
    """What was to be shown, what was measured, and whether it holds.

    None: it was not measured at the size it was set for.
    """
    return [
        *_targets_of_formats(formats),
        *_targets_of_builds(builds),
        *_targets_of_queries(queries),
    ]


def _targets_of_formats(
    formats: Mapping[str, Measurement],
) -> Iterable[tuple[str, str, bool | None]]:
    for name in ("pdf", "unruled pdf", "real pdf"):
        if name in formats:
            got = share(formats[name])
            yield (
                f"{name}: ≥ 0.5 of the speed of tablers alone",
                digits(got),
                got >= 0.5,
            )
            times = times_faster(formats[name], "pdfplumber")
            if times is not None:
                said = f"{name}: ≥ 10 times pdfplumber"
                yield said, digits(times), times >= 10
    for name in sorted(formats):
        if " " not in name and name != "pdf":
            got, library = share(formats[name]), formats[name]["library"]
            yield f"{name}: ≥ 0.5 of {library} alone", digits(got), got >= 0.5


def _targets_of_builds(
    builds: Mapping[int, Measurement],
) -> Iterable[tuple[str, str, bool | None]]:
    if not builds:
        return
    largest = max(builds)
    is_whole = largest >= _SIZE
    if len(builds) > 1:
        got = slopes(builds)["seconds"]
        assert got is not None
        said = f"{digits(got)} ({min(builds):,} to {largest:,})"
        holds = got <= 1.05 if is_whole else None
        yield "full build: slope 1,000 to 100,000 ≤ 1.05", said, holds
    memory = builds[largest]["full"]["memory_mb"]
    said = f"{digits(memory / _GB)} GB at {largest:,}"
    holds = memory <= 4 * _GB if is_whole else None
    yield "peak memory at 100,000 ≤ 4 GB", said, holds
    if 10_000 in builds:
        ten = builds[10_000]
        grows = memory / ten["full"]["memory_mb"]
        said = f"{digits(grows)} at {largest:,}"
        if largest > 10_000:
            holds = grows <= 1.5 if is_whole else None
            yield "peak memory at 100,000 ≤ 1.5 × at 10,000", said, holds
        share_of_full = ten["refresh"]["seconds"] / ten["full"]["seconds"]
        yield (
            "refresh by one document into 10,000 ≤ 3 % of the full build",
            f"{digits(100 * share_of_full)} %",
            share_of_full <= 0.03,
        )
        beyond = ten["refresh"]["seconds"] - ten["imports_of_models"]["seconds"]
        said = "refresh ≤ 10 s beyond the imports of dbt and Great Expectations"
        yield said, f"{digits(beyond)} s", beyond <= 10
    for count, one in sorted(builds.items()):
        beyond = one["no_op"]["seconds"] - one["imports"]["seconds"]
        said = f"no-op at {count:,} ≤ 1 s beyond the imports of duckdb and polars"
        yield said, f"{digits(beyond)} s", beyond <= 1


def _targets_of_queries(
    queries: Mapping[int, Measurement],
) -> Iterable[tuple[str, str, bool | None]]:
    if not queries:
        return
    largest = max(queries)
    answers = queries[largest]["answers"].values()
    is_whole = largest >= _SIZE
    middle = median(got["warm_ms"] for got in answers)
    slowest = max(max(got["first_ms"], got["warm_ms"]) for got in answers)
    slower = [
        got for got in answers if got["processor_ms"] > got["parquet_processor_ms"]
    ]
    at = f"at {largest:,}"
    yield (
        "auditors' queries at 100,000: median < 300 ms",
        f"{digits(middle)} ms {at}",
        middle < 300 if is_whole else None,
    )
    yield (
        "none over 2 s, the first run included",
        f"{digits(slowest)} ms {at}",
        slowest <= 2000 if is_whole else None,
    )
    yield (
        "none slower than on plain Parquet (processor time)",
        f"{len(slower)} of {len(answers)} slower {at}",
        not slower if is_whole else None,
    )


def _verdict(holds: bool | None) -> str:
    return {True: "yes", False: "**no**", None: "not measured at this size"}[holds]


# The chart --------------------------------------------------------------------


def chart(
    formats: Mapping[str, Measurement],
    builds: Mapping[int, Measurement],
    queries: Mapping[int, Measurement],
) -> alt.HConcatChart:
    """Readers beside libraries, builds by size, queries beside Parquet."""
    panels = []
    if formats:
        panels.append(_readers_chart(formats))
    if builds:
        panels.append(_builds_chart(builds))
    if queries:
        panels.append(_queries_chart(queries[max(queries)]))
    joined: alt.HConcatChart = (
        alt.hconcat(*panels, spacing=40)
        .resolve_scale(color="independent")
        .configure(background="white", font="sans-serif")
    )
    return joined


def _readers_chart(formats: Mapping[str, Measurement]) -> alt.Chart:
    values = []
    for name, one in formats.items():
        rate = one["parts"] / one["ours"]
        values.append({"format": name, "reader": _READERS[0], "rate": rate})
        bare = one["parts"] / one["bare"]
        values.append({"format": name, "reader": _READERS[1], "rate": bare})
        for library in one["others"]:
            times = times_faster(one, library)
            reader = library if library in _READERS else _READERS[-1]
            if times:
                values.append({"format": name, "reader": reader, "rate": rate / times})
    return (
        alt.Chart(alt.Data(values=values), title="reading, one core")
        .mark_point(filled=True, size=60, opacity=1)
        .encode(
            x=alt.X("rate:Q", title="pages, sheets, tables / s")
            .scale(type="log")
            .axis(values=[10**power for power in range(6)], format="~s"),
            y=alt.Y("format:N", title=None).axis(grid=True),
            color=alt.Color("reader:N", title=None, sort=_READERS).legend(
                orient="bottom", columns=3
            ),
            shape=alt.Shape("reader:N", sort=_READERS, legend=None),
        )
        .properties(width=330, height=260)
    )


def _builds_chart(builds: Mapping[int, Measurement]) -> alt.LayerChart:
    names = {"full": "full build", "refresh": "one document more", "no_op": "no-op"}
    values = [
        {"documents": count, "run": said, "seconds": one[name]["seconds"]}
        for count, one in builds.items()
        for name, said in names.items()
    ]
    base = alt.Chart(
        alt.Data(values=values), title="building, seconds by documents"
    ).encode(
        x=alt.X("documents:Q").scale(type="log").axis(values=sorted(builds)),
        y=alt.Y("seconds:Q", title="s")
        .scale(type="log")
        .axis(values=[10**power for power in range(6)], format="~s"),
        color=alt.Color("run:N", title=None).legend(orient="bottom"),
    )
    layered: alt.LayerChart = (
        base.mark_line() + base.mark_point(filled=True)
    ).properties(width=300, height=260)
    return layered


def _queries_chart(one: Measurement) -> alt.Chart:
    values = [
        {"question": name.replace("_", " "), "side": side, "ms": got[key]}
        for name, got in one["answers"].items()
        for side, key in (("warehouse", "warm_ms"), ("Parquet", "parquet_warm_ms"))
    ]
    title = f"auditors' queries at {one['documents']:,} documents, warm"
    return (
        alt.Chart(alt.Data(values=values), title=title)
        .mark_bar()
        .encode(
            x=alt.X("ms:Q"),
            y=alt.Y("question:N", title=None).axis(labelLimit=280),
            yOffset=alt.YOffset("side:N", sort=["warehouse", "Parquet"]),
            color=alt.Color("side:N", title=None, sort=["warehouse", "Parquet"]).legend(
                orient="bottom"
            ),
        )
        .properties(width=300, height=260)
    )


# The page ---------------------------------------------------------------------


def page(measurements: Sequence[Measurement]) -> str:
    """The text of docs/performance.md."""
    formats = latest(measurements, "format")
    builds = latest(measurements, "build")
    queries = latest(measurements, "queries")
    held = targets(formats, builds, queries)
    parts = [
        _INTRODUCTION,
        _machines(measurements),
        "## Targets\n",
        table(
            ("target", "measured", "met"),
            [(said, got, _verdict(holds)) for said, got, holds in held],
        ),
        _FORMATS,
        speed_of_formats(formats),
        _OTHERS,
        speed_of_others(formats),
        _WHY,
        _BUILDS,
        _largest(builds),
        _remarks(builds),
        builds_by_size(builds),
        _slopes(builds),
        where_time_goes(builds),
        _QUERIES,
    ]
    for count in sorted(queries):
        parts += [f"\nAt {count:,} documents:\n", query_times(queries[count])]
    parts += [_BYTES, bytes_by_size(queries)]
    return "\n".join(parts) + "\n"


def bytes_by_size(queries: Mapping[int, Measurement]) -> str:
    head = ("documents", "facts", "warehouse, MB", "bytes a fact", "Parquet, MB")
    rows = [
        (
            f"{count:,}",
            f"{one['facts']:,}",
            digits(one["warehouse_bytes"] / 1e6),
            digits(one["warehouse_bytes"] / one["facts"]),
            digits(one["parquet_bytes"] / 1e6),
        )
        for count, one in sorted(queries.items())
    ]
    return table(head, rows)


def _largest(builds: Mapping[int, Measurement]) -> str:
    """Says plainly what was not built."""
    if builds and max(builds) < _SIZE:
        return f"The largest build measured is of {max(builds):,} documents.\n"
    return ""


def _remarks(builds: Mapping[int, Measurement]) -> str:
    """Says plainly what was measured otherwise."""
    return "".join(
        f"{count:,} documents: {one['remark']}\n"
        for count, one in sorted(builds.items())
        if "remark" in one
    )


def _slopes(builds: Mapping[int, Measurement]) -> str:
    found = slopes(builds)
    if found["seconds"] is None or found["processor"] is None:
        return "\nA slope needs two sizes.\n\nWhere the time goes:\n"
    return (
        f"\nSlope of log time over log documents: {digits(found['seconds'])} by the "
        f"clock, {digits(found['processor'])} by processor time.\n\n"
        "Where the time goes, as shares of the full build:\n"
    )


def _machines(measurements: Sequence[Measurement]) -> str:
    lines = []
    for bench, said in (
        ("format", "formats"),
        ("build", "builds"),
        ("queries", "queries"),
    ):
        own = [one for one in latest(measurements, bench).values() if "machine" in one]
        if not own:
            continue
        last = max(own, key=lambda one: str(one["at"]))
        machine: dict[str, Any] = last["machine"]
        versions = ", ".join(f"{k} {v}" for k, v in machine["versions"].items())
        loads = [one["load"] for one in own]
        lines.append(
            f"- {said}: {last['at'][:10]}, code {last['commit']}; {machine['cores']} "
            f"cores ({machine['processor']}), {machine['memory_gb']} GB, Python "
            f"{machine['python']}, {versions}. Load of the machine {min(loads)} to "
            f"{max(loads)}."
        )
    return "\n".join(lines) + "\n"


_INTRODUCTION = """# Performance

What `make bench` measured, written by `python -m tests.bench.report` from
`tests/bench/results.jsonl`; the last measurement of each subject counts.

![readers, builds by size, queries beside Parquet](performance.svg)

A load above the number of cores says that others worked on the machine meanwhile: by
the clock builds and queries then take longer than alone; ratios of one run, and
processor time, tell more.
"""

_FORMATS = """
## Reading, by format

One core, processor time, medians of turns in which our reader and the library
underneath read the same bytes one after the other. The library gives the text of every
cell, row by row, with its spans, and nothing more; our reader gives paragraphs and
tables as printed, with places, display formats, tables over page breaks, tables
without ruling lines, and refuses hostile files. Documents are made: a fixed number in
every style of the forge (12 of PDF, 5 of html, 4 each of text, docx and xlsx, 3 of xls
and et, 3 of csv and tsv), layouts in turn; `unruled` are PDF tables without lines down:
by lines tablers and pdfplumber find none of them, so there they are told to find cells
by the text, which costs them more. `real`
are published disclosures, where they lie beside the checkout. Speeds are documents and
parts (pages, sheets, tables) a second; 1 means as fast as the library.

    make bench-formats        # python -m tests.bench.speed --documents 2
"""

_OTHERS = """
Other libraries on the same files, in an environment of their own (`requirements-
bench.lock`), processor time of giving every cell:
"""

_WHY = """
Where a reader is below half of its library, the library is native code or next to
nothing, and does less. xlsx and xls: our time goes to a second pass over each sheet,
for display formats (calamine gives values, not what is shown) and hostile markup, to
finding tables, titles and units among the rows, and to the cells themselves: to make
one in Python takes about as long as calamine takes for all it does with it. csv and
text: the same, beside a split that runs in C. html: elements are visited one by one,
for what a browser shows and what a table is for. Each takes 1 to 8 ms a document.
PDF lies at both marks,
half of tablers and ten times pdfplumber: a run finds it a little above or below.
"""

_BUILDS = """
## Building

Forged documents, every layout and style in turn: 34 % PDF, 14 % html, 11 % each of
docx, text and xlsx, 9 % xls and et, 9 % csv and tsv; ten documents a county of five
departments and two years. A smaller folder is the beginning of a larger one. Single
runs. Memory is the sum over all processes of a build, what they share counted for
each. "One document more" is a build after one document was added.

    make bench-builds SIZES="1000 10000 100000" FORGED=dir
"""

_QUERIES = """
## Auditors' queries

Twelve of the saved questions, on the published warehouse as `make query` opens it,
and on its marts as Parquet (zstd, one file a table) behind views of the same names.
The whole answer is taken. First: the first run of a new session, file cache as it is;
warm: median of the runs after it, both sides in turn; processor: the same runs in
processor time of all threads, which others on the machine lengthen less. The ratio is
of processor time.

    make bench-queries WAREHOUSE=file
"""

_BYTES = """
## Bytes a fact

The warehouse holds raw cells, marts, findings and their comparisons, meta data and
seeds; the Parquet only the tables that the twelve questions read.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--page", type=Path, default=PAGE)
    parser.add_argument("--chart", type=Path, default=CHART)
    chosen = parser.parse_args(arguments)
    measurements = read(chosen.results)
    chosen.page.write_text(page(measurements), encoding="utf-8")
    drawn = chart(
        *(latest(measurements, name) for name in ("format", "build", "queries"))
    )
    chosen.chart.write_text(
        vl_convert.vegalite_to_svg(drawn.to_json()), encoding="utf-8"
    )
    print(chosen.page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
