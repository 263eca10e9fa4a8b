// Where lines of an older text are in the text as edited since. A line that was itself changed has no place any more.
// Knows nothing of vscode: edits come as plain ranges, lines are 1-based.

/** Lines and columns are 0-based here, as editors report them; `end` is exclusive in columns. */
export interface TextEdit {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
  readonly text: string;
}

export class LineMap {
  /** Index: 0-based line of the older text. Value: 0-based line now, or -1. */
  readonly #now: Int32Array;

  constructor(lineCount: number) {
    this.#now = Int32Array.from({ length: lineCount }, (_, line) => line);
  }

  /** The present place (1-based) of a line (1-based) of the older text, or undefined when it was edited away. */
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
