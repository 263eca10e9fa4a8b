// Test projects: "unit" needs nothing but the sources, "tree" compiles and runs real kernel trees from .cache/trees.

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
    ],
    passWithNoTests: true,
    pool: "forks",
    poolOptions: { forks: { maxForks: 2 } },
  },
});
