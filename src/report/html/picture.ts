// Pictures inside a page.
import { type Html, html, trusted } from './html.js';

/** A picture that a page carries. */
export type PagePicture =
  | { readonly png: Uint8Array; readonly width: number; readonly height: number }
  | { readonly svg: string };

/** A picture from a file's content: PNG, or SVG that Verisim drew. */
export function pagePicture(content: Uint8Array | string): PagePicture {
  if (typeof content === 'string') return { svg: content };
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  // A PNG file begins with its signature; its size stands in the first chunk.
  const isPng = content.byteLength > 24 && view.getUint32(0) === 0x89504e47;
  if (!isPng) return { svg: new TextDecoder().decode(content) };
  return { png: content, width: view.getUint32(16), height: view.getUint32(20) };
}

/** The picture as markup. @param alt what it shows, for those who do not see it */
export function pictureMarkup(picture: PagePicture, alt: string): Html {
  if ('svg' in picture)
    return html`<div class="drawing" role="img" aria-label="${alt}">${trusted(picture.svg.replace(/^<\?xml[^>]*\?>/, ''))}</div>`;
  const { png, width, height } = picture;
  const data = Buffer.from(png.buffer, png.byteOffset, png.byteLength).toString('base64');
  return html`<img src="data:image/png;base64,${data}" width="${width}" height="${height}" alt="${alt}">`;
}
