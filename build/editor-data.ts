/** What editors read to complete and explain tags: VS Code's custom data, and JetBrains' web-types. */
import {
  type Attribute,
  type Described,
  type ElementDescription,
  oneLine,
  settableAttributes,
  settableFields,
  valuesOf,
} from './elements.js';

const described = ({ name, description }: Described) => ({ name, description: oneLine(description) });

/** https://github.com/microsoft/vscode-custom-data: `html.customData` in a workspace's settings. */
export function vscodeData(elements: readonly ElementDescription[]) {
  return {
    version: 1.1,
    tags: elements.map((element) => ({
      name: element.tagName,
      description: oneLine(element.description),
      attributes: settableAttributes(element).map((attribute) => ({
        ...described(attribute),
        ...(attribute.type?.text === 'boolean' ? { valueSet: 'v' } : {}),
        values: valuesOf(attribute).map((name) => ({ name })),
      })),
    })),
  };
}

function webTypesAttribute(attribute: Attribute) {
  const values = valuesOf(attribute);
  const type = attribute.type?.text ?? 'string';
  return {
    ...described(attribute),
    ...(attribute.default ? { default: attribute.default.replace(/^'(.*)'$/, '$1') } : {}),
    value: { type: values.length > 0 ? values.map((value) => `"${value}"`) : type },
  };
}

/** https://github.com/JetBrains/web-types: found through `web-types` in package.json. */
export function webTypes(elements: readonly ElementDescription[], name: string, version: string) {
  return {
    $schema: 'https://json.schemastore.org/web-types',
    name,
    version,
    'description-markup': 'markdown',
    contributions: {
      html: {
        elements: elements.map((element) => ({
          name: element.tagName,
          description: oneLine(element.description),
          attributes: settableAttributes(element).map(webTypesAttribute),
          slots: (element.slots ?? []).map(described),
          css: {
            parts: (element.cssParts ?? []).map(described),
            properties: (element.cssProperties ?? []).map(described),
          },
          js: {
            properties: settableFields(element).map((field) => ({
              ...described(field),
              value: { type: field.type?.text ?? 'unknown' },
            })),
            events: (element.events ?? []).map(described),
          },
        })),
      },
    },
  };
}
