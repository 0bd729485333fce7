// How numbers stand in sentences.

/** A share in percent: 0.987 is "98.7 %". All and none are only said where it is so. */
export function percent(share: number): string {
  if (share === 0 || share === 1) return `${100 * share} %`;
  if (share < 0.001) return 'less than 0.1 %';
  if (share > 0.999) return 'more than 99.9 %';
  return `${(100 * share).toFixed(1)} %`;
}
