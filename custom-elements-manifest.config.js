/** Makes `custom-elements.json` from the comments in `src/elements`; editors, Storybook and the docs read it. */

/** What an element inherits from Lit, or keeps to itself, is nobody's interface. */
function publicMembersOnly() {
  const isPublic = ({ name, privacy, inheritedFrom }) =>
    privacy !== 'private' && privacy !== 'protected' && !name?.startsWith('#') && !inheritedFrom;
  return {
    name: 'public-members-only',
    packageLinkPhase({ customElementsManifest }) {
      const elements = customElementsManifest.modules.filter(({ declarations = [] }) =>
        declarations.some(({ tagName }) => tagName),
      );
      for (const module of elements) {
        module.declarations = module.declarations.filter(({ tagName }) => tagName);
        module.exports = module.exports.filter(({ declaration }) =>
          module.declarations.some(({ name }) => name === declaration?.name),
        );
        for (const declaration of module.declarations) {
          declaration.members = declaration.members?.filter(isPublic);
          // The analyzer takes what an event's constructor is given for the event's name.
          declaration.events = declaration.events?.filter(({ description }) => description);
          declaration.attributes = declaration.attributes?.filter((attribute) => !attribute.inheritedFrom);
        }
      }
      customElementsManifest.modules = elements;
    },
  };
}

/** Writes out unions of texts (`'dot' | 'pill'`), so that editors and controls can offer their values. */
function writeOutUnions() {
  const unions = new Map();
  const writeOut = ({ type }) => {
    if (type && unions.has(type.text)) type.text = unions.get(type.text);
  };
  return {
    name: 'write-out-unions',
    analyzePhase({ ts, node }) {
      if (!ts.isTypeAliasDeclaration(node) || !ts.isUnionTypeNode(node.type)) return;
      const isText = (part) => ts.isLiteralTypeNode(part) && ts.isStringLiteral(part.literal);
      if (!node.type.types.every(isText)) return;
      unions.set(node.name.text, node.type.types.map((part) => part.getText()).join(' | '));
    },
    packageLinkPhase({ customElementsManifest }) {
      for (const { attributes = [], members = [] } of customElementsManifest.modules.flatMap(
        ({ declarations }) => declarations,
      )) {
        for (const described of [...attributes, ...members]) writeOut(described);
      }
    },
  };
}

/** Names files as the package has them, and where each tag is defined. */
function publishedPaths() {
  const published = (path) => path?.replace(/^\/?src\/(.*)\.[jt]s$/, 'dist/$1.js');
  return {
    name: 'published-paths',
    packageLinkPhase({ customElementsManifest }) {
      const definitions = [];
      for (const module of customElementsManifest.modules) {
        module.path = published(module.path);
        for (const { declaration } of module.exports) declaration.module = published(declaration.module);
        for (const { name, tagName, superclass } of module.declarations) {
          if (superclass.module) superclass.module = published(superclass.module);
          const declaration = { name, module: module.path };
          definitions.push({
            kind: 'javascript-module',
            path: module.path.replace(/js$/, 'define.js'),
            declarations: [],
            exports: [{ kind: 'custom-element-definition', name: tagName, declaration }],
          });
        }
      }
      customElementsManifest.modules.push(...definitions);
    },
  };
}

export default {
  globs: ['src/elements/*.ts', 'src/core/connection.ts', 'src/reactive/channel-follower.ts'],
  exclude: ['src/elements/*.define.ts', 'src/elements/define.ts', 'src/elements/*.styles.ts'],
  outdir: '.',
  litelement: true,
  plugins: [publicMembersOnly(), writeOutUnions(), publishedPaths()],
};
