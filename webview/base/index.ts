// What both pages share: DOM helpers, host messages, icons, theme colours, wording.
// Must not depend on a page.

export { type Child, h, svg } from "./dom.js";
export { keep, onMessage, post, recall, runCommand } from "./host.js";
export { curveSample, icon, type IconName } from "./icons.js";
export { counted, t } from "./l10n.js";
export { button, link, list, progressRing, unfold, walkRows } from "./parts.js";
export { onThemeChange, type Palette, readPalette } from "./theme.js";
export {
  baseName,
  duration,
  holdText,
  hunkReach,
  hunkStatus,
  moment,
  preciseMoment,
  returnCode,
  severityVerdict,
  shortPath,
  subsetWords,
  type Tone,
  variantTitle,
  type Verdict,
  verdictOf,
  worstFinding,
} from "./words.js";
