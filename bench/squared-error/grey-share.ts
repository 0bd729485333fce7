// How blurred images of ink on paper are: the share of the pixels with any ink that are neither paper nor full ink.

const [paper, ink] = [0.1, 0.9];

/** Pixels between 0.1 and 0.9 among those above 0.1; 0 for images without ink. */
export function greyShare(pixels: ArrayLike<number>): number {
  let [inked, grey] = [0, 0];
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i] ?? 0;
    if (value <= paper) continue;
    inked += 1;
    if (value < ink) grey += 1;
  }
  return inked === 0 ? 0 : grey / inked;
}
