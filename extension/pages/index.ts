// Hosts of the two webviews.
// Must not draw: the pages do.

export { panelHost, panelViewId } from "./panel-host.js";
export { timelineHost, timelineViewId } from "./timeline-host.js";
