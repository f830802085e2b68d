/** Numbers as a language writes them. A formatter costs far more than a number, so each is made once. */
const formats: Record<string, Intl.NumberFormat> = {};

/** @param options With a `style`, and a `unit` where it is one: without a style, `toLocaleString` keeps a formatter by itself. */
export function formatNumber(value: number, language: string, options: Intl.NumberFormatOptions): string {
  const key = `${language} ${options.style} ${options.unit}`;
  formats[key] ??= new Intl.NumberFormat(language, options);
  return formats[key].format(value);
}
