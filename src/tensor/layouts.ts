// Which images keep their channels in blocks from operator to operator. ONNX Runtime's convolution takes and gives them so (see
// ./operators/convolution-blocked.ts), most operators take either order, and some need channels last. Operators that have to agree, such as
// those of a normalisation, are joined, and everything that is joined gets the order in which fewer numbers have to be moved.
import { ShapeError } from '../core/errors.js';
import type { GraphBuilder } from './onnx/graph-builder.js';
import { orderedFromBlocked, sameOrder, toBlocked } from './operators/blocked-images.js';
import { elementCount } from './shape.js';
import type { BlockedImage, LaidOut, Layout, Made, Tensor } from './tensor.js';

/** The images that are kept in blocks, and their sizes. */
export type BlockedImages = ReadonlyMap<Tensor, BlockedImage>;

/** Passes go over the pixels of an image in one line: images of fewer stay in order, and rows of channels, [N, 1, 1, C], do. */
const fewestPixels = 8;

/**
 * The tensors to keep in blocks. Only what is done in fewer passes over memory there is moved at all: lone activations between
 * convolutions are seen to by a pass over the finished nodes.
 *
 * @param order tensors after their inputs
 * @param roots what the program gives, with channels last
 */
export function blockedImages(graph: GraphBuilder, order: readonly Tensor[], roots: readonly Tensor[]): BlockedImages {
  const block = graph.channelBlock;
  const images = block === undefined ? new Map<Tensor, BlockedImage>() : imagesOf(order, block);
  if (images.size === 0) return images;
  const groups = new Groups(images.keys());
  const note = (tensor: Tensor, layout: Layout, isMade: boolean): void => {
    const size = elementCount(tensor.shape);
    if (images.has(tensor)) groups.note(tensor, layout, isMade ? 'made' : 'taken', size);
  };
  for (const root of roots) note(root, 'ordered', false);
  for (const tensor of order) {
    const { inputs, blocked } = tensor.operation;
    if (!images.has(tensor) && !inputs.some((input) => images.has(input))) continue;
    const layouts = blocked?.layouts(graph, tensor);
    const parts = [
      { part: tensor, layout: layouts?.result ?? 'ordered' },
      ...inputs.map((part, index) => ({ part, layout: layouts?.inputs[index] ?? 'ordered' })),
    ];
    const joined = parts.flatMap(({ part, layout }) => (layout === 'joined' ? [part] : []));
    const [first] = joined.flatMap((part) => images.get(part) ?? []);
    const isJoined = joined.every((part) => {
      const image = images.get(part);
      return image !== undefined && first !== undefined && sameOrder(image, first);
    });
    for (const [index, { part, layout }] of parts.entries())
      note(part, layout === 'joined' && !isJoined ? 'ordered' : layout, index === 0);
    if (isJoined) groups.join(joined, layouts?.savesPasses === true);
  }
  return new Map([...images].filter(([tensor]) => groups.isBlocked(tensor)));
}

/** All tensors that are images of whole blocks of channels, or rows of such. */
function imagesOf(order: readonly Tensor[], block: number): Map<Tensor, BlockedImage> {
  const images = new Map<Tensor, BlockedImage>();
  for (const tensor of order) {
    const image = imageOf(tensor, block);
    if (image !== undefined) images.set(tensor, image);
  }
  // Rows have the size of the images that they are reshaped from or to; those of two sizes stay in order.
  const rows = new Map<Tensor, BlockedImage | undefined>();
  for (const tensor of order) {
    const [input] = tensor.operation.inputs;
    if (input === undefined || tensor.operation.operator !== 'reshape') continue;
    const [flat, image] = images.has(input) ? [tensor, images.get(input)] : [input, images.get(tensor)];
    if (image === undefined || flat.rank !== 2 || flat.dim(0) !== image.images) continue;
    const known = rows.has(flat) ? rows.get(flat) : image;
    rows.set(flat, known !== undefined && sameOrder(known, image) ? image : undefined);
  }
  for (const [tensor, image] of rows) if (image !== undefined) images.set(tensor, image);
  return images;
}

