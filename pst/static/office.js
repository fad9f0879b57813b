/* Tools on officers' pages: the Markdown toolbar, and articles put into an answer. */
(() => {
  const put = (area, start, end, text, from, to) => {
    area.focus();
    area.setRangeText(text, start, end, "end");
    if (from !== undefined) area.setSelectionRange(start + from, start + to);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const chosen = (area) => area.value.slice(area.selectionStart, area.selectionEnd);

  function format(button, area) {
    const { selectionStart: start, selectionEnd: end, value } = area;
    const { wrap, line, link, block } = button.dataset;
    if (wrap) {
      const text = chosen(area) || "teks";
      put(area, start, end, wrap + text + wrap, wrap.length, wrap.length + text.length);
    } else if (line) {
      const first = value.lastIndexOf("\n", start - 1) + 1;
      const text = value.slice(first, end).split("\n").map((l) => line + l).join("\n");
      put(area, first, end, text);
    } else if (link) {
      const text = chosen(area) || "tautan";
      const from = text.length + 3;
      put(area, start, end, `[${text}](${link})`, from, from + link.length);
    } else if (block) {
      put(area, start, end, `\n${block}\n`);
    }
  }

  document.querySelectorAll("[data-editor]").forEach((editor) => {
    const bar = editor.querySelector(".toolbar");
    const area = editor.querySelector("textarea");
    bar.hidden = false;
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) format(button, area);
    });
    area.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const wrap = { b: "**", i: "*" }[event.key];
      if (!wrap) return;
      event.preventDefault();
      format(bar.querySelector(`[data-wrap="${wrap}"]`), area);
    });
    area.addEventListener("input", () => {
      const preview = document.getElementById("pratinjau");
      if (preview) preview.closest("details").hidden = false;
    });
  });

  function insert(button) {
    const area = document.querySelector("#composer textarea");
    if (!button || !area) return false;
    const before = area.value && !area.value.endsWith("\n") ? "\n\n" : "";
    put(area, area.value.length, area.value.length, before + button.dataset.insert);
    return true;
  }
  document.addEventListener("click", (event) => insert(event.target.closest("[data-insert]")));
  document.addEventListener("keydown", (event) => {
    const search = event.target.closest?.("[data-choices] input");
    if (!search || event.key !== "Enter") return;
    const buttons = document.querySelectorAll("#pilihan [data-insert]");
    if (insert(buttons[event.ctrlKey ? 1 : 0])) event.preventDefault();
  });
})();
