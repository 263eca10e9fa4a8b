import { describe, expect, it } from "vitest";
import { LineMap, type TextEdit } from "../../extension/base/line-map.js";

/** The lines of `text` after the edits, and the new place of each old line in the map. */
function edit(text: string, edits: readonly TextEdit[]): { readonly lines: readonly string[]; readonly places: readonly (number | undefined)[] } {
  const before = text.split("\n");
  const map = new LineMap(before.length);
  let now = text;
  for (const one of edits) {
    const offset = ({ line, character }: TextEdit["start"]): number =>
      now
        .split("\n")
        .slice(0, line)
        .reduce((sum, each) => sum + each.length + 1, 0) + character;
    now = now.slice(0, offset(one.start)) + one.text + now.slice(offset(one.end));
    map.apply(one);
  }
  return { lines: now.split("\n"), places: before.map((_, i) => map.place(i + 1)) };
}

const at = (line: number, character: number): TextEdit["start"] => ({ line, character });

describe("lines while the text is edited", () => {
  const text = "a\nb\nc\nd";

  it("keep their place above an edit and move below it", () => {
    const { lines, places } = edit(text, [{ start: at(1, 1), end: at(1, 1), text: "\nnew" }]);
    expect(lines).toEqual(["a", "b", "new", "c", "d"]);
    expect(places).toEqual([1, 2, 4, 5]);
  });

  it("lose their place when their own text changes", () => {
    expect(edit(text, [{ start: at(2, 0), end: at(2, 1), text: "x" }]).places).toEqual([1, 2, undefined, 4]);
  });

  it("move with a whole line inserted above", () => {
    const { lines, places } = edit(text, [{ start: at(2, 0), end: at(2, 0), text: "new\n" }]);
    expect(lines[places[2]! - 1]).toBe("c"); // the expectation itself fails when there is no place
  });

  it("disappear when whole lines are deleted, and those below move up", () => {
    expect(edit(text, [{ start: at(1, 0), end: at(3, 0), text: "" }]).places).toEqual([1, undefined, undefined, 2]);
  });

  it("follow several edits in turn", () => {
    const { lines, places } = edit(text, [
      { start: at(0, 0), end: at(0, 0), text: "one\ntwo\n" },
      { start: at(3, 0), end: at(4, 0), text: "" },
    ]);
    expect(lines).toEqual(["one", "two", "a", "c", "d"]);
    expect(places).toEqual([3, undefined, 4, 5]);
  });
});
