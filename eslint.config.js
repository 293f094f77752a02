import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["node_modules/", ".venv/", "src/urbanlayer/publish/page/vendor/", "maps/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.browser },
    rules: {
      "complexity": ["error", 16],
      "eqeqeq": "error",
      "max-depth": ["error", 3],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "no-eval": "error",
      "no-implicit-globals": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-shadow": "error",
      "no-unused-vars": "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Text of a layer is never markup." },
        { property: "outerHTML", message: "Text of a layer is never markup." },
        { property: "insertAdjacentHTML", message: "Text of a layer is never markup." },
      ],
    },
  },
  // The oldest browsers that run the page: Chrome 93, Firefox 92, Safari 15.4.
  {
    files: ["src/**"],
    languageOptions: { ecmaVersion: 2022 },
    rules: {
      "no-restricted-syntax": ["error", {
        selector: "MemberExpression[property.name=/^(findLast|findLastIndex|toSorted|toReversed|toSpliced|with|groupBy|withResolvers|isSubsetOf|hasIndices)$/]",
        message: "Not in the oldest browsers that run the page.",
      }],
    },
  },
  { files: ["src/**/fallback.js"], languageOptions: { ecmaVersion: 5, sourceType: "script" }, rules: { "no-var": "off" } },
  { files: ["tests/**"], languageOptions: { globals: globals.node } },
];
