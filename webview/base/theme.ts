// The theme's colours for the canvas, read again whenever the theme changes.

export interface Palette {
  readonly foreground: string;
  readonly dim: string;
  readonly line: string;
  readonly background: string;
  readonly before: string;
  readonly after: string;
  readonly error: string;
  readonly warning: string;
  readonly cursor: string;
  readonly font: string;
  /** No fills: outlines, dashes and shapes carry the meaning. */
  readonly highContrast: boolean;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.body);
  const pick = (...names: readonly string[]): string => {
    for (const name of names) {
      const value = style.getPropertyValue(`--vscode-${name}`).trim();
      if (value !== "") return value;
    }
    return style.color;
  };
  return {
    foreground: pick("foreground"),
    dim: pick("descriptionForeground", "foreground"),
    line: pick("panel-border", "contrastBorder", "foreground"),
    background: pick("panel-background", "sideBar-background", "editor-background"),
    before: pick("tceScope-before", "charts-orange"),
    after: pick("tceScope-after", "charts-blue"),
    error: pick("editorError-foreground", "errorForeground"),
    warning: pick("editorWarning-foreground"),
    cursor: pick("foreground"),
    font: `11px ${pick("font-family") || "sans-serif"}`,
    highContrast: document.body.classList.contains("vscode-high-contrast") || document.body.classList.contains("vscode-high-contrast-light"),
  };
}

/** VS Code changes the body's classes and the root's variables when the theme changes. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
}
