// Colours that people with any form of colour blindness can tell apart: Okabe and Ito (2002), by way of Wong, "Points of view:
// Color blindness", Nature Methods 8 (2011). Their yellow is left out, as thin lines of it vanish on white.

const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

/** How many groups can be told apart by colour alone. */
export const colourCount = colours.length;

/** The dash patterns of the first, second ... use of the colours. */
const dashes = [undefined, '6 3', '2 2.5', '8 3 2 3'];

/** The strokes of the series at `index`: colours first, then the same colours dashed. */
export function seriesStroke(index: number): { colour: string; dash: string | undefined } {
  const colour = colours[index % colours.length] ?? '#000000';
  return { colour, dash: dashes[Math.floor(index / colours.length) % dashes.length] };
}
