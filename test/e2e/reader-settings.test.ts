/** What readers have set for themselves: type size, zoom, forced colours, reduced motion, direction. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { browserNames, launchBrowser, Visitor } from './browser.js';
import {
  allAnimations,
  type ElementPages,
  everyElement,
  fillElements,
  runningAnimations,
  startElementPages,
} from './element-pages.js';

let pages: ElementPages;
before(async () => {
  pages = await startElementPages();
});
after(() => pages.stop());

/** Runs in a page: everything that the elements have drawn and that can be seen, named by what no moment changes. */
const seen = `[...document.querySelectorAll(':defined')].filter(({ shadowRoot }) => shadowRoot).flatMap(({ localName, shadowRoot }) =>
  [...shadowRoot.querySelectorAll('*')]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }) && node.closest('.base') && !node.closest('.hidden, [aria-hidden=true]'))
    .map((node) => ({ node, name: localName + ' ' + (node.getAttribute('part') || node.localName) })))`;

for (const name of browserNames) {
  describe(`a reader in ${name}`, () => {
    let browser: Browser;
    before(async () => {
      browser = await launchBrowser(name);
    });
    after(() => browser.close());

    it('who has set larger type gets larger elements, whatever the page makes of its root', async () => {
      const sizes = async (fontSizePx: number, root: string) => {
        const own = await launchBrowser(name, fontSizePx);
        try {
          const visitor = await Visitor.open(
            own,
            pages.add(`<style>html { font-size: ${root} }</style>${everyElement}`),
          );
          await fillElements(visitor);
          return await visitor.evaluate<[string, number][]>(
            `${seen}.map(({ node, name }) => [name, parseFloat(getComputedStyle(node).fontSize)])`,
          );
        } finally {
          await own.close();
        }
      };
      const usual = await sizes(16, '100%');
      assert.ok(usual.length > 50);
      assert.deepEqual(await sizes(16, '10px'), usual);
      const larger = await sizes(24, '10px');
      assert.deepEqual(
        larger.map(([what, size]) => [what, Math.round(size * 100)]),
        usual.map(([what, size]) => [what, Math.round(size * 150)]),
      );
    });

    it('from right to left sees the mirror image', async () => {
      const places = async (dir: string) => {
        const visitor = await Visitor.open(
          browser,
          pages.add(`<style>body { margin: 20px } .stand { margin: 20px 0 }</style><div dir="${dir}">${everyElement}
            <p class="stand"><realtime-badge channel="news" kind="unread" value="3">Orders</realtime-badge></p></div>`),
        );
        await visitor.page.setViewport({ width: 600, height: 900 });
        await fillElements(visitor);
        const found = await visitor.evaluate<[string, number, number][]>(
          `${seen}.filter(({ name, node }) => !name.startsWith('notification-toast') && node.hasAttribute('part')).map(({ node, name }) => {
            const { left, right } = node.getBoundingClientRect();
            return [name, left, right];
          })`,
        );
        await visitor.leave();
        return found;
      };
      const ltr = await places('ltr');
      assert.ok(ltr.length > 20);
      const mirrored = ltr.map(([what, left, right]) => [
        what,
        Math.round(600 - right),
        Math.round(600 - left),
      ]);
      const rtl = (await places('rtl')).map(([what, left, right]) => [
        what,
        Math.round(left),
        Math.round(right),
      ]);
      for (const [index, [what, left, right]] of mirrored.entries()) {
        const [, rtlLeft, rtlRight] = rtl[index] as [string, number, number];
        const off = Math.max(Math.abs((left as number) - rtlLeft), Math.abs((right as number) - rtlRight));
        assert.ok(off <= 1, `${what} stands at ${[rtlLeft, rtlRight]} instead of ${[left, right]}`);
      }
    });

    for (const lang of ['en', 'de', 'es', 'fr', 'ar', 'ja']) {
      it(`who zooms to 400 % finds all of it in a window of 320 pixels, in ${lang}`, async () => {
        const visitor = await Visitor.open(
          browser,
          pages.add(`<script>document.documentElement.lang = '${lang}'; document.documentElement.dir = '${lang === 'ar' ? 'rtl' : 'ltr'}';</script>
            <connection-status show-details></connection-status>${everyElement}`),
        );
        await visitor.page.setViewport({ width: 320, height: 256, deviceScaleFactor: 4 });
        await fillElements(visitor);
        assert.equal(
          await visitor.evaluate(
            'document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth',
          ),
          0,
          'no scrolling sideways',
        );
        // A bar is cut by its track, and the stack has room for its shadows; both mean to.
        const outside = `${seen}.filter(({ node }) => {
          const { left, right, width } = node.getBoundingClientRect();
          const hides = getComputedStyle(node).overflowX === 'hidden' && getComputedStyle(node).textOverflow !== 'ellipsis';
          return width > 0 && !node.matches('.fill, .stack') && (left < -0.5 || right > innerWidth + 0.5 || (hides && node.scrollWidth > node.clientWidth + 1));
        }).map(({ name }) => name)`;
        assert.deepEqual(await visitor.evaluate(outside), []);

        /** Opens what a part of an element opens, and scrolls to the last thing in it. */
        const lastIn = async (tag: string, trigger: string, popover: string, last: string) => {
          await visitor.evaluate(
            `part('${tag}', '${trigger}').scrollIntoView(), part('${tag}', '${trigger}').click()`,
          );
          await visitor.until(`part('${tag}', '${popover}')?.matches(':popover-open')`, `${popover} to open`);
          await visitor.until(`part('${tag}', '${popover}').querySelector('${last}')`, `${last} in it`);
          await visitor.until(`${runningAnimations}.length === 0`, 'it to stand still');
          return visitor.evaluate<number[]>(`(() => {
            const all = [...part('${tag}', '${popover}').querySelectorAll('${last}')];
            all.at(-1).scrollIntoView({ block: 'nearest' });
            const box = part('${tag}', '${popover}').getBoundingClientRect();
            const { top, bottom } = all.at(-1).getBoundingClientRect();
            return [box.left, box.top, innerWidth - box.right, innerHeight - box.bottom, top - box.top, box.bottom - bottom];
          })()`);
        };
        const details = await lastIn('.stand connection-status', 'trigger', 'details', 'dd');
        assert.ok(
          details.every((room) => room >= 0),
          `the details stand at ${details}`,
        );
        assert.deepEqual(await visitor.evaluate(outside), []);
        await visitor.page.keyboard.press('Escape');
        const people = await lastIn('presence-avatars', 'more', 'people', '[part=person]');
        assert.ok(
          people.every((room) => room >= 0),
          `the list stands at ${people}`,
        );
        assert.deepEqual(await visitor.evaluate(outside), []);
        await visitor.page.keyboard.press('Escape');

        const toasts =
          "[...document.querySelector('notification-toast').shadowRoot.querySelectorAll('[part=toast]')]";
        for (const index of [0, 1, 2]) {
          const close = `${toasts}[${index}].querySelector('[part=close]')`;
          const at = await visitor.evaluate<DOMRect>(
            `${close}.scrollIntoView({ block: 'nearest' }), ${close}.getBoundingClientRect().toJSON()`,
          );
          const hit = await visitor.evaluate(
            `document.querySelector('notification-toast').shadowRoot.elementFromPoint(${at.x + at.width / 2}, ${at.y + at.height / 2})?.closest('[part=toast]') === ${toasts}[${index}]`,
          );
          assert.ok(hit, `toast ${index} can be closed`);
        }
        await visitor.leave();
      });
    }

    if (name === 'chromium') {
      it('who forces colours still tells states apart by their shapes', async (t) => {
        const visitor = await Visitor.open(
          browser,
          pages.add(
            `<div class="stand"><connection-status variant="dot"></connection-status></div>${everyElement}`,
          ),
        );
        const session = await visitor.page.createCDPSession();
        await session.send('Emulation.setEmulatedMedia', {
          features: [{ name: 'forced-colors', value: 'active' }],
        });
        assert.ok(await visitor.evaluate("matchMedia('(forced-colors: active)').matches"));
        await fillElements(visitor);
        const picture = async (where: string) => {
          const { x, y, width, height } = await visitor.evaluate<DOMRect>(
            `${where}.getBoundingClientRect().toJSON()`,
          );
          return visitor.page.screenshot({ clip: { x, y, width, height }, encoding: 'base64' });
        };
        /** Pictures of one place in several states; each has to be another one. */
        const apart = async (what: string, pictures: Record<string, string>) => {
          const names = Object.keys(pictures);
          for (const [index, one] of names.entries()) {
            for (const other of names.slice(index + 1)) {
              assert.notEqual(pictures[one], pictures[other], `${what}: ${one} looks like ${other}`);
            }
          }
          t.diagnostic(`${what}: ${names.join(', ')} look different`);
        };

        const marks: Record<string, string> = {};
        for (const status of ['connected', 'connecting', 'offline', 'refused']) {
          await visitor.evaluate(`controller.set({ status: '${status}' })`);
          await visitor.until(
            `document.querySelector('connection-status').matches('[status=${status}]')`,
            status,
          );
          // A pulse is stopped at its beginning: it is the shape that is compared.
          await visitor.evaluate(`${allAnimations}.forEach((animation) => animation.cancel())`);
          marks[status] = `${await picture("part('connection-status', 'mark')")}`;
        }
        await apart('the mark', marks);
        await visitor.evaluate("controller.set({ status: 'connected' })");

        const person = (id: string) =>
          `document.querySelector('presence-avatars').shadowRoot.querySelector('[data-member-id="${id}"] .mark')`;
        await visitor.until(person('3'), 'the people to be back');
        await apart('a person', {
          online: `${await picture(person('1'))}`,
          away: `${await picture(person('2'))}`,
          busy: `${await picture(person('3'))}`,
        });

        const track = (id: string) =>
          `document.querySelector('progress-tracker').shadowRoot.querySelector('[data-task-id=${id}] .track')`;
        await apart('a bar', {
          'at 40 %': `${await picture(track('running'))}`,
          'at its end': `${await picture(track('done'))}`,
        });

        const levels: Record<string, string> = {};
        for (const level of ['info', 'success', 'warning', 'error', 'achievement']) {
          await visitor.evaluate(
            `document.querySelector('notification-toast').clear(), document.querySelector('notification-toast').show({ title: '${level}', level: '${level}' })`,
          );
          await visitor.until(
            `part('notification-toast', 'toast')?.dataset.level === '${level}' && ${runningAnimations}.length === 0`,
            level,
          );
          levels[level] = `${await picture("part('notification-toast', 'icon')")}`;
        }
        await apart('an icon', levels);

        const focusable = [
          'connection-status trigger',
          'presence-avatars more',
          'progress-tracker retry',
          'notification-toast close',
        ];
        for (const wanted of focusable) {
          const [tag, part] = wanted.split(' ');
          const where = `part('${tag}', '${part}')`;
          const around = `({ getBoundingClientRect: () => { const { x, y, width, height } = ${where}.getBoundingClientRect(); return new DOMRect(x - 5, y - 5, width + 10, height + 10); } })`;
          const rest = await picture(around);
          await visitor.page.keyboard.press('Shift');
          await visitor.evaluate(`${where}.focus()`);
          await apart(wanted, { 'at rest': `${rest}`, focused: `${await picture(around)}` });
          await visitor.evaluate(`${where}.blur()`);
        }
        await visitor.leave();
      });

      it('whose fingers need room meets 44 pixels of each mark and each person', async () => {
        const people = '<presence-avatars channel="presence-class-1" max="1"></presence-avatars>';
        const marks = ['small', 'medium', 'large'].map(
          (size) => `<connection-status variant="dot" size="${size}"></connection-status>`,
        );
        const elements = [...marks, '<connection-status size="small"></connection-status>', people];
        const visitor = await Visitor.open(
          browser,
          pages.add(elements.map((one) => `<div style="padding: 20px">${one}</div>`).join('')),
        );
        await visitor.page.setViewport({ width: 800, height: 600, hasTouch: true });
        assert.ok(await visitor.evaluate("matchMedia('(pointer: coarse)').matches"));
        await visitor.until("part('presence-avatars', 'more')", 'the people');
        const missed = await visitor.evaluate<string[]>(`
          [...document.querySelectorAll('connection-status, presence-avatars')].flatMap((element) =>
            [...element.shadowRoot.querySelectorAll('.trigger, .avatar, .more')].flatMap((button) => {
              const { x, y, width, height } = button.getBoundingClientRect();
              return [[-21, 0], [21, 0], [0, -21], [0, 21]]
                .filter(([right, down]) => !element.shadowRoot
                  .elementFromPoint(x + width / 2 + right, y + height / 2 + down)?.closest('button'))
                .map((point) => element.outerHTML + ' ' + button.part + ' at ' + point);
            }),
          )`);
        assert.deepEqual(missed, []);
        await visitor.leave();
      });

      /** Properties that something was animated by, while everything happens that elements animate. */
      async function animated(reduce: boolean): Promise<string[]> {
        const visitor = await Visitor.open(
          browser,
          pages.add(`<connection-status variant="bar"></connection-status>${everyElement}`),
        );
        await visitor.look();
        await visitor.page.emulateMediaFeatures([
          { name: 'prefers-reduced-motion', value: reduce ? 'reduce' : 'no-preference' },
        ]);
        await visitor.evaluate(`
          window.animated = new Set();
          const look = () => {
            for (const { effect, playState } of ${allAnimations}) {
              if (playState !== 'running' || !effect.target.checkVisibility()) continue;
              const names = effect.getKeyframes().flatMap((frame) => Object.keys(frame));
              for (const name of names) {
                if (!['offset', 'computedOffset', 'easing', 'composite'].includes(name)) animated.add(name);
              }
            }
            requestAnimationFrame(look);
          };
          look();
        `);
        await fillElements(visitor);
        const steps = [
          "controller.emit('news', 'progress.updated', { taskId: 'running', progress: 80 })",
          "controller.emit('news', 'progress.updated', { taskId: 'unknown', status: 'running' })",
          "controller.emit('news', 'notification', { title: 'One more' })",
          "controller.set({ members: { 'presence-class-1': [{ id: '1', name: 'Ada', isMe: true }, { id: '99', name: 'Aaron' }, { id: '2', name: 'Grace', status: 'offline' }] } })",
          "part('connection-status:not([variant])', 'trigger').click()",
          "controller.set({ status: 'reconnecting', lost: true })",
          "controller.set({ status: 'connected', lost: false })",
          "document.querySelector('notification-toast').clear()",
        ];
        for (const step of steps) {
          await visitor.evaluate(step);
          // Long enough for what begins with the next picture to be seen by the loop above.
          await visitor.evaluate(
            'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(resolve))))',
          );
        }
        const found = await visitor.evaluate<string[]>('[...animated].sort()');
        await visitor.leave();
        return found;
      }

      it('who wants less motion sees things fade, and nothing move', async (t) => {
        const usual = await animated(false);
        t.diagnostic(`as usual: ${usual.join(', ')}`);
        for (const name of ['translate', 'transform', 'scale', 'opacity']) {
          assert.ok(usual.includes(name), `${name} is animated where nothing speaks against it: ${usual}`);
        }
        assert.deepEqual(await animated(true), ['opacity']);
      });
    }
  });
}
