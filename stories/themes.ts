/** Three looks, made of tokens alone: the kit's own, one that is near to it, and one that is nothing like it. */

/** A theme: what a page would write into its own stylesheet. */
export interface Theme {
  readonly title: string;
  readonly description: string;
  readonly css: string;
}

export const themes: Readonly<Record<string, Theme>> = {
  default: {
    title: 'As it comes',
    description: 'No token is set. Light and dark follow the page’s color-scheme.',
    css: '',
  },
  meadow: {
    title: 'Meadow',
    description: 'Three tokens: an accent, a radius, a font. Everything else follows.',
    css: `
  --rt-accent: light-dark(oklch(0.5 0.11 170), oklch(0.8 0.11 170));
  --rt-radius: 14px;
  --rt-font: 'Avenir Next', Avenir, 'Nunito Sans', 'Segoe UI', sans-serif;`,
  },
  ledger: {
    title: 'Ledger',
    description: 'Paper and ink: square, serif, no shadow, statuses told apart by ink colours.',
    css: `
  --rt-font: 'Iowan Old Style', 'Palatino Linotype', Palatino, 'Liberation Serif', Georgia, serif;
  --rt-radius: 0px;
  --rt-shadow: 4px 4px 0 light-dark(oklch(0.25 0.02 60), oklch(0.9 0.03 85));
  --rt-surface: light-dark(oklch(0.975 0.014 85), oklch(0.22 0.012 60));
  --rt-surface-raised: light-dark(oklch(0.99 0.01 85), oklch(0.26 0.014 60));
  --rt-text: light-dark(oklch(0.25 0.02 60), oklch(0.93 0.02 85));
  --rt-text-muted: light-dark(oklch(0.47 0.03 60), oklch(0.76 0.025 85));
  --rt-border: light-dark(oklch(0.25 0.02 60), oklch(0.9 0.03 85));
  --rt-accent: light-dark(oklch(0.45 0.16 30), oklch(0.78 0.12 40));
  --rt-good: light-dark(oklch(0.45 0.09 145), oklch(0.8 0.1 145));
  --rt-wait: light-dark(oklch(0.52 0.11 75), oklch(0.83 0.11 85));
  --rt-bad: light-dark(oklch(0.45 0.16 30), oklch(0.76 0.13 35));
  --rt-info: light-dark(oklch(0.42 0.09 250), oklch(0.78 0.08 245));
  --rt-award: light-dark(oklch(0.42 0.11 320), oklch(0.78 0.1 320));
`,
  },
};
