// Sheets of images along the codes that an InfoGAN has discovered: a sheet for each code, a column for each of its values.
import type { Portrait, Samples } from '../../contract.js';
import type { CodeWalk } from './code-walks.js';

/** The most sheets, and columns of a sheet. */
const [mostSheets, mostColumns] = [10, 20];

/** A walk with the rows that its codes decode to. */
export interface DecodedWalk extends CodeWalk {
  /** G(z) [rows * values, ...exampleShape], row by row. */
  readonly samples: Samples;
}

/** A sheet for each of the first walks, whose samples are images. */
export function walkPortraits(walks: readonly DecodedWalk[]): Portrait[] {
  return walks.slice(0, mostSheets).map((walk) => {
    const { kind, number, values } = walk;
    const shown = values.slice(0, mostColumns);
    const isCategory = kind === 'category';
    const cut = shown.length < values.length ? [`the first ${shown.length} of ${values.length}`] : [];
    return {
      name: `code-${kind}-${number}`,
      title: isCategory ? `categorical code ${number}` : `continuous code ${number}`,
      caption: [
        isCategory ? 'a column for each category' : 'a column for each value',
        ...cut,
        'all else is the same along a row',
      ].join('; '),
      images: firstColumns(walk, shown.length),
      columns: shown.length,
      columnLabels: shown.map((value) => (isCategory ? String(value) : value.toFixed(1).replace('-', '−'))),
    };
  });
}

/** The first images of every row. */
function firstColumns({ samples: { data, shape }, values }: DecodedWalk, columns: number): Samples {
  const [count = 0, ...exampleShape] = shape;
  const rows = count / values.length;
  const size = data.length / count;
  const picked = new Float32Array(rows * columns * size);
  for (let row = 0; row < rows; row++) {
    const start = row * values.length * size;
    picked.set(data.subarray(start, start + columns * size), row * columns * size);
  }
  return { data: picked, shape: [rows * columns, ...exampleShape] };
}
