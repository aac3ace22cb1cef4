import { permissionBy } from '../../src/web/public/authorize';
import type { Authorize } from '../../src/web/public/authorize';

// What the host application may say of somebody who opens a link, and what is no yes.

const described = {} as Parameters<Authorize>[0];
const request = new Request('http://host/connect/x');
const saying = (said: unknown): Authorize => (() => said) as Authorize;
const permission = async (authorize?: Authorize, ms?: number) => await permissionBy(authorize, described, request, ms);

test('without it everybody who has the link may', async () => {
  expect(await permission()).toEqual({ allowed: true });
});

test.each([
  ['yes', true, { allowed: true }],
  ['yes, at last', Promise.resolve(true), { allowed: true }],
  ['yes, and who', 'u_42', { allowed: true, person: 'u_42' }],
  ['no', false, { allowed: false }],
])('%s', async (_, said, expected) => {
  expect(await permission(saying(said))).toEqual(expected);
});

test('a response of its own is handed on, of whatever making', async () => {
  const redirect = Response.redirect('https://app.example/login', 302);
  expect(await permission(saying(redirect))).toBe(redirect);
  const foreign = { status: 302, headers: new Headers(), body: null };
  expect(await permission(saying(foreign))).toBe(foreign);
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a number', 1],
  ['an object', { user: 'u_42' }],
  ['a person without an id', ''],
  ['an id of 256 characters', 'u'.repeat(256)],
  ['an id with a control character', 'u_42\n'],
  ['an id that turns the direction', 'u\u202e42'],
  ['an id that is half a character', '\ud800'],
])('%s is no yes', async (_, said) => {
  await expect(permission(saying(said))).rejects.toThrow();
});

test('what throws is no yes, at once or later', async () => {
  const error = new Error('no session store');
  const throws = () => {
    throw error;
  };
  await expect(permission(throws)).rejects.toBe(error);
  await expect(permission(() => Promise.reject(error))).rejects.toBe(error);
});

test('what never comes is no yes', async () => {
  const never = () => new Promise<boolean>(() => undefined);
  await expect(permission(never, 10)).rejects.toThrow('authorize took longer than');
});

test('it has ten seconds, unless it is told otherwise', async () => {
  const timer = jest.spyOn(globalThis, 'setTimeout');
  await permission(saying(true));
  expect(timer.mock.calls.map(([, ms]) => ms)).toEqual([10_000]);
  timer.mockRestore();
});
