// What is to be given back when its owner goes.

export interface Disposes {
  dispose(): unknown;
}

export function disposeAll(owned: Iterable<Disposes>): void {
  for (const one of owned) one.dispose();
}
