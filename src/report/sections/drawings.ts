// The models as cards: what each drew, what it is, what it is good and bad for.

import { durationText } from '../format.js';
import { type Html, html } from '../html/html.js';
import type { PageSection } from '../html/page.js';
import { pagePicture, pictureMarkup } from '../html/picture.js';
import type { Subject } from '../subject.js';

/** The samples side by side, the data first. */
export function drawingsSection(subjects: readonly Subject[]): PageSection {
  const real = subjects.find(
    ({ pictures }) => pictures['real.png'] !== undefined || pictures['real.svg'] !== undefined,
  );
  return {
    id: 'samples',
    title: 'What they drew',
    short: 'Samples',
    lead: 'Samples as they came, none picked out. Next to them what each model is good for (+) and bad for (−), whatever the data.',
    body: html`<div class="cards">
${real !== undefined && realCard(real)}
${subjects.map(card)}
</div>`,
  };
}

function realCard({ pictures, evaluation: { data } }: Subject): Html {
  const picture = pictures['real.png'] ?? pictures['real.svg'];
  const rows = data.heldOut ?? data.training;
  return html`<article class="card">
${picture !== undefined && sheet(picture, `Real rows of ${data.name}`)}
<h3>The data</h3>
<p class="facts">${data.name}, ${rows.rows.toLocaleString('en')} ${data.heldOut === undefined ? 'training' : 'held-out'} rows</p>
<p>What the models have to match. They learnt from ${data.training.rows.toLocaleString('en')} ${data.heldOut === undefined ? 'rows like these' : 'other rows like these'}.</p>
</article>
`;
}

function card(subject: Subject): Html {
  const { name, kind, description, strengths, weaknesses, pictures, evaluation } = subject;
  const picture = pictures['samples.png'] ?? pictures['samples.svg'];
  const isDrawing = evaluation.samples > 0;
  return html`<article class="card">
${
  picture === undefined
    ? html`<div class="none"><p>${isDrawing ? 'Its rows are neither images nor a few numbers, so there is nothing to show.' : 'Draws no rows: it tells classes apart.'}</p></div>`
    : sheet(picture, `Samples drawn by ${name}`)
}
<h3>${name}</h3>
<p class="facts">${facts(subject)}</p>
<p>${name === kind ? '' : html`<span class="sans small">${kind}</span>: `}${description}</p>
<dl class="traits">
<dt class="good"><span aria-hidden="true">+</span><span class="visually-hidden">good for</span></dt><dd>${strengths}</dd>
<dt class="bad"><span aria-hidden="true">−</span><span class="visually-hidden">bad for</span></dt><dd>${weaknesses}</dd>
</dl>
</article>
`;
}

/** How long it trained, and with which options. */
function facts({ evaluation: { cost }, options }: Subject): string {
  const set = Object.entries(options).map(([option, value]) => `${option} ${JSON.stringify(value)}`);
  const time = cost.trainingSeconds === undefined ? [] : [`trained ${durationText(cost.trainingSeconds)}`];
  return [...time, ...set].join(', ');
}

function sheet(content: Uint8Array | string, alt: string): Html {
  const picture = pagePicture(content);
  return html`<figure class="sheet${'svg' in picture && ' drawn'}">${pictureMarkup(picture, alt)}</figure>`;
}
