/** Numbers as a language writes them. A formatter costs far more than a number, so each is made once. */
const formats = new Map<string, Intl.NumberFormat>();

export function formatNumber(
  value: number,
  language: string,
  options: Intl.NumberFormatOptions & { style: 'percent' | 'unit' },
): string {
  const key = `${language} ${options.style} ${options.unit}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(language, options);
  formats.set(key, format);
  return format.format(value);
}
