// @ts-check
/**
 * The demo's pages are plain HTML files with `{{name}}` where a host's template language would put a
 * value, and `<!-- include file -->` for a part. Their script tag says what the README prints, the emulator on port 8008; another engine or port
 * takes its place.
 */
import { readFileSync } from 'node:fs';

/** What stands in the files. */
const printedAttributes = 'data-key="emulator-key" data-host="localhost" data-port="8008" data-tls="false"';

/**
 * @param {string} file A file in `pages/`. Read at each request: a reload shows what was edited.
 * @param {Record<string, string>} values What stands for each `{{name}}`; escaped here.
 * @param {Record<string, string>} [engine] The attributes that tell the script tag where to connect.
 * @returns {string}
 * @throws Error when the page asks for a value that is not there.
 */
export function renderPage(file, values, engine) {
  const html = readPage(file).replace(/<!-- include ([\w-]+\.html) -->/g, (_, part) => readPage(part));
  const connected = engine ? html.replace(printedAttributes, () => writeAttributes(engine)) : html;
  return connected.replace(/\{\{([\w.]+)\}\}/g, (_, name) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${file} asks for {{${name}}}, which nobody gave.`);
    return escapeHtml(value);
  });
}

/**
 * @param {string} file
 */
function readPage(file) {
  return readFileSync(new URL(`pages/${file}`, import.meta.url), 'utf8');
}

/**
 * @param {Record<string, string>} attributes
 */
function writeAttributes(attributes) {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${escapeHtml(value)}"`)
    .join(' ');
}

/**
 * @param {string} text
 * @returns {string} The text, safe between tags and between quotes.
 */
function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
