// Full-text search: asks the index that Pagefind made. It needs a server, so it stays hidden in files.
"use strict";

(() => {
  const box = document.querySelector(".search");
  if (!box || location.protocol === "file:") return;
  const field = box.querySelector("input");
  const results = box.querySelector(".results");
  const MOST = 12;
  let library;
  let asked = 0;

  const loaded = () => {
    library ??= import(new URL(`${box.dataset.root}pagefind/pagefind.js`, document.baseURI).href);
    return library;
  };

  // An excerpt is text with <mark> around the words that were found; nothing else in it counts as markup.
  const marked = (excerpt) => {
    const line = document.createElement("p");
    excerpt.split(/<mark>(.*?)<\/mark>/s).forEach((piece, number) => {
      const text = new DOMParser().parseFromString(piece, "text/html").body.textContent;
      if (number % 2) {
        const mark = document.createElement("mark");
        mark.textContent = text;
        line.append(mark);
      } else {
        line.append(text);
      }
    });
    return line;
  };

  const show = async () => {
    const words = field.value.trim();
    const number = ++asked;
    if (!words) {
      results.hidden = true;
      results.replaceChildren();
      return;
    }
    const index = await loaded();
    const found = await index.search(words);
    const pages = await Promise.all(found.results.slice(0, MOST).map((one) => one.data()));
    if (number !== asked) return;
    const list = document.createElement("ul");
    for (const page of pages) {
      const link = document.createElement("a");
      link.href = page.url;
      link.textContent = page.meta.title || page.url;
      const item = document.createElement("li");
      item.append(link, marked(page.excerpt));
      list.append(item);
    }
    const count = document.createElement("p");
    const left = found.results.length - pages.length;
    count.className = "count";
    count.textContent = found.results.length ? (left ? `and ${left} more` : "") : "Nothing was found.";
    results.replaceChildren(...(pages.length ? [list] : []), ...(count.textContent ? [count] : []));
    results.hidden = false;
  };

  box.hidden = false;
  let waiting;
  field.addEventListener("focus", () => loaded().catch(() => { box.hidden = true; }), { once: true });
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") results.hidden = true;
  });
  document.addEventListener("click", (event) => {
    if (!box.contains(event.target)) results.hidden = true;
  });
})();