function imageOf({ dtype, shape, rank }: Tensor, block: number): BlockedImage | undefined {
  const [images, height, width, channels] = shape;
  if (dtype !== 'float32' || rank !== 4 || typeof images !== 'number') return undefined;
  if (typeof height !== 'number' || typeof width !== 'number' || typeof channels !== 'number') return undefined;
  return channels % block === 0 && height * width >= fewestPixels ? { images, height, width, channels } : undefined;
}

/** What all that is joined costs in either order: numbers to move. */
interface Group {
  blocked: number;
  ordered: number;
  savesPasses: boolean;
}

/** Joins tensors and counts what they cost. */
class Groups {
  readonly #parents = new Map<Tensor, Tensor>();
  readonly #groups = new Map<Tensor, Group>();
  readonly #noted = new Set<string>();
  readonly #ids = new Map<Tensor, number>();

  constructor(tensors: Iterable<Tensor>) {
    for (const tensor of tensors) {
      this.#ids.set(tensor, this.#ids.size);
      this.#groups.set(tensor, { blocked: 0, ordered: 0, savesPasses: false });
    }
  }

  #root(tensor: Tensor): Tensor {
    let root = tensor;
    for (let parent = this.#parents.get(root); parent !== undefined; parent = this.#parents.get(root)) root = parent;
    // Whoever is on the way knows the root from now on.
    for (let part = tensor; part !== root; ) {
      const parent = this.#parents.get(part) ?? root;
      this.#parents.set(part, root);
      part = parent;
    }
    return root;
  }

  #group(tensor: Tensor): Group {
    const group = this.#groups.get(this.#root(tensor));
    if (group === undefined) throw new ShapeError(`${tensor} is no image that can be kept in blocks.`);
    return group;
  }

  /** Counts once what a tensor costs in the other order than that in which it is made, or in which others take it. */
  note(tensor: Tensor, layout: Layout, side: 'made' | 'taken', size: number): void {
    const key = `${this.#ids.get(tensor)} ${layout} ${side}`;
    if ((layout !== 'ordered' && layout !== 'blocked') || this.#noted.has(key)) return;
    this.#noted.add(key);
    this.#group(tensor)[layout === 'ordered' ? 'blocked' : 'ordered'] += size;
  }

  join(tensors: readonly Tensor[], savesPasses: boolean): void {
    const [first, ...others] = tensors;
    if (first === undefined) return;
    for (const other of others) {
      const [to, from] = [this.#root(first), this.#root(other)];
      if (to === from) continue;
      const [target, source] = [this.#group(to), this.#group(from)];
      target.blocked += source.blocked;
      target.ordered += source.ordered;
      target.savesPasses ||= source.savesPasses;
      this.#parents.set(from, to);
    }
    this.#group(first).savesPasses ||= savesPasses;
  }

  isBlocked(tensor: Tensor): boolean {
    const { blocked, ordered, savesPasses } = this.#group(tensor);
    return savesPasses && ordered > 0 && blocked <= ordered;
  }
}

/** A value in the order in which it was made; where it is kept in blocks, the other one is made when it is first asked for. */
export function laidOut(graph: GraphBuilder, tensor: Tensor, made: Made, image: BlockedImage | undefined): LaidOut {
  if (image === undefined) {
    if ('ordered' in made) return { image, ordered: made.ordered };
    throw new ShapeError(`${tensor} was lowered in blocks, but is not kept in them.`);
  }
  /** What others ask for belongs to the place where this value was made. */
  const inScope = (make: () => string): string => {
    const { scope } = graph;
    graph.scope = tensor.scope ?? '';
    const name = make();
    graph.scope = scope;
    return name;
  };
  let [ordered, blocked] = 'ordered' in made ? [made.ordered, undefined] : [undefined, made.blocked];
  return {
    image,
    get ordered() {
      ordered ??= inScope(() => orderedFromBlocked(graph, blocked ?? '', image, tensor.shape));
      return ordered;
    },
    get blocked() {
      blocked ??= inScope(() => toBlocked(graph, ordered ?? '', image));
      return blocked;
    },
  };
}
