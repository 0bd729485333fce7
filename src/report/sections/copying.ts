// Samples beside the training rows that are nearest to them: whether a model makes new rows or repeats old ones.
import { type Html, html } from '../html/html.js';
import type { PageSection } from '../html/page.js';
import { pagePicture, pictureMarkup } from '../html/picture.js';
import type { Subject } from '../subject.js';

/** The section; none where there are no images to show. */
export function copyingSection(subjects: readonly Subject[]): PageSection | undefined {
  const shown = subjects.filter(({ pictures }) => pictures['first.png'] !== undefined);
  if (shown.length === 0) return undefined;
  return {
    id: 'copying',
    title: 'Are they new?',
    short: 'Copying',
    lead: 'In every picture samples stand above and the training images nearest to them below. A model that has learnt what images look like draws ones that resemble their neighbours as one handwriting resembles another; one that copies draws the neighbour itself.',
    body: html`<div class="pairs">${shown.map(pairs)}</div>`,
  };
}

function pairs({ name, pictures, evaluation: { rows } }: Subject): Html {
  const [verdict] = rows.filter(({ topic }) => topic === 'copying');
  const figures: readonly [keyof typeof pictures, string, string][] = [
    [
      'first.png',
      'The first samples, and what is nearest to each',
      `The first samples of ${name} above their nearest training images`,
    ],
    [
      'closest.png',
      'The samples nearest to any training image',
      `The samples of ${name} that are nearest to training images, above those`,
    ],
  ];
  return html`<div class="pair-row">
<h3>${name}</h3>
${verdict !== undefined && html`<p class="verdict">${verdict.reading}</p>`}
${figures.map(([file, caption, alt]) => {
  const picture = pictures[file];
  return (
    picture !== undefined &&
    html`<figure>${pictureMarkup(pagePicture(picture), alt)}<figcaption>${caption}</figcaption></figure>`
  );
})}
</div>
`;
}
