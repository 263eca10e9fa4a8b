// Small helpers of the extension: disposal, wording, line maps.
// Must not depend on the engine's client or a review.

export { disposeAll, type Disposes } from "./disposal.js";
export { LineMap, type TextEdit } from "./line-map.js";
export {
  duration,
  endOf,
  findingPlace,
  frameUnderReview,
  inReadingOrder,
  moment,
  momentOfWorst,
  outcomeWords,
  ownCondition,
  plural,
  returnCode,
  severityMark,
  severityWord,
  variantWords,
  worstFinding,
} from "./words.js";
