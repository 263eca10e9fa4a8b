// The order in which a function's pieces are emitted: a weak topological order (Bourdoncle, "Efficient chaotic
// iteration strategies with widenings", 1993). Every loop becomes one contiguous component that begins with its
// head, so forward jumps are branches out of blocks and backward jumps branches to loops. Must not know instructions.

/** A piece, or a loop: its head first, then the rest of its body. */
export type Item = { readonly piece: number } | { readonly loop: readonly Item[] };

/** Orders the nodes reachable from node 0. `successors(n)`: the node to be placed right after n is last. */
export function orderPieces(count: number, successors: (node: number) => readonly number[]): readonly Item[] {
  const INFINITE = 0x7fffffff;
  const number_ = new Int32Array(count);
  const stack: number[] = [];
  let last = 0;

  // Partitions are built back to front: `partition` is reversed when complete.
  const component = (node: number): Item => {
    const partition: Item[] = [];
    for (const next of successors(node)) if (number_[next] === 0) visit(next, partition);
    partition.push({ piece: node });
    return { loop: partition.reverse() };
  };
  const visit = (node: number, partition: Item[]): number => {
    stack.push(node);
    const own = ++last;
    number_[node] = own;
    let head = own;
    let loop = false;
    for (const next of successors(node)) {
      const seen = number_[next] ?? 0;
      const lowest = seen === 0 ? visit(next, partition) : seen;
      if (lowest <= head) {
        head = lowest;
        loop = true;
      }
    }
    if (head !== own) return head;
    number_[node] = INFINITE;
    let element = stack.pop();
    if (loop) {
      while (element !== undefined && element !== node) {
        number_[element] = 0;
        element = stack.pop();
      }
      partition.push(component(node));
    } else partition.push({ piece: node });
    return head;
  };

  const all: Item[] = [];
  if (count > 0) visit(0, all);
  return all.reverse();
}
