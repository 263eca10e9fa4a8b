// Resources that are released together with their owner.

export interface Disposes {
  dispose(): unknown;
}

export function disposeAll(owned: Iterable<Disposes>): void {
  for (const one of owned) one.dispose();
}
