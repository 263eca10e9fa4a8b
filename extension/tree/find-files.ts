// A file search that always ends: on a file system without a search of its own (in a browser, some virtual ones) the
// editor's search never returns.

import * as vscode from "vscode";

/** Waits at most `limitMs`, then returns nothing. `token` ends the search early. */
export async function findFilesWithin(
  limitMs: number,
  pattern: vscode.GlobPattern,
  exclude: vscode.GlobPattern,
  most?: number,
  token?: vscode.CancellationToken,
): Promise<readonly vscode.Uri[]> {
  const source = new vscode.CancellationTokenSource();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const givenUp = new Promise<readonly vscode.Uri[]>((resolve) => {
    const giveUp = (): void => {
      source.cancel();
      resolve([]);
    };
    timer = setTimeout(giveUp, limitMs);
    token?.onCancellationRequested(giveUp);
  });
  try {
    return await Promise.race([givenUp, vscode.workspace.findFiles(pattern, exclude, most, source.token)]);
  } finally {
    clearTimeout(timer);
    source.dispose();
  }
}
