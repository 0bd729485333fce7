// How an array from a file is read as rows: the first axis counts them, and what remains is an image where it has two or three axes.
import { FileFormatError } from '../core/errors.js';

/**
 * The shape of one row of an array of this shape: [N] gives [1], [N, D] gives [D], [N, H, W] grey images [H, W, 1],
 * [N, H, W, C] images [H, W, C].
 *
 * @throws FileFormatError for another number of axes, or images laid out [N, C, H, W]
 */
export function rowShape(shape: readonly number[], path: string): readonly number[] {
  const [, first = 1, second, third] = shape;
  const text = `[${shape.join(', ')}]`;
  if (shape.length < 1 || shape.length > 4 || shape.some((axis) => axis === 0))
    throw new FileFormatError(
      path,
      `holds an array of shape ${text}; expected rows [N, D], grey images [N, H, W] or images [N, H, W, C], none of them empty.`,
    );
  if (second === undefined) return [first];
  if (third === undefined) return [first, second, 1];
  if (third > 4 && first <= 4)
    throw new FileFormatError(
      path,
      `holds an array of shape ${text}, which looks like images [N, C, H, W]; ` +
        'expected [N, H, W, C]. Convert it with x.transpose(0, 2, 3, 1).',
    );
  return [first, second, third];
}
