// Whether two programs run the same code on the same data. Places in the source do not count: the same text on other
// lines is the same code, also where a call passes its own line on (__LINE__ in WARN() and BUG()).

import type { IrFunction, Program } from "./ir.js";

/** Keys of instructions and functions that name a place or a variable and have no effect. */
const PLACES: ReadonlySet<string> = new Set(["site", "cov", "file", "line", "name"]);

/** Functions, calls and data are compared in order, so moved functions count as a difference. */
export function sameCode(a: Program, b: Program): boolean {
  if (a === b) return true;
  if (a.functions.length !== b.functions.length || a.dataEnd !== b.dataEnd) return false;
  if (a.image.length !== b.image.length || a.image.some((byte, i) => byte !== b.image[i])) return false;
  return a.functions.every((f, i) => {
    const g = b.functions[i];
    return g !== undefined && sameFunction(f, g, a, b);
  });
}

function sameFunction(f: IrFunction, g: IrFunction, a: Program, b: Program): boolean {
  const ownLine = (site: unknown, program: Program): number | undefined => (typeof site === "number" ? program.sites[site]?.line : undefined);

  const same = (x: unknown, y: unknown): boolean => {
    if (x === y) return true;
    if (typeof x !== "object" || typeof y !== "object" || x === null || y === null) return Number.isNaN(x) && Number.isNaN(y);
    if (Array.isArray(x) || Array.isArray(y)) return Array.isArray(x) && Array.isArray(y) && x.length === y.length && x.every((part, i) => same(part, y[i]));
    const left = x as Readonly<Record<string, unknown>>;
    const right = y as Readonly<Record<string, unknown>>;
    const keys = Object.keys(left).filter((key) => !PLACES.has(key));
    if (keys.length !== Object.keys(right).filter((key) => !PLACES.has(key)).length) return false;
    const isCall = left["k"] === "call" && right["k"] === "call";
    return keys.every((key) => {
      if (isCall && (key === "args" || key === "va")) return sameArguments(key, left, right);
      return key in right && same(left[key], right[key]);
    });
  };

  const sameArguments = (key: "args" | "va", x: Readonly<Record<string, unknown>>, y: Readonly<Record<string, unknown>>): boolean => {
    const [p, q] = [x[key], y[key]];
    if (!Array.isArray(p) || !Array.isArray(q) || p.length !== q.length) return false;
    return p.every((arg: unknown, i) => same(arg, q[i]) || (isLine(arg, ownLine(x["site"], a)) && isLine(q[i], ownLine(y["site"], b))));
  };

  return same(f, g);
}

/** Variadic arguments are widened to 64 bits. */
function isLine(arg: unknown, line: number | undefined): boolean {
  const e = arg as { readonly k?: unknown; readonly v?: unknown; readonly a?: unknown } | undefined;
  if (e?.k === "un") return isLine(e.a, line);
  return line !== undefined && e?.k === "i32" && e.v === line;
}
