"""The charts: each drawn once by Altair, the pages bring only the data.

The library that draws them is bundled with its dependencies into one file beside the
pages; nothing is fetched from anywhere.
"""

from __future__ import annotations

import json
from typing import Any

import altair as alt
import vl_convert

_STEP = 24
# Named as in the style sheet: widths are measured with it.
_FONT = (
    "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', "
    "'WenQuanYi Zen Hei', sans-serif"
)
_BLUE = "#2680c2"
_OLDEST_FIRST = alt.EncodingSortField(field="order", op="min")
# Periods from old to new: grey to blue, so that the newest stands out.
_PERIODS = ["#bcccdc", "#8da2b5", "#7cc0f5", "#2680c2"]


def _bars() -> alt.LayerChart | alt.FacetChart:
    """One bar a category, its amount printed at its end."""
    base = alt.Chart(alt.NamedData(name="values")).encode(
        y=alt.Y("name:N", sort=None, title=None),
        x=alt.X("value:Q", axis=None, scale=alt.Scale(nice=False)),
        tooltip=[
            alt.Tooltip("name:N", title="名称"),
            alt.Tooltip("text:N", title="金额"),
        ],
    )
    return alt.layer(
        base.mark_bar(color=_BLUE),
        base.mark_text(align="left", dx=4).encode(text="text:N"),
    )


def _grouped_bars() -> alt.LayerChart | alt.FacetChart:
    """A bar for each period of a category."""
    base = alt.Chart(alt.NamedData(name="values")).encode(
        y=alt.Y("name:N", sort=None, title=None),
        yOffset=alt.YOffset("period:N", sort=_OLDEST_FIRST),
        x=alt.X("value:Q", axis=None, scale=alt.Scale(nice=False)),
        tooltip=[
            alt.Tooltip("name:N", title="名称"),
            alt.Tooltip("period:N", title="年度"),
            alt.Tooltip("text:N", title="金额"),
        ],
    )
    return alt.layer(
        base.mark_bar().encode(
            color=alt.Color(
                "period:N",
                sort=_OLDEST_FIRST,
                scale=alt.Scale(range=_PERIODS),
                legend=alt.Legend(title=None, orient="top", labelFontSize=13),
            )
        ),
        base.mark_text(align="left", dx=4, fontSize=11).encode(text="text:N"),
    )


def _specification(chart: alt.LayerChart | alt.FacetChart) -> dict[str, Any]:
    specification: dict[str, Any] = (
        chart.properties(
            width="container",
            height=_STEP,  # of one bar; the page knows how many there are
            padding={"left": 0, "top": 4, "right": 8, "bottom": 4},
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        )
        .configure(background="transparent", font=_FONT)
        .configure_view(stroke=None)
        .configure_axis(
            domain=False, ticks=False, grid=False, labelFontSize=13, labelPadding=8
        )
        .configure_text(fontSize=12)
        .to_dict()
    )
    # The network is none of a chart's business, not even for its schema.
    del specification["$schema"]
    return specification


def script() -> str:
    """The file that defines the charts, written once."""
    charts = {
        "bars": _specification(_bars()),
        "grouped": _specification(_grouped_bars()),
    }
    return f"window.charts = {json.dumps(charts, ensure_ascii=False)};\n"


def library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, from the wheel."""
    bundle: str = vl_convert.javascript_bundle("window.embedChart = vegaEmbed;")
    return bundle
