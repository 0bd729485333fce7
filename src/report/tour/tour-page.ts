// The tour's page: a chapter for each stage with its story and what it drew, then the comparison of all of them.
import { isImageShape } from '../../data/index.js';
import { colophon, compare } from '../compare.js';
import { durationText, formatCount, rateText } from '../format.js';
import { type Content, type Html, html } from '../html/html.js';
import { type PageSection, page } from '../html/page.js';
import { pagePicture, pictureMarkup } from '../html/picture.js';
import type { Subject } from '../subject.js';
import type { LatentSheets } from './latent-sheets.js';
import type { TourRoute } from './routes/route.js';
import type { TourStage } from './stage.js';
import { formulaList, type ToldTraining, trainingCurves, trainingFacts, trainingWarnings } from './told-training.js';

/** A stage that is over. */
export interface ToldStage {
  readonly stage: TourStage;
  readonly subject: Subject;
  /** Of models with codes for images. */
  readonly sheets?: LatentSheets;
  readonly training?: ToldTraining;
}

/** What the page tells of the tour as a whole. */
export interface TourFacts {
  readonly route: TourRoute;
  readonly dataName: string;
  readonly minutes: number;
  /** What the tour has taken so far. */
  readonly seconds: number;
  /** Stages to come, in order. */
  readonly toCome: readonly TourStage[];
  /** Stages that these data allow no model for, and why. */
  readonly failed: readonly { readonly stage: TourStage; readonly why: string }[];
  /** How to do more: commands that can be typed as they are. */
  readonly commands: readonly { readonly command: string; readonly what: string }[];
}

/** The page as a file's content. */
export function tourPage(told: readonly ToldStage[], facts: TourFacts): string {
  const { route, dataName, minutes, seconds, toCome, failed, commands } = facts;
  const subjects = told.map(({ subject }) => subject);
  const [first] = subjects;
  const rows = first?.evaluation.data.training.rows;
  const description = route.describe(spelled(told.length + toCome.length), dataName);
  const comparison = subjects.length === 0 ? undefined : compare(subjects);
  // The chapters show what was drawn; side by side it tells more only of trainings that differ in little.
  const compared = comparison?.sections.filter(({ id }) => route.isAboutTraining || id !== 'samples') ?? [];
  return page({
    title: route.title,
    kicker: `Verisim on ${dataName}`,
    description,
    lead: html`<p>${description}</p><p class="small muted sans">${
      toCome.length === 0
        ? `Trained and judged in ${durationText(seconds)}, within a budget of ${durationText(minutes * 60)}${rows === undefined ? '' : `, from ${formatCount(rows)} rows`}.`
        : `Still under way: ${told.length} of ${told.length + toCome.length} chapters after ${durationText(seconds)}. Load the page again to see how far it is.`
    }</p>`,
    sections: [
      opening(route, first),
      ...told.map((one, index) => chapter(route, one, index)),
      ...(failed.length === 0 ? [] : [leftOut(failed)]),
      ...(toCome.length === 0 ? [] : [rest(toCome)]),
      ...(toCome.length === 0 ? compared : []),
      ...(toCome.length === 0 ? [furtherSection(commands)] : []),
    ],
    ...(subjects.length === 0 ? {} : { colophon: colophon(subjects) }),
  });
}

function opening({ opening: { title, text } }: TourRoute, subject: Subject | undefined): PageSection {
  const real = subject?.pictures['real.png'] ?? subject?.pictures['real.svg'];
  return {
    id: 'question',
    title,
    body: html`<div class="chapter${real === undefined && ' alone'}"><div>
${text}
</div>${real !== undefined && sheet(real, 'Real rows', captionOf(subject?.evaluation.data.heldOut === undefined ? 'The data' : 'The data: held-out rows that no model has seen', subject))}</div>`,
  };
}

