/** Runs in a page: the declarations of a sheet without which everything is computed as before. */
window.findIdleDeclarations = (css) => {
  const sheet = document.head.appendChild(document.createElement('style'));
  sheet.textContent = css;
  const nodesIn = (root) =>
    [...root.querySelectorAll('*')].flatMap((node) => [
      node,
      ...(node.shadowRoot ? nodesIn(node.shadowRoot) : []),
    ]);
  const nodes = [document.documentElement, ...nodesIn(document.body)];
  const look = () =>
    nodes
      .flatMap((node) => {
        const style = getComputedStyle(node);
        // A token itself is nothing that anybody sees.
        return [...style]
          .filter((name) => !name.startsWith('--'))
          .map((name) => style.getPropertyValue(name));
      })
      .join();
  const all = look();
  const idle = [...sheet.sheet.cssRules].flatMap(({ selectorText, style }) =>
    [...style].flatMap((name) => {
      const value = style.getPropertyValue(name);
      style.removeProperty(name);
      const isIdle = look() === all;
      style.setProperty(name, value);
      return isIdle ? [`${selectorText} { ${name}: ${value} }`] : [];
    }),
  );
  sheet.remove();
  return idle;
};
