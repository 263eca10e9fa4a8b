// Small parts of the panel's sections: buttons, links, unfolding parts, lists.

import { type Child, h } from "./dom.js";
import { keep, recall, runCommand } from "./host.js";
import { t } from "./l10n.js";

export function button(label: string, command: string, appearance: "primary" | "secondary" = "secondary"): HTMLElement {
  return h("vscode-button", { appearance, onClick: () => runCommand(command) }, label);
}

/** @param key restores the focus after the page is rebuilt */
export function link(label: string, onClick: () => void, title?: string, key?: string): HTMLElement {
  return h("button", { class: "link", type: "button", onClick, title, "data-key": key }, label);
}

/** A part that unfolds; its state is remembered. */
export function unfold(name: string, summary: Child, ...body: readonly Child[]): HTMLDetailsElement {
  const details = h("details", { open: recall(`open.${name}`, false) }, h("summary", { "data-key": `open.${name}` }, summary), ...body);
  details.addEventListener("toggle", () => keep(`open.${name}`, details.open));
  return details;
}

export function list(items: readonly string[]): HTMLElement {
  return h("ul", {}, ...items.map((item) => h("li", {}, item)));
}

/** The toolkit gives the ring an English label when it is attached, so the label is replaced afterwards. */
export function progressRing(): HTMLElement {
  const ring = h("vscode-progress-ring");
  queueMicrotask(() => ring.setAttribute("aria-label", t("Running")));
  return ring;
}

/** Up and Down move the focus through the rows, as in VS Code's own lists. */
export function walkRows(within: HTMLElement): HTMLElement {
  within.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    const rows = [...within.querySelectorAll<HTMLElement>("button.row")];
    const next = rows[rows.findIndex((row) => row === document.activeElement) + step];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  });
  return within;
}
