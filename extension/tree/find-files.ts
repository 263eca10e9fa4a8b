// A search for files that ends: a file system without a search of its own (a browser's, some virtual ones) leaves the
// editor's question open for ever.

import * as vscode from "vscode";

/** At most `limitMs` of waiting; nothing where the file system does not answer. `token` ends the search early. */
export async function findFilesWithin(
  limitMs: number,
  pattern: vscode.GlobPattern,
  exclude: vscode.GlobPattern,
  most?: number,
  token?: vscode.CancellationToken,
): Promise<readonly vscode.Uri[]> {
  const source = new vscode.CancellationTokenSource();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const given = new Promise<readonly vscode.Uri[]>((resolve) => {
    const give = (): void => {
      source.cancel();
      resolve([]);
    };
    timer = setTimeout(give, limitMs);
    token?.onCancellationRequested(give);
  });
  try {
    return await Promise.race([given, vscode.workspace.findFiles(pattern, exclude, most, source.token)]);
  } finally {
    clearTimeout(timer);
    source.dispose();
  }
}
