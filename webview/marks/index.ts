// A run's events as series that can be drawn and searched.
// Must not touch the DOM.

export { firstAfter, firstAt, type Lane, MarkSeries, seriesOf } from "./mark-series.js";
export { busyTimes, firstMoment, groupOf, lastMoment, type Mark, type MarkGroup, markGroups, type Row, rowsOf, spanWords, variantsOf } from "./marks.js";
export { readingAt, Readings, svgPath } from "./occupancy.js";
export { follow, fullView, pan, type Scale, scaleOf, ticks, type Viewport, zoom } from "./scale.js";
export { type DrawnSpan, layersByCpu, layersByThread, SpanLayer } from "./span-layers.js";
export { activityWarp, linearWarp, type Warp } from "./warp.js";
