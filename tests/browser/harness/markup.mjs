// What the bytes of a page must be before a browser mends them: strictly nested, one id once, every label at its field.
import { HtmlValidate } from "html-validate";

const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // Matters of taste.
    "attribute-boolean-style": "off",
    "attribute-empty-style": "off",
    "doctype-style": "off",
    "long-title": "off",
    "no-trailing-whitespace": "off",
    "tel-non-breaking": "off",
    "void-style": "off",
    "no-inline-style": "error",
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
    // A scrolling table has a tabindex; a message that appears has a role.
    "prefer-native-element": "off",
    // A field of a row is called by list, number and column: actions.0.area.
    "valid-id": ["error", { relaxed: true }],
    // A list is sent as one name several times.
    "form-dup-name": "off",
  },
});

// Sentences, one a fault; none for a page that is right.
export async function faultsOfMarkup(html) {
  const report = await validator.validateString(html);
  return report.results.flatMap((result) =>
    result.messages.filter((message) => message.severity === 2).map((m) => `markup, line ${m.line}: ${m.message} (${m.ruleId})`),
  );
}
