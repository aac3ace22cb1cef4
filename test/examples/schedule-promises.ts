import { main as runWorker } from '../../examples/hourly-schedule/worker';
import { CONTACTS, drill, revoke } from './schedule-drill';
import type { Drill, Revocation } from './schedule-drill';
import { Stage } from './stage';

/** Firings of a schedule between the question to a user who has revoked access, and the click. */
const REVOKED_FIRINGS = 3;

/**
 * Tests of what holds for a schedule whose user does not connect for a while, whatever its overlap policy.
 *
 * @param firings of a schedule before its user clicks for the first time; all run at the same time, two seconds a firing
 */
export function testSchedules(firings: number): void {
  let stage: Stage;
  let skip: Drill;
  let allowAll: Drill;
  let revoked: Revocation;

  beforeAll(async () => {
    stage = await Stage.open([runWorker]);
    stage.nango.onProxy('hubspot', () => ({ json: { total: CONTACTS } }));
    [skip, allowAll, revoked] = await Promise.all([
      drill(stage, 'SKIP', firings),
      drill(stage, 'ALLOW_ALL', firings),
      revoke(stage, REVOKED_FIRINGS),
    ]);
  }, 600_000);

  afterAll(async () => {
    await stage?.close();
  });

  test(`with SKIP one run waits through ${firings} firings, and later ones follow once it has ended`, () => {
    expect(skip.started + skip.skipped).toBeGreaterThanOrEqual(firings);
    expect(skip).toMatchObject({ started: 1, waiting: 1 });
    expect(skip.ends.length).toBeGreaterThan(1);
  });

  test(`with ALLOW_ALL every one of ${firings} firings starts a run, and all wait`, () => {
    expect(allowAll.started).toBeGreaterThanOrEqual(firings);
    expect(allowAll.skipped).toBe(0);
    expect(allowAll.waiting).toBeGreaterThanOrEqual(firings);
    expect(allowAll.ends.length).toBeGreaterThan(allowAll.waiting);
  });

  test('all runs of a user share one request: nobody is asked twice', () => {
    expect([skip.requests, allowAll.requests]).toEqual([1, 1]);
  });

  test('revoked: the user is asked once, and the run that met it and those after it go on after the click', () => {
    expect(revoked.requests).toBe(1);
    expect(revoked.made).toBe(revoked.had);
    expect(revoked.skipped).toBeGreaterThanOrEqual(REVOKED_FIRINGS);
    expect(revoked.ends.length).toBeGreaterThan(2);
    expect(revoked.ends).toEqual(revoked.ends.map(() => ({ connectionId: revoked.made, contacts: CONTACTS })));
  });

  test('links are minted by clicks, not by runs, and a click makes one connection', () => {
    expect(stage.sessions).toBe(3);
    expect(skip.connections).toEqual([skip.made]);
    expect(allowAll.connections).toEqual([allowAll.made]);
  });

  test('after the click every run ends connected', () => {
    for (const { ends, made } of [skip, allowAll]) {
      expect(ends).toEqual(ends.map(() => ({ connectionId: made, contacts: CONTACTS })));
    }
  });
}
