/** A page of HTML, and where it came from. */
export interface Page {
  url: string;
  html: string;
}

export async function visit(url: string): Promise<Page> {
  return { url, html: await (await fetch(url)).text() };
}

/** Presses a button of a page, as a browser does that runs no script. */
export async function press(page: Page, button: RegExp, typed: Record<string, string> = {}): Promise<Response> {
  const forms = [...page.html.matchAll(/<form([^>]*)>(.*?)<\/form>/gs)];
  for (const [, attributes = '', inside = ''] of forms) {
    const pressed = [...inside.matchAll(/<button([^>]*)>(.*?)<\/button>/gs)].find(([, , text = '']) =>
      button.test(text),
    );
    if (pressed === undefined) continue;
    const body = new URLSearchParams(typed);
    const [name, value] = [attribute(pressed[1], 'name'), attribute(pressed[1], 'value')];
    if (name !== undefined) body.set(name, value ?? '');
    const action = new URL(attribute(attributes, 'action') ?? '', page.url);
    const headers = { 'sec-fetch-site': 'same-origin' };
    return await fetch(action, { method: 'POST', body, headers, redirect: 'manual' });
  }
  throw new Error(`There is no button ${String(button)} on ${page.html}`);
}

function attribute(tag = '', name: string): string | undefined {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
}
