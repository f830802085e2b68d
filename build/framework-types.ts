/**
 * What React, Vue and Svelte know of the elements. Types are named by class and property, so that
 * TypeScript finds them where they are defined.
 */
import { type ElementDescription, oneLine, settableAttributes, settableFields } from './elements.js';

const generatedNote = 'Generated from custom-elements.json by `npm run manifest`.';

const quoted = (name: string) => (/^\w+$/.test(name) ? name : `'${name}'`);
const comment = (text: string | undefined) => `/** ${oneLine(text)} */`;

/** `types/attributes.d.ts`: what a page may set on each tag, and the events that it sends. */
export function attributeTypes(elements: readonly ElementDescription[]): string {
  const attributesOf = (element: ElementDescription) => {
    const fields = settableFields(element);
    const attributes = settableAttributes(element);
    return [
      ...attributes.map(({ name, fieldName, description }) => ({
        name,
        description,
        // An attribute without a property is text, and numbers become text.
        type: fieldName ? `${element.name}['${fieldName}']` : 'string | number',
      })),
      ...fields
        .filter(({ name }) => attributes.every((attribute) => attribute.name !== name))
        .map(({ name, description }) => ({ name, description, type: `${element.name}['${name}']` })),
    ];
  };
  return `/** What a page may set on each tag of the kit, and the events that it sends. ${generatedNote} */
${elements.map(({ name, tagName }) => `import type { ${name} } from 'realtime-elements/elements/${tagName}';`).join('\n')}

export interface ElementAttributes {
${elements
  .map(
    (element) => `  '${element.tagName}': {
${attributesOf(element)
  .map(({ name, description, type }) => `    ${comment(description)}\n    ${quoted(name)}?: ${type};`)
  .join('\n')}
  };`,
  )
  .join('\n')}
}

export interface ElementEvents {
${elements
  .map(
    ({ tagName, events = [] }) =>
      `  '${tagName}': ${events.map(({ name }) => `'${name}'`).join(' | ') || 'never'};`,
  )
  .join('\n')}
}

export interface ElementClasses {
${elements.map(({ name, tagName }) => `  '${tagName}': ${name};`).join('\n')}
}
`;
}

const componentName = ({ name }: ElementDescription) => name.replace(/Element$/, '');
const eventProp = (event: string) =>
  `on-${event}`.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** `src/react/<tag>.ts`: the element as a React component, which defines its tag. */
export function reactComponent(element: ElementDescription): string {
  const { name, tagName, events = [] } = element;
  const eventLines = events.map(
    (event) =>
      `    ${comment(event.description)}\n    ${eventProp(event.name)}: '${event.name}' as EventName<HTMLElementEventMap['${event.name}']>,`,
  );
  return `'use client';
// ${generatedNote}
import { createComponent${events.length > 0 ? ', type EventName' : ''} } from '@lit/react';
import * as React from 'react';
import { ${name} } from '../elements/${tagName}.js';
import '../elements/${tagName}.define.js';

${comment(element.description)}
export const ${componentName(element)} = createComponent({
  react: React,
  tagName: '${tagName}',
  elementClass: ${name},
${eventLines.length > 0 ? `  events: {\n${eventLines.join('\n')}\n  },\n` : ''}});
`;
}

/** `src/react/index.ts`. */
export function reactDoor(elements: readonly ElementDescription[]): string {
  return `/** The door for React 18 and 19: each element as a component, its events as props. ${generatedNote} */
${elements.map((element) => `export { ${componentName(element)} } from './${element.tagName}.js';`).join('\n')}
`;
}
