// Long lists with filters, the choice of a year, and the charts. Text is set as text,
// never as markup.
"use strict";
(function () {
  document.documentElement.classList.add("scripted");
  const rowsOfPage = 50;
  const rowsOfPrint = 2000;

  function number(text) {
    return Number(String(text).replace(/[,%\s]/g, ""));
  }

  function list(table) {
    const rows = (window.lists || {})[table.dataset.list] || [];
    const group = table.closest("[data-group]") || document;
    const form = group.querySelector("[data-filters]");
    const heads = Array.from(table.querySelectorAll("thead th"));
    const body = table.tBodies[0];
    const pager = group.querySelector("[data-pager]");
    const count = group.querySelector("[data-count]");
    const controls = form ? Array.from(form.querySelectorAll("[data-filter], [data-search]")) : [];
    let shown = rows;
    let page = 0;
    let order = null;

    function fits(row) {
      return controls.every(function (control) {
        const wanted = control.value.trim();
        if (!wanted) return true;
        if (control.dataset.filter) return String(row[control.dataset.filter]) === wanted;
        const text = control.dataset.search.split(",").map((column) => row[column]).join(" ").toLowerCase();
        return wanted.toLowerCase().split(/\s+/).every((word) => text.includes(word));
      });
    }

    function cell(row, head) {
      const td = document.createElement("td");
      const kind = head.dataset.kind;
      const value = row[head.dataset.column];
      const text = value === null || value === 0 && kind === "n" ? "" : String(value);
      td.dataset.kind = kind;
      td.dataset.label = head.textContent.trim();
      if (kind === "n") td.className = "n";
      if (head === heads[0]) td.className = "first";
      let target = null;
      if (head.dataset.href && row[head.dataset.hrefColumn]) {
        target = head.dataset.href.replace("*", () => row[head.dataset.hrefColumn]);
        if (head.dataset.anchor) target += "#" + row[head.dataset.anchor];
      }
      if (kind === "tag") {
        const tag = document.createElement("span");
        tag.className = "tag " + row[head.dataset.classColumn];
        tag.textContent = text;
        td.append(tag);
      } else if (target && text) {
        const link = document.createElement("a");
        link.href = target;
        link.textContent = text;
        if (text.length > 60) link.title = text;
        td.append(link);
      } else if (text.length > 200) {
        const long = document.createElement("span");
        long.className = "long";
        long.textContent = text;
        long.title = text;
        td.append(long);
      } else {
        td.textContent = text;
      }
      return td;
    }

    function show(rowsShown = rowsOfPage) {
      const pages = Math.max(1, Math.ceil(shown.length / rowsShown));
      page = Math.min(Math.max(page, 0), pages - 1);
      body.replaceChildren(...shown.slice(page * rowsShown, (page + 1) * rowsShown).map(function (row) {
        const tr = document.createElement("tr");
        tr.append(...heads.map((head) => cell(row, head)));
        return tr;
      }));
      if (!shown.length) {
        const td = document.createElement("td");
        td.colSpan = heads.length;
        td.textContent = rows.length ? "没有符合条件的项。" : "没有。";
        const tr = document.createElement("tr");
        tr.append(td);
        body.append(tr);
      }
      count.textContent = shown.length.toLocaleString("en-US") +
        (shown.length < rows.length ? " / " + rows.length.toLocaleString("en-US") : "");
      pager.hidden = pages < 2;
      pager.querySelector("[data-place]").textContent = "第 " + (page + 1) + " / " + pages + " 页";
      pager.querySelector("[data-step='-1']").disabled = page === 0;
      pager.querySelector("[data-step='1']").disabled = page === pages - 1;
    }

    function choose() {
      shown = rows.filter(fits);
      if (order) {
        const column = order.head.dataset.column;
        const isNumber = order.head.dataset.kind === "n";
        shown.sort(function (left, right) {
          const difference = isNumber
            ? number(left[column]) - number(right[column])
            : String(left[column]).localeCompare(String(right[column]), "zh");
          return order.falling ? -difference : difference;
        });
      }
      page = 0;
      show();
    }

    function fromAddress() {
      const wanted = new URLSearchParams(location.hash.slice(1));
      for (const control of controls) {
        if (control.dataset.name && wanted.has(control.dataset.name)) control.value = wanted.get(control.dataset.name);
      }
    }

    function toAddress() {
      const wanted = new URLSearchParams();
      for (const control of controls) {
        if (control.dataset.name && control.value) wanted.set(control.dataset.name, control.value);
      }
      // The address of a filtered list can be kept and passed on.
      try { history.replaceState(null, "", "#" + wanted); } catch (error) { /* not on every disk */ }
    }

    heads.forEach(function (head) {
      head.querySelector("button").addEventListener("click", function () {
        const falling = order && order.head === head ? !order.falling : head.dataset.kind === "n";
        order = { head: head, falling: falling };
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", falling ? "descending" : "ascending");
        choose();
      });
    });
    pager.addEventListener("click", function (event) {
      const step = event.target.dataset.step;
      if (!step) return;
      page += Number(step);
      show();
      table.scrollIntoView({ block: "start" });
    });
    if (form) {
      form.addEventListener("submit", (event) => event.preventDefault());
      form.addEventListener("input", function () { choose(); if (form.querySelector("[data-name]")) toAddress(); });
      form.addEventListener("reset", () => setTimeout(function () { choose(); toAddress(); }));
    }
    fromAddress();
    choose();
    // Paper has no next page to ask for.
    window.addEventListener("beforeprint", function () { page = 0; show(rowsOfPrint); });
    window.addEventListener("afterprint", () => show());
    window.addEventListener("hashchange", function () { fromAddress(); choose(); });
  }

  function draw(figure) {
    if (figure.dataset.drawn || !window.embedChart || figure.offsetWidth === 0) return;
    figure.dataset.drawn = "1";
    const values = JSON.parse(figure.querySelector("script").textContent);
    const chart = JSON.parse(JSON.stringify(window.charts[figure.dataset.chart]));
    chart.datasets = { values: values };
    chart.height = Number(figure.dataset.height);
    const periods = new Set(values.map((value) => value.period)).size;
    for (const layer of chart.layer) {
      const scale = layer.encoding.color && layer.encoding.color.scale;
      // The newest period has the strongest colour, however many there are.
      if (scale) scale.range = scale.range.slice(-periods);
    }
    // On a phone the names give way to the bars.
    chart.config.axis.labelLimit = figure.offsetWidth < 500 ? Math.round(figure.offsetWidth * 0.38) : 260;
    const place = document.createElement("div");
    figure.append(place);
    window.embedChart(place, chart, { renderer: "svg", actions: false, ast: true, logLevel: 1 })
      .catch((error) => console.error(error));
  }

  document.querySelectorAll("[data-list]").forEach(list);
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach((details) => { details.open = true; });
  });
  document.querySelectorAll("[data-choose]").forEach(function (select) {
    function choose() {
      document.querySelectorAll("[data-choice='" + select.dataset.choose + "']").forEach(function (section) {
        section.classList.toggle("not-chosen", section.dataset.value !== select.value);
        section.querySelectorAll("[data-chart]").forEach(draw);
      });
    }
    select.addEventListener("change", choose);
    choose();
  });
  document.querySelectorAll("[data-chart]").forEach(draw);
  document.querySelectorAll("figure.page .scroll").forEach(function (scroll) {
    const box = scroll.querySelector(".box");
    if (box) scroll.scrollLeft = Math.max(0, box.offsetLeft - scroll.clientWidth / 3);
  });
})();
