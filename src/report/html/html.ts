// HTML as a tagged template that escapes whatever is put into it; only what a template made goes in as it is.

/** Markup that is safe to put into a page. */
export class Html {
  readonly text: string;

  /** Use {@link html}, or {@link trusted} for markup that comes from elsewhere. */
  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What a template takes: markup, text, numbers, lists of them; nothing where it is false, null or undefined. */
export type Content = Html | string | number | false | null | undefined | readonly Content[];

/**
 * Markup from a template.
 *
 * @example html`<p class="${name}">${text}</p>`.text   // text and name escaped
 */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(strings.reduce((text, string, index) => text + render(contents[index - 1]) + string));
}

/** Markup that is known to be safe: SVG that Verisim drew. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

/** `text` with the characters that mean something in HTML replaced, in content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function render(content: Content): string {
  if (content === undefined || content === null || content === false) return '';
  if (content instanceof Html) return content.text;
  if (Array.isArray(content)) return content.map(render).join('');
  return escapeHtml(String(content));
}
