// The output formats. A new format is a file that exports a ReportFormat, and a line here.

import type { ReportFormat } from "./format.js";
import { jsonFormat } from "./json.js";
import { textFormat } from "./text.js";

export const formats: readonly ReportFormat[] = [textFormat, jsonFormat];
