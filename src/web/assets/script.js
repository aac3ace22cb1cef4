// Everything works without this script; with it a page tells by itself what has changed.

const EVERY_MS = 4_000;
const GIVE_UP_MS = 10_000;

/** Times in the reader's zone and words; the page says them in UTC. */
function localTimes(within) {
  const words = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  for (const time of within.querySelectorAll('time[datetime]')) {
    time.title = time.dateTime;
    time.textContent = words.format(new Date(time.dateTime));
  }
}

/** What only the script can do is offered by it alone. */
function offerCopies(within) {
  for (const button of within.querySelectorAll('[data-copy]')) button.hidden = false;
}

function isBusy(element) {
  const { activeElement } = document;
  return element.contains(activeElement) && /^(INPUT|SELECT|TEXTAREA)$/.test(activeElement.tagName);
}

/** Takes over what has changed of the live parts of a page; what has the focus keeps it, and an open field is left alone. */
function takeOver(fresh) {
  for (const after of fresh.querySelectorAll('[data-live][id]')) {
    const before = document.getElementById(after.id);
    if (before === null || isBusy(before)) continue;
    localTimes(after);
    offerCopies(after);
    if (before.isEqualNode(after)) continue;
    const focused = before.contains(document.activeElement) ? document.activeElement.id : '';
    before.replaceWith(document.adoptNode(after));
    if (focused !== '') document.getElementById(focused)?.focus();
  }
  document.title = fresh.title;
}

async function refresh() {
  // What has ended stays as it is.
  if (document.hidden || document.querySelector('[data-live]:not([data-live="ended"])') === null) return;
  try {
    const response = await fetch(location.href, { cache: 'no-store', signal: AbortSignal.timeout(GIVE_UP_MS) });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    // Without a page of ours (a proxy's error, a session that has ended) what is there stays until somebody reloads.
    if (page.querySelector('[data-live]') !== null) takeOver(page);
  } catch {
    // The next time will tell.
  }
}

/** `<button data-copy="text">` copies, and says so. */
async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  const before = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = before), 2_000);
}

localTimes(document);
offerCopies(document);
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-copy]');
  if (button !== null) void copy(button);
});
setInterval(() => void refresh(), EVERY_MS);
document.addEventListener('visibilitychange', () => void refresh());
