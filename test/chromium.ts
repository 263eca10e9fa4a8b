// Chromium for tests: where it is installed, and the flags that keep it quiet on a machine without a display or a network.

import { existsSync } from "node:fs";

export const chromiumFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Absolute path of the browser; the environment variable CHROMIUM comes first. */
export function findChromium(): string | undefined {
  const own = process.env["CHROMIUM"];
  return [...(own === undefined ? [] : [own]), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
}
