import { Comment, Converter, PageEvent } from 'typedoc';

/** For typedoc: a page is called by its heading, not by its file; what is typed in a shell is no TypeScript; and the site opens from a disk. */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, page) => {
    page.name = headingOf(page.content).replaceAll('`', '');
    asText(page.content);
  });
  app.converter.on(Converter.EVENT_END, ({ project }) => {
    asText(project.readme);
    // The site has its name on top of it.
    project.readme[0].text = project.readme[0].text.replace(/^# .*\n/, '');
  });
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => describeTexts(project));
  // A server would take a folder for its index.
  app.renderer.on(PageEvent.END, (page) => {
    page.contents = page.contents?.replaceAll('href="../#', 'href="../index.html#');
  });
}

/** The first line of a text that is in parts, some of them code. */
function headingOf(parts) {
  const text = parts.map((part) => part.text ?? '').join('');
  return /^# (.*)/.exec(text)[1];
}

/** The texts of the pages say themselves what they are: in English, in their file. */
function describeTexts(project) {
  for (const one of Object.values(project.reflections)) {
    const file = project.getSymbolIdFromReflection(one)?.packagePath ?? '';
    if (!file.startsWith('src/web/texts/') || one.hasComment()) continue;
    one.comment = new Comment([{ kind: 'text', text: `A text of the pages, in English in ${file}.` }]);
  }
}

/** A block without a language would be taken for TypeScript. */
function asText(parts) {
  for (const part of parts) if (part.kind === 'code') part.text = part.text.replace(/^```\n/, '```text\n');
}
