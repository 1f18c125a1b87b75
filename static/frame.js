// Runs in a form page: tells a site that may frame it how high it is, and is as light or dark as that; moves the focus
// after a step, and keeps to the answer that the age question got in this tab: to a child's always, to another's until
// the form was answered.
(() => {
  const { origins, scheme, answer, submitted, gate, verdict, gateOver } = document.body.dataset;
  if (parent !== window) document.body.classList.add("in-frame"); // an address without a site does not say so
  const listed = (origins || "").split(" ");
  let parentOrigin;
  const tell = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (parentOrigin) parent.postMessage(submitted === undefined ? height : -height, parentOrigin);
  };
  addEventListener("message", (event) => {
    if (event.source !== parent || !listed.includes(event.origin)) return;
    const [, told] = /^akkoord:(light|dark)$/.exec(event.data) || [];
    if (told && scheme !== undefined) document.documentElement.style.colorScheme = told;
    if (event.data !== "akkoord:hello") return;
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
  const keep = (note) => notes().setItem(key, `${key} ${Date.now()} ${note}`);
  const read = () => {
    const [form, since, note = ""] = (notes().getItem(key) || "").split(" ");
    return (form === key && (!step(note) || Date.now() - since < 23 * 3600e3) && note) || "";
  };
  const lead = (known) => {
    const address = new URL(location); // whoever frames the page can set its name, and must not lead it away
    if (step(known)) address.search = known.split("?")[1];
    else address.searchParams.delete("step");
    address.searchParams.set("lang", document.documentElement.lang);
    document.documentElement.hidden = true; // the next page may be slow, or be stopped: nobody reads this one meanwhile
    let wait = 1000;
    const go = () => {
      location.replace(address);
      setTimeout(go, (wait *= 2)); // a request that was lost or stopped leaves nobody before an empty page
    };
    go();
  };
  // The note is the address of the step that holds, `over` once it was answered, or `asked` while a new one is coming.
  // A step of somebody before, opened again, leads to the step that holds, or to the age question. So does a question
  // that answered a POST: it may take along what somebody before has typed.
  const stand = (again) => {
    const known = read();
    if (gateOver !== undefined) {
      if (again) lead(known);
      else if (!step(known) || step(known) === step(location.search)) keep("over");
    } else if (verdict) {
      if (!known || (known === "asked" && !again)) keep(verdict);
      else if (step(known) !== step(verdict)) lead(known);
    } else if (gate !== undefined && (step(known) || (again && answer !== undefined))) lead(known);
  };
  stand(performance.getEntriesByType("navigation")[0]?.type !== "navigate" && gateOver === undefined);
  if (gate !== undefined) addEventListener("submit", ({ submitter }) => submitter?.value !== "again" && keep("asked"));
  // Back to a page that answered a POST would ask to send it again: it leads to the page itself, or to the step.
  if (answer !== undefined) addEventListener("submit", () => history.replaceState(null, "", verdict || location.href));
  if (gateOver) history.replaceState(null, "", gateOver); // a reload sends nothing again: it asks the age anew
  addEventListener("pageshow", (event) => event.persisted && stand(true));
  addEventListener("storage", () => gateOver === undefined && stand(true)); // two frames of one page
})();
