// Findings as VS Code lists them: Problems, the Findings tree, badges, quick fixes, the status bar.
// Must not start a review.

export { FindingDiagnostics } from "./diagnostics.js";
export { FileBadges } from "./file-badges.js";
export { FindingsView, findingsViewId } from "./findings-view.js";
export { FindingNavigator } from "./navigator.js";
export { FindingActions } from "./quick-fixes.js";
export { StatusBar } from "./status-bar.js";
