// The project's own C and scenario files as text, embedded at build time (scripts/own-sources.mjs) so that the engine
// reads them without file access. Keys are paths under engine/, such as "kernel/locks.c".

declare module "tcs:sources" {
  export const ownSources: Readonly<Record<string, string>>;
}
