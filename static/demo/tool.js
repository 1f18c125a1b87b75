// The demo's own pages: a button that copies, and an inbox that looks for new mails by itself. Both do without.
(() => {
  for (const code of document.querySelectorAll("pre.copy")) {
    const button = document.createElement("button");
    button.className = "small";
    button.textContent = "Copy";
    button.onclick = async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    };
    code.before(button);
  }

  const list = document.querySelector("#mails");
  const look = async () => {
    if (!document.hidden) {
      const answer = await fetch(location.pathname).catch(() => null); // the demo was stopped
      const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page && page.querySelector("#mails");
      if (found && found.innerHTML !== list.innerHTML) list.innerHTML = found.innerHTML;
    }
    setTimeout(look, 2000);
  };
  if (list) setTimeout(look, 2000);
})();
