import { execFileSync } from 'node:child_process';
import { shellCommand } from '../../src/dev/shell-command';

it('reads in a shell as the words it was made of', () => {
  const words = ['a=b', 'with space', '"1ms"', "it's", '$HOME', '', '*', 'history.x="1ms"'];
  const output = execFileSync('/bin/sh', ['-c', shellCommand('printf', ['%s\\n', ...words])], { encoding: 'utf8' });
  expect(output.split('\n').slice(0, -1)).toEqual(words);
});
