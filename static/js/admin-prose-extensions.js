// Loaded by the rich-text editor: the table header keeps its scope, which casebook/richtext.py allows.
import { TableHeader as Base } from "django-prose-editor/editor";

export const TableHeader = Base.extend({
  addAttributes() {
    return { ...this.parent?.(), scope: { default: null, parseHTML: (cell) => cell.getAttribute("scope") } };
  },
});
