import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "e2e/out/", "node_modules/", "syntaxes/", "server/", "schemas/"] },
  {
    files: ["src/**/*.ts"],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-floating-promises": ["error", { ignoreVoid: true, allowForKnownSafeCalls: ["test", "describe"] }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      eqeqeq: "error",
    },
  },
);
