// Circles between files: none may be left, types included. Which room may import which is scripts/lint/rooms.mjs's.

export default {
  forbidden: [{ name: "no-circular", severity: "error", from: {}, to: { circular: true } }],
  options: { tsPreCompilationDeps: true, doNotFollow: { path: "node_modules" }, tsConfig: { fileName: "tsconfig.base.json" } },
};
