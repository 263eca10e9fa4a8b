// The tooltip of the drawing: what is under the pointer, when, and where in the code.

import { baseName, h, moment, t, variantTitle } from "../base/index.js";
import type { Hit } from "./brush.js";

export class Tip {
  readonly element = h("div", { class: "tip", role: "tooltip", hidden: true });

  hide(): void {
    this.element.hidden = true;
  }

  /**
   * @param x and `y`: the pointer, in the pixels of the drawing
   * @param within the scrolled element that the tooltip must stay inside
   * @param alone there is no patch
   */
  show(hit: Hit, x: number, y: number, within: HTMLElement, alone: boolean): void {
    const { element } = this;
    element.hidden = false;
    const site = hit.mark?.site ?? hit.span?.site;
    element.replaceChildren(
      h("div", {}, hit.label()),
      h(
        "div",
        { class: "where" },
        [
          alone ? undefined : variantTitle(hit.variant, false),
          moment(hit.t),
          site === undefined ? undefined : t("{0} at {1}", site.function, `${baseName(site.file)}:${site.line}`),
        ]
          .filter((part) => part !== undefined)
          .join(" · "),
      ),
    );
    const { offsetWidth, offsetHeight } = element;
    element.style.left = `${Math.max(2, Math.min(x + 12, within.clientWidth - offsetWidth - 4))}px`;
    const below = y + 16;
    const bottom = within.scrollTop + within.clientHeight;
    element.style.top = `${below + offsetHeight > bottom ? y - offsetHeight - 8 : below}px`;
  }
}
