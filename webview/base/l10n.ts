// The page's texts in the editor's language: the English text is the key, and the host puts the bundle into the page.
// Works without a page, for tests.

type Bundle = Readonly<Record<string, string>>;

function readBundle(): Bundle {
  const text = typeof document === "undefined" ? null : (document.getElementById("l10n")?.textContent ?? null);
  if (text === null || text === "") return {};
  const json: unknown = JSON.parse(text);
  return typeof json === "object" && json !== null ? (json as Bundle) : {};
}

const bundle = readBundle();

/** `message` in the editor's language, `{0}` … replaced. */
export function t(message: string, ...args: readonly (string | number)[]): string {
  return (bundle[message] ?? message).replace(/\{(\d+)\}/g, (whole, index: string) => {
    const arg = args[Number(index)];
    return arg === undefined ? whole : String(arg);
  });
}

/** One of two messages by a count, which is `{0}` in both. */
export function counted(count: number, one: string, many: string, ...rest: readonly (string | number)[]): string {
  return t(count === 1 ? one : many, count, ...rest);
}
