// node tampered-demo.js INDEX altered|fail: the demo, with one of the provider's answers changed.
const { main, exitWith } = require('../../lib/demo/main.js');

const [index, how] = process.argv.slice(2);

exitWith(
  main(['--json'], (i, answer) => {
    if (i !== Number(index)) return answer;
    return how === 'fail' ? 'fail' : { ...answer, name: 'somebody else' };
  }),
);
