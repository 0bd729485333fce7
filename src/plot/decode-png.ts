// Reading a picture back, for animations made of pictures written earlier.
import { ConfigError } from '../core/errors.js';
import type { RawImage } from './raw-image.js';

/** The pixels of an encoded picture. @throws ConfigError for one of more than four channels */
export async function decodePng(bytes: Uint8Array): Promise<RawImage> {
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels !== 1 && channels !== 3 && channels !== 4)
    throw new ConfigError(`A picture of ${channels} channels cannot be shown.`);
  return { width, height, channels, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
}
