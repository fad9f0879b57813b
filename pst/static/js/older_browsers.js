/* What Chrome 86, Firefox 90 or Safari 15 may lack; htmx asks for it too. */

for (const kind of [Element, DocumentFragment]) {
  kind.prototype.replaceChildren ??= function replaceChildren(...nodes) {
    this.textContent = "";
    this.append(...nodes);
  };
}
