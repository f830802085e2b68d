/** The part of `custom-elements.json` that the generators read. */

export interface Described {
  readonly name: string;
  readonly description?: string;
  readonly type?: { readonly text: string };
  readonly default?: string;
}

export interface Attribute extends Described {
  /** The property that it sets; without one, the element reads the attribute itself. */
  readonly fieldName?: string;
}

export interface Member extends Described {
  readonly kind: 'field' | 'method';
  readonly attribute?: string;
  readonly readonly?: boolean;
  readonly static?: boolean;
}

export interface ElementDescription {
  readonly name: string;
  readonly tagName: string;
  readonly description: string;
  readonly attributes?: readonly Attribute[];
  readonly members?: readonly Member[];
  readonly events?: readonly Described[];
  readonly slots?: readonly Described[];
  readonly cssParts?: readonly Described[];
  readonly cssProperties?: readonly Described[];
}

export interface Manifest {
  readonly modules: readonly { readonly declarations: readonly ElementDescription[] }[];
}

/** The elements of a manifest, by tag. */
export function elementsOf(manifest: Manifest): ElementDescription[] {
  return manifest.modules
    .flatMap(({ declarations }) => declarations)
    .sort((a, b) => a.tagName.localeCompare(b.tagName, 'en'));
}

/** An attribute that the element writes and nobody sets. */
export const isReflection = ({ description = '' }: Attribute) => description.startsWith('Reflects ');

/** Attributes that a page sets. */
export function settableAttributes({ attributes = [] }: ElementDescription): Attribute[] {
  return attributes.filter((attribute) => !isReflection(attribute));
}

/** Properties that a page sets, with or without an attribute. */
export function settableFields({ members = [] }: ElementDescription): Member[] {
  return members.filter((member) => member.kind === 'field' && !member.readonly && !member.static);
}

/** A comment's text as one paragraph. */
export const oneLine = (text = '') => text.replace(/\s+/g, ' ').trim();

/** The texts of a union such as `'dot' | 'pill'`; none for every other type. */
export function valuesOf({ type }: Described): string[] {
  const parts = type?.text.split('|').map((part) => part.trim()) ?? [];
  return parts.length > 1 && parts.every((part) => /^'[^']*'$/.test(part))
    ? parts.map((part) => part.slice(1, -1))
    : [];
}
