// Runs in a form page: tells a site that may frame it how high it is, moves the focus after a step, and keeps to the
// answer that the age question got in this tab.
(() => {
  const { origins, answer, submitted, gate, verdict, gateOver } = document.body.dataset;
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

  // Back and reload lead to the page that followed the answer; in another language that page is the same step.
  const key = `akkoord:${location.pathname}`;
  const step = (address) => new URLSearchParams(address.split("?")[1]).get("step");
  const notes = () => {
    try {
      return sessionStorage;
    } catch {
      // Some browsers allow no storage in a frame. Its name lasts as long as the frame; one that a site gave it stays.
      const ours = parent !== window && (!name || name.startsWith("akkoord:"));
      return { getItem: () => name, setItem: (_, note) => ours && (name = note) };
    }
  };
  const keep = () => {
    const [form, since, kept] = (notes().getItem(key) || "").split(" ");
    const known = (form === key && kept) || "";
    if (gateOver !== undefined) notes().setItem(key, "");
    if (verdict && step(verdict) !== step(known)) notes().setItem(key, `${key} ${Date.now()} ${verdict}`);
    if (gate !== undefined && step(known) && Date.now() - since < 23 * 3600e3) {
      const address = new URL(location); // whoever frames the page can set its name, and must not lead it away
      address.search = known.split("?")[1];
      address.searchParams.set("lang", document.documentElement.lang);
      location.replace(address);
    }
  };
  keep();
  addEventListener("pageshow", (event) => event.persisted && keep());
})();
