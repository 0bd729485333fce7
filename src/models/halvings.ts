// The resolutions and filters of convolutional networks that halve an image level by level, as DCGAN's do.

/** The smallest side that is halved further. */
export const smallestHalved = 8;

/** Heights and widths from the image [height, width, ...] down to the smallest, each half of the one before, rounded up. */
export function resolutions([height = 1, width = 1]: readonly number[]): (readonly [number, number])[] {
  const sizes: (readonly [number, number])[] = [[height, width]];
  for (let size = [height, width] as const; Math.min(size[0], size[1]) >= smallestHalved; ) {
    size = [Math.ceil(size[0] / 2), Math.ceil(size[1] / 2)];
    sizes.push(size);
  }
  return sizes;
}

/** The channels after so many halvings: doubled with each, up to eight times, so that large images stay affordable. */
export function filtersAt(halvings: number, channels: number): number {
  return channels * 2 ** Math.min(halvings - 1, 3);
}
