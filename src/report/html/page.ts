// A whole page in one file: style inside, pictures inside, no script, nothing fetched. Sections in, HTML out.
import { type Content, type Html, html, trusted } from './html.js';
import { pageStyle } from './page-style.js';

/** A part of a page. */
export interface PageSection {
  /** What links lead to: `samples`. */
  readonly id: string;
  readonly title: string;
  /** In the list of sections, where the title is long. Default: the title. */
  readonly short?: string;
  /** What there is to see and how to read it, in a sentence or two. */
  readonly lead?: Content;
  readonly body: Html;
}

/** What a page is made of. */
export interface PageContent {
  readonly title: string;
  /** Above the title, in a few words. */
  readonly kicker?: string;
  /** One sentence, also what search engines and previews show. */
  readonly description: string;
  /** Below the title. */
  readonly lead?: Content;
  readonly sections: readonly PageSection[];
  /** How the page was made. */
  readonly colophon?: Content;
}

/** The page as a file's content. */
export function page({ title, kicker, description, lead, sections, colophon }: PageContent): string {
  const content = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${description}">
<title>${title}</title>
<style>${trusted(pageStyle)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="masthead">
${kicker !== undefined && html`<p class="kicker">${kicker}</p>`}
<h1>${title}</h1>
<div class="lead">${lead ?? html`<p>${description}</p>`}</div>
${sections.length > 2 && contents(sections)}
</header>
<main id="content">
${sections.map(section)}
</main>
${colophon !== undefined && html`<footer>${colophon}</footer>`}
</body>
</html>
`;
  return content.text;
}

function contents(sections: readonly PageSection[]): Html {
  const links = sections.map(({ id, short, title }) => html`<li><a href="#${id}">${short ?? title}</a></li>`);
  return html`<nav aria-label="Sections"><ol>${links}</ol></nav>`;
}

function section({ id, title, lead, body }: PageSection): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${lead !== undefined && html`<p class="section-lead">${lead}</p>`}
${body}
</section>
`;
}
