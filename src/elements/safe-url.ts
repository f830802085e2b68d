const schemes = ['http:', 'https:', 'mailto:'];

/** The absolute form of a URL that came from outside, or `undefined` when its scheme is not one that is safe to follow. */
export function safeUrl(text: string | undefined): string | undefined {
  if (!text || !URL.canParse(text, document.baseURI)) return undefined;
  const { protocol, href } = new URL(text, document.baseURI);
  return schemes.includes(protocol) ? href : undefined;
}
