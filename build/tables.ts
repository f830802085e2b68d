/** The tables of README and docs, between `<!-- table:… -->` and `<!-- /table -->`. */
import { type Described, type ElementDescription, isReflection, oneLine } from './elements.js';

const cell = (text: string | undefined) => oneLine(text).replaceAll('|', '\\|');
const code = (text: string | undefined) => (text ? `\`${cell(text)}\`` : '');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const firstSentence = (text: string) => /^.*?\.(?=\s|$)/.exec(oneLine(text))?.[0] ?? oneLine(text);

/** All elements, a line each. */
function elementsTable(elements: readonly ElementDescription[]): string {
  return table(
    ['tag', 'what it is'],
    elements.map(({ tagName, description }) => [`\`<${tagName}>\``, cell(firstSentence(description))]),
  );
}

const simple = (head: string, rows: readonly Described[] = []) =>
  table(
    [head, ''],
    rows.map(({ name, description }) => [name ? code(name) : '(default)', cell(description)]),
  );

/** All that one element has: attributes, properties, methods, events, slots, parts and CSS properties. */
function elementTables({
  attributes = [],
  members = [],
  events,
  slots,
  cssParts,
  cssProperties = [],
}: ElementDescription): string {
  const fields = members.filter(({ kind, attribute, static: isStatic }) => {
    return kind === 'field' && !attribute && !isStatic;
  });
  return [
    table(
      ['attribute', 'type', 'default', ''],
      attributes.map((attribute) => [
        code(attribute.name),
        code(attribute.type?.text ?? 'string'),
        isReflection(attribute) ? '' : code(attribute.default),
        cell(attribute.description),
      ]),
    ),
    table(
      ['property', 'type', ''],
      fields.map(({ name, type, description, readonly }) => [
        code(name),
        code(type?.text),
        `${cell(description)}${readonly ? ' Read only.' : ''}`.trim(),
      ]),
    ),
    simple(
      'method',
      members
        .filter(({ kind, static: isStatic }) => kind === 'method' && !isStatic)
        .map((method) => ({ ...method, name: `${method.name}()` })),
    ),
    simple('event', events),
    simple('slot', slots),
    simple('part', cssParts),
    table(
      ['CSS property', 'default', ''],
      cssProperties.map((property) => [
        code(property.name),
        code(property.default),
        cell(property.description),
      ]),
    ),
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** A document with its tables as they are now. A mark that names no element is an error. */
export function withTables(document: string, elements: readonly ElementDescription[]): string {
  return document.replace(
    /(<!-- table:([\w-]+) -->\n)[\s\S]*?(<!-- \/table -->)/g,
    (_, start: string, name: string, end: string) => {
      const element = elements.find(({ tagName }) => tagName === name);
      if (name !== 'elements' && !element) throw new Error(`There is no element “${name}” for a table.`);
      return `${start}\n${element ? elementTables(element) : elementsTable(elements)}\n\n${end}`;
    },
  );
}
