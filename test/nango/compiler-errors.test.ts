import { MAX_COMPILER_ERRORS, MAX_COMPILER_MESSAGE_CHARS } from '../../src/contract/limits';
import { compilerErrors } from '../../src/nango/deployments/compiler-errors';

// What Nango prints of a compiler's errors is read: the places are those of the file that was sent.

const end = (count: number): string => `\n✗ Typechecking\nFound ${count} error${count === 1 ? '' : 's'}`;

test('a place, and a message of several lines', () => {
  const printed =
    "\nerr - function/functions/function.ts:8:5 \r\n  Type 'A' is not assignable to type 'B'.\n    Types of property 'hello' are incompatible.\r\n" +
    end(1);
  const message = "Type 'A' is not assignable to type 'B'.\n    Types of property 'hello' are incompatible.";
  expect(compilerErrors(printed)).toEqual([{ line: 8, column: 5, message }]);
});

test('of a dry run and of a deployment the path is another', () => {
  const printed =
    "\nerr - t-apikey/actions/bad-action.ts:10:37 \r\n  Type 'number' is not assignable to type 'string'.\r\n";
  expect(compilerErrors(printed + end(1))).toEqual([
    { line: 10, column: 37, message: "Type 'number' is not assignable to type 'string'." },
  ]);
});

test('several, and without a place where Nango names none', () => {
  const printed =
    "\nerr - function/functions/function.ts \r\n  Cannot find name 'createAction'.\r\n\nerr - function/functions/function.ts \r\n  '}' expected.\r\n" +
    end(2);
  expect(compilerErrors(printed)).toEqual([
    { line: undefined, column: undefined, message: "Cannot find name 'createAction'." },
    { line: undefined, column: undefined, message: "'}' expected." },
  ]);
});

test('with colours, at most so many, and none longer than that', () => {
  const one = `\n\u001b[31merr\u001b[39m - f.ts:1:2 \r\n  ${'x'.repeat(2_000)}\r\n`;
  const errors = compilerErrors(one.repeat(MAX_COMPILER_ERRORS + 5));
  expect(errors).toHaveLength(MAX_COMPILER_ERRORS);
  expect(errors[0]).toMatchObject({ line: 1, column: 2 });
  expect(errors[0]?.message).toHaveLength(MAX_COMPILER_MESSAGE_CHARS);
});

test('what has another form is one error, in its own words', () => {
  expect(compilerErrors('The compiler was out of memory.')).toEqual([{ message: 'The compiler was out of memory.' }]);
  expect(compilerErrors('')).toEqual([{ message: '' }]);
});
