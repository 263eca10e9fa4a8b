// Branded scalars for module borders: a line is never mistaken for an address, nor jiffies for nanoseconds.

declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Virtual time in nanoseconds since the machine's boot. A number: 2^53 ns are 104 days. */
export type SimTime = Brand<number, "SimTime">;
/** A place in linear memory: the lower 32 bits of a 64-bit kernel address. */
export type Addr = Brand<number, "Addr">;

export function simTime(ns: number): SimTime {
  return ns as SimTime;
}
export function addr(value: number): Addr {
  return value as Addr;
}
