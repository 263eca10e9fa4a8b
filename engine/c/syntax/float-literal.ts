// The value of a floating constant, rounded once to the precision of its type (C11 6.4.4.2, as in gcc): by way of a double,
// a float would be rounded twice. Uses exact arithmetic; must not depend on tokens.

const DECIMAL = /^([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]+))?$/;
const HEXADECIMAL = /^0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)$/;
/** Larger exponents give zero or infinity for any digits; the number of digits is limited elsewhere. */
const MAX_EXPONENT = 20_000;

function bits(n: bigint): number {
  return n.toString(2).length;
}

/** numerator / denominator rounded to `precision` bits, ties to even; `least`: exponent of the smallest step. */
function nearest(numerator: bigint, denominator: bigint, precision: number, least: number): number {
  if (numerator === 0n) return 0;
  const top = 1n << BigInt(precision);
  let exponent = Math.max(least, bits(numerator) - bits(denominator) - precision);
  for (;;) {
    const up = exponent < 0 ? numerator << BigInt(-exponent) : numerator;
    const down = exponent > 0 ? denominator << BigInt(exponent) : denominator;
    let quotient = up / down;
    if (quotient >= top) {
      exponent++;
      continue;
    }
    const rest = (up % down) * 2n;
    if (rest > down || (rest === down && (quotient & 1n) === 1n)) quotient++;
    return Number(quotient) * 2 ** exponent;
  }
}

/** The value of a constant without its suffix; undefined if it is not a floating constant. */
export function floatConstant(text: string, single: boolean): number | undefined {
  const hex = HEXADECIMAL.exec(text);
  const parts = hex ?? DECIMAL.exec(text);
  if (parts === null) return undefined;
  const [, whole = "", fraction = "", power = "0"] = parts;
  if (whole === "" && fraction === "") return undefined;
  if (hex === null && !single) return Number(text);
  const mantissa = BigInt(`${hex === null ? "" : "0x"}${whole}${fraction}`);
  const exponent = Number(power) - (hex === null ? 1 : 4) * fraction.length;
  if (mantissa === 0n || exponent < -MAX_EXPONENT) return 0;
  if (exponent > MAX_EXPONENT) return Infinity;
  const scale = (hex === null ? 10n : 2n) ** BigInt(Math.abs(exponent));
  const value = nearest(exponent < 0 ? mantissa : mantissa * scale, exponent < 0 ? scale : 1n, single ? 24 : 53, single ? -149 : -1074);
  return single ? Math.fround(value) : value;
}
