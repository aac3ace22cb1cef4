const childProcess = require('node:child_process');

// What is chosen for the quick tests by its imports starts no program after all, or fails.
const refuse = () => {
  throw new Error('This test starts a program: jest.unit.config.js should know by what it imports.');
};
childProcess.ChildProcess.prototype.spawn = refuse;
Object.assign(childProcess, { spawnSync: refuse, execFileSync: refuse, execSync: refuse });
