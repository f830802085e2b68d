/** Plays every story of a built Storybook in Chromium and looks at it with axe, in light and in dark. */
import { createRequire } from 'node:module';
import { browseStories } from './browse.js';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const only = process.argv[2] ? new RegExp(process.argv[2]) : undefined;
let failures = 0;
let checks = 0;

await browseStories({ folder: 'storybook-static', only }, async (visit, stories) => {
  for (const story of stories) {
    for (const scheme of ['light', 'dark']) {
      const { page, failure } = await visit(story, { globals: `scheme:${scheme}` });
      await page.addScriptTag({ path: axePath });
      const violations = await page.evaluate(async () => {
        // What is half faded in has no contrast to measure yet.
        await Promise.allSettled(
          [document, ...[...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? [])]
            .flatMap((root) => root.getAnimations())
            .map(({ effect, finished }) =>
              effect.getComputedTiming().iterations === 1 && effect.getComputedTiming().duration < 2_000
                ? finished
                : undefined,
            ),
        );
        const { violations } = await window.axe.run('#storybook-root', {
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
          // A story is a part of a page: landmarks and headings are the page's.
          rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false } },
        });
        return violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes.map(({ target, failureSummary }) => `${target.flat().join(' ')}\n    ${failureSummary.split('\n').slice(1).join(' ').trim()}`).join('\n  ')}`,
        );
      });
      checks += 1;
      const problems = [...(failure ? [failure] : []), ...violations];
      if (problems.length > 0) {
        failures += 1;
        console.log(`✗ ${story.title} / ${story.name} (${scheme})\n  ${problems.join('\n  ')}`);
      }
      await page.close();
    }
  }
});

console.log(`${checks - failures} of ${checks} stories are played and accessible`);
process.exitCode = failures > 0 || checks === 0 ? 1 : 0;
