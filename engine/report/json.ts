// Results as JSON: a review in the schema tcescope/1, an explanation with its fields as they are.

import type { ReportFormat } from "./format.js";

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 1)}\n`;
}

export const jsonFormat: ReportFormat = {
  name: "json",
  option: { name: "json", purpose: "write the result as JSON (schema tcescope/1); -: standard output" },
  review: json,
  explanation: json,
};
