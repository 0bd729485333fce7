// Pictures as small files: few colours, and all the effort that compression can make.
import sharp from 'sharp';

/** A PNG file with at most so many colours, without dithering, whose noise would take most of the file. */
export async function smallPng(png: Uint8Array, colours: number): Promise<Buffer> {
  return sharp(png).png({ palette: true, colours, dither: 0, effort: 10 }).toBuffer();
}
