// The value of a floating constant, rounded once to the precision of its type (C11 6.4.4.2, as gcc rounds): through a
// double a float would be rounded twice. Exact arithmetic; knows no tokens.

const DECIMAL = /^([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]+))?$/;
const HEXADECIMAL = /^0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)$/;
/** Exponents past this give zero or infinity whatever the digits are; a number's digits are bounded elsewhere. */
const FAR = 20_000;

function bits(n: bigint): number {
  return n.toString(2).length;
}

/** numerator / denominator to the nearest number of so many bits, ties to even; `least`: exponent of the smallest step. */
function nearest(numerator: bigint, denominator: bigint, precision: number, least: number): number {
  if (numerator === 0n) return 0;
  const top = 1n << BigInt(precision);
  let exponent = Math.max(least, bits(numerator) - bits(denominator) - precision);
  for (;;) {
    const up = exponent < 0 ? numerator << BigInt(-exponent) : numerator;
    const down = exponent > 0 ? denominator << BigInt(exponent) : denominator;
    let whole = up / down;
    if (whole >= top) {
      exponent++;
      continue;
    }
    const rest = (up % down) * 2n;
    if (rest > down || (rest === down && (whole & 1n) === 1n)) whole++;
    return Number(whole) * 2 ** exponent;
  }
}

/** The value of a constant without its suffix; undefined where it is none. */
export function floatConstant(text: string, single: boolean): number | undefined {
  const hex = HEXADECIMAL.exec(text);
  const parts = hex ?? DECIMAL.exec(text);
  if (parts === null) return undefined;
  const [, whole = "", fraction = "", power = "0"] = parts;
  if (whole === "" && fraction === "") return undefined;
  if (hex === null && !single) return Number(text);
  const mantissa = BigInt(`${hex === null ? "" : "0x"}${whole}${fraction}`);
  const exponent = Number(power) - (hex === null ? 1 : 4) * fraction.length;
  if (mantissa === 0n || exponent < -FAR) return 0;
  if (exponent > FAR) return Infinity;
  const scale = (hex === null ? 10n : 2n) ** BigInt(Math.abs(exponent));
  const value = nearest(exponent < 0 ? mantissa : mantissa * scale, exponent < 0 ? scale : 1n, single ? 24 : 53, single ? -149 : -1074);
  return single ? Math.fround(value) : value;
}
