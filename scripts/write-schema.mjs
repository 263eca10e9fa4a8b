// Writes docs/tcescope-1.schema.json: the JSON Schema of the result that the command line writes.
// Kept as a program so that shared parts are said once.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadEngine } from "./c.mjs";
import { projectDir } from "./process.mjs";

const { findingKinds } = await loadEngine(`export * from "./engine/machine/bugs/index.js";`);

const ns = { type: "number", description: "virtual nanoseconds since the simulated machine booted" };
const text = { type: "string" };
const count = { type: "integer", minimum: 0 };
/** @param {string} name */
const ref = (name) => ({ $ref: `#/$defs/${name}` });
/** @param {object} items */
const list = (items) => ({ type: "array", items });
/**
 * @param {Record<string, object>} properties
 * @param {readonly string[]} optional
 */
const object = (properties, optional = []) => ({
  type: "object",
  additionalProperties: false,
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
  properties,
});

const place = { file: { type: "string", description: "path relative to the tree; tcescope/… is the engine's own C" }, line: { type: "integer", minimum: 0 } };
const columnOf = { type: "integer", minimum: 1, description: "1-based, in UTF-16 code units" };
const spot = { ...place, column: columnOf, endColumn: columnOf, source: { type: "string", description: "the line as written" } };

const schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Result of a TCE Scope review, tcescope/1",
  ...object(
    {
      schema: { const: "tcescope/1" },
      tool: object({ name: { const: "tcescope" }, version: text }),
      tree: object({ version: { type: "string", description: "from the Makefile, for example 6.12.117" } }),
      patch: ref("patch"),
      scenario: object({ name: text, parameters: { type: "object", additionalProperties: text } }),
      replayed: { enum: ["before", "after"], description: "a witness of this variant was replayed; the run is in `before`" },
      before: { ...ref("variant"), description: "the unpatched tree" },
      after: { ...ref("variant"), description: "the tree with the patch; absent without a patch" },
      assumptions: { ...list(text), description: "what every verdict in this result assumes" },
      questions: { ...list(ref("answer")), description: "questions that reviewers ask about such a patch, answered by runs; present if requested" },
      timing: object({ totalMs: count, compileMs: count, runMs: count }),
    },
    ["patch", "replayed", "after", "questions"],
  ),
  $defs: {
    answer: object({
      id: text,
      question: text,
      tone: { enum: ["good", "note", "bad", "does-not-apply", "cannot-judge"] },
      answer: text,
      evidence: list({
        oneOf: [
          object({
            k: { const: "run" },
            text,
            scenario: object({ name: text, set: { type: "object", additionalProperties: text } }),
            variant: { enum: ["before", "after"] },
            witness: text,
          }),
          object({ k: { const: "place" }, text, ...place, variant: { enum: ["before", "after"] } }),
          object({ k: { const: "quote" }, text }),
        ],
      }),
    }),
    patch: object({ subject: text, from: text, date: text, version: text, repairs: list(text), hunks: list(ref("hunk")) }, ["date", "version"]),
    hunk: object(
      {
        file: text,
        header: text,
        status: { enum: ["applied", "offset", "fuzz", "already-applied", "failed", "off"] },
        line: { type: "integer", minimum: 0, description: "first line of the hunk in the tree's file; for a failed hunk, of the nearest place" },
        offset: { type: "integer" },
        fuzz: count,
        detail: text,
        reach: object({
          compiled: { type: "boolean", description: "whether any compiled translation unit reads the file" },
          code: { ...count, description: "changed lines with code: added lines in the patched program, deleted lines in the unpatched one" },
          ran: { ...count, description: "the number of these lines that ran on the default schedule" },
        }),
      },
      ["offset", "fuzz", "detail", "reach"],
    ),
    frame: object({ function: text, ...place, provided: { type: "boolean", description: "whether the function is part of the engine" } }, ["provided"]),
    event: object({ thread: { type: "integer" }, t: ns, stack: list(ref("frame")) }),
    finding: object(
      {
        kind: { enum: findingKinds },
        severity: {
          enum: ["oops", "silent", "warning"],
          description: "oops: the kernel or the thread dies; silent: an error that a production kernel usually does not report; warning: it is logged",
        },
        message: text,
        function: text,
        ...place,
        t: ns,
        thread: text,
        access: object({ type: { enum: ["read", "write", "free", "call"] }, size: count, address: text, text }),
        object: object({ kind: { enum: ["slab", "vmalloc", "pages", "global", "stack", "unknown"] }, size: count, offset: { type: "integer" } }),
        allocated: ref("event"),
        freed: ref("event"),
        stack: { ...list(ref("frame")), description: "innermost first" },
        condition: text,
        assumed: list(text),
        witness: { type: "string", description: "replays the run: tcescope replay --witness" },
        count: { type: "integer", minimum: 1 },
        story: ref("story"),
        search: {
          ...object({ setting: count, preemptions: count, answers: count, beside: count, times: count, executions: count }),
          description: "what the search's simplest witness needs; answers: failures and the like; times: executions of its setting that showed it",
        },
      },
      ["access", "object", "allocated", "freed", "condition", "assumed", "story", "search"],
    ),
    story: {
      ...object({ switches: list(ref("switch")), accesses: list(ref("objectAccess")), edges: list(ref("edge")) }),
      description: "present for a finding of a search or replay; times and thread IDs are those of the witness's run",
    },
    switch: object(
      {
        kind: { enum: ["preemption", "order"], description: "order: of several waiting threads, a different one runs first" },
        t: ns,
        held: { type: "integer", description: "the thread that is delayed" },
        heldName: text,
        after: { ...ref("frame"), description: "the last line that it reached" },
        before: { ...ref("frame"), description: "the line it is about to execute" },
        until: { ...ns, description: "when it continues; absent: never" },
        goes: { type: "integer", description: "the thread that runs meanwhile" },
        goesName: text,
      },
      ["after", "before", "until"],
    ),
    objectAccess: object(
      {
        t: ns,
        thread: { type: "integer" },
        type: { enum: ["read", "write", "atomic", "lock", "unlock", "free"] },
        site: ref("frame"),
        count: { type: "integer", minimum: 1 },
        bad: { const: true, description: "the access that the finding reports" },
      },
      ["bad"],
    ),
    edge: object({
      kind: { enum: ["happens-before", "race"] },
      from: { type: "integer", minimum: 0, description: "index into accesses" },
      to: { type: "integer", minimum: 0 },
    }),
    variant: object(
      {
        outcome: { enum: ["clean", "finding", "cannot-judge"] },
        reason: object({ message: text, ...spot, trail: list(object({ k: { enum: ["macro", "included"] }, message: text, ...spot })) }, [
          "column",
          "endColumn",
          "source",
          "trail",
        ]),
        findings: list(ref("finding")),
        covered: object(
          {
            text,
            executions: count,
            preemptions: count,
            cpus: count,
            buffers: count,
            memoryModel: { const: "sequential consistency" },
            search: object(
              {
                shard: object({ index: count, count }),
                algorithm: { enum: ["exhaustive", "random", "pct"] },
                complete: { type: "integer", minimum: -1 },
                end: { enum: ["complete", "executions", "time", "memory", "cancelled", "cannot-judge"] },
                operations: count,
                realMs: count,
                settings: { type: "array", items: count, description: "executions of each setting that was searched" },
              },
              ["shard"],
            ),
          },
          ["search"],
        ),
        concurrency: {
          ...list(object({ kind: { enum: ["data-race", "lock-order"] }, message: text, first: ref("frame"), second: ref("frame"), executions: count })),
          description: "data races and locks taken in both orders, seen in the executions of an exhaustive search; not part of the outcome",
        },
        survives: object(
          {
            hold: { ...ns, description: "the longest hold survived on the default schedule, ns; 0 if the shortest hold tried was not survived" },
            fails: { ...ns, description: "the shortest hold not survived, ns; absent if all holds tried were survived" },
            never: { type: "boolean", description: "whether a hold that never ends is survived" },
            executions: count,
          },
          ["fails"],
        ),
        lost: {
          ...list(
            object({
              message: text,
              function: text,
              ...place,
              object: object({ kind: { enum: ["slab", "vmalloc", "pages", "global", "stack", "unknown"] }, size: count }),
              allocated: ref("event"),
            }),
          ),
          description: "memory that nothing pointed to any more before the removal began; not part of the outcome",
        },
        functions: object({ tree: list(text), provided: list(text), assumed: list(text) }),
        log: { ...list(text), description: "kernel log lines (dmesg)" },
        detach: { anyOf: [{ type: "null" }, object({ start: ns, end: { anyOf: [ns, { type: "null" }] } })] },
        occupancy: list(object({ t: ns, mapped: count, bits: count, site: ref("frame") }, ["site"])),
        coverage: list(object({ file: text, lines: list({ type: "array", prefixItems: [count, count], minItems: 2, maxItems: 2 }) })),
        timeline: object(
          {
            end: ns,
            lanes: list(object({ id: { type: "integer" }, name: text, cpu: count })),
            spans: list(
              object(
                { thread: { type: "integer" }, start: ns, end: ns, kind: { enum: ["phase", "sleep", "lock", "run", "dead"] }, name: text, site: ref("frame") },
                ["site"],
              ),
            ),
            events: list({
              type: "object",
              required: ["k", "t", "thread"],
              properties: { k: { enum: ["hcall", "rtas", "map", "unmap", "log", "finding"] }, t: ns, thread: { type: "integer" } },
            }),
            /** Of records that were too many and alike, how many are not here. */
            thinned: object({ events: count, spans: count, occupancy: count }),
          },
          ["thinned"],
        ),
        witness: text,
        mappedAtDetach: count,
        peak: count,
      },
      ["reason", "survives", "concurrency", "lost"],
    ),
  },
};

writeFileSync(join(projectDir, "docs", "tcescope-1.schema.json"), `${JSON.stringify(schema, undefined, 2)}\n`);
