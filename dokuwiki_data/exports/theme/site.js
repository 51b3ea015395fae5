// The menu of small screens, wide tables that the keyboard can scroll, and tables of data that sort and filter.
// Without it, all of a page can still be read.
"use strict";

(() => {
  const button = document.querySelector(".menu-button");
  const menu = document.querySelector(".menu");
  document.documentElement.classList.add("scripted");
  button.hidden = false;
  button.addEventListener("click", () => {
    const opens = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(opens));
    menu.classList.toggle("is-open", opens);
  });

  const contents = document.querySelector(".toc");
  if (contents && matchMedia("(max-width: 56rem)").matches) contents.open = false;

  // What scrolls sideways has to be within reach of the keyboard.
  const reach = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll("article pre, article .table").forEach((element) => reach.observe(element));

  // Rows of values: neither headers, nor sums, nor the row for filters.
  const isValue = (cell) => cell.tagName === "TD" && cell.className.trim().includes(" ");
  const valueRows = (table) =>
    table.matches(".sortable")
      ? [...table.tBodies[0].rows]
      : [...table.rows].filter((row) => row.cells.length > 0 && [...row.cells].every(isValue));

  const number = (text) => {
    const found = text.replace(/[\s\u00a0'%€$£]/g, "");
    return /^[-+]?(\d+([.,]\d+)?|\d{1,3}(,\d{3})+(\.\d+)?)$/.test(found)
      ? Number(/,\d{3}(,|\.|$)/.test(found) ? found.replace(/,/g, "") : found.replace(",", "."))
      : NaN;
  };
  const language = document.documentElement.lang || undefined;
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const compare = (one, other) => {
    if (!one || !other) return !one - !other; // what is empty comes last
    const [a, b] = [number(one), number(other)];
    return Number.isNaN(a) || Number.isNaN(b) ? collator.compare(one, other) : a - b;
  };

  // What a cell is sorted by: what it shows, unless that is rounded.
  const valueOf = (cell) => cell.dataset.value ?? cell.textContent.trim();

  const sorted = (rows, column, descends) => {
    const order = rows.map((row) => [valueOf(row.cells[column]), row]);
    order.sort(([one], [other]) => (descends && one && other ? -compare(one, other) : compare(one, other)));
    const behind = document.createComment("");
    rows[rows.length - 1].after(behind);
    const result = order.map(([, row]) => row);
    behind.before(...result);
    behind.remove();
    return result;
  };

  // Around a table that says how many rows are shown at first: how many there are, and a button that shows all.
  const counter = (table, showAll) => {
    const wrap = table.closest(".table") ?? table;
    const [tools, count, below, button] = ["div", "p", "div", "button"].map((name) => document.createElement(name));
    count.setAttribute("role", "status");
    const above = wrap.parentElement.querySelector(":scope > .tools") ?? tools;
    above.classList.add("tools");
    above.prepend(count);
    if (above === tools) wrap.before(tools);
    below.className = "more-rows";
    button.type = "button";
    button.addEventListener("click", showAll);
    below.append(button);
    wrap.after(below);
    const written = (number) => number.toLocaleString(language);
    return (shown, matching, all) => {
      const found = matching === all ? `${written(all)} rows` : `${written(matching)} of ${written(all)} rows match`;
      count.textContent = shown === matching ? found : `${found}; the first ${written(shown)} are shown`;
      button.textContent = `Show all ${written(matching)} rows`;
      below.hidden = shown === matching;
    };
  };

  for (const table of document.querySelectorAll("table.dataplugin_table, table.sortable")) {
    let rows = valueRows(table);
    const headers = [...(table.rows[0]?.cells ?? [])].filter((cell) => cell.tagName === "TH");
    if (!rows.length) continue;
    let most = Number(table.dataset.rows) || Infinity;
    const filters = table.querySelector("tr.dataflt");
    const fields = [...(filters?.cells ?? [])].map((cell, column) => {
      const field = document.createElement("input");
      field.type = "search";
      field.placeholder = "Filter";
      field.setAttribute("aria-label", `Filter by ${headers[column]?.textContent.trim() || column + 1}`);
      if (column < rows[0].cells.length) cell.replaceChildren(field);
      return field;
    });
    const matches = () => {
      const wanted = fields.map((field) => field.value.trim().toLocaleLowerCase(language));
      if (!wanted.some(Boolean)) return () => true;
      return (row) =>
        wanted.every((text, column) => !text || row.cells[column]?.textContent.toLocaleLowerCase(language).includes(text));
    };
    const showAll = () => {
      most = Infinity;
      show();
    };
    const count = table.dataset.rows && (filters || rows.length > most) ? counter(table, showAll) : () => {};
    const show = () => {
      const isMatch = matches();
      let matching = 0;
      for (const row of rows) row.hidden = !isMatch(row) || ++matching > most;
      count(Math.min(matching, most), matching, rows.length);
    };

    if (rows.length > 1) {
      headers.forEach((header, column) => {
        if (column >= rows[0].cells.length) return;
        const mark = header.firstElementChild;
        if (mark?.tagName === "SPAN" && "↑↓".includes(mark.textContent)) {
          // The order that the query asks for, as the plugin marks it.
          header.setAttribute("aria-sort", mark.textContent === "↑" ? "descending" : "ascending");
          mark.remove();
        }
        const sorter = document.createElement("button");
        sorter.type = "button";
        sorter.className = "sorter";
        sorter.append(...header.childNodes);
        header.append(sorter);
        sorter.addEventListener("click", () => {
          const descends = header.getAttribute("aria-sort") === "ascending";
          headers.forEach((other) => other.removeAttribute("aria-sort"));
          header.setAttribute("aria-sort", descends ? "descending" : "ascending");
          rows = sorted(rows, column, descends);
          show();
        });
      });
    }
    fields.forEach((field) => field.addEventListener("input", show));
    if (filters) filters.hidden = false;
    show();
  }
})();
