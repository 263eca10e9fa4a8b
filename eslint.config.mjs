// Lint: the strictest typed rules, tuned where a rule argues with the domain (each with its reason), and the import
// direction. Must not hold formatting rules: Prettier has those.

import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";
import { importDirection } from "./scripts/lint/import-direction.mjs";

export default defineConfig(
  { ignores: ["dist/", "out/", ".cache/", "node_modules/", "coverage/", "test/**/fixtures/"] },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/consistent-type-exports": "error",
      "@typescript-eslint/prefer-readonly": "error",
      "@typescript-eslint/strict-boolean-expressions": ["error", { allowNullableBoolean: true, allowString: true, allowNumber: true }],
      // Numbers and booleans in messages are this project's daily bread.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // `(v) => list.push(v)` reads better than a block, and `return fail(…)` is how a function says "and that was all".
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      // Token, opcode and decision kinds live in typed arrays, where an enum is its number again.
      "@typescript-eslint/no-unsafe-enum-comparison": "off",
      "@typescript-eslint/no-unsafe-enum-assignment": "off",
      // noPropertyAccessFromIndexSignature asks for the brackets this rule would take away.
      "@typescript-eslint/dot-notation": ["error", { allowIndexSignaturePropertyAccess: true }],
      // `while (true)` is how a lexer and a scheduler say "until something inside ends it".
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: "only-allowed-literals" }],
      // A leading underscore marks a parameter that an interface demands and this implementation does not need.
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // An interface and a type of the same shape differ in nothing that matters here.
      "@typescript-eslint/consistent-type-definitions": "off",
      // Index loops over typed arrays are faster, and in the front end clearer, than iterators.
      "@typescript-eslint/prefer-for-of": "off",
      // noUncheckedIndexedAccess makes `a[i]!` the honest form in a bounds-checked hot loop; the reason stands beside it.
      "@typescript-eslint/no-non-null-assertion": "off",
      eqeqeq: "error",
      "no-restricted-syntax": ["error", { selector: "ExportDefaultDeclaration", message: "No default exports: a thing has one name." }],
      "no-console": "error",
    },
  },
  {
    // Scripts run before anything is installed or built, so they are plain JavaScript; tsc checks their types.
    files: ["**/*.mjs"],
    extends: [...tseslint.configs.strict, ...tseslint.configs.stylistic],
    rules: { eqeqeq: "error" },
  },
  {
    files: ["**/*.{ts,mjs}"],
    plugins: { tcs: { rules: { "import-direction": importDirection } } },
    rules: { "tcs/import-direction": "error" },
  },
  {
    // A test or a command line may print.
    files: ["test/**/*.ts", "engine/node/cli.ts"],
    rules: { "no-console": "off" },
  },
);
