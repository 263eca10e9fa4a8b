// The host of the view "TCE Timeline" in the panel area, which needs the events, but neither executed lines nor the
// log's text.

import { type Uri } from "vscode";
import type { VariantResult, ViewState } from "../../engine/protocol.js";
import type { OpenedRun, ReviewSession } from "../review/index.js";
import { WebviewHost } from "./webview-host.js";

export const timelineViewId = "tceScope.timeline";

export function timelineHost(session: ReviewSession, run: OpenedRun, extensionUri: Uri): WebviewHost {
  const page = { viewId: timelineViewId, bundle: "timeline", title: "TCE Timeline", select: withoutLines };
  return new WebviewHost({ ...page, operations: (request) => run.operations(request) }, session, extensionUri);
}

function withoutLines(state: ViewState): ViewState {
  const { result } = state;
  if (result === undefined) return state;
  return { ...state, result: { ...result, before: slim(result.before), ...(result.after === undefined ? {} : { after: slim(result.after) }) } };
}

function slim(variant: VariantResult): VariantResult {
  return { ...variant, coverage: [], log: [] };
}
