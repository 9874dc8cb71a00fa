/*
 * Runs in the page's own world, before its scripts. Chromium would open a window before anyone can be asked, so what
 * opens one is caught here, and the app is asked instead.
 */
(() => {
  const ask = globalThis.__standInOpen;
  window.open = (address = 'about:blank') => {
    ask(new URL(address, document.baseURI).href);
    return null;
  };
  document.addEventListener(
    'click',
    (event) => {
      const link = event.target instanceof Element ? event.target.closest('a[target=_blank]') : null;
      if (link === null) return;
      event.preventDefault();
      ask(link.href);
    },
    true,
  );
})();
