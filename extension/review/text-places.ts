// Where the lines of the text that was run are in the text as edited since, for the result that is shown and for the run
// under way. Knows nothing of vscode.

import { LineMap, type TextEdit } from "../base/index.js";

type Maps = Map<string, LineMap>;

export class TextPlaces {
  #ofResult: Maps = new Map();
  #ofRun: Maps = new Map();

  /** Another run begins, with the text as it is now. */
  runBegins(): void {
    this.#ofRun = new Map();
  }

  /** What the run under way brought is shown from now on. */
  runShown(): void {
    this.#ofResult = this.#ofRun;
  }

  forget(): void {
    this.#ofResult = new Map();
    this.#ofRun = new Map();
  }

  /** Where a line (1-based) of the file's text that was run is now; undefined when it was edited. */
  place(file: string, line: number): number | undefined {
    const map = this.#ofResult.get(file);
    return map === undefined ? line : map.place(line);
  }

  /** @param linesNow lines of the text after the edits */
  edited(file: string, linesNow: number, edits: readonly TextEdit[]): void {
    for (const maps of new Set([this.#ofResult, this.#ofRun])) {
      let map = maps.get(file);
      if (map === undefined) {
        const added = edits.reduce((sum, edit) => sum + edit.text.split("\n").length - 1 - (edit.end.line - edit.start.line), 0);
        map = new LineMap(linesNow - added);
        maps.set(file, map);
      }
      for (const edit of edits) map.apply(edit);
    }
  }
}
