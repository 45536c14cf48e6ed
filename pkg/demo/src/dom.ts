/** Makes elements: everything on the page is made of text, never of markup. */

type Child = Node | string | false | null | undefined;
type Attributes = Record<string, string | number | boolean | null | undefined>;

export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

export function button(label: string, press: () => void, attributes: Attributes = {}) {
  const made = el('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', press);
  return made;
}

/** A text from outside, whose direction moves nothing around it, nor a number beside a name. */
export function foreign(text: string, attributes: Attributes = {}) {
  return el('bdi', { dir: 'ltr', ...attributes }, text);
}

/** An element of the page's own markup. */
export function find<E extends HTMLElement = HTMLElement>(selector: string, root: ParentNode = document): E {
  const found = root.querySelector<E>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

/** Tells a screen reader what happened elsewhere on the page. */
export function say(text: string) {
  find('#status').textContent = text;
}

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child instanceof Node || typeof child === 'string'));
  return element;
}
