// Prints what each entry point exports to `require`.
const entryPoints = [
  'temporal-nango',
  'temporal-nango/workflow',
  'temporal-nango/worker-workflows',
  'temporal-nango/web',
  'temporal-nango/testing',
];
const exported = entryPoints.map((name) => [name, Object.keys(require(name)).sort()]);
console.log(JSON.stringify(Object.fromEntries(exported)));
