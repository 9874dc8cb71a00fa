/**
 * A chart on the page as a picture that stands alone: colours and fonts written out, a ground and a heading added. The PNG
 * is drawn from the same SVG through a `data:` address, which the page's Content-Security-Policy lets in as an image.
 */

/** What of an element's look comes from outside the SVG. */
const written = ['fill', 'stroke'] as const;
const svgNamespace = 'http://www.w3.org/2000/svg';
const headingHeightPx = 34;
const marginPx = 12;

/** Pixels of the PNG for each of the page's, so that it is sharp in a document. */
const sharpness = 2;

const textElement = (content: string, x: number, y: number, look: Record<string, string>): SVGTextElement => {
  const element = document.createElementNS(svgNamespace, 'text');
  element.textContent = content;
  for (const [name, value] of Object.entries({ x: String(x), y: String(y), ...look }))
    element.setAttribute(name, value);
  return element;
};

/** Writes out the colours that variables of the page stand for. */
const writeColours = (source: Element, copy: Element): void => {
  for (const name of written) {
    if (source.getAttribute(name)?.includes('var(')) copy.setAttribute(name, getComputedStyle(source)[name]);
  }
  copy.removeAttribute('class');
  copy.removeAttribute('style');
  for (const [index, child] of [...source.children].entries()) {
    const other = copy.children[index];
    if (other) writeColours(child, other);
  }
};

export type Heading = { title: string; note: string };

/** A copy of a drawn chart, with a heading, as SVG text. */
export const svgPicture = (chart: SVGSVGElement, { title, note }: Heading): string => {
  const { width, height } = chart.getBoundingClientRect();
  const style = getComputedStyle(chart);
  const colour = (variable: string): string => style.getPropertyValue(variable).trim();
  const inner = chart.cloneNode(true);
  if (!(inner instanceof SVGSVGElement)) throw new Error('The chart is no SVG.');
  writeColours(chart, inner);
  inner.setAttribute('y', String(headingHeightPx));
  inner.setAttribute('width', String(width));
  inner.setAttribute('height', String(height));

  const picture = document.createElementNS(svgNamespace, 'svg');
  picture.setAttribute('xmlns', svgNamespace);
  picture.setAttribute('width', String(width));
  picture.setAttribute('height', String(height + headingHeightPx));
  picture.setAttribute('viewBox', `0 0 ${width} ${height + headingHeightPx}`);
  picture.setAttribute('font-family', style.fontFamily);
  const ground = document.createElementNS(svgNamespace, 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', colour('--rb-surface'));
  const bold = { fill: colour('--rb-text'), 'font-size': '13', 'font-weight': '600' };
  const quiet = { fill: colour('--rb-text-quiet'), 'font-size': '11' };
  picture.append(
    ground,
    textElement(title, marginPx, 17, bold),
    textElement(note, marginPx, 32, quiet),
    inner,
  );
  return new XMLSerializer().serializeToString(picture);
};

/** The same picture as PNG. Rejects when it cannot be drawn. */
export const pngPicture = async (svg: string): Promise<Blob> => {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * sharpness;
  canvas.height = image.naturalHeight * sharpness;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('The picture could not be drawn.'));
    }, 'image/png'),
  );
};