function chapter(route: TourRoute, { stage, subject, sheets, training }: ToldStage, index: number): PageSection {
  const { pictures, evaluation } = subject;
  const picture = pictures['samples.png'] ?? pictures['samples.svg'];
  const { trainingSeconds, parameters, samplesPerSecond } = evaluation.cost;
  const facts = [
    trainingSeconds !== undefined && `trained ${durationText(trainingSeconds)}`,
    training !== undefined && trainingFacts(training),
    parameters !== undefined && `${formatCount(parameters)} parameters`,
    samplesPerSecond !== undefined && `draws ${rateText(samplesPerSecond)}`,
  ].filter((fact) => fact !== false);
  const readings = route.readings.flatMap((names) => {
    const row = names.flatMap((name) => evaluation.rows.find(({ metric }) => metric === name) ?? [])[0];
    return row === undefined ? [] : [row];
  });
  const { headings } = route;
  const curves = training !== undefined && trainingCurves(subject);
  const { look, leadsOn } = { ...stage, ...(isOfImages(subject) ? {} : stage.ofNumbers) };
  return {
    id: stage.name,
    title: `${index + 1}. ${stage.title}`,
    short: capital(stage.about?.name ?? stage.title),
    body: html`<div class="chapter${picture === undefined && ' alone'}"><div>
<p class="facts">${[stage.kind, ...facts].join(' · ')}</p>
<p><strong>${headings.assumes}</strong> ${stage.assumes}</p>
${stage.formulas !== undefined && formulaList(stage.formulas)}
<p><strong>${headings.look}</strong> ${look}</p>
${
  readings.length > 0 &&
  html`<dl class="readings">${readings.map(({ title, reading }) => html`<dt>${title}</dt><dd>${reading}</dd>`)}</dl>`
}
<p><strong>${headings.leadsOn}</strong> ${leadsOn}</p>
${training !== undefined && trainingWarnings(training)}
</div>${picture !== undefined && html`<div>${sheet(picture, `Samples drawn by ${subject.name}`, captionOf('Samples', subject))}${curves}</div>`}</div>
${sheets !== undefined && latent(sheets, subject)}`,
  };
}

function isOfImages(subject: Subject | undefined): boolean {
  return isImageShape(subject?.evaluation.data.exampleShape ?? []);
}

/** Tables are seen from one side only. */
function captionOf(what: string, subject: Subject | undefined): string {
  const { exampleShape = [] } = subject?.evaluation.data ?? {};
  const isTable = exampleShape.length === 1 && (exampleShape[0] ?? 0) > 2;
  return isTable ? `${what}, in the two directions in which real rows vary most.` : `${what}.`;
}

function latent(sheets: LatentSheets, { name }: Subject): Html {
  return html`<div class="chapter sheets">
${sheet(sheets['reconstructions.png'], `Real rows and their reconstructions by ${name}`, 'Real rows above, rebuilt from their codes below.')}
${sheet(sheets['interpolations.png'], `Interpolations by ${name}`, 'From one row to another, in equal steps between their codes.')}
</div>`;
}

function leftOut(failed: TourFacts['failed']): PageSection {
  return {
    id: 'left-out',
    title: 'Left out',
    lead: 'Models that could not be trained on these data, and what they said.',
    body: html`<dl class="commands">${failed.map(({ stage, why }) => html`<dt>${stage.title}</dt><dd>${why}</dd>`)}</dl>`,
  };
}

function rest(toCome: readonly TourStage[]): PageSection {
  return {
    id: 'to-come',
    title: 'Still to come',
    body: html`<ol>${toCome.map(({ title }) => html`<li>${title}</li>`)}</ol>`,
  };
}

function furtherSection(commands: TourFacts['commands']): PageSection {
  return {
    id: 'further',
    title: 'Where to go from here',
    short: 'Further',
    lead: 'Every chapter left a run folder with its model, its curves and its evaluation. These commands go on from there.',
    body: html`<dl class="commands">${commands.map(({ command, what }) => html`<dt><code>${command}</code></dt><dd>${what}</dd>`)}</dl>`,
  };
}

function sheet(content: Uint8Array | string, alt: string, caption: Content): Html {
  const picture = pagePicture(content);
  return html`<figure><div class="sheet${'svg' in picture && ' drawn'}">${pictureMarkup(picture, alt)}</div><figcaption>${caption}</figcaption></figure>`;
}

const words = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'];

function spelled(count: number): string {
  return words[count] ?? String(count);
}

function capital(text: string): string {
  return text.replace(/^./, (letter) => letter.toUpperCase());
}
