// The project's own C and scenario files as text, embedded at build time (scripts/own-sources.mjs) so that the engine
// needs no file access to find them. Keys are paths under engine/: "kernel/lock.c", "scenario/late-unmap.json".

declare module "tcs:sources" {
  export const ownSources: Readonly<Record<string, string>>;
}
