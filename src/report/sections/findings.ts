// What a hurried reader takes home: who is best at what, as far as the values tell.
import type { Contest, Entry } from '../contest.js';
import { durationText, rateText } from '../format.js';
import { html } from '../html/html.js';
import type { PageSection } from '../html/page.js';
import type { Subject } from '../subject.js';

interface Finding {
  readonly label: string;
  readonly who: string;
  readonly text: string;
}

const labels: Readonly<Record<Contest['topic'], string>> = {
  likelihood: 'Expects unseen rows most',
  samples: 'Most like the data',
  copying: 'Nearest to copying',
  diversity: 'As varied as the data',
  representation: 'Most useful codes',
};

/** The findings; none where there is nothing to compare. */
export function findingsSection(subjects: readonly Subject[], contests: readonly Contest[]): PageSection | undefined {
  const topics = [...new Set(contests.map(({ topic }) => topic))];
  const found = [
    ...topics.flatMap((topic) => {
      const own = contests.filter((contest) => contest.topic === topic);
      return topic === 'copying' ? mostSuspicious(own) : winner(own);
    }),
    ...costFindings(subjects),
  ];
  if (found.length === 0) return undefined;
  return {
    id: 'findings',
    title: 'In short',
    body: html`<ul class="findings">${found.map(
      ({ label, who, text }) => html`<li><span class="label">${label}</span><strong>${who}</strong><p>${text}</p></li>
`,
    )}</ul>`,
  };
}

/** Metrics that say something to people who do not know them, where there are several that most models have. */
const preferred: readonly string[] = ['bits-per-dimension', 'fid'];
/** Metrics that rank models badly, by their own account. */
const misleading: readonly string[] = ['parzen'];

/** By the metric of a topic that most models have: a preferred one, otherwise the first. */
function headline(contests: readonly Contest[]): { contest: Contest; entries: readonly Entry[] } | undefined {
  const trusted = contests.filter(({ name }) => !misleading.some((metric) => name.startsWith(metric)));
  const fields = trusted.map((contest) => ({
    contest,
    entries: contest.entries.filter((entry) => entry !== undefined).filter(({ standing }) => standing !== 'apart'),
  }));
  const most = Math.max(0, ...fields.map(({ entries }) => entries.length));
  const fullest = fields.filter(({ entries }) => entries.length === most);
  const isPreferred = ({ contest }: (typeof fields)[number]): boolean =>
    preferred.some((name) => contest.name.split('[')[0] === name);
  return most < 2 ? undefined : (fullest.find(isPreferred) ?? fullest[0]);
}

function winner(contests: readonly Contest[]): Finding[] {
  const field = headline(contests);
  if (field === undefined) return [];
  const { contest, entries } = field;
  const leaders = entries.filter(({ standing }) => standing === 'best' || standing === 'within-noise');
  const best = entries.find(({ standing }) => standing === 'best') ?? bestOf(contest, leaders);
  if (best === undefined) return [];
  const others = leaders.filter((entry) => entry !== best).map(({ subject }) => subject.name);
  const noise =
    others.length === 0
      ? ''
      : ` ${names(others)} ${others.length === 1 ? 'does' : 'do'} not differ from it by more than noise.`;
  return [{ label: labels[contest.topic], who: best.subject.name, text: `${best.row.reading}${noise}` }];
}

function mostSuspicious(contests: readonly Contest[]): Finding[] {
  const field = headline(contests);
  if (field === undefined) return [];
  const { contest, entries } = field;
  const worst = bestOf({ better: contest.better === 'higher' ? 'lower' : 'higher' }, entries);
  return worst === undefined ? [] : [{ label: labels.copying, who: worst.subject.name, text: worst.row.reading }];
}

function bestOf({ better }: Pick<Contest, 'better'>, entries: readonly Entry[]): Entry | undefined {
  const sign = better === 'higher' ? 1 : -1;
  return entries.toSorted((a, b) => sign * (b.row.value - a.row.value))[0];
}

/** Trainings whose times differ by less than this factor were given the same time. */
const sameTime = 1.5;

function costFindings(subjects: readonly Subject[]): Finding[] {
  const least = (of: (subject: Subject) => number | undefined): Subject | undefined =>
    subjects
      .filter((subject) => of(subject) !== undefined)
      .toSorted((a, b) => (of(a) ?? 0) - (of(b) ?? 0))
      .at(0);
  if (subjects.length < 2) return [];
  const quick = least(({ evaluation }) => evaluation.cost.trainingSeconds);
  const fast = least(({ evaluation: { cost } }) => cost.samplesPerSecond && -cost.samplesPerSecond);
  const longest = Math.max(...subjects.map(({ evaluation }) => evaluation.cost.trainingSeconds ?? 0));
  const slowest = Math.min(
    ...subjects.map(({ evaluation }) => evaluation.cost.samplesPerSecond ?? Number.POSITIVE_INFINITY),
  );
  const quickSeconds = quick?.evaluation.cost.trainingSeconds;
  const fastRate = fast?.evaluation.cost.samplesPerSecond;
  return [
    ...(quick === undefined || quickSeconds === undefined || longest < sameTime * quickSeconds
      ? []
      : [
          {
            label: 'Quickest to train',
            who: quick.name,
            text: `In ${durationText(quickSeconds)}; the slowest took ${durationText(longest)}.`,
          },
        ]),
    ...(fast === undefined || fastRate === undefined
      ? []
      : [
          {
            label: 'Quickest to draw',
            who: fast.name,
            text: `${capital(rateText(fastRate))}; the slowest draws ${rateText(slowest)}.`,
          },
        ]),
  ];
}

function capital(text: string): string {
  return text.replace(/^./, (letter) => letter.toUpperCase());
}

function names(all: readonly string[]): string {
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
