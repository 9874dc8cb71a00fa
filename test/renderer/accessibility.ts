/** What a screen reader and weak eyes meet: controls without a name, text too faint for its ground, text that is cut or runs out. */
import type { Page } from 'playwright-core';

/** Roles that a person acts on: each needs a name. */
const controls = new Set([
  'button',
  'link',
  'textbox',
  'combobox',
  'checkbox',
  'radio',
  'tab',
  'searchbox',
  'grid',
  'dialog',
  'separator',
  'Iframe',
]);

/** The controls of a page that have no accessible name, by Chromium's own accessibility tree. */
export const namelessControls = async (page: Page): Promise<string[]> => {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const nameless: string[] = [];
  for (const node of nodes) {
    const role = String(node.role?.value ?? '');
    if (node.ignored || !controls.has(role) || String(node.name?.value ?? '').trim() !== '') continue;
    const { node: described } = await session
      .send('DOM.describeNode', {
        ...(node.backendDOMNodeId ? { backendNodeId: node.backendDOMNodeId } : {}),
      })
      .catch(() => ({ node: null }));
    nameless.push(`${role}: <${described?.localName ?? '?'} ${(described?.attributes ?? []).join(' ')}>`);
  }
  await session.detach();
  return nameless;
};

/** Visible text whose contrast with its ground is below 4.5 to 1 (WCAG 2.2, 1.4.3), disabled controls aside. */
export const faintText = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (!canvas) throw new Error('no canvas to read colours with');
    type Colour = [number, number, number, number];
    const read = (css: string): Colour => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = css;
      canvas.fillRect(0, 0, 1, 1);
      const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data;
      return [r, g, b, a / 255];
    };
    const over = ([r, g, b, a]: Colour, [R, G, B]: Colour): Colour => [
      r * a + R * (1 - a),
      g * a + G * (1 - a),
      b * a + B * (1 - a),
      1,
    ];
    const groundOf = (element: Element): Colour => {
      const layers: Colour[] = [];
      for (let at: Element | null = element; at; at = at.parentElement) {
        const colour = read(getComputedStyle(at).backgroundColor);
        if (colour[3] > 0) layers.push(colour);
        if (colour[3] === 1) break;
      }
      return layers.reduceRight<Colour>((below, layer) => over(layer, below), [255, 255, 255, 1]);
    };
    const luminance = ([r, g, b]: Colour): number => {
      const part = (value: number): number =>
        value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
      return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
    };
    const faint: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim();
      if (!element || !text || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
        continue;
      if (element.closest('[disabled], [data-disabled], svg, noscript')) continue;
      const ground = groundOf(element);
      const ink = over(read(getComputedStyle(element).color), ground);
      const [light = 0, dark = 0] = [luminance(ink), luminance(ground)].sort((a, b) => b - a);
      const contrast = (light + 0.05) / (dark + 0.05);
      if (contrast < 4.5) faint.push(`${contrast.toFixed(2)} “${text.slice(0, 40)}”`);
    }
    return [...new Set(faint)];
  });

/** Controls and headings that reach beyond the window or are cut by what holds them; lists scroll and cut by design. */
export const cutControls = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const cut: string[] = [];
    const wide = document.documentElement.scrollWidth > window.innerWidth;
    if (wide) cut.push('the page scrolls sideways');
    for (const element of document.querySelectorAll('button, a, h1, h2, h3, label, [role="tab"]')) {
      if (!element.checkVisibility() || element.closest('table, .cm-editor')) continue;
      const { left, right, width } = element.getBoundingClientRect();
      if (width === 0) continue;
      const name = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40);
      if (right > window.innerWidth + 1 || left < -1) cut.push(`outside the window: ${name}`);
      if (element.scrollWidth > element.clientWidth + 2 && getComputedStyle(element).overflowX === 'hidden')
        cut.push(`cut: ${name}`);
    }
    return cut;
  });
