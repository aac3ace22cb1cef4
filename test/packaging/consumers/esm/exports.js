// Prints what each entry point exports to `import`, by name.
const entryPoints = [
  'temporal-nango',
  'temporal-nango/workflow',
  'temporal-nango/worker-workflows',
  'temporal-nango/web',
  'temporal-nango/testing',
];
const exported = {};
for (const name of entryPoints) {
  const module = await import(name);
  exported[name] = Object.keys(module)
    .filter((key) => !['default', '__esModule', 'module.exports'].includes(key))
    .sort();
}
console.log(JSON.stringify(exported));
