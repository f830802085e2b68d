/** The samples of the documents: every fenced block of code, with its place. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Sample {
  /** The document's path. */
  file: string;
  line: number;
  language: string;
  /** The word after the language: a file's name, or `before`. */
  name: string;
  code: string;
}

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs').flatMap((file) => (file.endsWith('.md') ? [`docs/${file}`] : [])),
];

/** All of them, also those of what was before. */
export const samples: readonly Sample[] = documents.flatMap((file) => {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```$/gm)].map(
    ({ index, 1: language = '', 2: name = '', 3: code = '' }) => ({
      file,
      line: text.slice(0, index).split('\n').length,
      language,
      name,
      code,
    }),
  );
});

/** Those in some languages that a page of today can have: not what was before. */
export function samplesIn(...languages: string[]): Sample[] {
  return samples.filter(({ language, name }) => languages.includes(language) && name !== 'before');
}

/** Whether a test of its own runs it: the guide of the server part, and the pages from npm. */
export function hasOwnTest({ file }: Sample): boolean {
  return /server\.md|frameworks\.md/.test(file);
}

/** Where the reader finds it, and a test's title. */
export function placeOf({ file, line, name }: Sample): string {
  return `${file}:${line}${name && ` (${name})`}`;
}
