#!/usr/bin/env node
/**
 * Runs shell commands at the same time, prints what each wrote once it has ended, and fails if one failed.
 *
 *   node scripts/side-by-side.mjs 'eslint .' 'npm run typecheck && npm run build'
 */
import { exec } from 'node:child_process';

const results = process.argv.slice(2).map(
  (command) =>
    new Promise((resolve) => {
      exec(command, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
        process.stdout.write(stdout + stderr);
        if (error !== null) console.error(`failed: ${command}`);
        resolve(error === null);
      });
    }),
);
process.exitCode = (await Promise.all(results)).every(Boolean) ? 0 : 1;
