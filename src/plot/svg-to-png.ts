// Drawing SVG as pixels with the fonts that the package dejavu-fonts-ttf carries: the same bytes on every machine, and text
// even where the system has no font at all. DejaVu Sans covers the mathematical signs that labels use.
import { createRequire } from 'node:module';
import { ConfigError } from '../core/errors.js';
import { encodePng } from './raw-image.js';

/** How `svgToPng` draws. */
export interface SvgToPngOptions {
  /** Pixels per unit of the SVG; default 2, which suits screens of high density and print. */
  readonly scale?: number;
}

/**
 * The SVG as a PNG file.
 *
 * @throws ConfigError where the text is not an SVG that can be drawn
 * @example await writeFile('losses.png', await svgToPng(lineChart(losses), { scale: 3 }))
 */
export async function svgToPng(svg: string, options: SvgToPngOptions = {}): Promise<Uint8Array> {
  const { scale = 2 } = options;
  if (!(scale > 0 && scale <= 100))
    throw new ConfigError(`The scale is ${scale}; expected a number above 0 and up to 100, such as 2.`);
  const { renderAsync } = await import('@resvg/resvg-js');
  const { resolve } = createRequire(import.meta.url);
  const fontFiles = ['DejaVuSansCondensed', 'DejaVuSansCondensed-Bold'].map((name) =>
    resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`),
  );
  try {
    const image = await renderAsync(svg, {
      // The renderer does not know CSS's 'pixelated'; images in figures are samples, whose pixels are meant to be seen.
      imageRendering: 1,
      fitTo: { mode: 'zoom', value: scale },
      font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
    });
    // Encoded again: the renderer hardly compresses.
    return await encodePng({ width: image.width, height: image.height, channels: 4, data: image.pixels });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`The SVG cannot be drawn: ${reason}. Expected a well-formed SVG document.`, { cause });
  }
}
