// What each model can do at all.
import type { Capability } from '../../models/contract.js';
import { html } from '../html/html.js';
import type { PageSection } from '../html/page.js';
import type { Subject } from '../subject.js';

const questions: Readonly<Record<Capability, string>> = {
  sample: 'draws new rows',
  density: 'tells the exact likelihood of a row',
  bound: 'tells a bound on it, or an estimate',
  decode: 'makes rows of codes',
  encode: 'finds the code of a row',
  conditional: 'draws rows of a class',
  classify: 'tells the class of a row',
};

/** The matrix. */
export function abilitiesSection(subjects: readonly Subject[]): PageSection {
  const asked = Object.entries(questions).filter(([name]) =>
    subjects.some(({ capabilities }) => has(capabilities, name)),
  );
  return {
    id: 'abilities',
    title: 'What they can do',
    short: 'Abilities',
    body: html`<div class="scroll" tabindex="0" role="region" aria-label="Abilities of all models">
<table>
<caption>As each model was trained here: one that learnt without labels knows no classes.</caption>
<thead><tr><th scope="col">Model</th>${asked.map(([, question]) => html`<th scope="col" class="wrapped">${question}</th>`)}</tr></thead>
<tbody>
${subjects.map(
  ({ name, capabilities }) =>
    html`<tr><th scope="row">${name}</th>${asked.map(([ability]) =>
      has(capabilities, ability)
        ? html`<td class="mark"><span class="yes" aria-hidden="true">✓</span><span class="visually-hidden">yes</span></td>`
        : html`<td class="mark none"><span aria-hidden="true">·</span><span class="visually-hidden">no</span></td>`,
    )}</tr>
`,
)}
</tbody>
</table>
</div>`,
  };
}

function has(capabilities: readonly Capability[], name: string): boolean {
  return capabilities.some((capability) => capability === name);
}
