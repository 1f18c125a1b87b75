// Runs in a form page: tells a site that may frame it how high it is, and moves the focus after a step.
(() => {
  const { origins, answer, submitted } = document.body.dataset;
  const listed = (origins || "").split(" ");
  let parentOrigin;
  const tell = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (parentOrigin) parent.postMessage(submitted === undefined ? height : -height, parentOrigin);
  };
  addEventListener("message", (event) => {
    if (event.source !== parent || event.data !== "akkoord:hello" || !listed.includes(event.origin)) return;
    parentOrigin = event.origin;
    tell();
  });
  new ResizeObserver(tell).observe(document.documentElement);
  const first = document.querySelector(".errors, h1[tabindex]");
  if (answer !== undefined && first) first.focus();
})();
