// Einstein's summation: products and sums over named axes, reduced to batched matrix products.
import { ShapeError } from '../../core/errors.js';
import { type Dim, formatShape, sameDim, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { multiply } from './arithmetic.js';
import { matmul } from './matmul.js';
import { sum } from './reduce.js';
import { reshape } from './reshape.js';
import { transpose } from './transpose.js';

/** A tensor whose axes have letters. */
interface Named {
  readonly letters: readonly string[];
  readonly tensor: Tensor;
}

/**
 * Einstein's summation: letters name axes, values at equal letters are multiplied, letters missing from the result are summed.
 * A letter stands once in a term; several operands are contracted from left to right.
 *
 * @example einsum('bij,bjk->bik', x, y)            // [b, i, j], [b, j, k] -> [b, i, k]
 * @throws ShapeError for a formula that does not fit the operands
 */
export function einsum(formula: string, ...operands: readonly Tensor[]): Tensor {
  const [left = '', right] = formula.replaceAll(' ', '').split('->');
  const terms = left.split(',');
  if (right === undefined || terms.length !== operands.length)
    throw new ShapeError(
      `einsum: "${formula}" does not describe ${operands.length} operands; write it like "ij,jk->ik".`,
    );
  const output = [...right];
  const named = operands.map((tensor, index) => namedAxes(formula, [...(terms[index] ?? '')], tensor));
  for (const letter of output)
    if (!left.includes(letter) || output.indexOf(letter) !== output.lastIndexOf(letter))
      throw new ShapeError(`einsum: "${letter}" of the result of "${formula}" names no axis or stands twice.`);
  const { letters, tensor } = named.reduce((result, next, index) =>
    contract(result, next, new Set([...output, ...terms.slice(index + 1).join('')])),
  );
  const kept = summedExcept({ letters, tensor }, (letter) => output.includes(letter));
  return transpose(
    kept.tensor,
    output.map((letter) => kept.letters.indexOf(letter)),
  );
}

function namedAxes(formula: string, letters: readonly string[], tensor: Tensor): Named {
  if (letters.length !== tensor.rank || new Set(letters).size !== letters.length)
    throw new ShapeError(
      `einsum: "${letters.join('')}" in "${formula}" has to name each of the ${tensor.rank} axes of ` +
        `${formatShape(tensor.shape)} once.`,
    );
  return { letters, tensor };
}

function summedExcept({ letters, tensor }: Named, isKept: (letter: string) => boolean): Named {
  const axes = letters.flatMap((letter, axis) => (isKept(letter) ? [] : [axis]));
  return axes.length === 0 ? { letters, tensor } : { letters: letters.filter(isKept), tensor: sum(tensor, { axes }) };
}

/** Contracts two operands by one batched product: shared needed letters are batches, other shared letters are summed. */
function contract(first: Named, second: Named, needed: ReadonlySet<string>): Named {
  const a = summedExcept(first, (letter) => needed.has(letter) || second.letters.includes(letter));
  const b = summedExcept(second, (letter) => needed.has(letter) || first.letters.includes(letter));
  for (const letter of a.letters)
    if (b.letters.includes(letter) && !sameDim(dimOf(a, letter), dimOf(b, letter)))
      throw new ShapeError(`einsum: axis "${letter}" has length ${dimOf(a, letter)} and ${dimOf(b, letter)}.`);
  const shared = a.letters.filter((letter) => b.letters.includes(letter));
  const batches = shared.filter((letter) => needed.has(letter));
  const inner = shared.filter((letter) => !needed.has(letter));
  const rows = a.letters.filter((letter) => !shared.includes(letter));
  const columns = b.letters.filter((letter) => !shared.includes(letter));
  const letters = [...batches, ...rows, ...columns];
  // Without a sum there is nothing for a matrix product to do.
  if (inner.length === 0) return { letters, tensor: multiply(spread(a, letters), spread(b, letters)) };
  const left = grouped(a, [batches, rows, inner]);
  const right = grouped(b, [batches, inner, columns]);
  const shape = letters.map((letter) => dimOf(a.letters.includes(letter) ? a : b, letter));
  return { letters, tensor: reshape(matmul(left, right), shape) };
}

function dimOf({ letters, tensor }: Named, letter: string): Dim {
  return tensor.dim(letters.indexOf(letter));
}

function ordered({ letters, tensor }: Named, order: readonly string[]): Tensor {
  return transpose(
    tensor,
    order.map((letter) => letters.indexOf(letter)),
  );
}

/** The axes in the order of `letters`, of length 1 where there is none. */
function spread(named: Named, letters: readonly string[]): Tensor {
  const own = letters.filter((letter) => named.letters.includes(letter));
  return reshape(
    ordered(named, own),
    letters.map((letter) => (own.includes(letter) ? dimOf(named, letter) : 1)),
  );
}

/** The batch axes, then one axis each for the two other groups. */
function grouped(
  named: Named,
  [batches, first, second]: readonly [readonly string[], readonly string[], readonly string[]],
): Tensor {
  const dims = (letters: readonly string[]) => letters.map((letter) => dimOf(named, letter));
  return reshape(ordered(named, [...batches, ...first, ...second]), [
    ...dims(batches),
    sizeOf(dims(first)),
    sizeOf(dims(second)),
  ]);
}
