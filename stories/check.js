/**
 * Plays every story of a built Storybook in Chromium, looks at it with axe, in light and in dark, and at its
 * name and its controls.
 */
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
      const violations = await page.evaluate(async (isPage) => {
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
        const { violations } = await window.axe.run(isPage ? document : '#storybook-root', {
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
          // Other stories are a part of a page: landmarks and headings are the page's.
          rules: { region: { enabled: isPage }, 'page-has-heading-one': { enabled: isPage } },
        });
        return violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes.map(({ target, failureSummary }) => `${target.flat().join(' ')}\n    ${failureSummary.split('\n').slice(1).join(' ').trim()}`).join('\n  ')}`,
        );
      }, story.title === 'Start here');
      checks += 1;
      const problems = [...(failure ? [failure] : []), ...violations, ...(await page.evaluate(deadControls))];
      if (/\s\p{Lu}/u.test(story.name)) problems.push('The name is in Title Case.');
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

/**
 * Runs in the page: what stands wrongly among the controls. A story has one for each property that it sets,
 * which a designer can work; everything else is there to be read.
 */
function deadControls() {
  const [{ argTypes, initialArgs }] = window.__STORYBOOK_ADDONS_CHANNEL__.last('storyPrepared');
  return Object.entries(argTypes).flatMap(([name, { control, table }]) => {
    if (table?.disable) return [];
    const type = control && !control.disable ? control.type : 'none';
    const isSet = Object.hasOwn(initialArgs, name);
    const isWorkable = ['boolean', 'number', 'text', 'radio', 'select'].includes(type);
    const isProperty = ['attributes', 'properties'].includes(table?.category);
    if (isSet ? isWorkable && isProperty : type === 'none') return [];
    return [`${name} (${table?.category}) has the control “${type}”.`];
  });
}
