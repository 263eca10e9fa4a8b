// Where the lines of the text that was run are in the text as edited since, for the result shown and for the current run.
// Must not depend on vscode.

import { LineMap, type TextEdit } from "../base/index.js";

type Maps = Map<string, LineMap>;

export class TextPlaces {
  #ofResult: Maps = new Map();
  #ofRun: Maps = new Map();

  /** A run begins with the text as it is now. */
  runBegins(): void {
    this.#ofRun = new Map();
  }

  /** The current run's result is shown from now on. */
  runShown(): void {
    this.#ofResult = this.#ofRun;
  }

  forget(): void {
    this.#ofResult = new Map();
    this.#ofRun = new Map();
  }

  /** The present number of a line of the text that was run (both 1-based); undefined if the line was edited. */
  place(file: string, line: number): number | undefined {
    const map = this.#ofResult.get(file);
    return map === undefined ? line : map.place(line);
  }

  /** @param lineCount lines of the text after the edits */
  edited(file: string, lineCount: number, edits: readonly TextEdit[]): void {
    for (const maps of new Set([this.#ofResult, this.#ofRun])) {
      let map = maps.get(file);
      if (map === undefined) {
        const added = edits.reduce((sum, edit) => sum + edit.text.split("\n").length - 1 - (edit.end.line - edit.start.line), 0);
        map = new LineMap(lineCount - added);
        maps.set(file, map);
      }
      for (const edit of edits) map.apply(edit);
    }
  }
}
