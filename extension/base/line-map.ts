// Maps the lines of an older text to the text as edited since. A line that was itself edited maps to nothing. Must not
// depend on vscode: edits are plain ranges, lines are 1-based.

/** Lines and columns are 0-based here, as editors report them; `end` is exclusive in columns. */
export interface TextEdit {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
  readonly text: string;
}

export class LineMap {
  /** Index: 0-based line of the older text. Value: 0-based present line, or -1. */
  readonly #now: Int32Array;

  constructor(lineCount: number) {
    this.#now = Int32Array.from({ length: lineCount }, (_, line) => line);
  }

  /** The present number of a line of the older text (both 1-based); undefined if it was edited. */
  place(line: number): number | undefined {
    const now = this.#now[line - 1];
    return now === undefined || now < 0 ? undefined : now + 1;
  }

  apply(edit: TextEdit): void {
    const { start, end, text } = edit;
    const added = text.split("\n").length - 1;
    const shift = added - (end.line - start.line);
    const wholeLines = start.character === 0 && end.character === 0 && (text === "" || text.endsWith("\n"));
    const atLineEnd = start.line === end.line && start.character === end.character && /^\r?\n/.test(text) && start.character > 0;
    for (let i = 0; i < this.#now.length; i++) {
      const line = this.#now[i] ?? -1;
      if (line < start.line) continue;
      if (line > end.line) this.#now[i] = line + shift;
      else if (wholeLines) this.#now[i] = line === end.line ? line + shift : -1;
      else if (!atLineEnd) this.#now[i] = -1;
    }
  }
}
