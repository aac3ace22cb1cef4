/** Pages for people: plain HTML, no script, and nothing fetched from elsewhere. */

const STYLE = `
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; }
main { box-sizing: border-box; max-width: 30rem; margin: 0 auto; padding: 2rem 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
input, button { box-sizing: border-box; font: inherit; min-height: 2.75rem; padding: 0.5rem 1rem; }
label { display: block; margin-bottom: 0.25rem; }
input { width: 100%; }
.choice { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 1rem 0 0; }
`;

/** @param body HTML, whose texts are escaped by {@link escapeHtml} */
export function page(status: number, title: string, body: string): Response {
  const text = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – FakeNango</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
  return new Response(text, { status, headers });
}

/** A page that says one thing. */
export function message(status: number, title: string, text: string): Response {
  return page(status, title, `<p>${escapeHtml(text)}</p>`);
}

/** For texts, and for attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
