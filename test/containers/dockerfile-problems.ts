import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import type { Copy, From, Healthcheck, JSONInstruction } from 'dockerfile-ast';
import { scripts } from '../../package.json';
import { ROOT } from './root';
import { isMaintained, isPinned, SECRET_NAME } from './rules';

interface Stage {
  name: string;
  image: string;
  instructions: ReturnType<ReturnType<typeof DockerfileParser.parse>['getInstructions']>;
}

/** The build stages of a Dockerfile, in its order. */
export function stagesOf(text: string): Stage[] {
  const stages: Stage[] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      const from = instruction as From;
      stages.push({ name: from.getBuildStage() ?? '', image: from.getImage() ?? '', instructions: [] });
    } else {
      stages.at(-1)?.instructions.push(instruction);
    }
  }
  return stages;
}

/** What a build, or a container of it, would stumble over: one sentence each. */
export function problemsOfDockerfile(text: string, dockerignore: string): string[] {
  const stages = stagesOf(text);
  const last = stages.at(-1);
  if (last === undefined) return ['there is no stage'];
  return [
    ...stages.filter(({ image }) => !isPinned(image)).map(({ image }) => `the image ${image} is not pinned`),
    ...stages.filter(({ image }) => !isMaintained(image)).map(({ image }) => `${image} is a Node of the past`),
    ...stages.flatMap((stage, index) => problemsOfCopies(stage, stages.slice(0, index), dockerignore)),
    ...stages.flatMap(problemsOfScripts),
    ...stages.flatMap(problemsOfVariables),
    ...problemsOfUser(last),
    ...problemsOfPrograms(last),
  ];
}

function argumentsOf(instruction: Stage['instructions'][number]): string[] {
  return instruction.getArguments().map((argument) => argument.getValue());
}

function only(stage: Stage, keyword: string) {
  return stage.instructions.filter((instruction) => instruction.getKeyword() === keyword);
}

/** From the folder: in git, and let in by `.dockerignore`. From another stage: put there by it. */
function problemsOfCopies(stage: Stage, earlier: Stage[], dockerignore: string): string[] {
  const tracked = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
  const rules = dockerignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const problems = rules[0] === '*' ? [] : ['.dockerignore does not begin with everything'];
  for (const copy of only(stage, 'COPY') as Copy[]) {
    const from = copy.getFromFlag()?.getValue();
    for (const source of argumentsOf(copy).slice(0, -1)) {
      if (from === undefined || from === null) {
        if (!tracked.some((path) => path === source || path.startsWith(`${source}/`)))
          problems.push(`${source} is not in git`);
        if (!rules.includes(`!${source}`)) problems.push(`${source} is kept out by .dockerignore`);
      } else {
        const origin = earlier.find(({ name }) => name === from);
        if (origin === undefined) problems.push(`there is no stage ${from} to copy from`);
        else if (!makes(origin, source)) problems.push(`the stage ${from} does not make ${source}`);
      }
    }
  }
  return problems;
}

/** Whether a file or folder is in a stage: copied into its working directory, installed, or built. */
function makes(stage: Stage, path: string): boolean {
  const workdir = only(stage, 'WORKDIR').flatMap(argumentsOf).at(-1) ?? '/';
  const runs = only(stage, 'RUN').map((run) => run.getArgumentsContent() ?? '');
  const made = [
    ...only(stage, 'COPY').flatMap(argumentsOf),
    ...(runs.some((run) => run.includes('npm ci')) ? ['node_modules'] : []),
    ...(runs.some((run) => run.includes('npm run build')) ? ['lib'] : []),
  ];
  return made.some((name) => `${workdir}/${name}` === path);
}

function problemsOfScripts(stage: Stage): string[] {
  const named = only(stage, 'RUN').flatMap((run) =>
    [...(run.getArgumentsContent() ?? '').matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? ''),
  );
  return named.filter((name) => !(name in scripts)).map((name) => `there is no script ${name}`);
}

/** A value in an image is read by everybody who has the image. */
function problemsOfVariables(stage: Stage): string[] {
  const names = [...only(stage, 'ENV'), ...only(stage, 'ARG')]
    .flatMap(argumentsOf)
    .map((argument) => argument.split('=')[0] ?? '');
  return names.filter((name) => SECRET_NAME.test(name)).map((name) => `${name} would be in the image`);
}

function problemsOfUser(stage: Stage): string[] {
  const user = only(stage, 'USER').flatMap(argumentsOf).at(-1) ?? 'root';
  return /^(root|0)\b/.test(user) ? ['it runs as root'] : [];
}

/** What is started is in the package after a build, and gets its signals itself. */
function problemsOfPrograms(stage: Stage): string[] {
  const command = only(stage, 'CMD').at(-1) as JSONInstruction | undefined;
  const healthcheck = only(stage, 'HEALTHCHECK').at(-1) as Healthcheck | undefined;
  const problems: string[] = [];
  if (command?.getOpeningBracket() === undefined || command.getOpeningBracket() === null)
    problems.push('its command is not a JSON array, so a shell gets its signals');
  if (healthcheck === undefined || argumentsOf(healthcheck)[0] !== 'CMD') problems.push('it has no health check');
  const programs = [command, healthcheck].flatMap(
    (instruction) => instruction?.getArgumentsContent()?.match(/[\w./-]+\.js\b/g) ?? [],
  );
  for (const program of programs) {
    const source = join(ROOT, program.replace(/^lib\//, 'src/').replace(/\.js$/, '.ts'));
    if (!existsSync(join(ROOT, program)) || !existsSync(source)) problems.push(`there is no ${program}`);
  }
  return problems;
}
