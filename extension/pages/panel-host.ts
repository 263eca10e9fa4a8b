// The host of the side panel "TCE Scope: Review", which needs neither the timeline's events nor the executed lines.

import { type Uri } from "vscode";
import type { VariantResult, ViewState } from "../../engine/protocol.js";
import type { ReviewSession } from "../review/index.js";
import { WebviewHost } from "./webview-host.js";

export const panelViewId = "tceScope.review";

export function panelHost(session: ReviewSession, extensionUri: Uri): WebviewHost {
  return new WebviewHost({ viewId: panelViewId, bundle: "panel", title: "TCE Scope: Review", select: withoutEvents }, session, extensionUri);
}

function withoutEvents(state: ViewState): ViewState {
  const { result } = state;
  if (result === undefined) return state;
  return { ...state, result: { ...result, before: slim(result.before), ...(result.after === undefined ? {} : { after: slim(result.after) }) } };
}

function slim(variant: VariantResult): VariantResult {
  return { ...variant, coverage: [], timeline: { end: variant.timeline.end, lanes: variant.timeline.lanes, spans: [], events: [] } };
}
