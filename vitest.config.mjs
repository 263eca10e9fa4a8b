// Test projects: "unit" needs only the sources, "tree" compiles and runs real kernel trees from .cache/trees, "editor"
// drives a real VS Code with the packed extension in Chromium, "bench" measures performance.

import { defineConfig } from "vitest/config";
import { ownSourcesForVite } from "./scripts/own-sources.mjs";

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [ownSourcesForVite()],
        test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 20_000 },
      },
      {
        plugins: [ownSourcesForVite()],
        test: { name: "tree", include: ["test/tree/**/*.test.ts"], testTimeout: 180_000, hookTimeout: 180_000 },
      },
      {
        test: {
          name: "editor",
          include: ["test/editor/**/*.test.ts"],
          globalSetup: ["test/editor/setup.ts"],
          setupFiles: ["test/editor/failures.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // A browser on a loaded machine may lose a key press. The output marks a test that passes only on retry "retry x1".
          retry: 1,
          // One editor at a time: two editors on two cores cause timeouts in each other's tests.
          maxWorkers: 1,
        },
      },
      {
        plugins: [ownSourcesForVite()],
        test: { name: "bench", include: [], benchmark: { include: ["test/bench/**/*.bench.ts"] } },
      },
    ],
    passWithNoTests: true,
    pool: "forks",
    maxWorkers: 2,
  },
});
